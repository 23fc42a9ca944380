import { ctList, ctSnapshot } from '../../conntrack';
import type { Host } from '../../host';
import { type Conn, IPS } from '../../model';
import { addrBytes } from '../../wire';
import { counterWords, secondsLeft, TRACKERS, tupleWords } from '../commands/conntrack-entry';

/** Kernel: ct_seq_show(), net/netfilter/nf_conntrack_standalone.c */
export function conntrackFile(host: Host): string {
  const { ct } = host;
  const now = host.now();
  return ctList(ct, host)
    .map((conn) => line(conn, now))
    .join('');
}

function line(conn: Conn, now: number): string {
  const s = ctSnapshot(conn, now);
  const { family, protocol } = conn.original;
  const three = family === 4 ? 'ipv4     2' : 'ipv6     10';
  const words = [
    `${three} ${(TRACKERS[protocol] ?? 'unknown').padEnd(8)} ${protocol} ${secondsLeft(s.timeLeft)}`,
    ...(s.state === undefined ? [] : [s.state]),
    ...tupleWords(conn.original, address),
    ...(s.zoneOriginal === undefined ? [] : [`zone-orig=${s.zoneOriginal}`]),
    ...counterWords(conn, 0),
    ...((conn.status & IPS.SEEN_REPLY) === 0 ? ['[UNREPLIED]'] : []),
    ...tupleWords(conn.reply, address),
    ...(s.zoneReply === undefined ? [] : [`zone-reply=${s.zoneReply}`]),
    ...counterWords(conn, 1),
    ...((conn.status & IPS.ASSURED) === 0 ? [] : ['[ASSURED]']),
    `mark=${s.mark}`,
    `zone=${s.zone}`,
    'use=2',
  ];
  return `${words.join(' ')}\n`;
}

/** IPv6 addresses stand there in full. Kernel: %pI6 */
function address(addr: string): string {
  if (!addr.includes(':')) return addr;
  const hex = [...addrBytes(addr)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.match(/.{4}/g)!.join(':');
}
