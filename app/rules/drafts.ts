import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Diagnostic } from '../../src/engine';
import { type EditorMember, sectionOf } from '../setup';
import { editorIsOpen, keepOverReload, stores } from '../store';
import { memberText } from './memberText';

/** What was typed for a part of a host and is no such part yet: the lab cannot hold it. */
export interface PartDraft {
  readonly host: string;
  readonly member: EditorMember;
  readonly text: string;
  /** The part in the lab when this was typed: once that is changed otherwise, the draft is of the past. */
  readonly over: string;
  readonly diagnostics: readonly Diagnostic[];
}

const NONE: readonly PartDraft[] = [];

/** Of the lab on show. They outlive the editor, which comes and goes. */
const drafts = createStore<readonly PartDraft[]>()(() => NONE);

stores.lab.subscribe((now, before) => {
  if (now.lab === before.lab || drafts.getState().length === 0) return;
  const another = now.id !== before.id;
  const still = drafts.getState().filter((d) => !another && memberText(now.lab.hosts[d.host], d.member) === d.over);
  if (still.length < drafts.getState().length) drafts.setState(still, true);
});

keepOverReload(
  'drafts-1',
  () => (drafts.getState().length === 0 ? null : drafts.getState()),
  (kept) => drafts.setState(kept, true),
);

let told: readonly number[] = [];

// Who closes the editor is told what stays behind in it, until it is opened again.
stores.view.subscribe((now, before) => {
  if (editorIsOpen(now) === editorIsOpen(before)) return;
  const { say, dismiss } = stores.notices.getState();
  for (const id of told) dismiss(id);
  if (editorIsOpen(now)) return;
  told = drafts.getState().map(({ host, member, diagnostics }) => {
    const { title } = sectionOf(member);
    return say({
      tone: 'bad',
      text: `${title} of ${host}: the text is not right yet. It is kept in the editor; the lab goes on with what it had.`,
      action: {
        label: 'Back to it',
        run: () => stores.view.getState().openEditor({ host, member, line: diagnostics[0]?.line ?? 1 }),
      },
    });
  });
});

const isOf = (host: string, member: EditorMember) => (d: PartDraft) => d.host === host && d.member === member;

export const draftOf = (host: string, member: EditorMember): PartDraft | null =>
  drafts.getState().find(isOf(host, member)) ?? null;

export function keepDraft(draft: PartDraft): void {
  const others = drafts.getState().filter((d) => !isOf(draft.host, draft.member)(d));
  drafts.setState([...others, draft], true);
}

export function dropDraft(host: string, member: EditorMember): void {
  if (draftOf(host, member) === null) return;
  drafts.setState(
    drafts.getState().filter((d) => !isOf(host, member)(d)),
    true,
  );
}

export const useDrafts = (): readonly PartDraft[] => useStore(drafts);
