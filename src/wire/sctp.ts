import { u16, u32 } from './bytes';
import { IPPROTO, type Packet } from './packet';

export interface SctpHeader {
  readonly sport: number;
  readonly dport: number;
  /** Verification tag. */
  readonly vtag: number;
}

export interface SctpChunk {
  readonly type: number;
  readonly flags: number;
  /** Offset of the chunk in the packet, and its length field (padding not counted). */
  readonly offset: number;
  readonly length: number;
}

/** The common header (RFC 9260 section 3.1), or null if the packet has none, or not all 12 bytes of it. */
export function sctpHeader(packet: Packet): SctpHeader | null {
  const at = packet.l4Offset;
  if (packet.protocol !== IPPROTO.sctp || (packet.fragment?.offset ?? 0) > 0) return null;
  if (at + 12 > packet.bytes.length) return null;
  return { sport: u16(packet.bytes, at), dport: u16(packet.bytes, at + 2), vtag: u32(packet.bytes, at + 4) };
}

export interface SctpChunks {
  readonly chunks: readonly SctpChunk[];
  /** Why reading ended before the end of the packet: a chunk of length 0, or fewer than 4 bytes left. */
  readonly error: 'zero' | 'short' | null;
}

/**
 * The chunks in order. A last chunk whose length field goes past the end of the packet is listed all the same.
 *
 * Kernel: match_packet(), net/netfilter/xt_sctp.c (either error drops the packet); do_basic_checks(),
 * net/netfilter/nf_conntrack_proto_sctp.c (only `zero` counts)
 */
export function sctpChunks(packet: Packet): SctpChunks {
  const chunks: SctpChunk[] = [];
  if (sctpHeader(packet) === null) return { chunks, error: 'short' };
  const bytes = packet.bytes;
  let at = packet.l4Offset + 12;
  while (at + 4 <= bytes.length) {
    const length = u16(bytes, at + 2);
    if (length === 0) return { chunks, error: 'zero' };
    chunks.push({ type: bytes[at]!, flags: bytes[at + 1]!, offset: at, length });
    at += (length + 3) & ~3;
  }
  return { chunks, error: at < bytes.length ? 'short' : null };
}
