import type { Layout } from '../ui';

export function NetworkGraph(_props: { readonly layout: Layout }) {
  return <div data-testid="network-canvas" />;
}
