import { SECOND, type SimTime } from '../../base';
import { ctSnapshot } from '../../conntrack';
import type { Conn, ConnSnapshot, Tuple, TupleSnapshot } from '../../model';
import { IPPROTO } from '../../wire';

export interface EntryForm {
  /** `-o extended`: the family first. */
  readonly extended: boolean;
  readonly id: boolean;
  /** nf_conntrack_acct is on: packets and bytes are shown. */
  readonly accounting: boolean;
  readonly now: SimTime;
}

const NAMES: Readonly<Record<number, string>> = {
  [IPPROTO.tcp]: 'tcp',
  [IPPROTO.udp]: 'udp',
  [IPPROTO.udplite]: 'udplite',
  [IPPROTO.icmp]: 'icmp',
  [IPPROTO.icmpv6]: 'icmpv6',
  [IPPROTO.sctp]: 'sctp',
  [IPPROTO.gre]: 'gre',
  [IPPROTO.dccp]: 'dccp',
};

/** One line of `conntrack -L`, with its line end. */
export function entryLine(conn: Conn, form: EntryForm): string {
  const s = ctSnapshot(conn, form.now);
  const { protocol, family } = conn.original;
  const words = [
    ...(form.extended ? [family === 4 ? 'ipv4     2' : 'ipv6     10'] : []),
    `${(NAMES[protocol] ?? 'unknown').padEnd(8)} ${protocol}`,
    String(secondsLeft(s)),
    ...(s.state === undefined ? [] : [s.state]),
    ...direction(s.original, conn.original),
    ...(s.zoneOriginal === undefined ? [] : [`zone-orig=${s.zoneOriginal}`]),
    ...counted(conn, 0, form),
    ...(s.status.includes('UNREPLIED') ? ['[UNREPLIED]'] : []),
    ...direction(s.reply, conn.reply),
    ...(s.zoneReply === undefined ? [] : [`zone-reply=${s.zoneReply}`]),
    ...counted(conn, 1, form),
    ...(s.status.includes('ASSURED') ? ['[ASSURED]'] : []),
    `mark=${s.mark}`,
    ...(s.zone === 0 ? [] : [`zone=${s.zone}`]),
    ...(s.helper === undefined ? [] : [`helper=${s.helper}`]),
    'use=1',
    ...(form.id ? [`id=${s.id}`] : []),
  ];
  return `${words.join(' ')}\n`;
}

/** Whole seconds, of which the current one has begun: a real clock is always a little past the packet. */
function secondsLeft(s: ConnSnapshot): number {
  return Math.max(0, Math.ceil(s.timeLeft / SECOND) - 1);
}

function direction(t: TupleSnapshot, tuple: Tuple): string[] {
  const words = [`src=${t.src}`, `dst=${t.dst}`];
  if (t.type !== undefined) words.push(`type=${t.type}`, `code=${t.code ?? 0}`, `id=${t.id ?? 0}`);
  else if (tuple.protocol === IPPROTO.gre) {
    words.push(`srckey=0x${tuple.sport.toString(16)}`, `dstkey=0x${tuple.dport.toString(16)}`);
  } else if (t.sport !== undefined) words.push(`sport=${t.sport}`, `dport=${t.dport ?? 0}`);
  return words;
}

function counted(conn: Conn, index: 0 | 1, form: EntryForm): string[] {
  if (!form.accounting || !conn.counters) return [];
  return [`packets=${conn.counters.packets[index]}`, `bytes=${conn.counters.bytes[index]}`];
}
