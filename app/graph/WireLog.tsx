import { useEffect, useRef } from 'react';
import { cx, Glyph, Icon } from '../ui';
import { useNet, useNetMoment } from './net';
import { endWord, type WireLine } from './networkState';

/** The packet as it was on each wire: what NAT and routers have changed. */
export function WireLog() {
  const { state } = useNetMoment();
  const { run } = useNet();
  const scroller = useRef<HTMLElement>(null);
  const { length } = state.wires;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each wire the list grows
  useEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [length]);
  if (state.wires.length === 0) {
    return (
      <p className="border-line border-t-[1.5px] pt-3 text-t2">
        {state.hops.length > 0
          ? ''
          : state.ended !== null
            ? `The packet ended on ${state.host}: ${endWord(state.ended)}. No wire was used.`
            : `${run.steps.length === 0 ? 'Send a packet' : 'Press Play'}. Each wire that the packet takes is listed here, with its addresses as they are on it.`}
      </p>
    );
  }
  // Addresses of IPv6 have their room, too.
  const long = state.wires.some((line) => line.src.length + line.dst.length > 54);
  return (
    <section
      ref={scroller}
      className="nowheel size-full overflow-y-auto border-line border-t-[1.5px]"
      data-testid="wire-log"
    >
      <h3 className="pt-3 pb-[6px] text-[15px]">The same packet on each wire</h3>
      <table className={cx('w-full', long ? 'text-[13px]' : 'text-[15px]')}>
        <thead className="sr-only">
          <tr>
            <th>Segment</th>
            <th>Source</th>
            <th>Destination</th>
            <th>TTL</th>
            <th>Now</th>
          </tr>
        </thead>
        <tbody>
          {state.wires.map((line) => (
            <WireRow key={line.event} line={line} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WireRow({ line }: { readonly line: WireLine }) {
  const value = (text: string, changed: boolean) =>
    changed ? <span className="-ml-2 rounded-[7px] bg-nat-w px-2 py-[3px] text-nat">{text}</span> : text;
  return (
    <tr className={cx('h-11 border-line border-t', line.here && 'font-semibold')}>
      <td className={cx('max-w-[110px] truncate pr-3', !line.here && 'text-t2')} title={line.segment}>
        {line.segment}
      </td>
      <td className="mono py-1 pr-3 wrap-anywhere">{value(line.src, line.srcChanged)}</td>
      <td className="w-11 text-t3">
        <Icon name="arrow" size={16} />
      </td>
      <td className="mono py-1 pr-3 wrap-anywhere">{value(line.dst, line.dstChanged)}</td>
      <td className="mono whitespace-nowrap pr-3 text-t2">ttl {line.ttl}</td>
      <td className="whitespace-nowrap text-[13px] text-packet-text">
        {line.here && (
          <span className="flex items-center gap-[6px]">
            <Glyph name="here" size={12} />
            here now
          </span>
        )}
      </td>
    </tr>
  );
}
