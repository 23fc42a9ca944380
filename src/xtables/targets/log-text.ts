import type { Skb } from '../../model';
import type { Packet } from '../../wire';
import { innerPacket, u16, u32 } from '../../wire';
import type { XtAction } from '../record';

/** What a line of the log shows beyond the headers. */
export interface LogDetails {
  readonly tcpSequence: boolean;
  readonly tcpOptions: boolean;
  readonly ipOptions: boolean;
  readonly uid: boolean;
}

/**
 * The line that LOG writes, without its prefix.
 * Kernel: nf_log_ip_packet(), nf_log_ip6_packet(), net/netfilter/nf_log_syslog.c
 */
export function logText({ skb, state }: XtAction, details: LogDetails): string {
  let out = `IN=${state.in} OUT=${state.out} `;
  if (skb.physIn !== '' && skb.physIn !== state.in) out += `PHYSIN=${skb.physIn} `;
  if (skb.physOut !== '' && skb.physOut !== state.out) out += `PHYSOUT=${skb.physOut} `;
  if (state.in !== '') out += `MAC=${macText(skb)} `;
  out += packetText(skb.packet, details, 0);
  if (details.uid && skb.socket !== null) out += `UID=${skb.socket.uid} GID=${skb.socket.gid} `;
  if (skb.mark !== 0) out += `MARK=0x${skb.mark.toString(16)} `;
  return out.trimEnd();
}

function macText(skb: Skb): string {
  if (skb.mac === null) return '';
  return `${skb.mac.dst}:${skb.mac.src}:${skb.packet.family === 4 ? '08:00' : '86:dd'}`;
}

const byte = (n: number): string => `0x${n.toString(16).toUpperCase().padStart(2, '0')}`;

function packetText(packet: Packet, details: LogDetails, depth: number): string {
  let out = `SRC=${fullAddr(packet.src)} DST=${fullAddr(packet.dst)} `;
  if (packet.family === 4) {
    out += `LEN=${packet.bytes.length} TOS=${byte(packet.tos & 0x1e)} PREC=${byte(packet.tos & 0xe0)} `;
    out += `TTL=${packet.ttl} ID=${packet.id} `;
    if (packet.df) out += 'DF ';
    if (packet.fragment?.more) out += 'MF ';
    if (packet.fragment !== null && packet.fragment.offset > 0) out += `FRAG:${packet.fragment.offset >> 3} `;
    if (details.ipOptions && packet.ipOptionsLength > 0) {
      out += `OPT (${hexBytes(packet.bytes, 20, 20 + packet.ipOptionsLength)}) `;
    }
  } else {
    const flow = u32(packet.bytes, 0) & 0xfffff;
    out += `LEN=${packet.bytes.length} TC=${packet.tos} HOPLIMIT=${packet.ttl} FLOWLBL=${flow} `;
    if (packet.fragment !== null) {
      out += `FRAG:${packet.fragment.offset} ${packet.fragment.more ? 'INCOMPLETE ' : ''}ID:${packet.id.toString(16).padStart(8, '0')} `;
    }
  }
  return out + transportText(packet, details, depth);
}

function fullAddr(addr: string): string {
  if (!addr.includes(':')) return addr;
  const [head, tail] = addr.split('::') as [string, string | undefined];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(':');
}

function transportText(packet: Packet, details: LogDetails, depth: number): string {
  if (packet.fragment !== null && packet.fragment.offset > 0) return `PROTO=${nameOf(packet.protocol)} `;
  if (packet.tcp !== undefined) {
    const { tcp } = packet;
    let out = `PROTO=TCP SPT=${tcp.sport} DPT=${tcp.dport} `;
    if (details.tcpSequence) out += `SEQ=${tcp.seq} ACK=${tcp.ack} `;
    out += `WINDOW=${tcp.window} RES=${byte(((tcp.reserved & 15) << 2) | (tcp.flags >> 6))} `;
    const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
    for (const name of ['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN']) {
      if ((tcp.flags & (1 << names.indexOf(name))) !== 0) out += `${name} `;
    }
    out += `URGP=${tcp.urgent} `;
    if (details.tcpOptions && tcp.headerLength > 20) {
      const start = packet.l4Offset + 20;
      out += `OPT (${hexBytes(packet.bytes, start, packet.l4Offset + tcp.headerLength)}) `;
    }
    return out;
  }
  if (packet.udp !== undefined) {
    return `PROTO=UDP SPT=${packet.udp.sport} DPT=${packet.udp.dport} LEN=${packet.udp.length} `;
  }
  const icmp = packet.icmp ?? packet.icmpv6;
  if (icmp === undefined) return `PROTO=${nameOf(packet.protocol)} `;
  let out = `PROTO=${packet.icmp === undefined ? 'ICMPv6' : 'ICMP'} TYPE=${icmp.type} CODE=${icmp.code} `;
  if (hasId(packet)) out += `ID=${icmp.id} SEQ=${icmp.seq} `;
  const inner = depth === 0 ? innerPacket(packet) : null;
  if (inner !== null) out += `[${packetText(inner, details, 1)}] `;
  if (packet.icmp?.type === 3 && packet.icmp.code === 4) out += `MTU=${u16(packet.bytes, packet.l4Offset + 6)} `;
  if (packet.icmpv6?.type === 2) out += `MTU=${u32(packet.bytes, packet.l4Offset + 4)} `;
  return out;
}

function hasId(packet: Packet): boolean {
  const type = packet.icmp?.type ?? -1;
  if (packet.icmp !== undefined) return [0, 8, 13, 14, 15, 16, 17, 18].includes(type);
  return packet.icmpv6?.type === 128 || packet.icmpv6?.type === 129;
}

function nameOf(protocol: number): string {
  const names: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 50: 'ESP', 51: 'AH', 58: 'ICMPv6' };
  return names[protocol] ?? `${protocol}`;
}

function hexBytes(bytes: Uint8Array, from: number, to: number): string {
  return Array.from(bytes.subarray(from, to), (b) => b.toString(16).toUpperCase().padStart(2, '0')).join('');
}
