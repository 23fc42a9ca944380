/** Placeholder: the steps of the lab. */
export function StepsList() {
  return <section data-testid="steps" />;
}
