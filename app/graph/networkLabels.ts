import type { SegmentView } from '../../src/engine';
import { type Box, distance, overlap, type Point } from './geometry';
import type { Wire } from './networkWays';

/** Where a label is looked for, around the place that it would have: this far, in these steps. */
const ASIDE = { most: 96, step: 12 };
const ALONG = { most: 200, step: 8 };
/** Of a larger network the labels stay where they are. */
const MANY = 120;
/** Above this there is the heading. */
const HEADING = 92;

/** A segment as it is drawn. */
export interface DrawnSegment extends SegmentView {
  /** Its label is to be read although the whole is shrunk to be seen. */
  readonly large?: boolean;
}

/** How much larger the letters of such a label are: what is shrunk to two thirds has them as high as ever. */
export const LARGE = 1.5;

/** Width and height of a segment's label: its name, and below it its first networks. */
export function labelSize({ name, prefixes, ports, large }: DrawnSegment): { readonly w: number; readonly h: number } {
  const lines = prefixes.slice(0, 2);
  const words = ports.length === 0 ? 104 : 0;
  const scale = large === true ? LARGE : 1;
  return {
    w: Math.max(name.length * 8, words, ...lines.map((p) => p.length * 6.95)) * scale + 8,
    h: (20 + 16 * (lines.length + (words === 0 ? 0 : 1))) * scale,
  };
}

/**
 * A label that lies on a card, a wire or another label goes to the nearest place where it does not, and where no other
 * segment is nearer to it than its own.
 */
export function placeLabels(wires: readonly Wire[], cards: readonly Box[]): readonly Wire[] {
  if (wires.length + cards.length > MANY) return wires;
  const drawn = new Map(wires.map((wire) => [wire, lines(wire)]));
  const taken: Box[] = [...cards, ...[...drawn.values()].flat()];
  const label = (wire: Wire): Wire => {
    const size = labelSize(wire.segment);
    const boxAt = ([x, y]: Point): Box => ({ x: x - size.w / 2, y, ...size });
    const free = (at: Point): boolean => taken.every((t) => overlap(boxAt(at), t) === 0);
    const byIts = (at: Point): boolean => {
      const far = (of: Wire): number => Math.min(...(drawn.get(of) ?? []).map((piece) => distance(boxAt(at), piece)));
      const own = far(wire);
      return wires.every((other) => other === wire || far(other) > own);
    };
    const fits = (at: Point): boolean => free(at) && byIts(at);
    const around = fits(wire.label.at) ? [wire.label.at] : [wire.label.at, ...places(wire, size.h)];
    const at = around.find(fits) ?? around.find(free) ?? wire.label.at;
    taken.push(boxAt(at));
    return { ...wire, label: { ...wire.label, at } };
  };
  // The label of a bus has an end of it to stand at, that of a wire its whole length: a bus is first.
  const labelled = new Map(
    [...wires.filter((w) => w.bus !== null), ...wires.filter((w) => w.bus === null)].map((w) => [w, label(w)]),
  );
  return wires.map((wire) => labelled.get(wire) ?? wire);
}

/** Places around the usual one, and around that at the other end of a bus, the nearest first. */
function places({ label, bus }: Wire, height: number): readonly Point[] {
  const [x, y] = label.at;
  const starts = bus === null ? [y] : [y, bus.from[1] - 10 - height];
  const found: { readonly at: Point; readonly far: number }[] = [];
  for (const start of starts) {
    for (let dx = -ASIDE.most; dx <= ASIDE.most; dx += ASIDE.step) {
      for (let dy = -ALONG.most; dy <= ALONG.most; dy += ALONG.step) {
        if (start + dy >= HEADING) found.push({ at: [x + dx, start + dy], far: Math.abs(dx) + Math.abs(dy) });
      }
    }
  }
  return found.toSorted((a, b) => a.far - b.far).map((f) => f.at);
}

/** The bus and the ways to the ports, as thin boxes. */
export function lines({ bus, ports }: Wire): readonly Box[] {
  const ways = [...ports.values()].flatMap((way) => way.slice(1).map((to, i): Box => between(way[i] as Point, to, 4)));
  return bus === null ? ways : [...ways, between(bus.from, bus.to, 6)];
}

function between(a: Point, b: Point, around: number): Box {
  const [x, y] = [Math.min(a[0], b[0]) - around, Math.min(a[1], b[1]) - around];
  return { x, y, w: Math.abs(a[0] - b[0]) + 2 * around, h: Math.abs(a[1] - b[1]) + 2 * around };
}
