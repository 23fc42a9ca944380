import { defaultKeymap } from '@codemirror/commands';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Transaction } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view';
import type { Lab } from '../../src/engine';
import { type EditorMember, isPart } from '../setup';
import { stores } from '../store';
import { changeBetween } from './change';
import { direct, unscrolled } from './direct';
import { draftOf, dropDraft, keepDraft, type PartDraft } from './drafts';
import { languageOf } from './language';
import { look, marks, type Shown, showMarks } from './marks';
import { MEMBERS } from './members';
import { memberText, writeMember } from './memberText';

/** Milliseconds after the last key at which the lab is run with the new text, if that is long; else with every key. */
const TYPING = 60;
const LONG_TEXT = 200_000;
/** Pixels between what lies over the page and its edges. */
const EDGE = 8;

const page = (edge: number) => ({
  left: edge,
  top: edge,
  right: document.documentElement.clientWidth - edge,
  bottom: innerHeight - edge,
});

/** What stands beside the text and belongs to it: it chooses the text, and adds to its editor. */
export interface Linked {
  readonly member: EditorMember;
  readonly setMember: (member: EditorMember) => void;
  /** Stays the same while the editor is there. `settle`: what was typed goes into the lab now. */
  readonly extensionFor: (member: EditorMember, settle: () => void) => Extension;
  /** The editor is there; what is returned is called when it goes. */
  readonly onView: (view: EditorView, member: EditorMember) => () => void;
}

/** A text of a host and its editor, which hold the same: what is typed goes into the lab, what is undone comes back. */
export class LabText {
  readonly view: EditorView;
  private readonly host: string;
  private readonly member: EditorMember;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The lab changes because of what was typed here. */
  private writing = false;
  private readonly unsubscribe: () => void;

  constructor(parent: HTMLElement, host: string, member: EditorMember, linked: Linked) {
    this.host = host;
    this.member = member;
    const draft = draftOf(host, member);
    this.view = new EditorView({
      parent,
      // The lab has the new text before the page is touched: the engine runs it while what was typed is drawn.
      dispatchTransactions: (made, view) => {
        const transactions = unscrolled(made, view);
        this.typed(transactions);
        view.update(transactions);
      },
      state: EditorState.create({ doc: draft?.text ?? this.stored(), extensions: this.extensions(linked, parent) }),
    });
    if (draft !== null) showMarks(this.view, marksOf(draft.diagnostics));
    this.unsubscribe = stores.lab.subscribe((now, before) => this.follow(now.lab, before.lab));
    // Before the lab is written for the last time.
    addEventListener('pagehide', this.leave, { capture: true });
  }

  /** What was typed goes into the lab; nothing comes back any more. */
  stop(): void {
    this.leave();
    removeEventListener('pagehide', this.leave, { capture: true });
    this.unsubscribe();
  }

  private readonly leave = (): void => {
    if (this.timer !== undefined) this.flush();
  };

  private stored(): string {
    return memberText(stores.lab.getState().lab.hosts[this.host], this.member);
  }

  private typed(transactions: readonly Transaction[]): void {
    const typed = transactions.some((t) => t.docChanged && t.annotation(Transaction.remote) !== true);
    const doc = transactions.at(-1)?.newDoc;
    if (!typed || doc === undefined) return;
    clearTimeout(this.timer);
    if (doc.length > LONG_TEXT) this.timer = setTimeout(() => this.flush(), TYPING);
    else this.write(doc.toString(), doc.lines === transactions[0]?.startState.doc.lines);
  }

  /** `inPlace`: no line came or went. */
  private write(text: string, inPlace = false): void {
    const { host, member } = this;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (text === this.stored() && !isPart(member)) return;
    this.writing = true;
    try {
      if (isPart(member)) writePart(this.view, host, member, text);
      else stores.shown.typing(() => stores.lab.getState().setHostText(host, member, text), inPlace);
    } finally {
      this.writing = false;
    }
  }

  private flush(): void {
    this.write(this.view.state.doc.toString());
  }

  /** What was typed is in the lab and on show. */
  private settle(): void {
    if (this.timer !== undefined) this.flush();
    stores.shown.settle();
  }

  private follow(now: Lab, before: Lab): void {
    const { host, member, view } = this;
    if (now === before || this.writing || this.timer !== undefined) return;
    const text = memberText(now.hosts[host], member);
    // A part stays as it is typed while it says the same, or while it is wrong and nothing of it has changed.
    if (isPart(member) && text === memberText(before.hosts[host], member)) return;
    const change = changeBetween(view.state.doc.toString(), text);
    if (change !== null) view.dispatch({ changes: change, annotations: Transaction.remote.of(true) });
  }

  private extensions(linked: Linked, parent: HTMLElement): Extension {
    const { host, member } = this;
    const [, title = member, hint = ''] = MEMBERS.find(([name]) => name === member) ?? [];
    const settle = (): void => this.settle();
    // What was typed is in the lab before anything else is done to it.
    const first = (act: () => void) => (): boolean => {
      this.flush();
      act();
      return true;
    };
    const redo = first(() => stores.lab.getState().redo());
    return [
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      EditorView.lineWrapping,
      direct(),
      // What is wrong with a line is said below it: there is to be room.
      EditorView.scrollMargins.of(({ dom }) => ({ bottom: Math.min(130, dom.clientHeight / 3) })),
      // Whoever turns to the form finds there what was typed.
      EditorView.domEventHandlers({ blur: settle }),
      keymap.of([
        { key: 'Mod-z', run: first(() => stores.lab.getState().undo()), preventDefault: true },
        { key: 'Mod-Shift-z', run: redo, preventDefault: true },
        { key: 'Mod-y', run: redo, preventDefault: true },
        ...searchKeymap,
        { key: 'Escape', run: first(() => stores.view.getState().setOverlay(null)) },
        ...defaultKeymap,
      ]),
      EditorView.contentAttributes.of({
        'aria-label': `${title} of ${host}`,
        tabindex: '0',
        spellcheck: 'false',
        autocorrect: 'off',
        autocapitalize: 'off',
      }),
      placeholder(hint),
      languageOf(member),
      // Beside the editor, which is a box that shows nothing beyond it.
      tooltips({ parent, tooltipSpace: () => page(EDGE) }),
      marks,
      look,
      linked.extensionFor(member, settle),
    ];
  }
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
    if (view.state.doc.toString() === text) showMarks(view, marksOf(diagnostics));
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
