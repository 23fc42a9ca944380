import { SECOND } from '../../base';
import { ctList, ctSnapshot } from '../../conntrack';
import type { Host } from '../../host';
import { type Conn, IPS, type Tuple } from '../../model';
import { addrBytes, IPPROTO } from '../../wire';

/** Kernel: ct_seq_show(), net/netfilter/nf_conntrack_standalone.c */
export function conntrackFile(host: Host): string {
  const { ct } = host;
  const now = host.now();
  return ctList(ct, host)
    .map((conn) => line(conn, now))
    .join('');
}

const NAMES: Readonly<Record<number, string>> = {
  [IPPROTO.tcp]: 'tcp',
  [IPPROTO.udp]: 'udp',
  [IPPROTO.udplite]: 'udplite',
  [IPPROTO.icmp]: 'icmp',
  [IPPROTO.icmpv6]: 'icmpv6',
  [IPPROTO.sctp]: 'sctp',
  [IPPROTO.gre]: 'gre',
};

function line(conn: Conn, now: number): string {
  const s = ctSnapshot(conn, now);
  const { family, protocol } = conn.original;
  const three = family === 4 ? 'ipv4     2' : 'ipv6     10';
  const left = Math.max(0, Math.ceil(s.timeLeft / SECOND) - 1);
  const words = [
    `${three} ${(NAMES[protocol] ?? 'unknown').padEnd(8)} ${protocol} ${left}`,
    ...(s.state === undefined ? [] : [s.state]),
    ...tuple(conn.original),
    ...(s.zoneOriginal === undefined ? [] : [`zone-orig=${s.zoneOriginal}`]),
    ...counted(conn, 0),
    ...((conn.status & IPS.SEEN_REPLY) === 0 ? ['[UNREPLIED]'] : []),
    ...tuple(conn.reply),
    ...(s.zoneReply === undefined ? [] : [`zone-reply=${s.zoneReply}`]),
    ...counted(conn, 1),
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

function tuple(t: Tuple): string[] {
  const words = [`src=${address(t.src)}`, `dst=${address(t.dst)}`];
  if (t.protocol === IPPROTO.icmp || t.protocol === IPPROTO.icmpv6)
    words.push(`type=${t.dport >> 8}`, `code=${t.dport & 255}`, `id=${t.sport}`);
  else if (t.protocol === IPPROTO.gre)
    words.push(`srckey=0x${t.sport.toString(16)}`, `dstkey=0x${t.dport.toString(16)}`);
  else if (NAMES[t.protocol] !== undefined) words.push(`sport=${t.sport}`, `dport=${t.dport}`);
  return words;
}

function counted(conn: Conn, index: 0 | 1): string[] {
  if (!conn.counters) return [];
  return [`packets=${conn.counters.packets[index]}`, `bytes=${conn.counters.bytes[index]}`];
}
