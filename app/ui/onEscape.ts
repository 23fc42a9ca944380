/** Esc leaves a form; nothing behind the form hears of it. */
export const onEscape =
  (leave: () => void) =>
  (e: React.KeyboardEvent): void => {
    if (e.key !== 'Escape') return;
    e.preventDefault();
    e.stopPropagation();
    leave();
  };
