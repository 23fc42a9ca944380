import type { HostView, RunResult, SegmentView } from '../../src/engine';
import type { Box, Point } from './geometry';
import { labelSize, placeLabels } from './networkLabels';

export interface HostCard extends Box {
  readonly host: HostView;
  /** Few words and the glyph on one side, not below each other: in the last column, and where many hosts are. */
  readonly wide: boolean;
  /** Name and glyph only. */
  readonly small: boolean;
  readonly bridges: readonly BridgeBox[];
}

interface BridgeBox {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
}

export interface Port {
  readonly id: string;
  readonly host: string;
  readonly interface: string;
  readonly at: Point;
}

export interface Wire {
  readonly segment: SegmentView;
  /** A bus is drawn as a thick line; a wire between two ports is only thin. */
  readonly bus: { readonly from: Point; readonly to: Point } | null;
  readonly label: { readonly at: Point; readonly below: boolean };
  /** The way from the segment's middle (or bus) to each port. */
  readonly ports: ReadonlyMap<string, readonly Point[]>;
}

export interface NetworkLayout {
  readonly cards: readonly HostCard[];
  readonly wires: readonly Wire[];
  readonly ports: readonly Port[];
  readonly bounds: Box;
  /** Below the cards of the first columns: room for the table of wires. */
  readonly table: Box;
  /** Segments that are left out, as there are many and only one host is on each. */
  readonly leftOut: readonly string[];
}

const portId = (host: string, name: string): string => `${host}/${name}`;

const TOP = 110;
/** Above the cards: the heading, and the pill. */
const PILL_ROOM = 98;
const GAP_X = 116;
const GAP_BUS = 100;
const BUS_X = 44;
const GAP_Y = 30;
const GAP_SMALL = 12;
const BUS_STEP = 34;
/** From one segment that nobody is on to the next. */
const EMPTY_STEP = 130;
/** More wires than this from a host to the next column fan out: each turns in a lane of its own. */
const FEW_WIRES = 3;
const LANE = 8;
/** From a card to the first lane. */
const LANES = 22;
/** With more hosts than this, cards are only a name and a glyph. */
const MANY = 12;
/** And in a column of more than this. */
const CROWD = 5;

/** Hosts in columns along the chain of segments; a segment with two ports is a wire, one with more a bus. */
export function networkLayout(
  run: Pick<RunResult, 'hosts' | 'segments'>,
  positions: Readonly<Record<string, Point>> = {},
  empty: readonly SegmentView[] = [],
): NetworkLayout {
  const columns = columnsOf(run);
  const columnOf = new Map(columns.flatMap((names, i) => names.map((name) => [name, i] as const)));
  const lone = loneSegments(run);
  const plans = run.segments
    .filter((s) => s.ports.length > 0 && !lone.has(s.name))
    .map((segment): Plan => {
      const at = segment.ports.map((p) => columnOf.get(p.host) ?? 0);
      const first = Math.min(...at);
      const last = Math.max(...at);
      return { segment, first, last, bus: segment.ports.length !== 2 || first === last };
    });
  const fans = fansOf(plans, columnOf);
  const small = run.hosts.length > MANY;
  const sized = columns.map((names, i) =>
    names.map((name) =>
      cardSize(
        run.hosts.find((h) => h.name === name) as HostView,
        i > 0 && i === columns.length - 1,
        small || names.length > CROWD,
        fans.get(name)?.length ?? 0,
      ),
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
    for (const p of before) x += BUS_STEP + besideBus(p) - (i === 0 ? 0 : 30);
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
        ? besideBus(p) + Math.max(GAP_BUS - BUS_X, besideBus(p)) + (buses.length - 1) * BUS_STEP
        : labelSize(p.segment).w + 4 + lanesOf(fans, p),
    );
    x += w + Math.max(after.length > buses.length ? GAP_X : 60, ...gaps);
  });
  makeRoom(cards, positions);
  const ports = placePorts(plans, cards, columnOf);
  const edge = Math.max(...cards.map((c) => c.x + c.w), 600);
  const wires = placeLabels(
    [
      ...plans.map((plan) => wireOf(plan, plans, cards, columnOf, ports, fans)),
      ...empty.map((segment, i) => emptyBus(segment, edge + 90, TOP + 20 + i * EMPTY_STEP)),
    ],
    cards,
  );
  const right = edge + (empty.length === 0 ? 24 : 190);
  const lastX = Math.min(...cards.filter((c) => columnOf.get(c.host.name) === columns.length - 1).map((c) => c.x));
  // Beside a fan, or below it.
  const fanX = Math.min(...cards.filter((c) => fans.has(c.host.name)).map((c) => c.x + c.w));
  const beside = Math.min(760, columns.length > 1 ? lastX - 110 - 28 : right - 56, fanX - 28);
  const tableWidth = Math.max(560, beside);
  // Below whatever stands over it.
  const over = cards.filter((c) => beside < 560 || c.x < 28 + tableWidth + 24);
  const busesOver = wires.filter((w) => w.bus !== null && w.bus.from[0] < 28 + tableWidth + 24);
  const tableY =
    Math.max(300, ...over.map((c) => c.y + c.h), ...busesOver.map((w) => w.label.at[1] + labelSize(w.segment).h - 12)) +
    56;
  // As many lines as a packet passes segments, at least; a loop scrolls.
  const tableHeight = 50 + 44 * Math.max(3, Math.min(6, run.segments.length));
  const busBottom = Math.max(0, ...wires.map((w) => Math.max(w.bus?.to[1] ?? 0, w.label.at[1] + 40)));
  const bottom = Math.max(...cards.map((c) => c.y + c.h), tableY + tableHeight, busBottom) + 24;
  return {
    cards,
    wires,
    ports,
    bounds: { x: 0, y: 0, w: right, h: bottom },
    leftOut: [...lone],
    table: { x: 28, y: tableY, w: tableWidth, h: tableHeight },
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

/** A segment that nobody is on yet: a short bus beside everything else. */
function emptyBus(segment: SegmentView, x: number, y: number): Wire {
  const to: Point = [x, y + 56];
  return { segment, bus: { from: [x, y], to }, label: { at: [x, to[1] + 10], below: true }, ports: new Map() };
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

/** From a bus to the cards beside it: its label has room there. */
function besideBus({ segment }: Plan): number {
  return Math.max(BUS_X, labelSize(segment).w / 2 + 2);
}

/** A segment, and between which columns it runs. */
interface Plan {
  readonly segment: SegmentView;
  readonly first: number;
  readonly last: number;
  readonly bus: boolean;
}

/** Wires to the next columns, by the host that they go out from, where that has many. */
function fansOf(plans: readonly Plan[], columnOf: ReadonlyMap<string, number>): ReadonlyMap<string, readonly Plan[]> {
  const found = new Map<string, Plan[]>();
  for (const plan of plans) {
    if (plan.bus) continue;
    const from = plan.segment.ports.find((p) => columnOf.get(p.host) === plan.first)?.host ?? '';
    found.set(from, [...(found.get(from) ?? []), plan]);
  }
  return new Map([...found].filter(([, wires]) => wires.length > FEW_WIRES));
}

/** Room for the lanes that the wires of a fan turn in. */
function lanesOf(fans: ReadonlyMap<string, readonly Plan[]>, plan: Plan): number {
  const fan = [...fans.values()].find((wires) => wires.includes(plan));
  return fan === undefined ? 0 : LANES + fan.length * LANE;
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

function cardSize(host: HostView, wide: boolean, small: boolean, fan: number): Omit<HostCard, 'x' | 'y'> {
  const bridges = host.interfaces
    .filter((i) => i.kind === 'bridge')
    .map(
      (b): BridgeBox => ({
        name: b.name,
        addresses: b.addresses,
        ports: host.interfaces.filter((p) => p.master === b.name).map((p) => p.name),
      }),
    );
  if (small) {
    const w = Math.max(190, Math.min(280, 84 + host.name.length * 10));
    // Its ports are not to lie on each other.
    return { host, wide: false, small, bridges, w, h: Math.max(50, fan * 26) };
  }
  const lines = addressLines(host);
  const longest = Math.max(...lines.map((l) => l.length), 0);
  const bridgeHeight = bridges.length * 46;
  if (wide) return { host, wide, small, bridges, w: 318, h: 124 + bridgeHeight };
  return {
    host,
    wide,
    small,
    bridges,
    w: Math.max(
      168,
      Math.min(260, 32 + 46 + longest * 7.9),
      Math.min(320, 108 + host.name.length * 10.6),
      ...bridges.map((b) => Math.min(320, 112 + b.name.length * 8.5 + (b.addresses[0]?.length ?? 8) * 7.9)),
    ),
    // A long name is on two lines, and addresses that are not shown are counted on one more.
    h:
      146 +
      (host.name.length > 20 ? 10 : 0) +
      Math.max(1, lines.length) * 21 +
      (shownAddresses(host).length > lines.length ? 20 : 0) +
      bridgeHeight,
  };
}

/** Addresses without their prefix lengths, long ones shortened in the middle; at most four. */
export function addressLines(host: HostView): readonly string[] {
  return shownAddresses(host)
    .slice(0, 4)
    .map((a) => shorten(a.address.replace(/\/\d+$/, '')));
}

/** The addresses of a host, with their interfaces; those of ports of a bridge, and of lo, are left out. */
export function shownAddresses(host: HostView): readonly { readonly name: string; readonly address: string }[] {
  return host.interfaces
    .filter((i) => i.kind !== 'loopback' && i.master === '')
    .flatMap((i) => i.addresses.map((address) => ({ name: i.name, address })));
}

function shorten(address: string): string {
  return address.length <= 20 ? address : `${address.slice(0, 9)}…${address.slice(-8)}`;
}

/** On the right of the first column's cards, on the left of all others; several on one side are spread. */
function placePorts(plans: readonly Plan[], cards: readonly HostCard[], columnOf: ReadonlyMap<string, number>): Port[] {
  const middleOf = (plan: Plan, but: string): number => {
    const others = cards.filter((c) => c.host.name !== but && plan.segment.ports.some((p) => p.host === c.host.name));
    return others.reduce((sum, c) => sum + c.y + c.h / 2, 0) / Math.max(1, others.length);
  };
  return cards.flatMap((card) => {
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
}

function wireOf(
  plan: Plan,
  plans: readonly Plan[],
  cards: readonly HostCard[],
  columnOf: ReadonlyMap<string, number>,
  ports: readonly Port[],
  fans: ReadonlyMap<string, readonly Plan[]>,
): Wire {
  const { segment, first, last } = plan;
  const mine = segment.ports.flatMap((p) => ports.filter((port) => port.id === portId(p.host, p.interface)));
  const ys = mine.map((p) => p.at[1]);
  if (!plan.bus && mine.length === 2) {
    const [a, b] = mine.toSorted((p, q) => p.at[0] - q.at[0]) as [Port, Port];
    const fan = fans.get(a.host);
    const size = labelSize(segment);
    // Ports that are all but level are joined by a straight line, where nothing is near.
    const level = Math.abs(a.at[1] - b.at[1]) < (fan?.includes(plan) ? 2 : 14);
    const x = !level && fan?.includes(plan) ? laneOf(a, b, fan, ports) : (a.at[0] + b.at[0]) / 2;
    const middle: Point = [x, (a.at[1] + b.at[1]) / 2];
    const way = (from: Port): readonly Point[] => (level ? [middle, from.at] : [middle, [x, from.at[1]], from.at]);
    return {
      segment,
      bus: null,
      label: {
        at: fan?.includes(plan)
          ? [b.at[0] - 18 - size.w / 2, b.at[1] - 12 - size.h]
          : [x, Math.min(...ys) - 14 - size.h],
        below: false,
      },
      ports: new Map([
        [a.id, way(a)],
        [b.id, way(b)],
      ]),
    };
  }
  const same = plans.filter((p) => p.bus && p.first === first && p.last > p.first === last > first);
  const step = same.indexOf(plan) * BUS_STEP;
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
    const ends = segment.ports.flatMap((p) => ports.filter((port) => port.id === portId(p.host, p.interface)));
    const from = ends.find((p) => p.host === a.host);
    const to = ends.find((p) => p.host !== a.host);
    if (from === undefined || to === undefined || to.at[1] < from.at[1] !== up) return false;
    return up ? from.at[1] < a.at[1] : from.at[1] > a.at[1];
  });
  return a.at[0] + LANES + before.length * LANE;
}
