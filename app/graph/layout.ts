import type { FunctionView, HostView, InterfaceView } from '../../src/engine';
import type { HookFamily, HookName } from '../../src/model';
import type { Box, Point } from './geometry';

/** Name of a place on the line: `in:eth0`, `fn:PREROUTING/nat`, `fn:PREROUTING/nat/DOCKER`, `route:input` … */
export type Stop = string;

export const stopOf = {
  wireIn: (name: string): Stop => `wire-in:${name}`,
  in: (name: string): Stop => `in:${name}`,
  out: (name: string): Stop => `out:${name}`,
  wireOut: (name: string): Stop => `wire-out:${name}`,
  fn: (hook: HookName, fn: string, chain = ''): Stop =>
    chain === '' ? `fn:${hook}/${fn}` : `fn:${hook}/${fn}/${chain}`,
  routeInput: 'route:input',
  routeOutput: 'route:output',
  localIn: 'local:in',
  localOut: 'local:out',
  loop: 'loop',
  bridge: 'bridge',
} as const;

/** A hook function as it is drawn: a card, with the user chains that are open in it. */
export interface CardBox extends Box {
  readonly stop: Stop;
  readonly hook: HookName;
  readonly fn: FunctionView;
  readonly hue: string;
  /** Mechanisms (conntrack, confirm …) are round, because they are not tables. */
  readonly round: boolean;
  /** After it the kernel looks whether the packet must be routed again. */
  readonly reroute: boolean;
  /** The line's height in it. */
  readonly station: number;
  readonly chains: readonly ChainBox[];
}

export interface ChainBox {
  readonly stop: Stop;
  readonly chain: string;
  readonly y: number;
  readonly h: number;
}

export interface HookBox extends Box {
  readonly hook: HookName;
  readonly header: number;
  /** One line for each card. */
  readonly small: boolean;
  readonly rail: number;
  readonly cards: readonly CardBox[];
}

export interface DeviceBox extends Box {
  readonly interface: InterfaceView;
  readonly side: 'in' | 'out';
  readonly rail: number;
  readonly header: number;
  /** What sees the packet at the device itself: taps, ports of a bridge, netdev hooks. */
  readonly slots: readonly (Box & { readonly name: string; readonly stop: Stop; readonly solid: boolean })[];
  readonly stop: Stop;
}

/** A stretch of line that is drawn in one state. */
export interface Leg {
  readonly id: string;
  readonly nodes: readonly Stop[];
  /** The piece that belongs to no other leg: who passes it takes this leg. */
  readonly mark: readonly [Stop, Stop];
  readonly chevron: { readonly at: Point; readonly angle: number } | null;
}

export interface HostLayout {
  readonly bounds: Box;
  readonly family: HookFamily;
  readonly hooks: readonly HookBox[];
  readonly devices: readonly DeviceBox[];
  /** Interfaces that are not drawn because there are too many; on each side. */
  readonly hidden: readonly string[];
  readonly local: Box;
  readonly title: Box;
  readonly routeInput: Point;
  readonly routeOutput: Point;
  readonly legs: readonly Leg[];
  /** Where the bottom row ends: below it there is room for the pill. */
  readonly rowBottom: number;
  readonly nodes: ReadonlyMap<Stop, Point>;
  readonly next: ReadonlyMap<Stop, readonly Stop[]>;
}

export interface LayoutOptions {
  readonly family: 'ip' | 'ip6';
  /** User chains that packets jump into, by the stop of the table's card. */
  readonly chains?: ReadonlyMap<Stop, readonly string[]>;
  /** Interfaces to be drawn in any case, when there are too many for all. */
  readonly wanted?: ReadonlySet<string>;
  /** Functions that are left out, by stop: nothing comes to pass in them. */
  readonly without?: ReadonlySet<Stop>;
  readonly allInterfaces?: boolean;
}

const HEADER = 34;
const CARD = 44;
const GAP = 4;
const LANE = 20;
const TOP_HEADER = 30;
const TOP_CARD = 28;
const TOP_LANE = 8;
const CHAIN = 24;
const SLOT = 30;
const ROW = 348;
const TOP_END = 324;
const SPINE = ROW + HEADER / 2;
const X = {
  in: 14,
  inW: 98,
  pre: 140,
  preW: 170,
  r1: 348,
  fwd: 388,
  fwdW: 158,
  r2: 568,
  post: 592,
  postW: 166,
  out: 784,
  outW: 80,
};
const RIGHT = X.out + X.outW + 22;
/** A packet on its way out stops here, still in sight. */
const DEPARTED = RIGHT - 17;
/** The whole graph is at least this high, so that the title and the pill have room. */
const HEIGHT = 668;
const BAR = 50;
const CHEVRON_ROOM = 120;
/** More interfaces than this on one side are folded. */
export const FEW_INTERFACES = 5;

/** The graph of one host and family, from its registry alone. */
export function layout(host: HostView, options: LayoutOptions): HostLayout {
  const { family } = options;
  const functions = (hook: HookName): readonly FunctionView[] =>
    (host.hooks.find((h) => h.family === family && h.hook === hook)?.functions ?? []).filter(
      (fn) => options.without?.has(stopOf.fn(hook, fn.name)) !== true,
    );
  const make = (hook: HookName, x: number, w: number, top: boolean): HookBox =>
    hookBox(hook, functions(hook), x, w, top, options.chains ?? new Map());
  const pre = make('PREROUTING', X.pre, X.preW, false);
  const forward = make('FORWARD', X.fwd, X.fwdW, false);
  const post = make('POSTROUTING', X.post, X.postW, false);
  const input = make('INPUT', X.r1 - 16, X.fwdW, true);
  const output = make('OUTPUT', X.r2 - 16, X.postW, true);

  const barY = Math.min(output.y - 36, input.y - 24) - BAR;
  const local: Box = { x: input.x, y: barY, w: output.x + output.w - input.x, h: BAR };
  const routeInput: Point = [X.r1, SPINE];
  const routeOutput: Point = [X.r2, (barY + BAR + output.y) / 2];

  const { shown, hidden } = chooseInterfaces(host, options);
  const ports = (bridge: string): readonly InterfaceView[] => host.interfaces.filter((i) => i.master === bridge);
  const netdev = (hook: HookName): readonly FunctionView[] =>
    host.hooks.find((h) => h.family === 'netdev' && h.hook === hook)?.functions ?? [];
  const ins = stack(shown, 'in', X.in, X.inW, ports, netdev('INGRESS'));
  // The last interface is drawn first on the way out: a router's two then face each other.
  const outs = stack(shown.toReversed(), 'out', X.out, X.outW, ports, netdev('EGRESS'));

  const lines = new Lines();
  const rise0 = (X.in + X.inW + X.pre) / 2;
  const rise3 = (X.post + X.postW + X.out) / 2;
  const bottom = Math.max(...[pre, forward, post, ...ins, ...outs].map((b) => b.y + b.h));
  const underneath = bottom + 12;

  const enter = (box: HookBox): Stop => box.cards[0]?.stop ?? `${box.hook}:middle`;
  for (const device of ins) {
    const { y } = device;
    const name = device.interface.name;
    const lane = y + device.h - LANE / 2;
    lines.put(stopOf.wireIn(name), [0, y + HEADER / 2]);
    lines.put(`${device.stop}:top`, [device.rail, y + HEADER / 2]);
    for (const slot of device.slots) lines.put(slot.stop, [device.rail, slot.y + slot.h / 2]);
    if (device.slots.length === 0) lines.put(device.stop, [device.rail, y + HEADER / 2 + 14]);
    lines.put(`${device.stop}:lane`, [device.rail, lane]);
    lines.put(`${device.stop}:rise`, [rise0, lane]);
    lines.put('rise0', [rise0, SPINE]);
    const stations = device.slots.length === 0 ? [device.stop] : device.slots.map((s) => s.stop);
    // A bridge's ports are beside each other, not one after the other, but the line is the same.
    for (const port of ports(name)) {
      lines.put(stopOf.wireIn(port.name), [0, y + HEADER / 2]);
      lines.join(stopOf.wireIn(port.name), `${device.stop}:top`);
    }
    lines.leg(
      `in:${name}`,
      [
        stopOf.wireIn(name),
        `${device.stop}:top`,
        ...stations,
        `${device.stop}:lane`,
        `${device.stop}:rise`,
        'rise0',
        'PREROUTING:top',
        enter(pre),
      ],
      [`${device.stop}:lane`, `${device.stop}:rise`],
    );
  }
  /** The line down a hook. Each leg ends at the last station, and the next begins there: all corners are round. */
  const passDown = (box: HookBox): readonly Stop[] => {
    const top = `${box.hook}:top`;
    lines.put(top, [box.rail, SPINE]);
    lines.put(`${box.hook}:lane`, [box.rail, last(box)]);
    if (box.cards.length > 0) return [top, ...stationsOf(box, lines)];
    lines.put(`${box.hook}:middle`, [box.rail, (SPINE + last(box)) / 2]);
    return [top, `${box.hook}:middle`];
  };
  const last = (box: HookBox): number => box.y + box.h - LANE / 2;
  const leaving = (box: HookBox): readonly Stop[] => [
    box.cards.at(-1)?.chains.at(-1)?.stop ?? box.cards.at(-1)?.stop ?? `${box.hook}:middle`,
    `${box.hook}:lane`,
  ];

  lines.put(stopOf.routeInput, routeInput);
  lines.put('rise1', [X.r1, last(pre)]);
  lines.put('rise2', [X.r2, last(forward)]);
  lines.put('join', [X.r2, SPINE]);
  lines.put('rise3', [rise3, last(post)]);
  lines.leg('pre', passDown(pre).slice(1), ['PREROUTING:top', enter(pre)]);
  lines.leg('pre-out', [...leaving(pre), 'rise1', stopOf.routeInput], ['PREROUTING:lane', 'rise1'], {
    at: [X.r1, last(pre) - 76],
    angle: -90,
    room: last(pre) - SPINE,
  });
  lines.leg('forward', [stopOf.routeInput, ...passDown(forward)], [stopOf.routeInput, 'FORWARD:top'], {
    at: [forward.x - 4, SPINE],
    angle: 0,
  });
  lines.leg('forward-out', [...leaving(forward), 'rise2', 'join'], ['FORWARD:lane', 'rise2'], {
    at: [X.r2, (last(forward) + SPINE) / 2],
    angle: -90,
    room: last(forward) - SPINE,
  });
  lines.leg('post', ['join', ...passDown(post)], ['join', 'POSTROUTING:top'], { at: [post.x - 4, SPINE], angle: 0 });

  const inputStations = stationsOf(input, lines);
  lines.put(stopOf.localIn, [X.r1, barY + BAR]);
  const climb = [...inputStations, stopOf.localIn];
  lines.leg('input', [stopOf.routeInput, ...climb], [stopOf.routeInput, climb[0] as Stop], {
    at: [X.r1, input.y + input.h + 12],
    angle: -90,
  });
  lines.put(stopOf.localOut, [X.r2, barY + BAR]);
  lines.put(stopOf.routeOutput, routeOutput);
  const fall = [stopOf.localOut, stopOf.routeOutput, ...stationsOf(output, lines), 'join'];
  lines.leg('output', fall, [stopOf.localOut, stopOf.routeOutput], {
    at: [X.r2, output.y + output.h + 12],
    angle: 90,
  });

  for (const device of outs) {
    const { y } = device;
    const name = device.interface.name;
    const lane = y + device.h - LANE / 2;
    lines.put(`${device.stop}:rise`, [rise3, y + HEADER / 2]);
    lines.put(`${device.stop}:top`, [device.rail, y + HEADER / 2]);
    for (const slot of device.slots) lines.put(slot.stop, [device.rail, slot.y + slot.h / 2]);
    if (device.slots.length === 0) lines.put(device.stop, [device.rail, y + HEADER / 2 + 14]);
    lines.put(`${device.stop}:lane`, [device.rail, lane]);
    lines.put(stopOf.wireOut(name), [DEPARTED, lane]);
    const stations = device.slots.length === 0 ? [device.stop] : device.slots.map((s) => s.stop);
    for (const port of ports(name)) {
      lines.put(stopOf.wireOut(port.name), [DEPARTED, lane]);
      lines.join(`${device.stop}:lane`, stopOf.wireOut(port.name));
    }
    lines.leg(
      `out:${name}`,
      [
        ...leaving(post),
        'rise3',
        `${device.stop}:rise`,
        `${device.stop}:top`,
        ...stations,
        `${device.stop}:lane`,
        stopOf.wireOut(name),
      ],
      [`${device.stop}:rise`, `${device.stop}:top`],
      device === outs[0] ? { at: [rise3, (last(post) + SPINE) / 2], angle: -90, room: last(post) - SPINE } : null,
    );
  }
  // Packets of the host to itself come back; the line is drawn only where one does.
  lines.put('loop:down', [rise3, underneath]);
  lines.put(stopOf.loop, [(rise0 + rise3) / 2, underneath]);
  lines.put('loop:up', [rise0, underneath]);
  lines.put('rise0', [rise0, SPINE]);
  lines.leg(
    'loop',
    [...leaving(post), 'rise3', 'loop:down', stopOf.loop, 'loop:up', 'rise0', 'PREROUTING:top', enter(pre)],
    ['loop:down', stopOf.loop],
  );
  if (host.interfaces.some((i) => i.kind === 'bridge')) {
    lines.put(stopOf.bridge, [(rise0 + rise3) / 2, underneath]);
    for (const i of ins) {
      for (const o of outs) {
        lines.leg(
          `bridge:${i.interface.name}:${o.interface.name}`,
          [`${i.stop}:rise`, 'loop:up', stopOf.bridge, 'loop:down', `${o.stop}:rise`],
          [stopOf.bridge, 'loop:down'],
        );
      }
    }
  }

  const bottomEdge = Math.max(bottom + 10 + 52 + 16, HEIGHT);
  const topEdge = Math.min(barY - 12, bottomEdge - HEIGHT);
  const title = titleBox(host, topEdge + 20);
  return {
    family,
    bounds: { x: 0, y: topEdge, w: RIGHT, h: bottomEdge - topEdge },
    hooks: [pre, forward, post, input, output],
    devices: [...ins, ...outs],
    hidden,
    local,
    title,
    routeInput,
    routeOutput,
    legs: lines.legs,
    rowBottom: bottom,
    nodes: lines.nodes,
    next: lines.next,
  };
}

/** How many addresses the title lists before it only counts them. */
export const TITLE_LINES = 5;

/** Addresses that the title lists. */
export function titleLines(host: HostView): readonly { readonly name: string; readonly address: string }[] {
  return host.interfaces
    .filter((i) => i.kind !== 'loopback')
    .flatMap((i) => i.addresses.map((address) => ({ name: i.name, address })));
}

function titleBox(host: HostView, y: number): Box {
  const lines = titleLines(host);
  const shown = lines.slice(0, TITLE_LINES);
  const longest = Math.max(0, ...shown.map((l) => Math.min(l.name.length, 12) * 8.2 + 12 + l.address.length * 8.2));
  const more = lines.length > shown.length ? 22 : 0;
  return {
    x: 22,
    y,
    w: Math.min(290, Math.max(150, longest, host.name.length * 16)),
    h: 48 + shown.length * 25 + more + 26 + (lines.length <= 3 ? 104 : 0),
  };
}

/** Nodes and directed edges of the line, and the stretches that it is drawn in. */
class Lines {
  readonly nodes = new Map<Stop, Point>();
  readonly next = new Map<Stop, Stop[]>();
  readonly legs: Leg[] = [];

  put(stop: Stop, at: Point): void {
    this.nodes.set(stop, at);
  }

  leg(
    id: string,
    nodes: readonly Stop[],
    mark: Leg['mark'],
    chevron: (Leg['chevron'] & { readonly room?: number }) | null = null,
  ): void {
    // A short piece of line has no room for an arrow.
    const room = chevron?.room ?? CHEVRON_ROOM;
    this.legs.push({ id, nodes, mark, chevron: room < CHEVRON_ROOM ? null : chevron });
    nodes.forEach((a, i) => {
      const b = nodes[i + 1];
      if (b !== undefined) this.join(a, b);
    });
  }

  join(a: Stop, b: Stop): void {
    const after = this.next.get(a) ?? [];
    if (!after.includes(b)) after.push(b);
    this.next.set(a, after);
  }
}

/** The stations of a hook, in the order in which the line passes them. */
function stationsOf(box: HookBox, lines: Lines): readonly Stop[] {
  return box.cards.flatMap((card) => {
    lines.put(card.stop, [box.rail, card.station]);
    for (const chain of card.chains) lines.put(chain.stop, [box.rail, chain.y + chain.h / 2]);
    return [card.stop, ...card.chains.map((c) => c.stop)];
  });
}

/** Colour of what is registered: the table's, or the mechanism's. */
export function hueOf(fn: FunctionView): string {
  if (fn.table !== null) return fn.table;
  switch (fn.subsystem) {
    case 'conntrack':
    case 'confirm':
    case 'defrag':
      return 'conntrack';
    case 'nat':
      return 'nat';
    default:
      return 'routing';
  }
}

function hookBox(
  hook: HookName,
  functions: readonly FunctionView[],
  x: number,
  w: number,
  top: boolean,
  open: ReadonlyMap<Stop, readonly string[]>,
): HookBox {
  const header = top ? TOP_HEADER : HEADER;
  const row = top ? TOP_CARD : CARD;
  const lane = top ? TOP_LANE : LANE;
  const up = hook === 'INPUT'; // the packet climbs to user space
  const heights = functions.map((fn) => row + (open.get(stopOf.fn(hook, fn.name))?.length ?? 0) * CHAIN);
  const inside = heights.reduce((sum, h) => sum + h + GAP, 0);
  const h = header + (functions.length === 0 ? 0 : inside - GAP) + lane;
  const y = top ? TOP_END - h : ROW;
  let at = up ? y + header + inside - GAP : y + header;
  const cards = functions.map((fn, i): CardBox => {
    const height = heights[i] as number;
    const cardY = up ? at - height : at;
    at = up ? cardY - GAP : cardY + height + GAP;
    const stop = stopOf.fn(hook, fn.name);
    const names = open.get(stop) ?? [];
    // In INPUT the name is at the bottom: the line comes from below, and the chains follow the table.
    const chains = names.map((chain, k): ChainBox => {
      const chainY = up ? cardY + height - row - (k + 1) * CHAIN : cardY + row + k * CHAIN;
      return { stop: stopOf.fn(hook, fn.name, chain), chain, y: chainY, h: CHAIN };
    });
    return {
      stop,
      hook,
      fn,
      hue: hueOf(fn),
      round: fn.table === null && fn.subsystem !== 'nft',
      reroute: hook === 'OUTPUT' && (fn.table === 'mangle' || fn.table === 'nat'),
      x: x + 32,
      y: cardY,
      w: w - 40,
      h: height,
      station: (up ? cardY + height - row : cardY) + row / 2,
      chains,
    };
  });
  return { hook, header, small: top, rail: x + 16, cards, x, y, w, h };
}

/** What is shown of many interfaces: those that packets use first, then in the host's order. lo and ports are not. */
function chooseInterfaces(
  host: HostView,
  { wanted, allInterfaces }: LayoutOptions,
): { readonly shown: readonly InterfaceView[]; readonly hidden: readonly string[] } {
  const all = host.interfaces.filter((i) => i.kind !== 'loopback' && i.master === '');
  if (all.length <= FEW_INTERFACES || allInterfaces === true) return { shown: all, hidden: [] };
  const used = (i: InterfaceView): boolean =>
    wanted?.has(i.name) === true || host.interfaces.some((p) => p.master === i.name && wanted?.has(p.name) === true);
  const first = [...all.filter(used), ...all.filter((i) => !used(i))].slice(
    0,
    Math.max(FEW_INTERFACES, all.filter(used).length),
  );
  return {
    shown: all.filter((i) => first.includes(i)),
    hidden: all.filter((i) => !first.includes(i)).map((i) => i.name),
  };
}

function stack(
  interfaces: readonly InterfaceView[],
  side: 'in' | 'out',
  x: number,
  w: number,
  ports: (bridge: string) => readonly InterfaceView[],
  netdev: readonly FunctionView[],
): readonly DeviceBox[] {
  let y = ROW;
  const few = interfaces.length <= 3;
  return interfaces.map((i): DeviceBox => {
    const stop = side === 'in' ? stopOf.in(i.name) : stopOf.out(i.name);
    const portNames = ports(i.name).map((p) => p.name);
    const named = [
      ...portNames.map((name) => ({ name, stop: side === 'in' ? stopOf.in(name) : stopOf.out(name), solid: true })),
      ...(few && portNames.length === 0 ? [{ name: 'taps', stop, solid: false }] : []),
      ...netdev.map((fn) => ({
        name: fn.name,
        stop: stopOf.fn(side === 'in' ? 'INGRESS' : 'EGRESS', fn.name),
        solid: true,
      })),
    ];
    const ordered = side === 'in' ? named : named.toReversed();
    const slots = ordered.map((slot, k) => ({
      ...slot,
      x: x + 32,
      y: y + HEADER + k * (SLOT + GAP),
      w: w - 40,
      h: SLOT,
    }));
    const h = HEADER + (slots.length === 0 ? 0 : slots.length * (SLOT + GAP) - GAP) + LANE;
    const box: DeviceBox = { interface: i, side, rail: x + 16, header: HEADER, slots, stop, x, y, w, h };
    y += h + 10;
    return box;
  });
}

/** The way along the line from one stop to another: all nodes passed, both ends included; empty if there is none. */
export function wayBetween({ next }: Pick<HostLayout, 'next'>, from: Stop, to: Stop): readonly Stop[] {
  if (from === to) return [from];
  const before = new Map<Stop, Stop>();
  const queue: Stop[] = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const n of next.get(at) ?? []) {
      // The ways round are taken only by packets that are known to go there.
      if (before.has(n) || n === from || (n !== to && (n === stopOf.loop || n === stopOf.bridge))) continue;
      before.set(n, at);
      if (n === to) {
        const way: Stop[] = [to];
        for (let b: Stop | undefined = at; b !== undefined; b = before.get(b)) way.unshift(b);
        return way;
      }
      queue.push(n);
    }
  }
  return [];
}
