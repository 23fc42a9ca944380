import { type EditorState, RangeSet, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import type { TextReport } from '../../src/engine';

export type Diagnostic = TextReport['diagnostics'][number];

export interface Shown {
  readonly diagnostics: readonly Diagnostic[];
  readonly leftOut: readonly number[];
  /** The line that the sentence in the dock is about, 0 for none. */
  readonly here: number;
  /** What the boxes' buttons do. */
  readonly tool: string;
  /** Said below an error instead of what the tool would do; such a line cannot be turned off. */
  readonly says?: string;
}

const setMarks = StateEffect.define<DecorationSet>();

/** Squiggles, left-out lines, the packet's line, and a box with a sentence and its fixes below a line with an error. */
export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (set, transaction) =>
    transaction.effects.find((effect) => effect.is(setMarks))?.value ?? set.map(transaction.changes),
  provide: (field) => EditorView.decorations.from(field),
});

/** Puts them into the editor, unless they are there: most keys change none, and an update takes its time. */
export function showMarks(view: EditorView, shown: Shown): void {
  const next = decorate(view.state, shown);
  const before = view.state.field(marks);
  if (!RangeSet.eq([before], [next])) view.dispatch({ effects: setMarks.of(next) });
}

function decorate(state: EditorState, shown: Shown): DecorationSet {
  const { doc } = state;
  const ranges = [];
  const has = (line: number): boolean => line >= 1 && line <= doc.lines;
  for (const line of new Set(shown.leftOut)) {
    if (has(line)) ranges.push(Decoration.line({ class: 'hl-left-out' }).range(doc.line(line).from));
  }
  if (has(shown.here)) ranges.push(Decoration.line({ class: 'hl-here' }).range(doc.line(shown.here).from));
  const boxes = new Set<string>();
  for (const d of shown.diagnostics) {
    if (!has(d.line)) continue;
    const { from, to } = spanOf(doc, d);
    if (to > from) ranges.push(Decoration.mark({ class: `hl-${d.severity}` }).range(from, to));
    const key = `${d.line}/${d.message}`;
    if (boxes.has(key)) continue;
    boxes.add(key);
    const end = doc.line(d.line).to;
    ranges.push(Decoration.widget({ widget: new Box(d, shown, boxes.size > 1), block: true, side: 1 }).range(end));
  }
  return Decoration.set(ranges, true);
}

/** Where a diagnostic stands in the document: columns count from 1, `endColumn` is the one after. */
export function spanOf(
  doc: Text,
  d: Pick<Diagnostic, 'line' | 'column' | 'endColumn'>,
): { readonly from: number; readonly to: number } {
  const line = doc.line(Math.max(1, Math.min(d.line, doc.lines)));
  const from = Math.min(line.to, line.from + Math.max(0, d.column - 1));
  const to = Math.min(line.to, line.from + Math.max(d.column, d.endColumn - 1));
  return { from, to };
}

/** The change of the document that a suggestion asks for. */
export function changeOf(
  doc: Text,
  d: Diagnostic,
): { readonly from: number; readonly to: number; readonly insert: string } {
  const insert = d.suggestion?.replacement ?? '';
  const before = d.suggestion?.before;
  if (before === undefined) return { ...spanOf(doc, d), insert };
  const { from } = spanOf(doc, { ...d, column: before });
  return { from, to: from, insert };
}

/** `Change to --dport`: a suggestion as a button says it. */
export function fixLabel(suggestion: NonNullable<Diagnostic['suggestion']>): string {
  return /^[A-Z]/.test(suggestion.label) && /\s/.test(suggestion.label) && !suggestion.label.endsWith('?')
    ? suggestion.label
    : `Change to ${suggestion.replacement}`;
}

class Box extends WidgetType {
  private readonly diagnostic: Diagnostic;
  private readonly tool: string;
  private readonly says: string;
  /** One above it tells what comes of an error: this one only says what is wrong. */
  private readonly brief: boolean;

  constructor(diagnostic: Diagnostic, { tool, says = '' }: Shown, brief: boolean) {
    super();
    this.diagnostic = diagnostic;
    this.tool = tool;
    this.says = says;
    this.brief = brief;
  }

  override eq(other: Box): boolean {
    return (
      JSON.stringify(other.diagnostic) === JSON.stringify(this.diagnostic) &&
      other.tool === this.tool &&
      other.says === this.says &&
      other.brief === this.brief
    );
  }

  override toDOM(view: EditorView): HTMLElement {
    const { severity, suggestion, line } = this.diagnostic;
    // CodeMirror measures a block without its margins: the space around it is the holder's padding.
    const holder = element('div', 'hl-holder');
    const box = element('div', `hl-box hl-box-${severity}${this.brief ? ' hl-box-brief' : ''}`);
    holder.append(box);
    box.dataset.testid = `problem-${line}`;
    box.append(element('p', 'hl-box-text', problemText(this.diagnostic)));
    if (severity === 'error' && !this.brief) {
      box.append(
        element(
          'p',
          'hl-box-more',
          this.says !== ''
            ? this.says
            : `${this.tool} would refuse the whole file. Until it is fixed, the results leave line ${line} out.`,
        ),
      );
    }
    const buttons = element('div', 'hl-box-buttons');
    if (suggestion !== undefined) {
      buttons.append(
        button(fixLabel(suggestion), true, () => {
          view.dispatch({ changes: changeOf(view.state.doc, this.diagnostic), userEvent: 'input.fix' });
          view.focus();
        }),
      );
    }
    if (severity === 'error' && this.says === '') {
      buttons.append(
        button('Disable line', false, () => {
          const at = view.state.doc.line(Math.min(line, view.state.doc.lines)).from;
          view.dispatch({ changes: { from: at, insert: '#' }, userEvent: 'input.disable' });
          view.focus();
        }),
      );
    }
    if (buttons.childElementCount > 0) box.append(buttons);
    return holder;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

/** What is wrong, and what was meant. */
export function problemText({ message, suggestion }: Pick<Diagnostic, 'message' | 'suggestion'>): string {
  const asks = suggestion?.label.endsWith('?') === true && !message.includes(suggestion.label);
  return asks ? `${sentence(message)} ${suggestion.label}` : sentence(message);
}

function sentence(text: string): string {
  // A command keeps its spelling.
  const upper = /^[\w-]+:/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(upper) ? upper : `${upper}.`;
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(label: string, primary: boolean, run: () => void): HTMLElement {
  const made = element('button', primary ? 'hl-button hl-button-primary' : 'hl-button', label);
  made.setAttribute('type', 'button');
  made.addEventListener('click', run);
  return made;
}

export const look = EditorView.theme({
  '&': { fontSize: '13.5px', color: 'var(--t1)' },
  // A box of its own: what is typed moves nothing around it, and nothing around it is laid out anew.
  '&.cm-editor': { height: '100%', contain: 'strict', backgroundColor: 'var(--panel)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.75', fontFeatureSettings: '"calt" 0' },
  '.cm-content': { padding: '10px 0 40vh', caretColor: 'var(--t1)' },
  '.cm-line': { padding: '0 16px 0 8px' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--t3)', border: 'none', paddingLeft: '8px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--raised) 45%, transparent)' },
  // The browser's own selection and caret: they cost a key no frame.
  '.cm-content ::selection': { backgroundColor: 'color-mix(in srgb, var(--focus) 28%, transparent)' },
  '.cm-panels': { backgroundColor: 'var(--card)', color: 'var(--t1)', borderColor: 'var(--line)' },
  '.cm-panel input, .cm-panel button, .cm-panel label': { fontFamily: 'var(--font-sans)', fontSize: '13px' },
  '.cm-panel.cm-search': { display: 'flex', flexWrap: 'wrap', gap: '6px 8px', padding: '9px 36px 9px 12px' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { margin: '0' },
  '.cm-panel.cm-search label': {
    display: 'flex',
    alignItems: 'center',
    gap: '5px',
    fontSize: '12.5px',
    color: 'var(--t2)',
  },
  '.cm-panel.cm-search br': { flexBasis: '100%', content: '""' },
  '.cm-panel.cm-search [name=close]': { top: '9px', right: '12px', fontSize: '18px', color: 'var(--t2)' },
  '.cm-textfield': {
    height: '28px',
    width: '150px',
    padding: '0 8px',
    backgroundColor: 'var(--panel)',
    border: '1px solid var(--line-2)',
    borderRadius: '7px',
  },
  '.cm-button': {
    height: '28px',
    padding: '0 10px',
    backgroundImage: 'none',
    backgroundColor: 'transparent',
    border: '1px solid var(--line-2)',
    borderRadius: '7px',
    color: 'var(--t1)',
    textTransform: 'capitalize',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--mangle-w)', outline: '1px solid var(--mangle)' },
  '.cm-placeholder': { color: 'var(--t3)', fontStyle: 'italic' },
  '.cm-placeholder::before': { content: '"for example "', fontFamily: 'var(--font-sans)' },
  '.hl-error': { textDecoration: 'underline wavy var(--bad) 1.5px', textUnderlineOffset: '4px', fontWeight: '650' },
  '.hl-warning, .hl-info': { textDecoration: 'underline wavy var(--rej) 1.2px', textUnderlineOffset: '4px' },
  '.hl-left-out': { backgroundColor: 'var(--bad-w)', boxShadow: 'inset 3px 0 0 var(--bad)' },
  '.hl-here': { backgroundColor: 'var(--packet-wash)', boxShadow: 'inset 3px 0 0 var(--packet)' },
  '.hl-holder': { padding: '4px 16px 8px 8px' },
  '.hl-box': {
    padding: '11px 14px',
    border: '1px solid var(--bad)',
    borderRadius: '9px',
    backgroundColor: 'var(--card)',
    fontFamily: 'var(--font-sans)',
    fontSize: '14px',
    lineHeight: '1.45',
    whiteSpace: 'normal',
    maxWidth: '720px',
  },
  '.hl-box-brief': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px 12px', padding: '6px 12px' },
  '.hl-box-brief .hl-box-text': { flex: '1' },
  '.hl-box-brief .hl-box-buttons': { marginTop: '0' },
  '.hl-box-warning, .hl-box-info': { borderColor: 'var(--rej)' },
  '.hl-box-more': { color: 'var(--t2)', fontSize: '13px', marginTop: '2px' },
  '.hl-box-buttons': { display: 'flex', gap: '8px', flexWrap: 'wrap', marginTop: '8px' },
  '.hl-button': {
    height: '28px',
    padding: '0 10px',
    border: '1px solid var(--line-2)',
    borderRadius: '7px',
    color: 'var(--t1)',
    fontWeight: '600',
    fontSize: '12.5px',
  },
  '.hl-button-primary': { backgroundColor: 'var(--btn)', color: 'var(--btn-ink)', borderColor: 'var(--btn)' },
  '@media (pointer: coarse)': { '.hl-button': { height: '44px' }, '&': { fontSize: '16px' } },
});
