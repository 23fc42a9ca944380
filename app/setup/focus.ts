/** What was added is drawn first; then its first field has the focus. */
export function focusSoon(testid: string): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLInputElement>(`[data-testid="${testid}"]`);
    field?.focus();
    field?.select();
  });
}
