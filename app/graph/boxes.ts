import type { FunctionView, HostView, InterfaceView } from '../../src/engine';
import type { HookName } from '../../src/model';
import type { Box } from './geometry';

/** Name of a place on the line: `in:eth0`, `fn:PREROUTING/nat`, `fn:PREROUTING/nat/DOCKER`, `route:input` … */
export type Stop = string;

/** The names of the line's stops. */
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

interface ChainBox {
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

/** Sizes of what is drawn, in pixels at full size. */
export const SIZE = {
  header: 34,
  card: 44,
  gap: 4,
  /** Below the cards, where the line leaves. */
  lane: 20,
  topHeader: 30,
  topCard: 28,
  topLane: 8,
  chain: 24,
  slot: 30,
  /** Top of the lower row, and bottom of the upper hooks. */
  row: 348,
  topEnd: 324,
} as const;

/** More interfaces than this on one side are folded. */
const FEW_INTERFACES = 5;

/** How many addresses the title lists before it only counts them. */
export const TITLE_LINES = 5;

/** Addresses that the title lists. */
export function titleLines(host: HostView): readonly { readonly name: string; readonly address: string }[] {
  return host.interfaces
    .filter((i) => i.kind !== 'loopback')
    .flatMap((i) => i.addresses.map((address) => ({ name: i.name, address })));
}

/** The room of the host's name and addresses, from a height on. */
export function titleBox(host: HostView, y: number): Box {
  const lines = titleLines(host);
  const shown = lines.slice(0, TITLE_LINES);
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((t) => t.length * 8.2));
  const longest = Math.min(90, widest(shown.map((l) => l.name))) + 14 + widest(shown.map((l) => l.address));
  const more = lines.length > shown.length ? 22 : 0;
  return {
    x: 22,
    y,
    w: Math.min(290, Math.max(150, longest, host.name.length * 16)),
    h: 48 + shown.length * 25 + more + 26 + (lines.length <= 3 ? 104 : 0),
  };
}

/** Colour of what is registered: the table's, or the mechanism's. */
export function hueOf(fn: FunctionView): string {
  if (fn.table !== null) return fn.table;
  switch (fn.subsystem) {
    case 'conntrack':
    case 'confirm':
    case 'synproxy':
    case 'defrag':
      return 'conntrack';
    case 'nat':
      return 'nat';
    default:
      return 'routing';
  }
}

/** The box of a hook, with a card for each function; `top`: it stands above the line, with less room. */
export function hookBox(
  hook: HookName,
  functions: readonly FunctionView[],
  x: number,
  w: number,
  top: boolean,
  open: ReadonlyMap<Stop, readonly string[]>,
): HookBox {
  const header = top ? SIZE.topHeader : SIZE.header;
  const row = top ? SIZE.topCard : SIZE.card;
  const lane = top ? SIZE.topLane : SIZE.lane;
  const up = hook === 'INPUT'; // the packet climbs to user space
  const heights = functions.map((fn) => row + (open.get(stopOf.fn(hook, fn.name))?.length ?? 0) * SIZE.chain);
  const inside = heights.reduce((sum, h) => sum + h + SIZE.gap, 0);
  const h = header + (functions.length === 0 ? 0 : inside - SIZE.gap) + lane;
  const y = top ? SIZE.topEnd - h : SIZE.row;
  let at = up ? y + header + inside - SIZE.gap : y + header;
  const cards = functions.map((fn, i): CardBox => {
    const height = heights[i] as number;
    const cardY = up ? at - height : at;
    at = up ? cardY - SIZE.gap : cardY + height + SIZE.gap;
    const stop = stopOf.fn(hook, fn.name);
    const names = open.get(stop) ?? [];
    // In INPUT the name is at the bottom: the line comes from below, and the chains follow the table.
    const chains = names.map((chain, k): ChainBox => {
      const chainY = up ? cardY + height - row - (k + 1) * SIZE.chain : cardY + row + k * SIZE.chain;
      return { stop: stopOf.fn(hook, fn.name, chain), chain, y: chainY, h: SIZE.chain };
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
export function chooseInterfaces(
  host: HostView,
  { wanted, allInterfaces }: { readonly wanted?: ReadonlySet<string>; readonly allInterfaces?: boolean },
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

/** The boxes of interfaces on one side, below each other. */
export function stack(
  interfaces: readonly InterfaceView[],
  side: 'in' | 'out',
  x: number,
  w: number,
  ports: (bridge: string) => readonly InterfaceView[],
  netdev: readonly FunctionView[],
): readonly DeviceBox[] {
  let y = SIZE.row;
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
      y: y + SIZE.header + k * (SIZE.slot + SIZE.gap),
      w: w - 40,
      h: SIZE.slot,
    }));
    const h = SIZE.header + (slots.length === 0 ? 0 : slots.length * (SIZE.slot + SIZE.gap) - SIZE.gap) + SIZE.lane;
    const box: DeviceBox = { interface: i, side, rail: x + 16, header: SIZE.header, slots, stop, x, y, w, h };
    y += h + 10;
    return box;
  });
}
