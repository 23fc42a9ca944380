/** Placeholder: explanation, transport and timeline. */
export function Dock() {
  return <footer className="dock h-[182px]" data-testid="dock" />;
}
