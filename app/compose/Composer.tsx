/** Placeholder: from, to, presets, header fields, "Add to lab". */
export function Composer() {
  return <section data-testid="composer" />;
}
