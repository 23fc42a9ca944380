import type { Lab } from '../../src/engine';
import { looksLikeLab } from './persist';

const KEY = 'hookline-unsaved';

/** A lab with edits that were made just before its tab was left. */
export interface Unsaved {
  readonly id: string;
  /** Of the record that the edits were made over. */
  readonly revision: number;
  readonly lab: Lab;
}

/** Keeps them at once: a tab that is left waits for no write to the browser's database. */
export function keepUnsaved({ id, revision, lab }: Unsaved): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ id, revision, lab }));
  } catch {
    // No room: what is in the database has to do.
  }
}

/** What was kept so, once. It counts only over the record that it was made over. */
export function takeUnsaved(): Unsaved | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    sessionStorage.removeItem(KEY);
    if (typeof kept !== 'object' || kept === null) return null;
    const { id, revision, lab } = kept as Record<string, unknown>;
    return typeof id === 'string' && typeof revision === 'number' && looksLikeLab(lab) ? { id, revision, lab } : null;
  } catch {
    return null;
  }
}
