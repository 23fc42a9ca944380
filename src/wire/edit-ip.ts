import { addrBytes, familyOf } from './address';
import { putU16, u16 } from './bytes';
import { ipv4HeaderChecksum, sumWords } from './checksum';
import { replaceIpv4Word } from './ipv4';
import type { Addr, Packet } from './packet';
import { adjustTransport, refreshSctp } from './transport';

export type Side = 'src' | 'dst';

/** Another TTL or hop limit. Kernel: ip_decrease_ttl(); ttl_tg(), net/netfilter/xt_HL.c */
export function withTtl(packet: Packet, ttl: number): Packet {
  const bytes = packet.bytes.slice();
  if (packet.family === 4) replaceIpv4Word(bytes, 8, (ttl << 8) | bytes[9]!);
  else bytes[7] = ttl;
  return Object.freeze({ ...packet, bytes, ttl });
}

/** Another type of service or traffic class, all eight bits. Kernel: ipv4_change_dsfield(), ipv6_change_dsfield() */
export function withTos(packet: Packet, tos: number): Packet {
  const bytes = packet.bytes.slice();
  if (packet.family === 4) replaceIpv4Word(bytes, 0, (bytes[0]! << 8) | tos);
  else putU16(bytes, 0, (u16(bytes, 0) & 0xf00f) | (tos << 4));
  return Object.freeze({ ...packet, bytes, tos });
}

/** The DF bit of IPv4; an IPv6 packet has none and stays as it is. */
export function withDf(packet: Packet, df: boolean): Packet {
  if (packet.family === 6) return packet;
  const bytes = packet.bytes.slice();
  replaceIpv4Word(bytes, 6, (u16(bytes, 6) & ~0x4000) | (df ? 0x4000 : 0));
  return Object.freeze({ ...packet, bytes, df });
}

/** Another IPv4 identification; an IPv6 packet stays as it is. */
export function withId(packet: Packet, id: number): Packet {
  if (packet.family === 6) return packet;
  const bytes = packet.bytes.slice();
  replaceIpv4Word(bytes, 4, id);
  return Object.freeze({ ...packet, bytes, id });
}

/**
 * Another address, with the header checksum and the transport's (its pseudo header) adjusted. SCTP's is made anew, as
 * NAT does.
 *
 * Kernel: nf_nat_ipv4_manip_pkt(), nf_nat_ipv6_manip_pkt(), net/netfilter/nf_nat_proto.c
 */
export function withAddr(packet: Packet, side: Side, addr: Addr): Packet {
  return changeAddr(packet, side, addr, true);
}

/** Another address in the IP header alone: the transport checksum is not touched (network prefix translation). */
export function withHeaderAddr(packet: Packet, side: Side, addr: Addr): Packet {
  return changeAddr(packet, side, addr, false);
}

function changeAddr(packet: Packet, side: Side, addr: Addr, transport: boolean): Packet {
  if (familyOf(addr) !== packet.family) throw new Error(`${addr} in an IPv${packet.family} packet`);
  if (packet.headerError === 'PKT_TOO_SMALL' || packet[side] === addr) return packet;
  const bytes = packet.bytes.slice();
  const length = packet.family === 4 ? 4 : 16;
  const at = (packet.family === 4 ? 12 : 8) + (side === 'src' ? 0 : length);
  const fresh = addrBytes(addr);
  if (transport) adjustTransport(bytes, packet, sumWords(bytes, at, at + length), sumWords(fresh), true);
  if (packet.family === 4) {
    replaceIpv4Word(bytes, at, u16(fresh, 0));
    replaceIpv4Word(bytes, at + 2, u16(fresh, 2));
  } else bytes.set(fresh, at);
  if (transport) refreshSctp(bytes, packet);
  return Object.freeze({ ...packet, bytes, [side]: addr });
}

/** Writes the length field of the IP header for the length of `bytes`, and the header checksum anew. */
export function fixLength(bytes: Uint8Array): void {
  if (bytes[0]! >> 4 === 6) {
    putU16(bytes, 4, bytes.length - 40);
    return;
  }
  putU16(bytes, 2, bytes.length);
  putU16(bytes, 10, ipv4HeaderChecksum(bytes, (bytes[0]! & 15) * 4));
}
