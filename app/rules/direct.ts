import { type Extension, Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** Pixels below a line for what is said of it. */
const ROOM = 160;

/**
 * What a key types goes straight into the text. Left to the browser, the page would have it first, would be laid out with
 * it, and the editor would read it back and draw it again. The browser keeps all that is no character of one key: what is
 * composed, corrected, dictated, or comes from a keyboard on the screen.
 */
export function direct(): Extension {
  let key = '';
  return EditorView.domEventHandlers({
    keydown: (event) => {
      key = event.key;
      return false;
    },
    beforeinput: (event, view) => {
      const { data } = event;
      if (event.inputType !== 'insertText' || data === null || data !== key || !event.cancelable) return false;
      if (event.isComposing || view.compositionStarted || view.state.readOnly) return false;
      const { from, to } = view.state.selection.main;
      const insert = () =>
        view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
      const taken = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, data, insert));
      if (!taken) view.dispatch(insert());
      return true;
    },
  });
}

/**
 * What is to be done, without going to where the cursor is already on show: for that the editor would measure itself a
 * second time, in the frame of the key.
 */
export function unscrolled(transactions: readonly Transaction[], view: EditorView): readonly Transaction[] {
  const [one, more] = transactions;
  if (one === undefined || more !== undefined || !one.scrollIntoView) return transactions;
  const { startState, changes, selection, effects } = one;
  if (!startState.selection.main.empty || one.newDoc.lines !== startState.doc.lines) return transactions;
  const userEvent = ['input.type', 'delete.backward'].find((event) => event === one.annotation(Transaction.userEvent));
  if (userEvent === undefined || !isInView(view)) return transactions;
  return [startState.update({ changes, selection, effects, userEvent })];
}

/** Whether the line of the cursor is whole on show, with room for what is said below it. */
function isInView(view: EditorView): boolean {
  const { scrollTop, clientHeight } = view.scrollDOM;
  const { top, bottom } = view.lineBlockAt(view.state.selection.main.head);
  const from = top + view.documentPadding.top - scrollTop;
  return from > 0 && from + bottom - top < clientHeight - ROOM;
}
