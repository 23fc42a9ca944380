import { useSyncExternalStore } from 'react';

/** Whether a media query holds, now and after it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}

export type Layout = 'wide' | 'middle' | 'narrow';

/** Three panes, two, or one. A phone on its side has room for one. */
export function useLayout(): Layout {
  const wide = useMedia('(min-width: 1280px)');
  const middle = useMedia('(min-width: 768px) and (min-height: 481px)');
  if (wide) return 'wide';
  return middle ? 'middle' : 'narrow';
}

export const useReducedMotion = (): boolean => useMedia('(prefers-reduced-motion: reduce)');
