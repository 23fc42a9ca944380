import type { Lab } from '../../src/engine';

/** A lab in the browser's storage. */
export interface StoredLab {
  readonly id: string;
  readonly lab: Lab;
  /** Counts the writes. A tab that finds another number than it wrote has been overtaken by another tab. */
  readonly revision: number;
  /** The page that wrote it: one load of a tab. */
  readonly by?: string;
  /** Milliseconds since 1970, for the list. */
  readonly saved: number;
  /** Set while a lab is running that has not run before; a lab that is found with it made the engine or page fail. */
  readonly suspect?: boolean;
}

/** Where labs are kept: IndexedDB in the page, a map in tests. */
export interface LabArchive {
  readonly get: (id: string) => Promise<unknown>;
  readonly list: () => Promise<readonly unknown[]>;
  /** Changes one record in one transaction; what `change` gives null for is left alone. */
  readonly update: (id: string, change: (old: unknown) => StoredLab | null) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
}

export function isStoredLab(value: unknown): value is StoredLab {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    typeof record.id === 'string' &&
    typeof record.revision === 'number' &&
    typeof record.saved === 'number' &&
    looksLikeLab(record.lab)
  );
}

/** Enough of a lab to be put on show; what is wrong inside it is the engine's to say. */
export function looksLikeLab(value: unknown): value is Lab {
  if (typeof value !== 'object' || value === null) return false;
  const lab = value as Record<string, unknown>;
  return (
    lab.format === 'lab/1' &&
    typeof lab.name === 'string' &&
    typeof lab.hosts === 'object' &&
    lab.hosts !== null &&
    Object.values(lab.hosts).every((host) => typeof host === 'object' && host !== null) &&
    Array.isArray(lab.steps) &&
    lab.steps.every((step) => typeof step === 'object' && step !== null)
  );
}

/** Opens the browser's storage. Fails where the browser forbids it: then labs live as long as the tab. */
export async function openArchive(): Promise<LabArchive> {
  const { openDB } = await import('idb');
  const db = await openDB('hookline', 1, {
    upgrade: (made) => {
      made.createObjectStore('labs', { keyPath: 'id' });
    },
    // Another tab has a newer page: let go, so that it can go on.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return {
    get: (id) => db.get('labs', id),
    list: () => db.getAll('labs'),
    update: async (id, change) => {
      const tx = db.transaction('labs', 'readwrite');
      const next = change(await tx.store.get(id));
      if (next !== null) await tx.store.put(next);
      await tx.done;
    },
    remove: (id) => db.delete('labs', id),
  };
}

type SaveOutcome =
  | { readonly kind: 'saved'; readonly revision: number }
  /** Another tab wrote the same lab meanwhile; ours was kept under a new id. */
  | { readonly kind: 'forked'; readonly id: string; readonly revision: number };

/** What goes with a write. */
export interface Stamp {
  readonly now: number;
  readonly newId: string;
  readonly suspect?: boolean;
  /** The page that writes. */
  readonly by?: string;
  /** The page that this tab had before: what it still wrote while it was left is older than what is written now. */
  readonly after?: string;
}

/** Writes a lab over the revision that this tab knows, or beside it if another tab was there first. */
export async function saveLab(
  archive: LabArchive,
  document: { readonly id: string; readonly lab: Lab },
  known: number,
  stamp: Stamp,
): Promise<SaveOutcome> {
  let overtaken = false;
  let revision = known;
  const marks = {
    saved: stamp.now,
    ...(stamp.by === undefined ? {} : { by: stamp.by }),
    ...(stamp.suspect === true ? { suspect: true } : {}),
  };
  await archive.update(document.id, (old) => {
    if (isStoredLab(old) && old.by !== undefined && old.by === stamp.after) revision = old.revision;
    overtaken = isStoredLab(old) && old.revision !== revision;
    return overtaken ? null : { ...document, revision: revision + 1, ...marks };
  });
  if (!overtaken) return { kind: 'saved', revision: revision + 1 };
  await archive.update(stamp.newId, () => ({
    id: stamp.newId,
    lab: document.lab,
    revision: 1,
    ...marks,
  }));
  return { kind: 'forked', id: stamp.newId, revision: 1 };
}
