import type { HostView } from '../../src/engine';
import type { HookName } from '../../src/model';
import { type HookBox, stopOf, TITLE_LINES, titleLines } from './boxes';
import type { Box, Point } from './geometry';
import type { HostLayout } from './layout';

const SPINE = 352;
/** Where INPUT and OUTPUT are: above and below them there is room for the pill. */
const UPPER = 144;
const H = 72;
const WIDTH = 1280;
const R1 = 614;
const R2 = 908;
const IN = 236;
const OUT = 1186;

/** Where the hooks are on a projector: boxes with a name, on a line that goes straight through them. */
const BOXES: Readonly<Record<string, Box>> = {
  PREROUTING: { x: 322, y: SPINE - H / 2, w: 204, h: H },
  FORWARD: { x: 692, y: SPINE - H / 2, w: 180, h: H },
  POSTROUTING: { x: 942, y: SPINE - H / 2, w: 216, h: H },
  INPUT: { x: R1 - 88, y: UPPER, w: 176, h: H },
  OUTPUT: { x: R2 - 88, y: UPPER, w: 176, h: H },
};
const LOCAL: Box = { x: R1 - 88, y: 20, w: R2 - R1 + 176, h: 52 };
const LOOKUP: Point = [R2, 108];
const AROUND = SPINE + H / 2 + 24;

/**
 * The same line with the same stops, drawn for a projector: hooks without their tables. All that happens in a hook
 * happens at the edge where the packet comes in.
 */
export function presenterLayout(full: HostLayout, host: HostView): HostLayout {
  const nodes = new Map<string, Point>();
  const put = (stop: string, at: Point): void => {
    if (full.nodes.has(stop)) nodes.set(stop, at);
  };
  const entry = (box: Box, hook: HookName): Point =>
    hook === 'INPUT' ? [R1, box.y + box.h] : hook === 'OUTPUT' ? [R2, box.y] : [box.x, SPINE];
  const hooks = full.hooks.map((hook): HookBox => {
    const box = BOXES[hook.hook] as Box;
    const at = entry(box, hook.hook);
    for (const part of ['top', 'middle']) put(`${hook.hook}:${part}`, at);
    put(`${hook.hook}:lane`, [box.x + box.w, SPINE]);
    const cards = hook.cards.map((card) => {
      put(card.stop, at);
      for (const chain of card.chains) put(chain.stop, at);
      return { ...card, ...box, station: at[1] };
    });
    return { ...hook, ...box, cards };
  });
  for (const device of full.devices) {
    const inward = device.side === 'in';
    const x = inward ? IN + 40 : OUT + 20;
    for (const part of ['top', 'lane', 'rise']) put(`${device.stop}:${part}`, [x, SPINE]);
    put(device.stop, [x, SPINE]);
    for (const slot of device.slots) put(slot.stop, [x, SPINE]);
  }
  // Also the ports of bridges, which have no box.
  for (const stop of full.nodes.keys()) {
    if (stop.startsWith('wire-in:')) put(stop, [IN, SPINE]);
    if (stop.startsWith('wire-out:')) put(stop, [WIDTH - 12, SPINE]);
  }
  const fixed: readonly (readonly [string, Point])[] = [
    [stopOf.routeInput, [R1, SPINE]],
    [stopOf.routeOutput, LOOKUP],
    [stopOf.localIn, [R1, LOCAL.y + LOCAL.h]],
    [stopOf.localOut, [R2, LOCAL.y + LOCAL.h]],
    ['rise0', [302, SPINE]],
    ['rise1', [R1, SPINE]],
    ['rise2', [R2, SPINE]],
    ['join', [R2, SPINE]],
    ['rise3', [OUT - 12, SPINE]],
    ['loop:down', [OUT - 12, AROUND]],
    [stopOf.loop, [800, AROUND]],
    [stopOf.bridge, [800, AROUND]],
    ['loop:up', [302, AROUND]],
  ];
  for (const [stop, at] of fixed) put(stop, at);
  return {
    ...full,
    presented: true,
    bounds: { x: 0, y: 0, w: WIDTH, h: 540 },
    hooks,
    devices: full.devices.map((d) => ({
      ...d,
      slots: [],
      rail: d.side === 'in' ? IN + 40 : OUT + 20,
      x: d.side === 'in' ? IN : OUT,
      y: SPINE - 42,
      w: 84,
      h: 28,
    })),
    local: LOCAL,
    title: titleOf(host),
    routeInput: [R1, SPINE],
    routeOutput: LOOKUP,
    legs: full.legs.map((leg) => ({ ...leg, chevron: arrowOf(leg.id) })),
    rowBottom: SPINE + H / 2 + 12,
    nodes,
  };
}

/** The room of the host's name and addresses, as large as a room of people needs them. */
function titleOf(host: HostView): Box {
  const lines = titleLines(host).slice(0, TITLE_LINES);
  const widths = lines.map(({ name, address }) => 12 + name.length * 11.5 + address.length * 11.5);
  return {
    x: 32,
    y: 20,
    w: Math.min(330, Math.max(host.name.length * 23, ...widths)),
    h: 58 + 28 * lines.length,
  };
}

function arrowOf(id: string): { readonly at: Point; readonly angle: number } | null {
  switch (id) {
    case 'input':
      return { at: [R1, 254], angle: -90 };
    case 'output':
      return { at: [R2, 284], angle: 90 };
    case 'forward':
      return { at: [676, SPINE], angle: 0 };
    case 'post':
      return { at: [930, SPINE], angle: 0 };
    default:
      return null;
  }
}
