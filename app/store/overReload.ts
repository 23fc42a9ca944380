import type { Lab } from '../../src/engine';
import { checkSum } from './checkSum';
import type { LabStore } from './labStore';
import { afterPaint, stores } from './stores';

/** Longer talk is not kept. */
const LONGEST = 2_000_000;

/** What brings back what was kept, by name. */
const loaders = new Map<string, () => Promise<unknown>>();
/** What was kept of the lab on show and is not given back yet, with the lab as it was opened. */
const found = new Map<string, { readonly kept: unknown; readonly lab: Lab }>();

const keyOf = (name: string): string => `hookline-${name}`;
const sumOf = (lab: Lab): string => checkSum(new TextEncoder().encode(JSON.stringify(lab)));

/** A browser may refuse its storage: then nothing is kept, and nothing was. */
function trying(work: () => void): void {
  try {
    work();
  } catch {}
}

/** Says what is to be loaded where something was kept under a name: it calls `keepOverReload`. */
export function whenKept(name: string, load: () => Promise<unknown>): void {
  loaders.set(name, load);
}

/** The lab of this tab has just been opened: what was kept of the very same lab is given back, even if it is edited now. */
export function readKept(store: LabStore): void {
  const { lab } = store.getState();
  for (const [name, load] of loaders) {
    trying(() => {
      const text = sessionStorage.getItem(keyOf(name));
      if (text === null) return;
      const { lab: sum, kept } = JSON.parse(text) as { readonly lab: string; readonly kept: unknown };
      if (sum !== sumOf(lab)) return sessionStorage.removeItem(keyOf(name));
      found.set(name, { kept, lab });
      // It may be needed before: then it is loaded by then. That it could not be loaded is said where it is needed.
      afterPaint(() => void load().catch(() => undefined));
    });
  }
  store.subscribe((now, before) => {
    if (now.id !== before.id && now.lab !== before.lab) found.clear();
  });
}

/**
 * Keeps what belongs to the lab on show over a reload of this tab. It is given back once, and only to the very same lab.
 * `name` changes with the form of what is kept; `save` says null where there is nothing; `restore` has the lab as it was.
 */
export function keepOverReload<T>(name: string, save: () => T | null, restore: (kept: T, lab: Lab) => void): void {
  const key = keyOf(name);
  trying(() => {
    const back = found.get(name);
    found.delete(name);
    sessionStorage.removeItem(key);
    if (back !== undefined) restore(back.kept as T, back.lab);
  });
  addEventListener('pagehide', () =>
    trying(() => {
      sessionStorage.removeItem(key);
      const kept = save();
      if (kept === null) return;
      const text = JSON.stringify({ lab: sumOf(stores.lab.getState().lab), kept });
      if (text.length <= LONGEST) sessionStorage.setItem(key, text);
    }),
  );
}
