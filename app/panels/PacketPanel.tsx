import { useMemo, useState } from 'react';
import { stores, useBeat, useMoment, usePlay, useRun } from '../store';
import { Button, Chip, cx, Empty } from '../ui';
import { bitsText } from './bits';
import { compareHeaders, type FieldPair } from './compareHeaders';
import { HexView } from './HexView';
import { headerFields } from './headers';
import { type Pieces, piecesOf } from './pieces';
import { Scroll } from './Scroll';
import { framesOf, useFlow } from './subject';
import { hex } from './tuples';

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
  const pieces = useMemo(
    () =>
      frames === null || result === null
        ? null
        : piecesOf(result.events, result.frames, cursor, frames.host, frames.packet, frames.after),
    [result, frames, cursor],
  );
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
  const title = summary?.title ?? `Packet ${frames.packet}`;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex-none px-[14px] pt-[14px] pb-2">
        <div className="flex items-center gap-2">
          <h2 className="min-w-0 flex-1 font-[670] text-[16.5px] leading-[1.25] wrap-anywhere">{title}</h2>
          <div className="flex gap-1">
            <Chip on={!bytes} onClick={() => setBytes(false)} data-testid="packet-fields">
              Fields
            </Chip>
            <Chip on={bytes} onClick={() => setBytes(true)} data-testid="packet-bytes">
              Bytes
            </Chip>
          </div>
        </div>
        <p className="mt-1 text-[13px] text-t2 wrap-anywhere">
          {summary?.subtitle}
          {summary !== undefined && ' · '}
          {changed === 0
            ? `as it came to ${frames.host}`
            : `${changed} ${changed === 1 ? 'field' : 'fields'} changed on ${frames.host}`}
        </p>
      </header>
      <Scroll label="Headers" className="flex-1 px-[14px] pb-4">
        {bytes ? (
          <HexView bytes={frames.after} before={frames.before} fields={headerFields(frames.after)} />
        ) : (
          <>
            {pieces !== null && <PiecesView pieces={pieces} />}
            {layers.map((layer) => (
              <Layer key={layer} name={layer} pairs={pairs.filter((p) => p.layer === layer)} />
            ))}
            <Kept host={frames.host} packet={frames.packet} />
          </>
        )}
      </Scroll>
    </div>
  );
}

function saysOf({ list, missing, shows }: Pieces): string {
  const n = list.length;
  if (shows === 'joined') return `Put together from ${n} pieces.`;
  if (shows === 'cut') return `Cut into ${n} pieces.`;
  if (missing === 0) return n === 1 ? 'The only piece.' : `All ${n} pieces are here.`;
  const come = `${n} ${n === 1 ? 'piece has' : 'pieces have'} come here`;
  return missing === null ? `${come}; the last one has not.` : `${come}; ${missing} bytes are missing.`;
}

/** How the pieces of a packet lie in the whole, and which are there. */
function PiecesView({ pieces }: { readonly pieces: Pieces }) {
  const { list, total, shows } = pieces;
  const end = Math.max(1, total ?? 0, ...list.map((p) => p.to));
  return (
    <section
      className="mt-1 mb-3 rounded-card bg-raised p-[10px]"
      aria-label="Pieces"
      data-testid="packet-pieces"
      data-state={shows}
    >
      <p className="text-[13px]">{saysOf(pieces)}</p>
      <div
        className="relative mt-2 h-4 overflow-hidden rounded-[4px] border border-line-2 border-dashed"
        aria-hidden="true"
      >
        {list.map((p) => (
          <span
            key={`${p.from}-${p.to}`}
            className={cx('absolute inset-y-0 border-panel border-r', p.shown ? 'bg-packet' : 'bg-edge')}
            style={{ left: `${(p.from / end) * 100}%`, width: `${((p.to - p.from) / end) * 100}%` }}
          />
        ))}
      </div>
      <ol className="m-0 mt-1 list-none p-0">
        {list.map((p) => (
          <li
            key={`${p.from}-${p.to}`}
            className={cx(
              'flex flex-wrap items-baseline gap-x-3 text-[12.5px]',
              p.shown ? 'font-semibold text-t1' : 'text-t2',
            )}
            data-state={p.shown ? 'shown' : 'idle'}
          >
            <span className="mono">
              {p.from}–{p.to - 1}
            </span>
            <span>{p.more ? 'more follow' : 'the last'}</span>
            {p.shown && <span>this one</span>}
            <span className="mono ml-auto font-normal text-t3">{p.packet}</span>
          </li>
        ))}
      </ol>
      <p className="text-[12.5px] text-t3">Bytes behind the IP header{total === null ? '' : `, ${total} in all`}.</p>
    </section>
  );
}

/** What the host keeps with the packet. None of it is in its bytes, or leaves the host. */
function Kept({ host, packet }: { readonly host: string; readonly packet: string }) {
  const now = useMoment((s) => s.world?.skb ?? null);
  const flow = useFlow(host);
  const skb = now !== null && now.host === host && now.packet === packet ? now : null;
  if (skb === null && flow === null) return null;
  const mark = skb?.mark ?? 0;
  const rows: (readonly [name: string, value: string, note: string])[] = [];
  if (skb !== null) rows.push(['mark', hex(mark), bitsText(mark)]);
  if (flow !== null) {
    rows.push(['connmark', hex(flow.entry.mark), bitsText(flow.entry.mark)]);
    if (flow.ctinfo !== '') rows.push(['state', flow.ctinfo, 'what a rule asks with --ctstate']);
  }
  if (skb?.socket != null) {
    const { uid, gid, mark: own } = skb.socket;
    rows.push(['sent by', `uid ${uid}, gid ${gid}`, uid === 0 ? 'root, of the socket' : 'of the socket']);
    if (own !== 0) rows.push(['SO_MARK', hex(own), 'of the socket']);
  }
  if (skb !== null && skb.priority !== 0)
    rows.push(['priority', hex(skb.priority), `class ${classText(skb.priority)}`]);
  if (skb !== null && skb.secmark !== 0) rows.push(['secmark', String(skb.secmark), '']);
  if (skb !== null && skb.pktType !== 'host' && skb.pktType !== 'outgoing')
    rows.push(['for', skb.pktType, 'the frame']);
  return (
    <table className="mt-4 w-full border-collapse text-[13px]" data-testid="packet-kept">
      <caption className="border-line border-b pb-1 text-left font-[650] text-[13.5px]">
        Kept by {host} <span className="font-normal text-[12.5px] text-t3">not in the packet</span>
      </caption>
      <tbody>
        {rows.map(([name, value, note]) => (
          <tr key={name} className="align-baseline">
            <th scope="row" className="w-[120px] py-[3px] pr-2 text-left font-normal text-t3">
              {name}
            </th>
            <td className="py-[3px]">
              <span className="mono text-[12.5px] wrap-anywhere">{value}</span>
              {note !== '' && <span className="ml-2 text-t3">{note}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** As `tc` writes it. */
const classText = (priority: number): string => `${(priority >>> 16).toString(16)}:${(priority & 0xffff).toString(16)}`;

function Layer({ name, pairs }: { readonly name: string; readonly pairs: readonly FieldPair[] }) {
  const some = pairs.some((p) => p.changed);
  return (
    <table
      className="mt-2 w-full table-fixed border-collapse text-[13px]"
      data-testid={`layer-${name.replaceAll(' ', '-')}`}
    >
      <caption className="border-line border-b pb-1 text-left font-[650] text-[13.5px]">{name}</caption>
      <colgroup>
        <col className="w-[128px]" />
        <col className={some ? 'w-[38%]' : 'w-0'} />
        <col />
      </colgroup>
      <thead className={some ? '' : 'sr-only'}>
        <tr className="text-left text-[12px] text-t3">
          <th className="font-normal">
            <span className="sr-only">Field</span>
          </th>
          <th className="font-normal">before</th>
          <th className="font-normal">now</th>
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
                'py-[3px] pr-2 text-left font-normal wrap-anywhere',
                pair.changed ? 'rounded-l-[6px] pl-[6px] text-t1' : 'text-t3',
              )}
            >
              {pair.name}
            </th>
            {pair.changed && (
              <td className="mono py-[3px] pr-2 text-[12.5px] text-t2 wrap-anywhere">
                {pair.before === null ? <span className="font-sans">none</span> : <s>{pair.before}</s>}
              </td>
            )}
            <td
              colSpan={pair.changed ? 1 : 2}
              className={cx(
                'mono py-[3px] text-[12.5px] wrap-anywhere',
                pair.changed && 'rounded-r-[6px] pr-[6px] font-bold text-nat',
              )}
            >
              {pair.after ?? <span className="font-normal font-sans text-t2">taken away</span>}
              {pair.note !== '' && pair.after !== null && (
                <span className="ml-2 font-normal font-sans text-t3">{pair.note}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
