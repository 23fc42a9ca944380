import { addrFromBytes, IPPROTO, u16, u32 } from '../../wire';
import { hex, type PrintContext, protoName } from './context';
import { hexLines } from './hex';
import type { IpAround } from './ip';

type Packet = (bytes: Uint8Array) => string;

/** Protocols that are neither TCP, UDP nor ICMP. */
export function otherLine(
  ctx: PrintContext,
  ip: IpAround,
  protocol: number,
  b: Uint8Array,
  length: number,
  packet: Packet,
): string {
  const head = ip.bare ? '' : `${ip.src} > ${ip.dst}: `;
  if (protocol === IPPROTO.sctp) return sctp(ctx, ip, b);
  if (protocol === IPPROTO.gre) return head + gre(ctx, b, length, packet);
  if (protocol === IPPROTO.esp && b.length >= 8)
    return `${head}ESP(spi=0x${hex(u32(b, 0), 8)},seq=0x${hex(u32(b, 4))}), length ${length}`;
  if (protocol === IPPROTO.igmp && b.length >= 8) return head + igmp(ctx, b);
  if (![136, 253, 99].includes(protocol) && [33, 51, 88, 89, 103, 108, 112].includes(protocol))
    ctx.notDecoded.add(`protocol ${protocol}`);
  return `${head} ${protoName(ctx, protocol)} ${length}`;
}

function igmp(ctx: PrintContext, b: Uint8Array): string {
  const group = addrFromBytes(b, 4, 4);
  if (ctx.options.quick) return 'igmp';
  if (b[0] === 0x11) return `igmp query v2${u32(b, 4) === 0 ? '' : ` [gaddr ${group}]`}`;
  if (b[0] === 0x16) return `igmp v2 report ${group}`;
  if (b[0] === 0x12) return `igmp v1 report ${group}`;
  if (b[0] === 0x17) return `igmp leave ${group}`;
  ctx.notDecoded.add(`IGMP type ${b[0]}`);
  return `igmp-${b[0]}`;
}

/** tcpdump: gre_print() */
function gre(ctx: PrintContext, b: Uint8Array, length: number, packet: Packet): string {
  if (b.length < 4) return ' [|gre]';
  const flags = u16(b, 0);
  const version = flags & 7;
  if (version > 1) return `GREv${version} ERROR: unknown-version`;
  const verbose = ctx.options.verbose > 0;
  const names = (
    [
      [0x8000, 'checksum present'],
      [0x4000, 'routing present'],
      [0x2000, 'key present'],
      [0x1000, 'sequence# present'],
    ] as const
  ).filter(([bit]) => (flags & bit) !== 0);
  const type = u16(b, 2);
  const named = { 2048: 'IPv4', 34525: 'IPv6', 34827: 'PPP', 25944: 'TEB' }[type] ?? 'unknown';
  const proto = ctx.options.link ? `, proto ${named} (0x${hex(type, 4)})` : '';
  let out = `GREv${version}`;
  if (verbose) out += `, Flags [${names.length === 0 ? 'none' : names.map(([, name]) => name).join(', ')}]`;
  if (version === 1) {
    if (b.length < 8) return `${out} [|gre]`;
    out += `, call ${u16(b, 6)}`;
    let at = 8;
    if ((flags & 0x1000) !== 0) {
      out += `, seq ${u32(b, at)}`;
      at += 4;
    }
    if ((flags & 0x80) !== 0) out += `, ack ${u32(b, at)}`;
    return `${out}${(flags & 0x1000) === 0 ? ', no-payload' : ''}${proto}, length ${length}`;
  }
  let at = 4;
  if ((flags & 0xc000) !== 0) {
    out += `, sum 0x${hex(u16(b, at))}, off 0x${hex(u16(b, at + 2))}`;
    at += 4;
  }
  if ((flags & 0x2000) !== 0) {
    out += `, key=0x${hex(u32(b, at))}`;
    at += 4;
  }
  if ((flags & 0x1000) !== 0) {
    out += `, seq ${u32(b, at)}`;
    at += 4;
  }
  out += `${proto}, length ${length}`;
  const inside = b.subarray(at);
  out += verbose ? '\n\t' : ': ';
  if ((type === 0x0800 || type === 0x86dd) && inside.length > 0) {
    const six = type === 0x86dd;
    if ((inside[0]! >> 4 === 6) === six && inside[0]! >> 4 === (six ? 6 : 4)) return out + packet(inside);
    return `${out}${inside[0]! >> 4 === 6 ? 'IP6' : 'IP'}, wrong link-layer encapsulation (invalid)`;
  }
  return `${out}gre-proto-0x${hex(type)}`;
}

const CHUNKS: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT ACK',
  3: 'SACK',
  4: 'HB REQ',
  5: 'HB ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN ACK',
  9: 'OP ERR',
  10: 'COOKIE ECHO',
  11: 'COOKIE ACK',
  12: 'ECN ECHO',
  13: 'CWR',
  14: 'SHUTDOWN COMPLETE',
  15: 'AUTH',
  128: 'ASCONF-ACK',
  192: 'FORWARD CUM TSN',
  193: 'ASCONF',
};

/** tcpdump: sctp_print() */
function sctp(ctx: PrintContext, ip: IpAround, b: Uint8Array): string {
  if (b.length < 12) return `${ip.bare ? '' : `${ip.src} > ${ip.dst}: `} [|sctp]`;
  const [sport, dport] = [u16(b, 0), u16(b, 2)];
  let out = ip.bare ? `${sport} > ${dport}: sctp` : `${ip.src}.${sport} > ${ip.dst}.${dport}: sctp`;
  let n = 0;
  for (let at = 12; at + 4 <= b.length; ) {
    const length = u16(b, at + 2);
    if (length < 4) break;
    out += ctx.options.verbose > 1 ? `\n\t${++n}) ` : ` (${++n}) `;
    out += `[${CHUNKS[b[at]!] ?? `Unknown chunk type ${b[at]}`}] ${chunk(b.subarray(at, at + length), b[at]!)}`;
    if (b[at] === 0 && ctx.options.verbose > 1)
      out += `[Payload:${hexLines(b.subarray(at + 16, at + length), 0, true)}]`;
    at += (length + 3) & ~3;
  }
  return out;
}

function chunk(b: Uint8Array, type: number): string {
  if ((type === 1 || type === 2) && b.length >= 20) {
    return `[init tag: ${u32(b, 4)}] [rwnd: ${u32(b, 8)}] [OS: ${u16(b, 12)}] [MIS: ${u16(b, 14)}] [init TSN: ${u32(b, 16)}] `;
  }
  if (type === 0 && b.length >= 16) {
    const flags = `${(b[1]! & 4) !== 0 ? '(U)' : ''}${(b[1]! & 2) !== 0 ? '(B)' : ''}${(b[1]! & 1) !== 0 ? '(E)' : ''}`;
    return `${flags} [TSN: ${u32(b, 4)}] [SID: ${u16(b, 8)}] [SSEQ ${u16(b, 10)}] [PPID 0x${hex(u32(b, 12))}] `;
  }
  if (type === 3 && b.length >= 16) {
    return `[cum ack ${u32(b, 4)}] [a_rwnd ${u32(b, 8)}] [#gap acks ${u16(b, 12)}] [#dup tsns ${u16(b, 14)}] `;
  }
  return '';
}
