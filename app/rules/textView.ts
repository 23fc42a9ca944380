import { defaultKeymap } from '@codemirror/commands';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { useEffect, useMemo, useRef } from 'react';
import { type EditorMember, isPart } from '../setup';
import { placedFault } from '../setup/lazy';
import { stores, useExplanation, useRun } from '../store';
import { changeBetween } from './change';
import { useHandle } from './context';
import { draftOf, dropDraft, keepDraft, type PartDraft } from './drafts';
import { isRules } from './editor';
import { languageOf } from './language';
import { look, marks, type Shown, showMarks } from './marks';
import { MEMBERS } from './members';
import { memberText, writeMember } from './memberText';
import { lineOfChain, type RulesText } from './model';

/** Milliseconds after the last key at which the lab is run with the new text, if that is long; else with every key. */
const TYPING = 60;
const LONG_TEXT = 200_000;
const TOOLS: Readonly<Partial<Record<EditorMember, string>>> = {
  iptables: 'iptables-restore',
  ip6tables: 'ip6tables-restore',
  ipset: 'ipset restore',
};

/** What stands beside the text and belongs to it: it chooses the text, and adds to its editor. */
export interface Linked {
  readonly member: EditorMember;
  readonly setMember: (member: EditorMember) => void;
  /** Stays the same while the editor is there. `settle`: what was typed goes into the lab now. */
  readonly extensionFor: (member: EditorMember, settle: () => void) => Extension;
  /** The editor is there; what is returned is called when it goes. */
  readonly onView: (view: EditorView, member: EditorMember) => () => void;
}

/** What the engine says about the texts of a host, by member; only of the lab as it is now. */
export function useReports(host: string) {
  const texts = useRun((s) => s.result?.texts);
  return useMemo(
    () => new Map((texts ?? []).filter((t) => t.host === host).map((t) => [t.member as EditorMember, t])),
    [texts, host],
  );
}

/** The editor of one text. It and the lab hold the same text: what is typed goes there, what is undone comes back. */
export function useTextView(
  holder: React.RefObject<HTMLDivElement | null>,
  host: string,
  member: EditorMember,
  linked: Linked,
) {
  const beside = useRef(linked);
  const { store } = useHandle();
  const view = useRef<EditorView | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const parent = holder.current;
    if (parent === null) return;
    const stored = (): string => memberText(stores.lab.getState().lab.hosts[host], member);
    const draft = draftOf(host, member);
    let writing = false;
    const write = (text: string): void => {
      clearTimeout(timer.current);
      timer.current = undefined;
      if (text === stored() && !isPart(member)) return;
      writing = true;
      try {
        if (isPart(member)) writePart(made, host, member, text);
        else stores.shown.typing(() => stores.lab.getState().setHostText(host, member, text));
      } finally {
        writing = false;
      }
    };
    const flush = (): void => write(made.state.doc.toString());
    /** What was typed is in the lab and on show. */
    const settle = (): void => {
      if (timer.current !== undefined) flush();
      stores.shown.settle();
    };
    const history = (undo: boolean) => (): boolean => {
      flush();
      if (undo) stores.lab.getState().undo();
      else stores.lab.getState().redo();
      return true;
    };
    const leave = (): boolean => {
      flush();
      stores.view.getState().setOverlay(null);
      return true;
    };
    const made = new EditorView({
      parent,
      // The lab has the new text before the page is touched: the engine runs it while what was typed is drawn.
      dispatchTransactions: (transactions, view) => {
        const typed = transactions.findLast((t) => t.docChanged && t.annotation(Transaction.remote) !== true);
        const doc = transactions.at(-1)?.newDoc;
        if (typed !== undefined && doc !== undefined) {
          clearTimeout(timer.current);
          if (doc.length > LONG_TEXT) timer.current = setTimeout(flush, TYPING);
          else write(doc.toString());
        }
        view.update(transactions);
      },
      state: EditorState.create({
        doc: draft?.text ?? stored(),
        extensions: [
          lineNumbers(),
          drawSelection(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          EditorView.lineWrapping,
          // What is wrong with a line is said below it: there is to be room.
          EditorView.scrollMargins.of(({ dom }) => ({ bottom: Math.min(130, dom.clientHeight / 3) })),
          // Whoever turns to the form finds there what was typed.
          EditorView.domEventHandlers({ blur: settle }),
          keymap.of([
            { key: 'Mod-z', run: history(true), preventDefault: true },
            { key: 'Mod-Shift-z', run: history(false), preventDefault: true },
            { key: 'Mod-y', run: history(false), preventDefault: true },
            ...searchKeymap,
            { key: 'Escape', run: leave },
            ...defaultKeymap,
          ]),
          EditorView.contentAttributes.of({
            'aria-label': `${MEMBERS.find(([name]) => name === member)?.[1] ?? member} of ${host}`,
            tabindex: '0',
            spellcheck: 'false',
            autocorrect: 'off',
            autocapitalize: 'off',
          }),
          placeholder(MEMBERS.find(([name]) => name === member)?.[2] ?? ''),
          languageOf(member),
          marks,
          look,
          beside.current.extensionFor(member, settle),
        ],
      }),
    });
    view.current = made;
    if (draft !== null) made.dispatch({ effects: showMarks.of(marksOf(draft.diagnostics)) });
    toSelectedChain(made, host, member, store.getState().rules);
    const leaveLinked = beside.current.onView(made, member);
    const stop = stores.lab.subscribe((now, before) => {
      if (now.lab === before.lab || writing || timer.current !== undefined) return;
      const text = memberText(now.lab.hosts[host], member);
      // A part stays as it is typed while it says the same, or while it is wrong and nothing of it has changed.
      if (isPart(member) && text === memberText(before.lab.hosts[host], member)) return;
      const change = changeBetween(made.state.doc.toString(), text);
      if (change !== null) made.dispatch({ changes: change, annotations: Transaction.remote.of(true) });
    });
    return () => {
      if (timer.current !== undefined) flush();
      stop();
      leaveLinked();
      made.destroy();
      view.current = null;
    };
  }, [holder, host, member, store]);
  useMarks(view, host, member);
  return view;
}

function toSelectedChain(view: EditorView, host: string, member: EditorMember, rules: RulesText): void {
  const { selection, editorAt } = stores.view.getState();
  if (editorAt !== null) {
    if (editorAt.host === host && editorAt.member === member) toLine(view, editorAt.line);
    return;
  }
  const wanted = selection?.kind === 'chain' ? selection : lastChain(host);
  if (wanted !== null && isRules(member)) toLine(view, lineOfChain(rules, wanted.table, wanted.chain));
}

function toLine(view: EditorView, line: number): void {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 80 }) });
}

/** The chain that the packet was in last on this host. */
export function lastChain(host: string): { readonly table: string; readonly chain: string } | null {
  const { cursor } = stores.play.getState();
  const events = stores.run.getState().result?.events ?? [];
  const step = events[cursor]?.userStep;
  for (let i = cursor; i >= 0 && events[i]?.userStep === step; i--) {
    const event = events[i];
    if (event?.type === 'rule' && event.host === host) return event;
  }
  return null;
}

/** Puts the text of a part into the lab, or keeps it and says in place why it cannot be there. */
function writePart(view: EditorView, host: string, member: EditorMember, text: string): void {
  const diagnostics = writeMember(host, member, text);
  if (diagnostics.length === 0) dropDraft(host, member);
  else {
    const over = memberText(stores.lab.getState().lab.hosts[host], member);
    keepDraft({ host, member, text, over, diagnostics });
  }
  // The view has the text that these are about only a moment later.
  queueMicrotask(() => {
    if (view.state.doc.toString() === text) view.dispatch({ effects: showMarks.of(marksOf(diagnostics)) });
  });
}

const NOT_YET = 'Until it is right, the lab goes on with what it had.';

const marksOf = (diagnostics: PartDraft['diagnostics']): Shown => ({
  diagnostics,
  leftOut: diagnostics.map((d) => d.line),
  here: 0,
  tool: '',
  says: NOT_YET,
});

const SAYS: Readonly<Partial<Record<EditorMember, string>>> = {
  sysctl: 'The kernel does not take it; all else holds.',
  hooks: 'The function is left out until its condition can be read; all else holds.',
  queues: 'The rule is left out until its condition can be read; all else holds.',
};

/** Puts the engine's answer into the editor, as soon as it is about the text that stands there. */
function useMarks(view: React.RefObject<EditorView | null>, host: string, member: EditorMember): void {
  const reports = useReports(host);
  const spec = useRun((s) => s.lab?.hosts[host]);
  const ran = memberText(spec, member);
  const link = useExplanation()?.link ?? null;
  const here = link !== null && link.host === host && link.member === member ? link.line : 0;
  useEffect(() => {
    const made = view.current;
    if (made === null || made.state.doc.toString() !== ran) return;
    const report = reports.get(member);
    made.dispatch({
      effects: showMarks.of({
        diagnostics: (report?.diagnostics ?? []).map((d) => placedFault(spec, member, ran, d)),
        leftOut: report?.leftOut ?? [],
        here,
        tool: TOOLS[member] ?? 'The real tool',
        ...(SAYS[member] === undefined ? {} : { says: SAYS[member] }),
      }),
    });
  }, [view, reports, spec, ran, member, here]);
}
