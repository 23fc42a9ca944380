import { codeFolding, foldGutter, foldKeymap, foldService } from '@codemirror/language';
import {
  type EditorState as DocState,
  type Extension,
  Prec,
  type StateCommand,
  StateEffect,
  StateField,
} from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, ViewPlugin } from '@codemirror/view';
import type { StoreApi } from 'zustand/vanilla';
import { changeBetween } from './change';
import type { EditorStore } from './editor';
import { chainIn, parseRule, type RulesText } from './model';
import { switchedLine } from './ruleEdits';

/** Lines of the rules that are picked in the form. */
const showPicked = StateEffect.define<readonly number[]>();

const picked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (set, transaction) => {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showPicked)) continue;
      const { doc } = transaction.state;
      const lines = effect.value.filter((n) => n >= 1 && n <= doc.lines).sort((a, b) => a - b);
      next = Decoration.set(lines.map((n) => PICKED.range(doc.line(n).from)));
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const PICKED = Decoration.line({ class: 'hl-picked' });

const theme = EditorView.theme({
  // Long lines go on with an indent, as in a shell script; nothing is put into the text for it.
  '.cm-content .cm-line': { padding: '0 14px 0 calc(8px + 2ch)', textIndent: '-2ch' },
  // Blocks within a line would take its indent a second time.
  '.hl-box, .cm-placeholder': { textIndent: '0' },
  '.hl-picked': { backgroundColor: 'var(--filter-w)', boxShadow: 'inset 3px 0 0 var(--filter)' },
  '.cm-foldGutter .cm-gutterElement': { cursor: 'pointer', padding: '0 2px', color: 'var(--t3)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-2)',
    color: 'var(--t2)',
    padding: '0 6px',
    margin: '0 4px',
  },
});

/**
 * A table folds from its `*name` to its COMMIT, the rules of a chain from the first to the last that stand together. Of a
 * long text these are thousands of lines: what has been read of them is asked, while it has as many.
 */
export function foldAt(
  { doc }: DocState,
  from: number,
  rules: RulesText,
): { readonly from: number; readonly to: number } | null {
  const read = rules.lines.length === doc.lines;
  const textOf = (n: number): string | undefined => (read ? rules.lines[n - 1] : doc.line(n).text);
  const chainAt = (n: number): string | null =>
    read ? (rules.byLine[n]?.chain ?? null) : (parseRule(doc.line(n).text)?.chain ?? null);
  const line = doc.lineAt(from);
  const first = line.number;
  let last = first;
  if (line.text.startsWith('*')) {
    while (last < doc.lines && textOf(last + 1) !== 'COMMIT') last++;
    return last === doc.lines ? null : { from: line.to, to: doc.line(last).to };
  }
  const chain = chainAt(first);
  if (chain === null || (first > 1 && chainAt(first - 1) === chain)) return null;
  while (last < doc.lines && chainAt(last + 1) === chain) last++;
  return last - first < 2 ? null : { from: line.to, to: doc.line(last).to };
}

/** Turns the rules of the selection off (`#-A …`), or on where all are off. */
export const switchSelected: StateCommand = ({ state, dispatch }) => {
  const { doc, selection } = state;
  const { from, to } = selection.main;
  const rules = [];
  for (let n = doc.lineAt(from).number; n <= doc.lineAt(to).number; n++) {
    const line = doc.line(n);
    const rule = parseRule(line.text);
    if (rule !== null) rules.push({ line, rule });
  }
  if (rules.length === 0) return false;
  const on = rules.every(({ rule }) => rule.off);
  const changes = rules
    .filter(({ rule }) => rule.off === on)
    .map(({ line, rule }) => {
      const { from, to, insert } = changeBetween(line.text, switchedLine(line.text, rule, on))!;
      return { from: line.from + from, to: line.from + to, insert };
    });
  dispatch(state.update({ changes, userEvent: 'input.switch' }));
  return true;
};

/** What the text editor has more beside the form: one selection with it, and folding. */
export function linkedText(store: EditorStore, settle: () => void, more: Extension): Extension {
  const follow = (view: EditorView): void => {
    if (view.hasFocus) store.getState().atLine(view.state.doc.lineAt(view.state.selection.main.head).number);
  };
  return [
    picked,
    theme,
    codeFolding({ placeholderText: '…' }),
    foldGutter({ openText: '⌄', closedText: '›' }),
    foldService.of((state, from) => foldAt(state, from, store.getState().rules)),
    keymap.of([
      ...foldKeymap,
      {
        key: 'Shift-Alt-f',
        run: () => {
          settle();
          store.getState().format();
          return true;
        },
      },
    ]),
    // Of lines that are no rules the editor's own key makes comments.
    Prec.high(keymap.of([{ key: 'Mod-/', run: switchSelected }])),
    more,
    EditorView.updateListener.of((update) => {
      if (update.selectionSet && !update.docChanged) follow(update.view);
    }),
    // What was typed is a rule only when the form has it.
    ViewPlugin.define((view) => ({
      destroy: store.subscribe((now, before) => {
        if (now.rules !== before.rules) queueMicrotask(() => follow(view));
      }),
    })),
  ];
}

/** Tells which line the cursor is on, for texts whose lines have forms. */
export function linkedLines(onLine: (line: number) => void): Extension {
  return [
    picked,
    theme,
    EditorView.updateListener.of((update) => {
      const { view } = update;
      if (view.hasFocus && (update.selectionSet || update.docChanged)) {
        onLine(view.state.doc.lineAt(view.state.selection.main.head).number);
      }
    }),
  ];
}

/** Keeps the line whose form is open highlighted, and in view. Returns the stop. */
export function followLine(view: EditorView, line: StoreApi<number | null>): () => void {
  const show = (): void => {
    const n = line.getState();
    const there = n !== null && n >= 1 && n <= view.state.doc.lines;
    const scroll =
      there && !view.hasFocus ? [EditorView.scrollIntoView(view.state.doc.line(n).from, { y: 'center' })] : [];
    view.dispatch({ effects: [showPicked.of(there ? [n] : []), ...scroll] });
  };
  // After the text has what the form has just written.
  const later = (): void => queueMicrotask(show);
  later();
  return line.subscribe(later);
}

/** Lines of the text that stay in view above a chain that was chosen in the form. */
const LINES_ABOVE = 4;

/** Keeps the highlighted lines those of the picked rules; a choice in the form is brought into view. Returns the stop. */
export function followPicked(view: EditorView, store: EditorStore): () => void {
  let shown = '';
  let place = '';
  const show = (): void => {
    const { picked, ids, rules, chosenIn, text, table, chain } = store.getState();
    if (view.state.doc.length !== text.length) return;
    if (place !== `${table} ${chain}`) {
      const moved = place !== '' || picked.size === 0;
      place = `${table} ${chain}`;
      const block = chainIn(rules, table, chain);
      const line = block?.rules[0]?.line ?? block?.line ?? 0;
      if (moved && chosenIn !== 'text' && line > 0 && !view.hasFocus) {
        // With a few lines above it, the first of them whole.
        const { from } = view.state.doc.line(Math.max(1, line - LINES_ABOVE));
        view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 0 }) });
      }
    }
    const lines: number[] = [];
    if (picked.size > 0) {
      ids.forEach((id, i) => {
        if (picked.has(id) && rules.byLine[i + 1] !== undefined) lines.push(i + 1);
      });
    }
    const key = `${chosenIn}/${lines.join()}`;
    if (key === shown) return;
    const moved = lines.join() !== shown.slice(shown.indexOf('/') + 1);
    shown = key;
    const [first] = lines;
    const scroll =
      moved && chosenIn !== 'text' && first !== undefined && !view.hasFocus
        ? [EditorView.scrollIntoView(view.state.doc.line(first).from, { y: 'center' })]
        : [];
    view.dispatch({ effects: [showPicked.of(lines), ...scroll] });
  };
  const later = (): void => queueMicrotask(show);
  later();
  return store.subscribe(later);
}
