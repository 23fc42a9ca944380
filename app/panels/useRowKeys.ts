import { type RefObject, useEffect } from 'react';

/** ↑ and ↓ move from rule to rule, unless another part of the page has the focus. Enter opens what has it. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const down = (e: KeyboardEvent): void => {
      const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
      const { current } = list;
      if (step === 0 || current === null || e.defaultPrevented) return;
      if (e.shiftKey || e.altKey || e.metaKey || e.ctrlKey) return;
      const target = e.target instanceof Element ? e.target : null;
      const here = target === document.body || target?.closest('[data-testid="panel-chain"]') != null;
      if (!here || target?.closest('input, textarea, select, summary') != null) return;
      const rows = [...current.querySelectorAll<HTMLElement>('[data-row]')];
      const at = rows.findIndex((row) => row.contains(document.activeElement));
      // From outside: to the rule that the packet is at.
      const first = Math.max(
        0,
        rows.findIndex((row) => row.getAttribute('aria-current') === 'step'),
      );
      const next = rows[at < 0 ? first : at + step];
      if (next === undefined) return;
      e.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
    };
    window.addEventListener('keydown', down);
    return () => window.removeEventListener('keydown', down);
  }, [list]);
}
