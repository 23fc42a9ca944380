/** Whether the keyboard has a Command key: else its shortcuts are those of Control. */
const hasCommandKey = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** A shortcut as this keyboard has it: `⌘Z`, `⇧⌘Z`; `Ctrl Z`, `Ctrl ⇧ Z` where there is no Command key. */
export function shortcut(key: string, shift = false, command = hasCommandKey()): string {
  if (command) return `${shift ? '⇧' : ''}⌘${key}`;
  return `Ctrl ${shift ? '⇧ ' : ''}${key}`;
}
