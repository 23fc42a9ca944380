import { putU16, putU32, u16 } from './bytes';
import { replaceSum } from './checksum';
import type { Side } from './edit-ip';
import { greHeader } from './gre';
import { ICMPV6 } from './icmp';
import { IPPROTO, type Packet } from './packet';
import { reparsed } from './parse';
import { hasPorts } from './ports';
import { adjustTransport, refreshSctp } from './transport';

/**
 * Another port. The packet stays as it is if it has none or less than 8 bytes of the header (the kernel drops it then);
 * a checksum that is cut off, in a packet that an ICMP error quotes, is not missed.
 *
 * Kernel: tcp_manip_pkt() and its like, net/netfilter/nf_nat_proto.c
 */
export function withPort(packet: Packet, side: Side, port: number): Packet {
  const start = packet.l4Offset;
  if (!hasPorts(packet.protocol) || (packet.fragment?.offset ?? 0) > 0 || start + 8 > packet.bytes.length)
    return packet;
  const bytes = packet.bytes.slice();
  const at = start + (side === 'src' ? 0 : 2);
  const old = u16(bytes, at);
  putU16(bytes, at, port);
  if (packet.protocol === IPPROTO.sctp) refreshSctp(bytes, packet);
  else adjustTransport(bytes, packet, old, port);
  return reparsed(packet, bytes);
}

/**
 * Another id (bytes 4 and 5) in an ICMP message of any type, or in an ICMPv6 echo; others have none and stay as they
 * are. Kernel: icmp_manip_pkt(), icmpv6_manip_pkt(), net/netfilter/nf_nat_proto.c
 */
export function withIcmpId(packet: Packet, id: number): Packet {
  const type6 = packet.icmpv6?.type;
  const echo6 = type6 === ICMPV6.echoRequest || type6 === ICMPV6.echoReply;
  if (packet.icmp === undefined && !echo6) return packet;
  return withTransportBytes(packet, packet.l4Offset + 4, Uint8Array.of(id >> 8, id & 0xff));
}

/** Another call id of GRE version 1 (PPTP), which no checksum covers. Kernel: gre_manip_pkt() */
export function withGreCallId(packet: Packet, callId: number): Packet {
  const gre = greHeader(packet);
  if (gre === null || gre.callId === null) return packet;
  return withTransportBytes(packet, packet.l4Offset + 6, Uint8Array.of(callId >> 8, callId & 0xff));
}

/**
 * Other bytes in the transport header or the payload, as many as there were, with the transport checksum adjusted.
 * `at` is an offset in the packet; the checksum itself must not be among the bytes.
 */
export function withTransportBytes(packet: Packet, at: number, fresh: Uint8Array): Packet {
  if (at < packet.l4Offset || at + fresh.length > packet.bytes.length) return packet;
  const bytes = packet.bytes.slice();
  const removed = sumAt(bytes, at, fresh.length, packet.l4Offset);
  bytes.set(fresh, at);
  adjustTransport(bytes, packet, removed, sumAt(bytes, at, fresh.length, packet.l4Offset));
  refreshSctp(bytes, packet);
  return reparsed(packet, bytes);
}

/** The sum of the words that these bytes are part of, the other half of a word taken as 0. */
function sumAt(bytes: Uint8Array, at: number, length: number, origin: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += (i - origin) % 2 === 0 ? bytes[i]! << 8 : bytes[i]!;
  return sum;
}

export interface TcpPatch {
  readonly seq?: number;
  readonly ack?: number;
  /** The flag byte. */
  readonly flags?: number;
  readonly window?: number;
  readonly urgent?: number;
}

/** Other values in the fixed TCP header, with its checksum adjusted. A packet without TCP stays as it is. */
export function withTcp(packet: Packet, patch: TcpPatch): Packet {
  if (packet.tcp === undefined) return packet;
  const at = packet.l4Offset;
  const bytes = packet.bytes.slice();
  const covered = () => sumAt(bytes, at, 16, at) + u16(bytes, at + 18);
  const removed = covered();
  if (patch.seq !== undefined) putU32(bytes, at + 4, patch.seq);
  if (patch.ack !== undefined) putU32(bytes, at + 8, patch.ack);
  if (patch.flags !== undefined) bytes[at + 13] = patch.flags;
  if (patch.window !== undefined) putU16(bytes, at + 14, patch.window);
  if (patch.urgent !== undefined) putU16(bytes, at + 18, patch.urgent);
  adjustTransport(bytes, packet, removed, covered());
  return reparsed(packet, bytes);
}

/**
 * Another flag byte in what stands where a TCP header would, whether it is one or a later fragment's data: 20 bytes, at
 * least, must be there. Its checksum is adjusted. Kernel: set_ect_tcp(), net/ipv4/netfilter/ipt_ECN.c
 */
export function withTcpFlags(packet: Packet, flags: number): Packet {
  const at = packet.l4Offset;
  const bytes = packet.bytes.slice();
  const removed = bytes[at + 13]!;
  bytes[at + 13] = flags;
  putU16(bytes, at + 16, replaceSum(u16(bytes, at + 16), removed, flags));
  return reparsed(packet, bytes);
}
