import { createStore } from 'zustand/vanilla';
import type { Lab, LabHost } from '../../src/engine';
import { labTitle, newId, stores } from '../store';

/** A text that someone has pasted, dropped or opened, while it is decided what becomes of it. */
export interface Importing {
  readonly text: string;
  /** Name of the file, '' if there is none. */
  readonly name: string;
}

/** What is being imported, while its dialog is open. */
export const importing = createStore<{ readonly now: Importing | null }>()(() => ({ now: null }));

export function startImport(text: string, name = ''): void {
  importing.setState({ now: { text, name } });
}

export function endImport(): void {
  importing.setState({ now: null });
}

/** Shows another lab. The one before stays among the kept labs, and one click brings it back. */
export function openLab(lab: Lab, said?: string, tone: 'ok' | 'info' | 'bad' = 'ok'): void {
  const { lab: before, id } = stores.lab.getState();
  stores.play.getState().pause();
  stores.lab.getState().openLab(lab, newId());
  stores.view.setState({ overlay: null, under: null, editorAt: null, networkEdit: null, drawer: null });
  stores.notices.getState().say({
    tone,
    text: said ?? `“${labTitle(lab)}” is open.`,
    ...(Object.keys(before.hosts).length === 0
      ? {}
      : { action: { label: `Back to ${labTitle(before)}`, run: () => stores.lab.getState().openLab(before, id) } }),
  });
}

/** Where something is wrong in a text, from 1; `line` 0: in no place of it. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Saves the lab as a file of the person's own. */
export function saveFile(): void {
  const { lab } = stores.lab.getState();
  const blob = new Blob([`${JSON.stringify(lab, null, 2)}\n`], { type: 'application/json' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${(labTitle(lab) || 'lab').replace(/[^\p{L}\p{N}-]+/gu, '-').replace(/^-+|-+$/g, '') || 'lab'}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The browser's own dialog to choose a file; then as if it had been dropped. */
export function openFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,.txt,.rules,.v4,.v6,.conf,application/json,text/plain';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void importFile(file);
  });
  input.click();
}

const LARGEST = 32_000_000;

/** Shows a file in the import dialog; one that is too large or cannot be read is told. */
export async function importFile(file: File): Promise<void> {
  if (file.size > LARGEST) {
    stores.notices
      .getState()
      .say({ tone: 'bad', text: `${file.name} is larger than 32 MB. That is no lab or ruleset.` });
    return;
  }
  try {
    startImport(await file.text(), file.name);
  } catch {
    stores.notices.getState().say({ tone: 'bad', text: `${file.name} could not be read.` });
  }
}

/** Puts a ruleset into a host of the lab on show. Undoable. */
export function putIntoHost(
  host: string,
  more: Partial<LabHost>,
  refusedBy: readonly string[] = [],
  unlike = '',
): void {
  stores.lab.getState().editHost(host, (h) => ({ ...h, ...more }));
  stores.view.getState().closeAll();
  const said =
    refusedBy.length === 0
      ? `${host} has the new text.`
      : `${host} has the new text, and runs without the lines that ${refusedBy.join(' and ')} would refuse.`;
  stores.notices.getState().say({
    tone: refusedBy.length > 0 ? 'bad' : unlike === '' ? 'ok' : 'info',
    text: `${said} ${unlike}`.trim(),
    action: { label: 'Undo', run: () => stores.lab.getState().undo() },
    undoes: true,
  });
}

/** Opens the lab of a share link. The lab on show before is kept; a damaged link changes nothing. */
export async function openLink(hash: string): Promise<void> {
  const { labOfFragment } = await import('./share');
  const shared = await labOfFragment(hash);
  history.replaceState(null, '', location.pathname + location.search);
  if (shared.kind === 'lab')
    openLab(shared.lab, `“${labTitle(shared.lab)}” was opened from a link. Your own labs are kept.`);
  else
    stores.notices.getState().say({ tone: 'bad', text: `The link is damaged. ${shared.why} Your lab is as it was.` });
}
