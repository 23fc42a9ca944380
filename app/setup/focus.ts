/** What was added is drawn first; then its first field has the focus. */
export function focusSoon(testid: string): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLInputElement>(`[data-testid="${testid}"]`);
    field?.focus();
    field?.select();
  });
}

/** What had the focus is gone: once the page is drawn without it, this has it, unless something else has taken it. */
export function focusIfLost(testid: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.focus({ preventScroll: true });
  });
}
