import type { InterfaceView } from '../../src/engine';
import { type DeviceBox, type HookBox, SIZE, type Stop, stopOf } from './boxes';
import type { Box, Point } from './geometry';

/** A stretch of line that is drawn in one state. */
export interface Leg {
  readonly id: string;
  readonly nodes: readonly Stop[];
  /** The piece that belongs to no other leg: who passes it takes this leg. */
  readonly mark: readonly [Stop, Stop];
  readonly chevron: { readonly at: Point; readonly angle: number } | null;
}

/** The boxes that the line goes through, and where it goes between them. */
interface Parts {
  readonly hooks: Readonly<Record<'pre' | 'forward' | 'post' | 'input' | 'output', HookBox>>;
  readonly ins: readonly DeviceBox[];
  readonly outs: readonly DeviceBox[];
  /** The ports of a bridge. */
  readonly ports: (bridge: string) => readonly InterfaceView[];
  /** The host has a bridge. */
  readonly bridged: boolean;
  /** Height at which it passes the hooks of the bottom row, and the edge of the local processes. */
  readonly spine: number;
  readonly local: number;
  readonly routeInput: Point;
  readonly routeOutput: Point;
  /** Where it rises between the interfaces and the hooks, on the way in and out. */
  readonly risesIn: number;
  readonly risesOut: number;
  /** Where packets that leave stop, and the height at which the ways round pass below everything. */
  readonly departed: number;
  readonly underneath: number;
}

const CHEVRON_ROOM = 120;

/** The line of a host: where its stops lie, which follows which, and the stretches that it is drawn in. */
export function hostLine(parts: Parts): Lines {
  const lines = new Lines();
  for (const device of parts.ins) enterBy(lines, parts, device);
  passHooks(lines, parts);
  passProcesses(lines, parts);
  for (const device of parts.outs) leaveBy(lines, parts, device);
  goRound(lines, parts);
  return lines;
}

const enter = (box: HookBox): Stop => box.cards[0]?.stop ?? `${box.hook}:middle`;

const leaving = (box: HookBox): readonly Stop[] => [
  box.cards.at(-1)?.chains.at(-1)?.stop ?? box.cards.at(-1)?.stop ?? `${box.hook}:middle`,
  `${box.hook}:lane`,
];

const laneOf = (box: Box): number => box.y + box.h - SIZE.lane / 2;

function enterBy(lines: Lines, { hooks: { pre }, ports, risesIn, spine }: Parts, device: DeviceBox): void {
  const { name } = device.interface;
  const head = device.y + SIZE.header / 2;
  lines.put(stopOf.wireIn(name), [0, head]);
  const down = passDevice(lines, device);
  lines.put(`${device.stop}:rise`, [risesIn, laneOf(device)]);
  lines.put('rise0', [risesIn, spine]);
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

/** The line down an interface, with what listens and is registered there. */
function passDevice(lines: Lines, { stop, rail, slots, ...box }: DeviceBox): readonly Stop[] {
  const head = box.y + SIZE.header / 2;
  lines.put(`${stop}:top`, [rail, head]);
  for (const slot of slots) lines.put(slot.stop, [rail, slot.y + slot.h / 2]);
  if (slots.length === 0) lines.put(stop, [rail, head + 14]);
  lines.put(`${stop}:lane`, [rail, laneOf(box)]);
  return [`${stop}:top`, ...(slots.length === 0 ? [stop] : slots.map((s) => s.stop)), `${stop}:lane`];
}

/** PREROUTING, FORWARD and POSTROUTING, with the route decision between them. */
function passHooks(lines: Lines, { hooks, routeInput, routeOutput, risesOut, spine }: Parts): void {
  const { pre, forward, post } = hooks;
  const [r1] = routeInput;
  const [r2] = routeOutput;
  lines.put(stopOf.routeInput, routeInput);
  lines.put('rise1', [r1, laneOf(pre)]);
  lines.put('rise2', [r2, laneOf(forward)]);
  lines.put('join', [r2, spine]);
  lines.put('rise3', [risesOut, laneOf(post)]);
  lines.leg('pre', passDown(lines, pre, spine).slice(1), ['PREROUTING:top', enter(pre)]);
  lines.leg('pre-out', [...leaving(pre), 'rise1', stopOf.routeInput], ['PREROUTING:lane', 'rise1'], {
    at: [r1, laneOf(pre) - 76],
    angle: -90,
    room: laneOf(pre) - spine,
  });
  lines.leg('forward', [stopOf.routeInput, ...passDown(lines, forward, spine)], [stopOf.routeInput, 'FORWARD:top'], {
    at: [forward.x - 4, spine],
    angle: 0,
  });
  lines.leg('forward-out', [...leaving(forward), 'rise2', 'join'], ['FORWARD:lane', 'rise2'], {
    at: [r2, (laneOf(forward) + spine) / 2],
    angle: -90,
    room: laneOf(forward) - spine,
  });
  lines.leg('post', ['join', ...passDown(lines, post, spine)], ['join', 'POSTROUTING:top'], {
    at: [post.x - 4, spine],
    angle: 0,
  });
}

/** The line down a hook. Each leg ends at the last station, and the next begins there: all corners are round. */
function passDown(lines: Lines, box: HookBox, spine: number): readonly Stop[] {
  const top = `${box.hook}:top`;
  lines.put(top, [box.rail, spine]);
  lines.put(`${box.hook}:lane`, [box.rail, laneOf(box)]);
  if (box.cards.length > 0) return [top, ...stationsOf(box, lines)];
  lines.put(`${box.hook}:middle`, [box.rail, (spine + laneOf(box)) / 2]);
  return [top, `${box.hook}:middle`];
}

/** Up through INPUT to the local processes, and down from them through OUTPUT. */
function passProcesses(lines: Lines, { hooks: { input, output }, routeInput, routeOutput, local }: Parts): void {
  const [r1] = routeInput;
  const [r2] = routeOutput;
  const up = stationsOf(input, lines);
  lines.put(stopOf.localIn, [r1, local]);
  const climb = [...up, stopOf.localIn];
  lines.leg('input', [stopOf.routeInput, ...climb], [stopOf.routeInput, climb[0] as Stop], {
    at: [r1, input.y + input.h + 12],
    angle: -90,
  });
  lines.put(stopOf.localOut, [r2, local]);
  lines.put(stopOf.routeOutput, routeOutput);
  const fall = [stopOf.localOut, stopOf.routeOutput, ...stationsOf(output, lines), 'join'];
  lines.leg('output', fall, [stopOf.localOut, stopOf.routeOutput], { at: [r2, output.y + output.h + 12], angle: 90 });
}

function leaveBy(lines: Lines, parts: Parts, device: DeviceBox): void {
  const { outs, ports, risesOut, departed, spine } = parts;
  const { post } = parts.hooks;
  const { name } = device.interface;
  const lane = laneOf(device);
  lines.put(`${device.stop}:rise`, [risesOut, device.y + SIZE.header / 2]);
  const down = passDevice(lines, device);
  lines.put(stopOf.wireOut(name), [departed, lane]);
  for (const port of ports(name)) {
    lines.put(stopOf.wireOut(port.name), [departed, lane]);
    lines.join(`${device.stop}:lane`, stopOf.wireOut(port.name));
  }
  lines.leg(
    `out:${name}`,
    [...leaving(post), 'rise3', `${device.stop}:rise`, ...down, stopOf.wireOut(name)],
    [`${device.stop}:rise`, `${device.stop}:top`],
    device === outs[0] ? { at: [risesOut, (laneOf(post) + spine) / 2], angle: -90, room: laneOf(post) - spine } : null,
  );
}

/** Packets of the host to itself come back, and bridged ones pass below all hooks; drawn only where one does. */
function goRound(lines: Lines, { hooks, ins, outs, bridged, risesIn, risesOut, spine, underneath }: Parts): void {
  const { pre, post } = hooks;
  lines.put('loop:down', [risesOut, underneath]);
  lines.put(stopOf.loop, [(risesIn + risesOut) / 2, underneath]);
  lines.put('loop:up', [risesIn, underneath]);
  lines.put('rise0', [risesIn, spine]);
  lines.leg(
    'loop',
    [...leaving(post), 'rise3', 'loop:down', stopOf.loop, 'loop:up', 'rise0', 'PREROUTING:top', enter(pre)],
    ['loop:down', stopOf.loop],
  );
  if (!bridged) return;
  lines.put(stopOf.bridge, [(risesIn + risesOut) / 2, underneath]);
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

/** The stations of a hook, in the order in which the line passes them. */
function stationsOf(box: HookBox, lines: Lines): readonly Stop[] {
  return box.cards.flatMap((card) => {
    lines.put(card.stop, [box.rail, card.station]);
    for (const chain of card.chains) lines.put(chain.stop, [box.rail, chain.y + chain.h / 2]);
    return [card.stop, ...card.chains.map((c) => c.stop)];
  });
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

/** Where stops lie; those that are not drawn are left out. */
export function pointsOf(
  { nodes }: { readonly nodes: ReadonlyMap<Stop, Point> },
  stops: readonly Stop[],
): readonly Point[] {
  return stops.flatMap((stop): readonly Point[] => {
    const at = nodes.get(stop);
    return at === undefined ? [] : [at];
  });
}

/** The way along the line from one stop to another: all nodes passed, both ends included; empty if there is none. */
export function wayBetween(
  { next }: { readonly next: ReadonlyMap<Stop, readonly Stop[]> },
  from: Stop,
  to: Stop,
): readonly Stop[] {
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
