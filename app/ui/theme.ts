/** Sets the colours of the page. `system` lets the media query decide. */
export function applyTheme(theme: 'dark' | 'light' | 'system'): void {
  const root = document.documentElement;
  if (theme === 'system') root.removeAttribute('data-theme');
  else root.dataset.theme = theme;
}

/** True if the page is dark now, whoever decided it. */
export function isDark(theme: 'dark' | 'light' | 'system'): boolean {
  return theme === 'system' ? !matchMedia('(prefers-color-scheme: light)').matches : theme === 'dark';
}

/** True if the page is light now, as the document says: a projector may be, whatever was chosen. */
export function lightNow(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia('(prefers-color-scheme: light)').matches : chosen === 'light';
}
