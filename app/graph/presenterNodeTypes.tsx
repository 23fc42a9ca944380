import type { NodeTypes } from '@xyflow/react';
import { type ComponentType, Suspense } from 'react';
import { later } from '../ui';
import { RoutingNode } from './RoutingNode';

const load = () => import('./PresenterNodes');

/** A node that is loaded when the presenter is first turned on. Its room is known before. */
function late<P extends object>(pick: (nodes: Awaited<ReturnType<typeof load>>) => ComponentType<P>): ComponentType<P> {
  const Part = later(() => load().then(pick));
  return function Late(props: P) {
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}

export const presenterNodeTypes = {
  hook: late((nodes) => nodes.HookNode),
  device: late((nodes) => nodes.DeviceNode),
  local: late((nodes) => nodes.LocalNode),
  title: late((nodes) => nodes.TitleNode),
  routing: RoutingNode,
} satisfies NodeTypes;
