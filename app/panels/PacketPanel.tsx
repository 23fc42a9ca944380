import { useMemo, useState } from 'react';
import { stores, useBeat, usePlay, useRun } from '../store';
import { Button, Chip, cx, Empty } from '../ui';
import { HexView } from './HexView';
import { compareHeaders, type FieldPair, headerFields } from './headers';
import { Scroll } from './Scroll';
import { framesOf } from './subject';

/** The packet's headers, as it came to the host and as it is now, and its bytes. */
export function PacketPanel() {
  const result = useRun((s) => s.result);
  const beat = useBeat();
  const cursor = usePlay((s) => s.cursor);
  const [bytes, setBytes] = useState(false);
  const frames = useMemo(
    () => framesOf(result?.events ?? [], result?.frames ?? [], beat, cursor),
    [result, beat, cursor],
  );
  const pairs = useMemo(() => (frames === null ? [] : compareHeaders(frames.before, frames.after)), [frames]);
  const mark = result?.events[cursor]?.mark ?? 0;
  if (frames === null) {
    return (
      <Empty text="No packet is on its way at this event.">
        <Button size="sm" icon="play" onClick={() => stores.play.getState().play()}>
          Play
        </Button>
      </Empty>
    );
  }
  const summary =
    beat === undefined ? undefined : result?.steps[beat.userStep]?.packets.find((p) => p.id === frames.packet);
  const layers = [...new Set(pairs.map((p) => p.layer))];
  const changed = pairs.filter((p) => p.changed).length;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex-none px-[14px] pt-[14px] pb-2">
        <div className="flex items-center gap-2">
          <h2 className="min-w-0 flex-1 truncate font-[670] text-[16.5px]">
            {summary?.title ?? `Packet ${frames.packet}`}
          </h2>
          <div className="flex gap-1">
            <Chip on={!bytes} onClick={() => setBytes(false)} data-testid="packet-fields">
              Fields
            </Chip>
            <Chip on={bytes} onClick={() => setBytes(true)} data-testid="packet-bytes">
              Bytes
            </Chip>
          </div>
        </div>
        <p className="mt-1 text-[13px] text-t2">
          {summary?.subtitle}
          {summary !== undefined && ' · '}
          {changed === 0
            ? `as it came to ${frames.host}`
            : `${changed} ${changed === 1 ? 'field' : 'fields'} changed on ${frames.host}`}
        </p>
        {mark !== 0 && (
          <p className="mt-1 text-[13px] text-t2">
            mark <span className="mono text-t1">0x{mark.toString(16)}</span>{' '}
            <span className="text-t3">kept by the host, not in the packet</span>
          </p>
        )}
      </header>
      <Scroll label="Headers" className="flex-1 px-[14px] pb-4">
        {bytes ? (
          <HexView bytes={frames.after} before={frames.before} fields={headerFields(frames.after)} />
        ) : (
          layers.map((layer) => <Layer key={layer} name={layer} pairs={pairs.filter((p) => p.layer === layer)} />)
        )}
      </Scroll>
    </div>
  );
}

function Layer({ name, pairs }: { readonly name: string; readonly pairs: readonly FieldPair[] }) {
  return (
    <table className="mt-2 w-full border-collapse text-[13px]" data-testid={`layer-${name.replaceAll(' ', '-')}`}>
      <caption className="border-line border-b pb-1 text-left font-[650] text-[13.5px]">{name}</caption>
      <thead className="sr-only">
        <tr>
          <th>Field</th>
          <th>Before</th>
          <th>Now</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <tr
            key={pair.name}
            className={cx('align-baseline', pair.changed && 'bg-nat-w')}
            data-state={pair.changed ? 'changed' : 'same'}
          >
            <th
              scope="row"
              className={cx(
                'w-[112px] py-[3px] pr-2 text-left font-normal',
                pair.changed ? 'rounded-l-[6px] pl-[6px] text-t1' : 'text-t3',
              )}
            >
              {pair.name}
            </th>
            <td className={pair.changed ? 'mono py-[3px] pr-2 text-[12.5px] text-t2 wrap-anywhere' : 'p-0'}>
              {pair.changed && pair.before !== null && <s className="opacity-80">{pair.before}</s>}
            </td>
            <td
              className={cx(
                'mono py-[3px] text-[12.5px] wrap-anywhere',
                pair.changed && 'rounded-r-[6px] pr-[6px] font-bold text-nat',
              )}
            >
              {pair.after ?? <span className="font-normal font-sans text-t2">taken away</span>}
              {pair.note !== '' && <span className="ml-2 font-normal font-sans text-t3">{pair.note}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
