import type { Point } from './geometry';
import type { NetworkLayout } from './networkLayout';
import type { Wire } from './networkWays';

/** What a wire that is being drawn would end at. */
export interface Target {
  readonly kind: 'host' | 'segment';
  readonly name: string;
}

/** Pixels around a card, a bus and a wire that still count as it. */
const NEAR_CARD = 8;
const NEAR_BUS = 26;
const NEAR_WIRE = 14;

/** The host or segment at a point of the drawing; not the host that the wire begins at. */
export function targetAt(layout: NetworkLayout, at: Point, from: string): Target | null {
  const [x, y] = at;
  const card = layout.cards.find(
    (c) =>
      c.host.name !== from &&
      x > c.x - NEAR_CARD &&
      x < c.x + c.w + NEAR_CARD &&
      y > c.y - NEAR_CARD &&
      y < c.y + c.h + NEAR_CARD,
  );
  if (card !== undefined) return { kind: 'host', name: card.host.name };
  const near = layout.wires
    .map((wire) => ({ wire, distance: distanceTo(wire, at) }))
    .filter(({ distance }) => distance < 1)
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near === undefined ? null : { kind: 'segment', name: near.wire.segment.name };
}

/** Below 1 where the point counts as the segment. */
function distanceTo(wire: Wire, [x, y]: Point): number {
  const inLabel = Math.abs(x - wire.label.at[0]) < 56 && y > wire.label.at[1] - 6 && y < wire.label.at[1] + 42;
  const bus = wire.bus === null ? Number.POSITIVE_INFINITY : toLine(wire.bus.from, wire.bus.to, [x, y]) / NEAR_BUS;
  const ways = [...wire.ports.values()].flatMap((way) =>
    way.slice(1).map((to, i) => toLine(way[i] as Point, to, [x, y]) / NEAR_WIRE),
  );
  return Math.min(inLabel ? 0.5 : Number.POSITIVE_INFINITY, bus, ...ways);
}

/** Distance of a point from a piece of a line. */
function toLine([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
