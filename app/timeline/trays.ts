import type { PacketSummary, StepResult } from '../../src/engine';
import type { Beat } from '../store';

/** One marker of the timeline: a beat, or a run of tried rules that lack the room for a marker each. */
export interface Mark {
  readonly kind: 'beat' | 'bar';
  /** Indices of beats; of a single beat both are the same. */
  readonly from: number;
  readonly to: number;
  /** Centre of the marker, and half of its width. */
  readonly x: number;
  readonly half: number;
}

/** What happened to one packet in a step, or (`packet` '') to none. */
export interface Tray {
  readonly packet: string;
  readonly title: string;
  readonly subtitle: string;
  readonly summary: PacketSummary | null;
  readonly x: number;
  readonly width: number;
  readonly marks: readonly Mark[];
}

interface TrayLayout {
  readonly trays: readonly Tray[];
  /** Width of the whole content; more than there is room for: it scrolls. */
  readonly width: number;
}

/** Room that a marker needs so that its glyph is still told from its neighbours. */
export const LEAST = 12;
const MOST = 40;
const SCROLLED = 18;
const GAP = 14;
const NARROWEST = 104;

type Slot = { readonly from: number; readonly to: number };

/** Pixels that a caption takes: the title at 13 px and bold, the rest at 12.5 px. */
const captionWidth = (title: string, subtitle: string): number =>
  Math.ceil(title.length * 8 + (subtitle === '' ? 0 : 8 + subtitle.length * 7)) + 8;

/** Lays out the markers of one step's beats in `width` pixels: a tray for each group, in order of appearance. */
export function layoutTrays(beats: readonly Beat[], step: StepResult | undefined, width: number): TrayLayout {
  const groups = groupsOf(beats);
  if (groups.length === 0) return { trays: [], width };
  const gaps = GAP * (groups.length - 1);
  const single = groups.map(([, list]) => list.map((b): Slot => ({ from: b.index, to: b.index })));
  const merged = groups.map(([, list]) => mergeTried(list));
  const roomFor = (slots: readonly (readonly Slot[])[]): number =>
    (width - gaps) / slots.reduce((sum, list) => sum + list.length, 0);

  let slots = single;
  if (roomFor(slots) < LEAST) slots = merged;
  const room = roomFor(slots);
  const unit = room < LEAST ? SCROLLED : Math.min(MOST, room);

  const widths = slots.map((list) => Math.max(NARROWEST, list.length * unit));
  const total = widths.reduce((sum, w) => sum + w, 0) + gaps;
  // Trays widened to the least width take it from those that have more than they need.
  const spare = widths.map((w, i) =>
    Math.max(0, w - Math.max(NARROWEST, (slots[i] as readonly Slot[]).length * LEAST)),
  );
  const spared = spare.reduce((sum, s) => sum + s, 0);
  const over = room < LEAST ? 0 : Math.min(spared, Math.max(0, total - width));

  const captions = groups.map(([packet]) => {
    const summary = step?.packets.find((p) => p.id === packet) ?? null;
    return {
      summary,
      title: summary?.title ?? (packet === '' ? (step?.title ?? '') : packet),
      subtitle: summary?.subtitle ?? (packet === '' ? (step?.subtitle ?? '') : ''),
    };
  });
  // Captions that are longer than their trays share what is left of the strip.
  const missing = captions.map((c, i) => Math.max(0, captionWidth(c.title, c.subtitle) - (widths[i] as number)));
  const lack = missing.reduce((sum, m) => sum + m, 0);
  const given = lack === 0 ? 0 : Math.min(1, Math.max(0, width - total) / lack);

  let x = 0;
  const trays = groups.map(([packet], i): Tray => {
    const list = slots[i] as readonly Slot[];
    const wide = (widths[i] as number) - (spared === 0 ? 0 : (over * (spare[i] as number)) / spared);
    const each = Math.min(wide / list.length, MOST);
    const left = x;
    const whole = wide + given * (missing[i] as number);
    x += whole + GAP;
    return {
      packet,
      ...(captions[i] as (typeof captions)[number]),
      x: left,
      width: whole,
      marks: list.map((slot, n): Mark => {
        const centre = left + each * (n + 0.5);
        return { kind: slot.from === slot.to ? 'beat' : 'bar', ...slot, x: centre, half: each / 2 };
      }),
    };
  });
  return { trays, width: Math.max(0, x - GAP) };
}

/** All of a packet is one group; what happens to none, as a command or a wait, is one until the next packet moves. */
function groupsOf(beats: readonly Beat[]): readonly (readonly [packet: string, beats: readonly Beat[]])[] {
  const groups: [packet: string, beats: Beat[]][] = [];
  const byPacket = new Map<string, Beat[]>();
  for (const beat of beats) {
    const list = beat.packet === '' && groups.at(-1)?.[0] !== '' ? undefined : byPacket.get(beat.packet);
    if (list === undefined) {
      const begun = [beat];
      groups.push([beat.packet, begun]);
      byPacket.set(beat.packet, begun);
    } else list.push(beat);
  }
  return groups;
}

/** Runs of two or more rules that only were tried become one slot. */
function mergeTried(list: readonly Beat[]): Slot[] {
  const slots: Slot[] = [];
  let open: { from: number; to: number } | null = null;
  for (const beat of list) {
    if (beat.glyph !== 'tried') {
      open = null;
      slots.push({ from: beat.index, to: beat.index });
    } else if (open !== null && open.to === beat.index - 1) open.to = beat.index;
    else {
      open = { from: beat.index, to: beat.index };
      slots.push(open);
    }
  }
  return slots;
}

/** Where the playhead stands for a beat, or null if the beat is not in the layout. */
export function placeOfBeat(layout: TrayLayout, beat: number): { readonly x: number; readonly tray: Tray } | null {
  for (const tray of layout.trays) {
    const mark = tray.marks.find((m) => m.from <= beat && beat <= m.to);
    if (mark === undefined) continue;
    if (mark.kind === 'beat') return { x: mark.x, tray };
    const share = (beat - mark.from) / Math.max(1, mark.to - mark.from);
    return { x: mark.x - mark.half * 0.6 + share * mark.half * 1.2, tray };
  }
  return null;
}

/** The beat whose marker is nearest to `x`; -1 if there is none. */
export function beatNear(layout: TrayLayout, x: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const tray of layout.trays) {
    for (const mark of tray.marks) {
      const distance = Math.abs(mark.x - x);
      if (distance >= least) continue;
      least = distance;
      const share = mark.kind === 'beat' ? 0 : (x - (mark.x - mark.half)) / (2 * mark.half);
      best = mark.from + Math.round(Math.max(0, Math.min(1, share)) * (mark.to - mark.from));
    }
  }
  return best;
}

/** How far a tray's line is lit with the playhead on `beat`: the x of its last marker at or before it, or null. */
export function litTo(tray: Tray, beat: number): number | null {
  let x: number | null = null;
  for (const mark of tray.marks) if (mark.from <= beat) x = mark.x;
  return x;
}
