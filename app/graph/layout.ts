import type { FunctionView, HostView, InterfaceView } from '../../src/engine';
import type { HookFamily, HookName } from '../../src/model';
import {
  chooseInterfaces,
  type DeviceBox,
  type HookBox,
  hookBox,
  SIZE,
  type Stop,
  stack,
  stopOf,
  titleBox,
} from './boxes';
import type { Box, Point } from './geometry';

/** A stretch of line that is drawn in one state. */
interface Leg {
  readonly id: string;
  readonly nodes: readonly Stop[];
  /** The piece that belongs to no other leg: who passes it takes this leg. */
  readonly mark: readonly [Stop, Stop];
  readonly chevron: { readonly at: Point; readonly angle: number } | null;
}

export interface HostLayout {
  readonly bounds: Box;
  readonly family: HookFamily;
  /** For a room: hooks without their tables. */
  readonly presented?: boolean;
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

interface LayoutOptions {
  readonly family: 'ip' | 'ip6';
  /** User chains that packets jump into, by the stop of the table's card. */
  readonly chains?: ReadonlyMap<Stop, readonly string[]>;
  /** Interfaces to be drawn in any case, when there are too many for all. */
  readonly wanted?: ReadonlySet<string>;
  /** Functions that are left out, by stop: nothing comes to pass in them. */
  readonly without?: ReadonlySet<Stop>;
  readonly allInterfaces?: boolean;
}

const SPINE = SIZE.row + SIZE.header / 2;
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
  out: 776,
  outW: 90,
};
const RIGHT = X.out + X.outW + 22;
/** A packet on its way out stops here, still in sight. */
const DEPARTED = RIGHT - 17;
/** The whole graph is at least this high, so that the title and the pill have room. */
const HEIGHT = 668;
const BAR = 50;
const CHEVRON_ROOM = 120;

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
  const laneOf = (box: Box): number => box.y + box.h - SIZE.lane / 2;
  /** The line down an interface, with what listens and is registered there. */
  const passDevice = ({ stop, rail, slots, ...box }: DeviceBox): readonly Stop[] => {
    const head = box.y + SIZE.header / 2;
    lines.put(`${stop}:top`, [rail, head]);
    for (const slot of slots) lines.put(slot.stop, [rail, slot.y + slot.h / 2]);
    if (slots.length === 0) lines.put(stop, [rail, head + 14]);
    lines.put(`${stop}:lane`, [rail, laneOf(box)]);
    return [`${stop}:top`, ...(slots.length === 0 ? [stop] : slots.map((s) => s.stop)), `${stop}:lane`];
  };
  for (const device of ins) {
    const { name } = device.interface;
    const head = device.y + SIZE.header / 2;
    lines.put(stopOf.wireIn(name), [0, head]);
    const down = passDevice(device);
    lines.put(`${device.stop}:rise`, [rise0, laneOf(device)]);
    lines.put('rise0', [rise0, SPINE]);
    // A bridge's ports are beside each other, not one after the other, but the line is the same.
    for (const port of ports(name)) {
      lines.put(stopOf.wireIn(port.name), [0, head]);
      lines.join(stopOf.wireIn(port.name), `${device.stop}:top`);
    }
    lines.leg(
      `in:${name}`,
      [stopOf.wireIn(name), ...down, `${device.stop}:rise`, 'rise0', 'PREROUTING:top', enter(pre)],
      [`${device.stop}:lane`, `${device.stop}:rise`],
    );
  }
  /** The line down a hook. Each leg ends at the last station, and the next begins there: all corners are round. */
  const passDown = (box: HookBox): readonly Stop[] => {
    const top = `${box.hook}:top`;
    lines.put(top, [box.rail, SPINE]);
    lines.put(`${box.hook}:lane`, [box.rail, laneOf(box)]);
    if (box.cards.length > 0) return [top, ...stationsOf(box, lines)];
    lines.put(`${box.hook}:middle`, [box.rail, (SPINE + laneOf(box)) / 2]);
    return [top, `${box.hook}:middle`];
  };
  const leaving = (box: HookBox): readonly Stop[] => [
    box.cards.at(-1)?.chains.at(-1)?.stop ?? box.cards.at(-1)?.stop ?? `${box.hook}:middle`,
    `${box.hook}:lane`,
  ];

  lines.put(stopOf.routeInput, routeInput);
  lines.put('rise1', [X.r1, laneOf(pre)]);
  lines.put('rise2', [X.r2, laneOf(forward)]);
  lines.put('join', [X.r2, SPINE]);
  lines.put('rise3', [rise3, laneOf(post)]);
  lines.leg('pre', passDown(pre).slice(1), ['PREROUTING:top', enter(pre)]);
  lines.leg('pre-out', [...leaving(pre), 'rise1', stopOf.routeInput], ['PREROUTING:lane', 'rise1'], {
    at: [X.r1, laneOf(pre) - 76],
    angle: -90,
    room: laneOf(pre) - SPINE,
  });
  lines.leg('forward', [stopOf.routeInput, ...passDown(forward)], [stopOf.routeInput, 'FORWARD:top'], {
    at: [forward.x - 4, SPINE],
    angle: 0,
  });
  lines.leg('forward-out', [...leaving(forward), 'rise2', 'join'], ['FORWARD:lane', 'rise2'], {
    at: [X.r2, (laneOf(forward) + SPINE) / 2],
    angle: -90,
    room: laneOf(forward) - SPINE,
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
    const { name } = device.interface;
    const lane = laneOf(device);
    lines.put(`${device.stop}:rise`, [rise3, device.y + SIZE.header / 2]);
    const down = passDevice(device);
    lines.put(stopOf.wireOut(name), [DEPARTED, lane]);
    for (const port of ports(name)) {
      lines.put(stopOf.wireOut(port.name), [DEPARTED, lane]);
      lines.join(`${device.stop}:lane`, stopOf.wireOut(port.name));
    }
    lines.leg(
      `out:${name}`,
      [...leaving(post), 'rise3', `${device.stop}:rise`, ...down, stopOf.wireOut(name)],
      [`${device.stop}:rise`, `${device.stop}:top`],
      device === outs[0] ? { at: [rise3, (laneOf(post) + SPINE) / 2], angle: -90, room: laneOf(post) - SPINE } : null,
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

/** Where stops lie; those that are not drawn are left out. */
export function pointsOf({ nodes }: Pick<HostLayout, 'nodes'>, stops: readonly Stop[]): readonly Point[] {
  return stops.flatMap((stop): readonly Point[] => {
    const at = nodes.get(stop);
    return at === undefined ? [] : [at];
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
