import type { RunResult } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import type { Beat } from '../store';
import { endpoint, type Header, readHeader } from '../store';
import { type Box, overlap, type Point } from './geometry';

/** What the pill says. */
export interface PillText {
  readonly flags: string;
  readonly src: PillField;
  readonly dst: PillField;
  /** Changes with every rewrite: the new value is shown coming. */
  readonly fresh: boolean;
}

interface PillField {
  readonly now: string;
  /** The value before a rewrite in this hook; null if there was none. */
  readonly before: string | null;
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  S: 'SYN',
  SA: 'SYN+ACK',
  A: 'ACK',
  PA: 'data',
  F: 'FIN',
  FA: 'FIN',
  R: 'RST',
  RA: 'RST',
  FPA: 'FIN',
};

/** "TCP SYN", "UDP", "ICMP echo request". */
function pillFlags(header: Header, title: string): string {
  if (header.protocol === 6) return `TCP ${FLAG_NAMES[header.detail] ?? (title === '' ? header.detail : title)}`;
  if (header.protocol === 1 || header.protocol === 58) {
    return title === ''
      ? `${header.protocolName} ${header.detail}`
      : title.startsWith('ICMP')
        ? title
        : `ICMP ${title}`;
  }
  return header.protocolName;
}

/** The packet as it stands at a beat. A value that was rewritten stays beside its old one until the next hook. */
export function pillText(run: RunResult, beat: Beat): PillText | null {
  const event = run.events[beat.event];
  const header = readHeader(run.frames[event?.frame ?? -1] ?? lastFrame(run, beat));
  if (header === null) return null;
  const title = run.steps[beat.userStep]?.packets.find((p) => p.id === beat.packet)?.title ?? '';
  const src = endpoint(header.src, header.sport);
  const dst = endpoint(header.dst, header.dport);
  let oldSrc: string | null = null;
  let oldDst: string | null = null;
  let fresh = false;
  // What a queue's program changed, field by field.
  const was: Partial<Record<'src' | 'dst' | 'sport' | 'dport', string>> = {};
  for (let i = beat.event; i >= 0; i--) {
    const e = run.events[i] as TraceEvent;
    if (e.userStep !== beat.userStep) break;
    if (e.packet !== beat.packet) continue;
    if (e.host !== beat.host || e.type === 'hook-enter') break;
    if (e.type === 'change' && isEndpoint(e.field)) {
      if (i >= beat.first) fresh = true;
      was[e.field] = String(e.before);
      const port = (now: number | null, before: string | undefined) => (before === undefined ? now : Number(before));
      if (e.field === 'src' || e.field === 'sport')
        oldSrc = endpoint(was.src ?? header.src, port(header.sport, was.sport));
      else oldDst = endpoint(was.dst ?? header.dst, port(header.dport, was.dport));
      continue;
    }
    if (e.type !== 'nat' || e.inner) continue;
    if (i >= beat.first) fresh = true;
    const before = endpoint(e.before.addr, header.sport === null ? null : e.before.port);
    if (e.manip === 'src') oldSrc = before;
    else oldDst = before;
  }
  return {
    flags: pillFlags(header, title),
    src: { now: src, before: oldSrc === src ? null : oldSrc },
    dst: { now: dst, before: oldDst === dst ? null : oldDst },
    fresh,
  };
}

function isEndpoint(field: string): field is 'src' | 'dst' | 'sport' | 'dport' {
  return field === 'src' || field === 'dst' || field === 'sport' || field === 'dport';
}

function lastFrame(run: RunResult, beat: Beat): Uint8Array | undefined {
  for (let i = beat.event; i >= 0; i--) {
    const e = run.events[i] as TraceEvent;
    if (e.userStep !== beat.userStep) return undefined;
    if (e.packet === beat.packet && e.frame >= 0) return run.frames[e.frame];
  }
  return undefined;
}

/** How much the pill leaves out, in this order: source port, most of the old value, the source. */
export type Collapse = 0 | 1 | 2 | 3;

export interface PillPiece {
  readonly role: 'value' | 'old' | 'new' | 'arrow';
  readonly text: string;
  /** The whole of it, where `text` is shortened. */
  readonly full: string;
}

/** The pieces after the flags. */
export function pillPieces(text: PillText, collapse: Collapse): readonly PillPiece[] {
  const pieces: PillPiece[] = [];
  const put = (field: PillField, isSource: boolean): void => {
    if (field.before !== null) {
      pieces.push({
        role: 'old',
        text: collapse >= 2 ? tail(field.before) : shortAddress(field.before),
        full: field.before,
      });
    }
    const now = isSource && collapse >= 1 && field.before === null ? withoutPort(field.now) : field.now;
    pieces.push({ role: field.before === null ? 'value' : 'new', text: shortAddress(now), full: field.now });
  };
  if (collapse < 3 || text.src.before !== null) put(text.src, true);
  pieces.push({ role: 'arrow', text: '→', full: '→' });
  put(text.dst, false);
  return pieces;
}

/** `203.0.113.1:80` as `…:80`; an address alone as its last part. */
function tail(value: string): string {
  const port = /:(\d+)$/.exec(value.startsWith('[') ? value.slice(value.indexOf(']')) : value);
  if (port !== null && !isBareIp6(value)) return `…:${port[1]}`;
  return `…${value.slice(-6)}`;
}

function isBareIp6(value: string): boolean {
  return !value.startsWith('[') && value.split(':').length > 2;
}

function withoutPort(value: string): string {
  if (value.startsWith('[')) return value.slice(1, value.indexOf(']'));
  return isBareIp6(value) ? value : value.replace(/:\d+$/, '');
}

/** First and last groups of a long IPv6 address: `2001:db8:…:42`. */
export function shortAddress(value: string): string {
  const bracket = /^\[(.*)\](:\d+)?$/.exec(value);
  const addr = bracket?.[1] ?? value;
  if (!addr.includes(':') || (bracket === null && !isBareIp6(value)) || addr.length <= 20) return value;
  const parts = addr.split(':');
  const short = `${parts.slice(0, 2).join(':')}:…:${parts.at(-1)}`;
  return bracket === null ? short : `[${short}]${bracket[2] ?? ''}`;
}

/** Width in pixels at full size: mono 16.5 px is 9.9 a character. The pill of a packet that has ended says so with a mark. */
export function pillWidth(text: PillText, collapse: Collapse, ended = false): number {
  const flags = text.flags.length * 9 + 28;
  const pieces = pillPieces(text, collapse);
  const inside = pieces.reduce(
    (sum, p) => sum + (p.role === 'arrow' ? 18 : p.text.length * 9.9 + (p.role === 'new' ? 18 : 0)),
    0,
  );
  return Math.ceil(8 + flags + inside + pieces.length * 12 + 18 + (ended ? 30 : 0));
}

export const PILL_HEIGHT = 52;
/** A longer stem leads the eye too far from the packet. */
const FAR = 360;
/** What it costs not to fit into the view: more than any text that is left out for it. */
const UNSEEN = 6000;

export interface PillSpot {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly collapse: Collapse;
  readonly side: 'below' | 'right' | 'left' | 'above';
}

export interface PillScene {
  /** Where the packet is. */
  readonly at: Point;
  /** The card or box that it is at; never covered. */
  readonly current: Box | null;
  /** Boxes on the packet's way; covered only if nothing else is possible. */
  readonly way: readonly Box[];
  /** Boxes of other branches. */
  readonly other: readonly Box[];
  /** Nodes of the packet's line, behind it and before it. */
  readonly line: readonly Point[];
  readonly bounds: Box;
  /** Where the buttons of the camera may lie: over the pill they would hide it. */
  readonly buttons: Box;
  /** As much as is in sight from left to right. */
  readonly sight: number;
  /** Below this there is room for the pill. */
  readonly rowBottom: number;
  /** Where the lower hooks end: interfaces beside them may go on far below. */
  readonly hooksBottom: number;
  /** True if the packet is in the lower row (or beside it). */
  readonly low: boolean;
  /** A height at which the pill stands best, to the left of the packet's line; null if there is none. */
  readonly aside: number | null;
}

/** How many boxes that the packet is not in a stem straight up or down would cross. */
function crossed({ at: [x, y], way, other }: PillScene, spot: PillSpot): number {
  const [from, to] = spot.y > y ? [y, spot.y] : [spot.y + PILL_HEIGHT, y];
  return [...way, ...other].filter(
    (b) => b.x < x && x < b.x + b.w && b.y < to && from < b.y + b.h && !(b.y <= y && y <= b.y + b.h),
  ).length;
}

/** How far a pill below or above begins beside the packet, beyond the turn of its stem. */
const astray = ([at]: Point, { x, w }: PillSpot): number => Math.max(0, x - at - 60, at - x - w - 60);

/** Below the hook, else right, else left, else above; collapsed as far as needed. */
export function placePill(scene: PillScene, width: (collapse: Collapse) => number): PillSpot {
  let best: PillSpot | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  const { at, current, bounds } = scene;
  const near = current ?? { x: at[0] - 9, y: at[1] - 9, w: 18, h: 18 };
  const right = bounds.x + bounds.w;
  for (const collapse of [0, 1, 2, 3] as const) {
    const w = width(collapse);
    const beside = at[1] - PILL_HEIGHT / 2;
    const clampX = (x: number): number => Math.max(bounds.x + 6, Math.min(x, right - w - 10));
    const floors = scene.low ? [scene.rowBottom, scene.hooksBottom] : [near.y + near.h];
    const below = [...new Set(floors)].map((y) => y + 10);
    const above = near.y - PILL_HEIGHT - 14;
    // Under or over the place the pill may slide; it is best a little left of it.
    const { buttons } = scene;
    const slides = [near.x - 40, near.x, near.x + near.w - w, at[0] - w / 2, buttons.x + buttons.w + 8].map(clampX);
    if (scene.aside !== null) slides.push(clampX(near.x - 0.45 * w));
    const spots: readonly PillSpot[] = [
      ...(scene.aside === null ? [] : [{ x: at[0] - 20 - w, y: scene.aside, w, collapse, side: 'left' as const }]),
      ...below.flatMap((y) => slides.map((x): PillSpot => ({ x, y, w, collapse, side: 'below' }))),
      { x: near.x + near.w + 14, y: beside, w, collapse, side: 'right' },
      { x: Math.min(near.x, at[0] - 16) - 14 - w, y: beside, w, collapse, side: 'left' },
      ...slides.map((x): PillSpot => ({ x, y: above, w, collapse, side: 'above' })),
    ];
    spots.forEach((spot, order) => {
      const box: Box = { x: spot.x - 4, y: spot.y - 4, w: w + 8, h: PILL_HEIGHT + 8 };
      const outside = w * PILL_HEIGHT - overlap({ ...box, x: spot.x, y: spot.y, w, h: PILL_HEIGHT }, bounds);
      const cost =
        overlap(box, near) * 100 +
        scene.way.reduce((sum, b) => sum + overlap(box, b), 0) * 6 +
        scene.other.reduce((sum, b) => sum + overlap(box, b), 0) * 0.4 +
        outside * 8 +
        overlap(box, buttons) * 30 +
        (spot.side === 'below' || spot.side === 'above' ? crossed(scene, spot) * 5000 + astray(at, spot) * 20 : 0) +
        (w + 20 > scene.sight ? UNSEEN + (w + 20 - scene.sight) * 100 : 0) +
        Math.max(0, Math.abs(spot.y - at[1]) - FAR) * 20 +
        scene.line.filter((p) => overlap(box, { x: p[0] - 7, y: p[1] - 7, w: 14, h: 14 }) > 0).length * 1500 +
        order * 300 +
        collapse * 1600;
      if (cost < bestCost) {
        bestCost = cost;
        best = spot;
      }
    });
  }
  return best as unknown as PillSpot;
}
