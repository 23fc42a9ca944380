import { stores } from './stores';

/** Longer talk is not kept. */
const LONGEST = 2_000_000;

/**
 * Keeps what belongs to the lab on show over a reload of this tab. It is given back once, and only to the very same lab.
 * `name` changes with the form of what is kept; `save` says null where there is nothing.
 */
export function keepOverReload<T>(name: string, save: () => T | null, restore: (kept: T) => void): void {
  const key = `hookline-${name}`;
  const shown = (): string => JSON.stringify(stores.lab.getState().lab);
  const put = (text: string): void => {
    if (text === '' || text.length > LONGEST) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  };
  // A browser may refuse its storage: then nothing is kept, and nothing was.
  const trying = (work: () => void): void => {
    try {
      work();
    } catch {}
  };
  trying(() => {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as { readonly lab: string; readonly kept: T } | null;
    put('');
    if (kept?.lab === shown()) restore(kept.kept);
  });
  addEventListener('pagehide', () =>
    trying(() => {
      const kept = save();
      put(kept === null ? '' : JSON.stringify({ lab: shown(), kept }));
    }),
  );
}
