/** Placeholder: the Chain, Packet, Conntrack, Routes and Sets panels. */
export function Inspector() {
  return <aside className="h-full" data-testid="pane-inspector" />;
}
