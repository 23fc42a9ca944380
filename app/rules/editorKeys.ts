import { stores } from '../store';
import type { EditorStore } from './editor';

/** Gives a rule's row the focus once it is drawn where it now stands. */
export function focusRule(id: number): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-rule="${id}"]`)?.focus());
}

/** Gives the focus to the rule that is open in the editor around an element, else to the editor itself. */
export function focusEditor(within: HTMLElement): void {
  const editor = within.closest<HTMLElement>('[data-testid="rules-editor"]');
  const open = editor?.querySelector<HTMLElement>('[data-rule][aria-expanded="true"]');
  (open ?? editor)?.focus({ preventScroll: true });
}

/** Keys of the form; those of the text and of its fields belong to them. */
export function editorKeys(e: React.KeyboardEvent | KeyboardEvent, store: EditorStore): void {
  if (e.defaultPrevented) return;
  const target = e.target as HTMLElement;
  if (target.closest('.cm-editor, [role="menu"]') !== null) return;
  const state = store.getState();
  const done = (): void => {
    e.preventDefault();
    e.stopPropagation();
  };
  const picked = [...state.picked];
  const focused = Number(target.closest('[data-rule]')?.getAttribute('data-rule') ?? Number.NaN);
  const ids =
    picked.length > 0 && (Number.isNaN(focused) || picked.includes(focused))
      ? picked
      : Number.isNaN(focused)
        ? []
        : [focused];
  if ((e.metaKey || e.ctrlKey) && (e.key.toLowerCase() === 'z' || e.key.toLowerCase() === 'y')) {
    done();
    const { undo, redo } = stores.lab.getState();
    if (e.shiftKey || e.key.toLowerCase() === 'y') redo();
    else undo();
    return;
  }
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown') && ids.length > 0) {
    done();
    state.shift(ids, e.key === 'ArrowUp' ? -1 : 1);
    const [id] = ids;
    if (!Number.isNaN(focused)) focusRule(focused);
    else if (id !== undefined && state.open === null) focusRule(id);
    return;
  }
  if (e.key === 'Escape') {
    if (state.open !== null) {
      done();
      const id = state.open;
      state.openRule(null);
      focusRule(id);
    } else if (state.picked.size > 1) {
      done();
      state.unpick();
    } else if (target.closest('input, select, textarea') !== null) {
      done();
      stores.view.getState().setOverlay(null);
    }
    return;
  }
  if (target.closest('input, select, textarea') !== null || e.metaKey || e.ctrlKey || e.altKey) return;
  if (e.key === 'Delete' || (e.key === 'Backspace' && !Number.isNaN(focused))) {
    if (ids.length === 0 || state.open !== null) return;
    done();
    state.remove(ids);
    const [next] = store.getState().picked;
    if (next !== undefined) focusRule(next);
    return;
  }
  if (e.key.toLowerCase() === 'm') {
    done();
    const [id] = ids;
    if (state.open === null && id !== undefined) state.openRule(id);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-testid="find-match"]')?.focus());
    return;
  }
  if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && target === e.currentTarget) {
    done();
    document.querySelector<HTMLElement>('[data-testid="editor-rules"] [data-rule]')?.focus();
    return;
  }
  // Nothing plays behind the editor: keys of the transport, the graph and the panels rest.
  if (/^( |Arrow.*|Home|End|[gnp[\]1-5])$/i.test(e.key)) e.stopPropagation();
}
