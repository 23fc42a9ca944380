import type { TraceEvent } from '../../src/model';
import { u8, u16, u32 } from './fieldReader';

/** A piece of a packet, and where it belongs in the whole. */
export interface Piece {
  readonly packet: string;
  /** Bytes of what follows the IP header, the last one not among them. */
  readonly from: number;
  readonly to: number;
  readonly more: boolean;
  /** True of the piece on show. */
  readonly shown: boolean;
}

export interface Pieces {
  readonly list: readonly Piece[];
  /** Length of the whole; null until the last piece is there. */
  readonly total: number | null;
  /** Bytes that no piece has brought yet. */
  readonly missing: number | null;
  /** `piece`: a piece is on show. `joined`, `cut`: the whole is, which was put together from them, was cut into them. */
  readonly shows: 'piece' | 'joined' | 'cut';
}

interface Fragment {
  /** What pieces of one packet have in common. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly more: boolean;
}

const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 51, 60]);

/** Reads a packet as a fragment; null if it is whole. */
export function fragmentOf(b: Uint8Array): Fragment | null {
  if (u8(b, 0) >> 4 === 4) {
    const where = u16(b, 6);
    if ((where & 0x3fff) === 0) return null;
    const from = (where & 0x1fff) * 8;
    const key = `4 ${b.subarray(12, 20).join('.')} ${u8(b, 9)} ${u16(b, 4)}`;
    return { key, from, to: from + u16(b, 2) - (u8(b, 0) & 15) * 4, more: (where & 0x2000) !== 0 };
  }
  let next = u8(b, 6);
  let at = 40;
  while (EXTENSIONS.has(next) && at + 8 <= b.length) {
    const length = next === 51 ? (u8(b, at + 1) + 2) * 4 : (u8(b, at + 1) + 1) * 8;
    next = u8(b, at);
    at += length;
  }
  if (next !== 44 || at + 8 > b.length) return null;
  const where = u16(b, at + 2);
  const from = where & 0xfff8;
  const key = `6 ${b.subarray(8, 40).join('.')} ${u32(b, at + 4)}`;
  return { key, from, to: from + 40 + u16(b, 4) - at - 8, more: (where & 1) !== 0 };
}

/**
 * The pieces that belong together with what is on show on a host, as far as they have come by the cursor. Null if it is
 * neither a piece nor made of pieces.
 */
export function piecesOf(
  events: readonly TraceEvent[],
  frames: readonly Uint8Array[],
  cursor: number,
  host: string,
  packet: string,
  frame: Uint8Array,
): Pieces | null {
  const shown = fragmentOf(frame);
  if (shown !== null) {
    const list = collect(events, frames, cursor, host, shown.key).map((p) => ({
      ...p,
      shown: p.packet === packet || (p.from === shown.from && p.to === shown.to),
    }));
    return summary(list, 'piece');
  }
  for (let i = cursor; i >= 0; i--) {
    const event = events[i];
    if (event === undefined || event.host !== host || event.packet !== packet || event.type !== 'fragment') continue;
    if (event.what === 'split') return summary(cutFrom(events, frames, i, packet, event.pieces), 'cut');
    if (event.what === 'reassembled') {
      const key = lastKey(events, frames, i, host);
      return key === null ? null : summary(collect(events, frames, i, host, key), 'joined');
    }
    return null;
  }
  return null;
}

function summary(list: readonly Piece[], shows: Pieces['shows']): Pieces {
  const sorted = list.toSorted((a, b) => a.from - b.from);
  const last = sorted.find((p) => !p.more);
  const total = last === undefined ? null : last.to;
  let at = 0;
  let covered = 0;
  for (const p of sorted) {
    covered += Math.max(0, p.to - Math.max(at, p.from));
    at = Math.max(at, p.to);
  }
  return { list: sorted, total, missing: total === null ? null : Math.max(0, total - covered), shows };
}

/** Pieces of a key that the host has seen, each span once. */
function collect(
  events: readonly TraceEvent[],
  frames: readonly Uint8Array[],
  cursor: number,
  host: string,
  key: string,
): readonly Piece[] {
  const found = new Map<string, Piece>();
  const seen = new Set<number>();
  for (let i = 0; i <= cursor; i++) {
    const event = events[i];
    if (event === undefined || event.host !== host || event.frame < 0 || seen.has(event.frame)) continue;
    seen.add(event.frame);
    const piece = fragmentOf(frames[event.frame] as Uint8Array);
    if (piece === null || piece.key !== key) continue;
    found.set(`${piece.from}-${piece.to}`, { packet: event.packet, ...piece, shown: false });
  }
  return [...found.values()];
}

/** The key of the piece that came last before an event. */
function lastKey(
  events: readonly TraceEvent[],
  frames: readonly Uint8Array[],
  before: number,
  host: string,
): string | null {
  for (let i = before; i >= 0; i--) {
    const event = events[i];
    if (event === undefined || event.host !== host || event.frame < 0) continue;
    const piece = fragmentOf(frames[event.frame] as Uint8Array);
    if (piece !== null) return piece.key;
  }
  return null;
}

/** The pieces that a packet was cut into at an event: they are born after it. */
function cutFrom(
  events: readonly TraceEvent[],
  frames: readonly Uint8Array[],
  split: number,
  packet: string,
  count: number,
): readonly Piece[] {
  const list: Piece[] = [];
  for (let i = split; i < events.length && list.length < count; i++) {
    const event = events[i];
    if (event?.type !== 'born' || event.how !== 'fragment' || event.parent !== packet || event.frame < 0) continue;
    const piece = fragmentOf(frames[event.frame] as Uint8Array);
    if (piece !== null) list.push({ packet: event.packet, ...piece, shown: false });
  }
  return list;
}
