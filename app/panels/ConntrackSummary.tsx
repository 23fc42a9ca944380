import type { ConnSnapshot } from '../../src/model';
import { stores } from '../store';
import { Badge, Chip, cx, Glyph } from '../ui';
import { type End, flagsOf, flowLines, type Line, timeText } from './tuples';

/** The flow that the packet belongs to, both ways. */
export function ConntrackSummary({
  entry,
  ctinfo,
  gone,
  host,
}: {
  readonly entry: ConnSnapshot;
  readonly ctinfo: string;
  /** The packet was dropped before the flow was confirmed. */
  readonly gone: boolean;
  readonly host: string;
}) {
  const { original, reply } = flowLines(entry);
  const flags = flagsOf(entry).filter((f) => f.text !== 'UNREPLIED');
  return (
    <section
      className="flex-none border-line border-t px-[14px] pt-[14px] pb-4"
      aria-label="Conntrack entry"
      data-testid="conntrack-entry"
      data-state={gone ? 'gone' : entry.confirmed ? 'confirmed' : 'unconfirmed'}
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-[650] text-[14.5px]">Conntrack entry</h2>
        {ctinfo !== '' && (
          <span
            className={cx(
              ctinfo === 'INVALID' ? 'hue-bad' : 'hue-conntrack',
              'rounded-[6px] bg-(--w) px-[7px] font-[650] text-(--c) text-[12px] leading-[21px]',
            )}
            data-testid="ctinfo"
          >
            {ctinfo}
          </span>
        )}
        <span className="flex-1" />
        <button
          type="button"
          className="flex min-h-7 items-center gap-[6px] rounded-control px-1 text-[12.5px] text-t2 hover:text-t1"
          onClick={() => stores.view.getState().setTab('conntrack')}
        >
          <Glyph name={entry.confirmed ? 'conf' : 'new'} size={14} className="text-conntrack" />
          {gone ? 'gone with its packet' : entry.confirmed ? 'confirmed' : 'not confirmed yet'}
        </button>
      </div>
      <p className="mt-[6px] text-[12.5px] text-t3">original direction</p>
      <FlowLine line={original} className="text-[13.5px]" />
      <div className="my-[9px] border-line border-t border-dashed" />
      <p className="text-[12.5px] text-t3">reply direction, as {host === '' ? 'the host' : host} expects it</p>
      <FlowLine line={reply} className="text-[13.5px]" />
      <p className="mono mt-[9px] text-[12.5px] text-t2">
        {[entry.protocol, entry.state].filter((x) => x !== undefined).join(' ')}
        {flags.map((flag) => (
          <span key={flag.text}>
            <span className="px-[5px] text-t3">·</span>
            {flag.text}
          </span>
        ))}
        <span className="px-[5px] text-t3">·</span>
        <span className="whitespace-nowrap font-sans">
          {gone ? 'never confirmed' : `${timeText(entry.timeLeft)} ${entry.confirmed ? 'left' : 'once confirmed'}`}
        </span>
      </p>
    </section>
  );
}

/** One direction of a flow; what NAT changed is violet. */
export function FlowLine({ line, className = '' }: { readonly line: Line; readonly className?: string }) {
  return (
    <div className={cx('mono wrap-anywhere leading-[1.6]', className)}>
      <EndText end={line.from} />
      <span className="text-t3"> → </span>
      <EndText end={line.to} />
      {line.rest}
    </div>
  );
}

function EndText({ end }: { readonly end: End }) {
  return (
    <span className="inline-block max-w-full">
      <span className={end.changedAddress ? 'font-[650] text-nat' : ''}>{end.address}</span>
      {/* Where an IPv6 address fills the line, the whole port goes to the next. */}
      <span className={cx('inline-block', end.changedPort && 'font-[650] text-nat')}>{end.port}</span>
    </span>
  );
}

/** What is known of a flow besides: its status bits, mark, zone; each says on hover what it means. */
export function FlowFlags({ entry }: { readonly entry: ConnSnapshot }) {
  return flagsOf(entry).map((flag) => (
    <span key={flag.text} title={flag.says}>
      <Badge {...(flag.hue === '' ? {} : { hue: flag.hue })}>{flag.text}</Badge>
    </span>
  ));
}

/** All flows of the host, or those that the step on show has had to do with. */
export function WhichFlows({
  step,
  own,
  testid,
  className,
  onOwn,
}: {
  readonly step: number;
  readonly own: boolean;
  readonly testid: string;
  readonly className?: string;
  readonly onOwn: (own: boolean) => void;
}) {
  return (
    <span className={cx('flex gap-[6px]', className)}>
      <Chip on={own} data-testid={`${testid}-step`} onClick={() => onOwn(true)}>
        From step {step + 1}
      </Chip>
      <Chip on={!own} data-testid={`${testid}-all`} onClick={() => onOwn(false)}>
        All
      </Chip>
    </span>
  );
}
