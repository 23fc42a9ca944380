import type { ConnSnapshot, TupleSnapshot } from '../../src/model';

/** One end of a flow: address and port, and which of both NAT has changed. */
export interface End {
  readonly address: string;
  /** `:80`; '' where there are no ports. */
  readonly port: string;
  readonly changedAddress: boolean;
  readonly changedPort: boolean;
}

/** A direction of a flow, as two ends and what is told once of both: ` id 2817`. */
export interface Line {
  readonly from: End;
  readonly to: End;
  readonly rest: string;
}

const shown = (address: string, port: number | undefined): string =>
  port !== undefined && address.includes(':') ? `[${address}]` : address;
const portText = (port: number | undefined): string => (port === undefined ? '' : `:${port}`);
const restOf = (tuple: TupleSnapshot): string => (tuple.id === undefined ? '' : ` id ${tuple.id}`);

function end(address: string, port: number | undefined, wasAddress: string, wasPort: number | undefined): End {
  return {
    address: shown(address, port),
    port: portText(port),
    changedAddress: address !== wasAddress,
    changedPort: port !== wasPort,
  };
}

/** Both directions. What differs from the other direction turned round was changed by NAT, and is marked in the reply. */
export function flowLines({ original, reply }: Pick<ConnSnapshot, 'original' | 'reply'>): {
  readonly original: Line;
  readonly reply: Line;
} {
  return {
    original: {
      from: end(original.src, original.sport, original.src, original.sport),
      to: end(original.dst, original.dport, original.dst, original.dport),
      rest: restOf(original),
    },
    reply: {
      from: end(reply.src, reply.sport, original.dst, original.dport),
      to: end(reply.dst, reply.dport, original.src, original.sport),
      rest: restOf(reply),
    },
  };
}

/** `10.0.0.5:8080 → 198.51.100.7:40312`, for search and for screen readers. */
export function lineText({ from, to, rest }: Line): string {
  return `${from.address}${from.port} → ${to.address}${to.port}${rest}`;
}

/** Share of the time that the flow was last given that is left, from 0 to 1. */
export function shareLeft({ timeLeft, timeSpan }: Pick<ConnSnapshot, 'timeLeft' | 'timeSpan'>): number {
  return timeSpan <= 0 ? 0 : Math.max(0, Math.min(1, timeLeft / timeSpan));
}

/** Seconds in the largest unit that says it shortly: `5 d`, `2 h`, `42 s`. */
export function timeText(microseconds: number): string {
  const seconds = Math.max(0, Math.ceil(microseconds / 1e6));
  if (seconds >= 86_400) return `${Math.round(seconds / 86_400)} d`;
  if (seconds >= 7_200) return `${Math.round(seconds / 3_600)} h`;
  if (seconds >= 600) return `${Math.round(seconds / 60)} min`;
  return `${seconds} s`;
}

/** A word beside a flow, with its hue, and what it means. */
interface Flag {
  readonly text: string;
  readonly hue: string;
  readonly says: string;
}

export const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** The words beside a flow. */
export function flagsOf(entry: ConnSnapshot): readonly Flag[] {
  const flags: Flag[] = [];
  const add = (text: string, says: string, hue = ''): void => void flags.push({ text, hue, says });
  if (entry.status.includes('ASSURED')) add('ASSURED', 'Settled in both directions: not evicted early.', 'ok');
  if (entry.status.includes('UNREPLIED')) add('UNREPLIED', 'No answer has been seen yet.', 'rej');
  else if (entry.seenReply && !entry.status.includes('ASSURED')) add('SEEN_REPLY', 'An answer has been seen.');
  if (entry.dstNat) add('DST_NAT', 'The destination is translated.', 'nat');
  if (entry.srcNat) add('SRC_NAT', 'The source is translated.', 'nat');
  if (entry.master !== undefined) add('EXPECTED', 'A helper had read in another flow that this one would come.');
  if (entry.helper !== undefined) add(`helper ${entry.helper}`, 'Its data is read for connections that it announces.');
  if (entry.mark !== 0) add(`mark ${hex(entry.mark)}`, 'The connmark: it stays with the flow.');
  if (entry.labels !== undefined) add(`label ${entry.labels.join(' ')}`, 'Bits of connlabel that are set.');
  if (entry.zone !== 0) add(`zone ${entry.zone}`, 'Equal tuples in other zones are other flows.');
  if (entry.zoneOriginal !== undefined)
    add(`zone ${entry.zoneOriginal} original`, 'The zone of the original direction alone.');
  if (entry.zoneReply !== undefined) add(`zone ${entry.zoneReply} reply`, 'The zone of the reply direction alone.');
  if (entry.dying) add('DYING', 'Taken out of the table.', 'bad');
  return flags;
}
