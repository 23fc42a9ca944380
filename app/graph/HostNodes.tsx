import type { Node, NodeTypes } from '@xyflow/react';
import type { DeviceBox, HookBox } from './boxes';
import { DeviceNode } from './DeviceNode';
import { around, nodeAt } from './flow';
import { HookNode } from './HookNode';
import { LocalNode } from './LocalNode';
import type { HostLayout } from './layout';
import { RoutingNode } from './RoutingNode';
import { TitleNode } from './TitleNode';

type HostNode =
  | Node<{ readonly box: HookBox }, 'hook'>
  | Node<{ readonly box: DeviceBox }, 'device'>
  | Node<Record<string, never>, 'local'>
  | Node<Record<string, never>, 'title'>
  | Node<{ readonly which: 'input' | 'output' }, 'routing'>;

/** The nodes of a host's graph, as its layout has them. */
export function nodesOf(layout: HostLayout): HostNode[] {
  // For a room: the name of an interface on either side, instead of a box for each.
  const devices =
    layout.presented === true
      ? (['in', 'out'] as const).flatMap((side) => layout.devices.find((d) => d.side === side) ?? [])
      : layout.devices;
  return [
    nodeAt('title', 'title', layout.title, {}),
    ...devices.map((box) => nodeAt(box.stop, 'device', box, { box })),
    ...layout.hooks.map((box) => nodeAt(`hook-${box.hook}`, 'hook', box, { box })),
    nodeAt('local', 'local', layout.local, {}),
    nodeAt('routing-input', 'routing', around(layout.routeInput, 50), { which: 'input' }),
    nodeAt('routing-output', 'routing', around(layout.routeOutput, 28), { which: 'output' }),
  ];
}

export const hostNodeTypes = {
  hook: HookNode,
  device: DeviceNode,
  local: LocalNode,
  title: TitleNode,
  routing: RoutingNode,
} satisfies NodeTypes;
