import { concat, putU16, u16 } from './bytes';
import { fixLength } from './edit-ip';
import { icmpProtocol } from './icmp';
import { IPPROTO, type Packet } from './packet';
import { innerPacket, reparsed } from './parse';
import { fillChecksum } from './transport';

/**
 * Another TCP payload; lengths and the checksum are made anew, even if it was wrong.
 *
 * Kernel: __nf_nat_mangle_tcp_packet(), net/netfilter/nf_nat_helper.c (sequence numbers are not its business)
 */
export function withTcpPayload(packet: Packet, payload: Uint8Array): Packet {
  if (packet.tcp === undefined) return packet;
  const bytes = concat(packet.bytes.subarray(0, packet.payloadOffset), payload);
  fixLength(bytes);
  fillChecksum(bytes, packet.l4Offset, IPPROTO.tcp);
  return reparsed(packet, bytes);
}

/**
 * Another UDP payload; lengths and the checksum are made anew, but a datagram without a checksum stays without.
 *
 * Kernel: nf_nat_mangle_udp_packet(), net/netfilter/nf_nat_helper.c
 */
export function withUdpPayload(packet: Packet, payload: Uint8Array): Packet {
  if (packet.udp === undefined) return packet;
  const at = packet.l4Offset;
  const bytes = concat(packet.bytes.subarray(0, at + 8), payload);
  fixLength(bytes);
  putU16(bytes, at + 4, bytes.length - at);
  if (u16(bytes, at + 6) !== 0) fillChecksum(bytes, at, IPPROTO.udp);
  return reparsed(packet, bytes);
}

/** The packet's first bytes alone; the lengths in its headers stay as they are. Kernel: pskb_trim() */
export function trimmed(packet: Packet, length: number): Packet {
  return reparsed(packet, packet.bytes.subarray(0, length));
}

/**
 * Another quoted packet in an ICMP or ICMPv6 error, whose checksum is made anew. What is quoted behind the packet
 * (extensions of RFC 4884) stays. A packet that quotes nothing stays as it is.
 *
 * Kernel: nf_nat_icmp_reply_translation(), nf_nat_icmpv6_reply_translation(), net/netfilter/nf_nat_proto.c
 */
export function withInner(packet: Packet, inner: Packet): Packet {
  const old = innerPacket(packet);
  if (old === null) return packet;
  const at = packet.payloadOffset;
  const tail = packet.bytes.subarray(at + old.bytes.length);
  const bytes = concat(packet.bytes.subarray(0, at), inner.bytes, tail);
  if (bytes.length !== packet.bytes.length) fixLength(bytes);
  fillChecksum(bytes, packet.l4Offset, icmpProtocol(packet.family));
  return reparsed(packet, bytes);
}
