import type { Layout } from '../ui';

export function HostGraph(_props: { readonly layout: Layout }) {
  return <div data-testid="host-canvas" />;
}
