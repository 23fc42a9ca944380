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

/**
 * The chunks in order; `bad` if one has a length below 4, after which none can be read.
 * A last chunk whose length field goes past the end of the packet is listed all the same.
 *
 * Kernel: for_each_sctp_chunk, net/netfilter/nf_conntrack_proto_sctp.c; match_packet(), net/netfilter/xt_sctp.c
 */
export function sctpChunks(packet: Packet): { readonly chunks: readonly SctpChunk[]; readonly bad: boolean } {
  const chunks: SctpChunk[] = [];
  if (sctpHeader(packet) === null) return { chunks, bad: true };
  const bytes = packet.bytes;
  for (let at = packet.l4Offset + 12; at + 4 <= bytes.length; ) {
    const length = u16(bytes, at + 2);
    if (length === 0) return { chunks, bad: true };
    chunks.push({ type: bytes[at]!, flags: bytes[at + 1]!, offset: at, length });
    at += (length + 3) & ~3;
  }
  return { chunks, bad: false };
}
