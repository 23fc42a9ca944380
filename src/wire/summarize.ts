import { icmpTypeName } from './icmp-names';
import type { Addr, Packet } from './packet';
import { isErrorMessage } from './parse';
import { ports } from './ports';
import { protocolName } from './protocols';

const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;
/** The order in which the flags are spoken: SYN+ACK, FIN+ACK, PSH+ACK. */
const SPOKEN = [1, 0, 2, 3, 4, 5, 6, 7] as const;

/** `SYN+ACK`; empty if no flag is set. */
export function flagNames(flags: number): string {
  return SPOKEN.filter((bit) => (flags >> bit) & 1)
    .map((bit) => FLAG_NAMES[bit])
    .join('+');
}

/** `10.0.0.2:80`, `[2001:db8::1]:80`. */
export function endpointText(addr: Addr, port: number): string {
  return addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`;
}

/** One line for a person: `TCP SYN 10.0.0.2:40000 → 203.0.113.1:80`. */
export function summarize(packet: Packet): string {
  const pair = ports(packet);
  const from = pair === null ? packet.src : endpointText(packet.src, pair.sport);
  const to = pair === null ? packet.dst : endpointText(packet.dst, pair.dport);
  return `${what(packet)} ${from} → ${to}`;
}

function what(packet: Packet): string {
  const { fragment } = packet;
  if (fragment !== null && fragment.offset > 0) {
    return `${label(packet)} fragment at ${fragment.offset}${fragment.more ? '' : ', the last'}`;
  }
  const first = fragment === null ? '' : ', first fragment';
  if (packet.tcp !== undefined) return `TCP ${flagNames(packet.tcp.flags) || 'without flags'}${first}`;
  const icmp = packet.icmp ?? packet.icmpv6;
  if (icmp !== undefined) {
    const code = isErrorMessage(packet) ? icmp.code : undefined;
    return `${label(packet)} ${icmpTypeName(packet.icmp === undefined ? 6 : 4, icmp.type, code)}${first}`;
  }
  return `${label(packet)}${first}`;
}

const LABELS: Readonly<Record<string, string>> = { 'ipv6-icmp': 'ICMPv6', udplite: 'UDPLite', ipencap: 'IP in IP' };

function label(packet: Packet): string {
  const name = protocolName(packet.protocol);
  if (/^\d+$/.test(name)) return `protocol ${name}`;
  return LABELS[name] ?? name.toUpperCase();
}
