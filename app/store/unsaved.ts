import type { Lab } from '../../src/engine';
import { looksLikeLab } from './persist';

const KEY = 'hookline-unsaved';

/** A lab with edits that were made just before its tab was left. */
export interface Unsaved {
  readonly id: string;
  /** Of the record that the edits were made over. */
  readonly revision: number;
  /** The page that they were made in. */
  readonly by: string;
  readonly lab: Lab;
}

/** Keeps them at once: a tab that is left waits for no write to the browser's database. */
export function keepUnsaved(unsaved: Unsaved): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(unsaved));
  } catch {
    // No room: what is in the database has to do.
  }
}

/** They are in the database now. */
export function dropUnsaved(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {}
}

/** What was kept so, once. */
export function takeUnsaved(): Unsaved | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    sessionStorage.removeItem(KEY);
    if (typeof kept !== 'object' || kept === null) return null;
    const { id, revision, by, lab } = kept as Record<string, unknown>;
    const isSound = typeof id === 'string' && typeof revision === 'number' && typeof by === 'string';
    return isSound && looksLikeLab(lab) ? { id, revision, by, lab } : null;
  } catch {
    return null;
  }
}
