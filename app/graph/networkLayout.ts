import type { HostView, RunResult, SegmentView } from '../../src/engine';
import type { Box, Point } from './geometry';
import { cardSize, type HostCard } from './networkCards';
import { type DrawnSegment, labelSize, placeLabels } from './networkLabels';
import {
  BUS_X,
  besideBus,
  busStep,
  emptyBus,
  fansOf,
  lanesOf,
  type Plan,
  type Port,
  placePorts,
  type Wire,
  wireOf,
} from './networkWays';

export interface NetworkLayout {
  readonly cards: readonly HostCard[];
  readonly wires: readonly Wire[];
  readonly ports: readonly Port[];
  readonly bounds: Box;
  /** Below the cards of the first columns, or beside a few long ones: room for the table of wires. A room has none. */
  readonly table: Box | null;
  /** Segments that are left out, as there are many and only one host is on each. */
  readonly leftOut: readonly string[];
}

const TOP = 110;
/** Above the cards: the heading, and the pill. */
const PILL_ROOM = 98;
const GAP_X = 116;
const GAP_BUS = 100;
const GAP_Y = 30;
const GAP_SMALL = 12;
/** From one segment that nobody is on to the next. */
const EMPTY_STEP = 130;
/** With more hosts than this, cards are only a name and a glyph. */
const MANY = 12;
/** And in a column of more than this. */
const CROWD = 5;
/** Beside columns that are as long as this, and no wider, there is more room for the table than below them. */
const LONG = 640;
/** But a host with this many wires beside each other has room for more. */
const ROOMY = 7;

/**
 * Hosts in columns along the chain of segments; a segment with two ports is a wire, one with more a bus.
 * `words`: what is said of a host on its card, by name. `presented`: for a room, as large as it goes.
 */
export function networkLayout(
  run: Pick<RunResult, 'hosts' | 'segments'>,
  positions: Readonly<Record<string, Point>> = {},
  empty: readonly SegmentView[] = [],
  words: Readonly<Record<string, string>> = {},
  presented = false,
): NetworkLayout {
  const columns = columnsOf(run);
  const columnOf = new Map(columns.flatMap((names, i) => names.map((name) => [name, i] as const)));
  const lone = loneSegments(run);
  const small = run.hosts.length > MANY;
  const drawn = (segment: SegmentView): DrawnSegment => (small ? { ...segment, large: true } : segment);
  const plans = run.segments
    .map(drawn)
    .filter((s) => s.ports.length > 0 && !lone.has(s.name))
    .map((segment): Plan => {
      const at = segment.ports.map((p) => columnOf.get(p.host) ?? 0);
      const first = Math.min(...at);
      const last = Math.max(...at);
      return { segment, first, last, bus: segment.ports.length !== 2 || first === last };
    });
  const fans = fansOf(plans, columnOf);
  const sized = columns.map((names, i) =>
    names.map((name) =>
      cardSize(run.hosts.find((h) => h.name === name) as HostView, {
        last: i > 0 && i === columns.length - 1,
        // Where many wires go out, the card is high in any case.
        small: (small || names.length > CROWD) && (fans.get(name)?.length ?? 0) < ROOMY,
        fan: fans.get(name)?.length ?? 0,
        words: words[name] ?? '',
        presented,
      }),
    ),
  );
  const tall = Math.max(...sized.map((c) => c.reduce((sum, s) => sum + s.h + GAP_Y, -GAP_Y)), 0);
  const middle = TOP + Math.max(Math.min(tall, 320), 190) / 2;
  let x = 28;
  const cards: HostCard[] = [];
  sized.forEach((column, i) => {
    // The labels of a fan are between the cards that it leads to.
    const labels = [...fans.values()].flat().filter((p) => p.last === i);
    const lowest = Math.min(...column.map((s) => s.h));
    const gap = Math.max(
      column.every((s) => s.small) ? GAP_SMALL : GAP_Y,
      ...labels.map((p) => labelSize(p.segment).h + 26 - lowest),
    );
    const height = column.reduce((sum, s) => sum + s.h + gap, -gap);
    const above = Math.max(0, ...labels.map((p) => labelSize(p.segment).h - 12));
    let y = column.length === 1 ? middle - height / 2 : Math.max(PILL_ROOM + above, middle - height / 2);
    const w = Math.max(0, ...column.map((s) => s.w));
    // A bus that only this column has stands before it.
    const before = plans.filter((p) => p.bus && p.first === i && p.last === i);
    for (const p of before) x += busStep(p) + besideBus(p) - (i === 0 ? 0 : 30);
    for (const size of column) {
      const [px, py] = positions[size.host.name] ?? [x, y];
      cards.push({ ...size, x: px, y: py, w });
      y += size.h + gap;
    }
    const after = plans.filter((p) => p.first === i && p.last > i);
    const buses = after.filter((p) => p.bus);
    // A gap is as wide as the labels in it.
    const gaps = after.map((p) =>
      p.bus
        ? besideBus(p) +
          Math.max(GAP_BUS - BUS_X, besideBus(p)) +
          buses.slice(1).reduce((sum, b) => sum + busStep(b), 0)
        : labelSize(p.segment).w + 4 + lanesOf(fans, p),
    );
    x += w + Math.max(after.length > buses.length ? GAP_X : 60, ...gaps);
  });
  makeRoom(cards, positions);
  const ports = placePorts(plans, cards, columnOf, fans);
  const edge = Math.max(...cards.map((c) => c.x + c.w), 600);
  const wires = placeLabels(
    [
      ...plans.map((plan) => wireOf(plan, plans, cards, columnOf, ports, fans)),
      ...empty.map(drawn).map((segment, i) => emptyBus(segment, edge + 90, TOP + 20 + i * EMPTY_STEP)),
    ],
    cards,
  );
  const right = edge + (empty.length === 0 ? 24 : 190);
  const lastX = Math.min(...cards.filter((c) => columnOf.get(c.host.name) === columns.length - 1).map((c) => c.x));
  // Beside a fan, or below it.
  const fanX = Math.min(...cards.filter((c) => fans.has(c.host.name)).map((c) => c.x + c.w));
  const beside = Math.min(760, columns.length > 1 ? lastX - 110 - 28 : right - 56, fanX - 28);
  const least = run.hosts.some((h) => h.interfaces.some((i) => i.addresses.some((a) => a.length > 24))) ? 760 : 560;
  const tableWidth = Math.max(least, beside);
  // Below whatever stands over it.
  const over = cards.filter((c) => beside < least || c.x < 28 + tableWidth + 24);
  const busesOver = wires.filter((w) => w.bus !== null && w.bus.from[0] < 28 + tableWidth + 24);
  const tableY =
    Math.max(300, ...over.map((c) => c.y + c.h), ...busesOver.map((w) => w.label.at[1] + labelSize(w.segment).h - 12)) +
    56;
  // As many lines as a packet passes segments, at least; a loop scrolls.
  const tableHeight = 50 + 44 * Math.max(3, Math.min(6, run.segments.length));
  const outer = Math.max(...cards.map((c) => c.x + c.w));
  const aside = tableY > LONG && outer < LONG;
  const table: Box | null = presented
    ? null
    : {
        ...(aside ? { x: outer + 60, y: PILL_ROOM + 30, w: least } : { x: 28, y: tableY, w: tableWidth }),
        h: tableHeight,
      };
  const lowest = Math.max(
    ...cards.map((c) => c.y + c.h),
    ...wires.map((w) => Math.max(w.bus?.to[1] ?? 0, w.label.at[1] + labelSize(w.segment).h - 12)),
    table === null ? 0 : table.y + table.h,
  );
  return {
    cards,
    wires,
    ports,
    bounds: { x: 0, y: 0, w: Math.max(right, table === null ? 0 : table.x + table.w + 24), h: lowest + 24 },
    leftOut: [...lone],
    table,
  };
}

/** A card without a place of its own gives way to those that were put somewhere. */
function makeRoom(cards: HostCard[], positions: Readonly<Record<string, Point>>): void {
  const fixed = cards.filter((c) => positions[c.host.name] !== undefined);
  if (fixed.length === 0) return;
  cards.forEach((card, i) => {
    if (positions[card.host.name] !== undefined) return;
    let y = card.y;
    const over = (): HostCard | undefined =>
      fixed.find((f) => card.x < f.x + f.w && f.x < card.x + card.w && y < f.y + f.h && f.y < y + card.h);
    for (let hit = over(); hit !== undefined; hit = over()) y = hit.y + hit.h + GAP_Y;
    const moved = { ...card, y };
    cards[i] = moved;
    fixed.push(moved);
  });
}

/** More wires to nowhere than this at one host are left out. */
const FEW_LONE = 3;

/** Segments with nobody but one host on them, where that host has many of those. */
function loneSegments(run: Pick<RunResult, 'segments'>): ReadonlySet<string> {
  const byHost = new Map<string, string[]>();
  for (const { name, ports } of run.segments) {
    const [only] = ports;
    if (only === undefined || ports.length > 1) continue;
    byHost.set(only.host, [...(byHost.get(only.host) ?? []), name]);
  }
  return new Set([...byHost.values()].flatMap((names) => (names.length > FEW_LONE ? names : [])));
}

/** Distance, in segments, from the host that is farthest from all others. */
export function columnsOf(run: Pick<RunResult, 'hosts' | 'segments'>): readonly (readonly string[])[] {
  const names = run.hosts.map((h) => h.name);
  const beside = (name: string): readonly string[] =>
    run.segments.filter((s) => s.ports.some((p) => p.host === name)).flatMap((s) => s.ports.map((p) => p.host));
  const distances = (from: string): ReadonlyMap<string, number> => {
    const found = new Map([[from, 0]]);
    const queue = [from];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const next of beside(at)) {
        if (found.has(next)) continue;
        found.set(next, (found.get(at) as number) + 1);
        queue.push(next);
      }
    }
    return found;
  };
  const left = new Set(names);
  const columns: string[][] = [];
  while (left.size > 0) {
    // Of the hosts that are farthest apart, the one that the lab names first is on the left.
    const start = [...left]
      .map((name) => ({ name, far: Math.max(...distances(name).values()) }))
      .reduce((a, b) => (b.far > a.far ? b : a)).name;
    for (const [name, distance] of distances(start)) {
      if (!left.delete(name)) continue;
      const column = columns[distance] ?? [];
      column.push(name);
      columns[distance] = column;
    }
  }
  return columns.map((column) => column.toSorted((a, b) => names.indexOf(a) - names.indexOf(b)));
}
