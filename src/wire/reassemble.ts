import { concat, putU16, u16 } from './bytes';
import { ipv4HeaderChecksum } from './checksum';
import { nextHeaderAt } from './fragment';
import { IPPROTO, type Packet } from './packet';
import { parsePacket } from './parse';

/** What `ip_frag_ecn_table` makes of the ECN bits seen (bit n: codepoint n): bits to add, or null: refused. */
function mergedEcn(seen: number): number | null {
  const notEct = (seen & 1) !== 0;
  if (notEct && seen !== 1) return null;
  const ce = (seen & 8) !== 0;
  return ce && (seen & 6) !== 0 ? 3 : 0;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly packet: Packet;
}

/**
 * The packet that these fragments, in the order in which they came, make up; null if one is missing, they overlap
 * otherwise than as copies, or do not belong together. DF is set if one of the largest fragments had it.
 *
 * Kernel: ip_frag_queue(), ip_frag_reasm(), net/ipv4/ip_fragment.c; nf_ct_frag6_reasm(),
 * net/ipv6/netfilter/nf_conntrack_reasm.c
 */
export function reassemble(fragments: readonly Packet[]): Packet | null {
  const pieces = collectPieces(fragments);
  if (pieces === null) return null;
  const first = pieces[0]!.packet;
  const ecn = mergedEcn(fragments.reduce((seen, f) => seen | (1 << (f.tos & 3)), 0));
  const total = pieces.at(-1)!.to;
  if (ecn === null) return null;
  const head = fragmentStart(first);
  const body = pieces.map((p) =>
    p.packet.bytes.subarray(fragmentStart(p.packet), fragmentStart(p.packet) + p.to - p.from),
  );
  if (first.family === 4) {
    if (head + total > 0xffff) return null;
    const bytes = concat(first.bytes.subarray(0, head), ...body);
    bytes[1] = first.tos | ecn;
    putU16(bytes, 2, bytes.length);
    putU16(bytes, 6, keepsDf(fragments) ? 0x4000 : 0);
    putU16(bytes, 10, ipv4HeaderChecksum(bytes, head));
    return parsePacket(bytes);
  }
  const bytes = concat(first.bytes.subarray(0, head - 8), ...body);
  if (bytes.length - 40 > 0xffff) return null;
  bytes[nextHeaderAt(first, head - 8)] = first.bytes[head - 8]!;
  putU16(bytes, 0, u16(bytes, 0) | (ecn << 4));
  putU16(bytes, 4, bytes.length - 40);
  return parsePacket(bytes);
}

function keepsDf(fragments: readonly Packet[]): boolean {
  const longest = (list: readonly Packet[]) => list.reduce((n, f) => Math.max(n, f.bytes.length), 0);
  return longest(fragments.filter((f) => f.df)) === longest(fragments);
}

/** Where the part of a packet that fragments carry begins. */
function fragmentStart(packet: Packet): number {
  const header = packet.extensions.find((e) => e.protocol === IPPROTO.fragment);
  return header === undefined ? packet.l4Offset : header.offset + 8;
}

function collectPieces(fragments: readonly Packet[]): readonly Piece[] | null {
  const pieces: Piece[] = [];
  const key = (p: Packet) => `${p.src} ${p.dst} ${p.id} ${p.family === 4 ? p.protocol : 6}`;
  for (const packet of fragments) {
    if (packet.fragment === null || key(packet) !== key(fragments[0]!)) return null;
    const from = packet.fragment.offset;
    const length = packet.bytes.length - fragmentStart(packet);
    const to = from + (packet.fragment.more ? length & ~7 : length);
    if (to <= from) return null;
    if (covered(pieces, from, to)) continue;
    if (pieces.some((p) => from < p.to && p.from < to)) return null;
    pieces.push({ from, to, packet });
  }
  pieces.sort((a, b) => a.from - b.from);
  const gap = pieces.some((p, i) => p.from !== (i === 0 ? 0 : pieces[i - 1]!.to));
  const misplacedEnd = pieces.some((p, i) => p.packet.fragment!.more !== i < pieces.length - 1);
  return pieces.length === 0 || gap || misplacedEnd ? null : pieces;
}

function covered(pieces: readonly Piece[], from: number, to: number): boolean {
  let at = from;
  for (const piece of [...pieces].sort((a, b) => a.from - b.from)) if (piece.from <= at && piece.to > at) at = piece.to;
  return at >= to;
}
