import type { Node, NodeProps } from '@xyflow/react';
import { stores, useView } from '../store';
import { usePlace } from './scene';

/** Where a route is looked up; the panel of the lookup is a click away. */
export function RoutingNode({ data: { which } }: NodeProps<Node<{ readonly which: 'input' | 'output' }>>) {
  const { host } = usePlace();
  const selected = useView((s) => s.selection?.kind === 'routing' && s.selection.host === host.name);
  const input = which === 'input';
  return (
    <button
      type="button"
      className="size-full rounded-full data-selected:outline-2 data-selected:outline-line-2"
      aria-label={input ? 'Routing: for this host, or to be forwarded' : 'Route lookup for what this host sends'}
      data-testid={`routing-${which}`}
      {...(selected ? { 'data-selected': '' } : {})}
      onClick={() => stores.view.getState().select({ kind: 'routing', host: host.name }, 'routes')}
    />
  );
}
