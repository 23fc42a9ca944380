import { Suspense } from 'react';
import type { Layout } from '../ui';
import { later } from '../ui';

export { HostGraph } from './HostGraph';

const LazyNetwork = later(() => import('./NetworkGraph').then((m) => m.NetworkGraph));

/** All hosts and the segments between them. Loaded when it is first wanted. */
export function NetworkGraph({ layout }: { readonly layout: Layout }) {
  return (
    <Suspense fallback={<div className="absolute inset-0" data-testid="network-canvas" />}>
      <LazyNetwork layout={layout} />
    </Suspense>
  );
}
