import type { Layout } from '../ui';

/** Placeholder: explanation, transport and timeline. */
export function Dock(_props: { readonly layout: Layout }) {
  return <footer className="dock h-[182px]" data-testid="dock" />;
}
