import type { SegmentView } from '../../src/engine';
import type { Point } from './geometry';
import type { HostCard } from './networkCards';
import { type DrawnSegment, labelSize } from './networkLabels';

export interface Port {
  readonly id: string;
  readonly host: string;
  readonly interface: string;
  readonly at: Point;
}

export interface Wire {
  readonly segment: DrawnSegment;
  /** A bus is drawn as a thick line; a wire between two ports is only thin. */
  readonly bus: { readonly from: Point; readonly to: Point } | null;
  readonly label: { readonly at: Point; readonly below: boolean };
  /** The way from the segment's middle (or bus) to each port. */
  readonly ports: ReadonlyMap<string, readonly Point[]>;
}

const portId = (host: string, name: string): string => `${host}/${name}`;

export const BUS_X = 44;
const BUS_STEP = 34;
/** More wires than this from a host to the next column fan out: each turns in a lane of its own. */
const FEW_WIRES = 3;
const LANE = 8;
/** From a card to the first lane. */
const LANES = 22;

/** From one bus to the next: beside one with a large label there is room for half of that. */
export const busStep = ({ segment }: Plan): number =>
  segment.large === true ? Math.max(BUS_STEP, labelSize(segment).w / 2 + 8) : BUS_STEP;

/** From a bus to the cards beside it: its label has room there. */
export function besideBus({ segment }: Plan): number {
  return Math.max(BUS_X, labelSize(segment).w / 2 + 2);
}

/** A segment, and between which columns it runs. */
export interface Plan {
  readonly segment: DrawnSegment;
  readonly first: number;
  readonly last: number;
  readonly bus: boolean;
}

/** Wires to the next columns, by the host that they go out from, where that has many. */
export function fansOf(
  plans: readonly Plan[],
  columnOf: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly Plan[]> {
  const found = new Map<string, Plan[]>();
  for (const plan of plans) {
    if (plan.bus) continue;
    const from = plan.segment.ports.find((p) => columnOf.get(p.host) === plan.first)?.host ?? '';
    found.set(from, [...(found.get(from) ?? []), plan]);
  }
  return new Map([...found].filter(([, wires]) => wires.length > FEW_WIRES));
}

/** Room for the lanes that the wires of a fan turn in. */
export function lanesOf(fans: ReadonlyMap<string, readonly Plan[]>, plan: Plan): number {
  const fan = [...fans.values()].find((wires) => wires.includes(plan));
  return fan === undefined ? 0 : LANES + fan.length * LANE;
}

/** A segment that nobody is on yet: a short bus beside everything else. */
export function emptyBus(segment: DrawnSegment, x: number, y: number): Wire {
  const to: Point = [x, y + 56];
  return { segment, bus: { from: [x, y], to }, label: { at: [x, to[1] + 10], below: true }, ports: new Map() };
}

/** On the right of the first column's cards, on the left of all others; several on one side are spread. */
export function placePorts(
  plans: readonly Plan[],
  cards: readonly HostCard[],
  columnOf: ReadonlyMap<string, number>,
  fans: ReadonlyMap<string, readonly Plan[]>,
): readonly Port[] {
  const middleOf = (plan: Plan, but: string): number => {
    const others = cards.filter((c) => c.host.name !== but && plan.segment.ports.some((p) => p.host === c.host.name));
    return others.reduce((sum, c) => sum + c.y + c.h / 2, 0) / Math.max(1, others.length);
  };
  const ports = cards.flatMap((card) => {
    const column = columnOf.get(card.host.name) ?? 0;
    const ends = plans.flatMap((plan) =>
      plan.segment.ports
        .filter((p) => p.host === card.host.name)
        .map((port) => ({ port, plan, right: plan.first === column && plan.last > column })),
    );
    return [true, false].flatMap((right) => {
      const side = ends
        .filter((e) => e.right === right)
        .toSorted((p, q) => middleOf(p.plan, card.host.name) - middleOf(q.plan, card.host.name));
      const anchor = card.wide ? 60 : card.h / 2;
      return side.map(
        ({ port }, k): Port => ({
          id: portId(port.host, port.interface),
          host: port.host,
          interface: port.interface,
          at: [
            right ? card.x + card.w : card.x,
            card.y + (side.length === 1 ? anchor : Math.round((card.h * (k + 1)) / (side.length + 1))),
          ],
        }),
      );
    });
  });
  return level(ports, plans, fans);
}

/** Ports nearer to one height than this are joined by a straight line. */
const LEVEL = 14;

/** Of two ports that are all but level, the right one moves to the height of the left one: no wire is askew. */
function level(
  ports: readonly Port[],
  plans: readonly Plan[],
  fans: ReadonlyMap<string, readonly Plan[]>,
): readonly Port[] {
  const fanned = new Set([...fans.values()].flat());
  const moved = new Map<string, number>();
  for (const plan of plans) {
    if (plan.bus || fanned.has(plan)) continue;
    const [a, b] = portsOf(plan.segment, ports).toSorted((p, q) => p.at[0] - q.at[0]);
    if (a !== undefined && b !== undefined && Math.abs(a.at[1] - b.at[1]) < LEVEL) moved.set(b.id, a.at[1]);
  }
  return ports.map((port) => ({ ...port, at: [port.at[0], moved.get(port.id) ?? port.at[1]] }));
}

/** The ports of a segment, in its order. */
const portsOf = (segment: SegmentView, ports: readonly Port[]): readonly Port[] =>
  segment.ports.flatMap((p) => ports.filter((port) => port.id === portId(p.host, p.interface)));

/** How a segment is drawn. */
export function wireOf(
  plan: Plan,
  plans: readonly Plan[],
  cards: readonly HostCard[],
  columnOf: ReadonlyMap<string, number>,
  ports: readonly Port[],
  fans: ReadonlyMap<string, readonly Plan[]>,
): Wire {
  const { segment, first, last } = plan;
  const mine = portsOf(segment, ports);
  const ys = mine.map((p) => p.at[1]);
  if (!plan.bus && mine.length === 2) {
    const [a, b] = mine.toSorted((p, q) => p.at[0] - q.at[0]) as [Port, Port];
    const fan = fans.get(a.host)?.includes(plan) ? fans.get(a.host) : undefined;
    const size = labelSize(segment);
    // Ports that are all but level are joined by a straight line, where nothing is near.
    const straight = Math.abs(a.at[1] - b.at[1]) < (fan === undefined ? LEVEL : 2);
    const x = straight || fan === undefined ? (a.at[0] + b.at[0]) / 2 : laneOf(a, b, fan, ports);
    const middle: Point = [x, (a.at[1] + b.at[1]) / 2];
    const way = (from: Port): readonly Point[] => (straight ? [middle, from.at] : [middle, [x, from.at[1]], from.at]);
    return {
      segment,
      bus: null,
      label: {
        at: fan === undefined ? [x, Math.min(...ys) - 14 - size.h] : [b.at[0] - 18 - size.w / 2, b.at[1] - 12 - size.h],
        below: false,
      },
      ports: new Map([
        [a.id, way(a)],
        [b.id, way(b)],
      ]),
    };
  }
  const same = plans.filter((p) => p.bus && p.first === first && p.last > p.first === last > first);
  const step = same.slice(0, same.indexOf(plan)).reduce((sum, p) => sum + busStep(p), 0);
  const inFirst = cards.filter((c) => columnOf.get(c.host.name) === first);
  const x =
    last > first
      ? Math.max(...inFirst.map((c) => c.x + c.w)) + besideBus(plan) + step
      : Math.min(...inFirst.map((c) => c.x)) - besideBus(plan) - step;
  const from: Point = [x, Math.min(...ys) - 16];
  const to: Point = [x, Math.max(...ys) + 16];
  return {
    segment,
    bus: { from, to },
    label: { at: [x, to[1] + 10], below: true },
    ports: new Map(mine.map((p): [string, readonly Point[]] => [p.id, [[x, p.at[1]], p.at]])),
  };
}

/** Where a wire of a fan turns up or down: those that go farthest turn first, so that none crosses another. */
function laneOf(a: Port, b: Port, fan: readonly Plan[], ports: readonly Port[]): number {
  const up = b.at[1] < a.at[1];
  const before = fan.filter(({ segment }) => {
    const ends = portsOf(segment, ports);
    const from = ends.find((p) => p.host === a.host);
    const to = ends.find((p) => p.host !== a.host);
    if (from === undefined || to === undefined || to.at[1] < from.at[1] !== up) return false;
    return up ? from.at[1] < a.at[1] : from.at[1] > a.at[1];
  });
  return a.at[0] + LANES + before.length * LANE;
}
