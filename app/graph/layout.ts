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
import { hostLine, type Leg } from './line';

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

/** Height at which the line passes the hooks of the bottom row. */
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
  const rowBottom = Math.max(...[pre, forward, post, ...ins, ...outs].map((b) => b.y + b.h));
  const { nodes, next, legs } = hostLine({
    hooks: { pre, forward, post, input, output },
    ins,
    outs,
    ports,
    bridged: host.interfaces.some((i) => i.kind === 'bridge'),
    spine: SPINE,
    local: barY + BAR,
    routeInput,
    routeOutput,
    risesIn: (X.in + X.inW + X.pre) / 2,
    risesOut: (X.post + X.postW + X.out) / 2,
    departed: DEPARTED,
    underneath: rowBottom + 12,
  });

  const bottomEdge = Math.max(rowBottom + 10 + 52 + 16, HEIGHT);
  // The title ends above the row.
  const topEdge = Math.min(barY - 12, bottomEdge - HEIGHT, SIZE.row - 34 - titleBox(host, 0).h);
  return {
    family,
    bounds: { x: 0, y: topEdge, w: RIGHT, h: bottomEdge - topEdge },
    hooks: [pre, forward, post, input, output],
    devices: [...ins, ...outs],
    hidden,
    local,
    title: titleBox(host, topEdge + 20),
    routeInput,
    routeOutput,
    legs,
    rowBottom,
    nodes,
    next,
  };
}
