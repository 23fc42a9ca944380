import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { foldAt, switchSelected } from './linked';
import { readRules } from './model';

const TEXT = `*filter
:INPUT DROP [0:0]
-A INPUT -i lo -j ACCEPT
#-A INPUT -p icmp -j ACCEPT
[1:2] -A INPUT -p tcp -j ACCEPT
-A FORWARD -j DROP
COMMIT
`;

/** The lines that are folded away at each line that folds: from, to. */
function folds(text: string, read: string): Readonly<Record<number, readonly [number, number]>> {
  const state = EditorState.create({ doc: text });
  const { doc } = state;
  const found: Record<number, readonly [number, number]> = {};
  for (let n = 1; n <= doc.lines; n++) {
    const fold = foldAt(state, doc.line(n).from, readRules(read));
    if (fold !== null) found[n] = [doc.lineAt(fold.from).number, doc.lineAt(fold.to).number];
  }
  return found;
}

test('a table folds to its COMMIT, rules of a chain that stand together to their last', () => {
  expect(folds(TEXT, TEXT)).toEqual({ 1: [1, 6], 3: [3, 5] });
});

test('while a line more is typed than was read, the same is found in the text', () => {
  const typed = TEXT.replace('-A FORWARD', '-A INPUT -j LOG\n-A FORWARD');
  expect(folds(typed, TEXT)).toEqual({ 1: [1, 7], 3: [3, 6] });
});

test('of a long text what was read is asked, not each line of it', () => {
  const rules = Array.from({ length: 20_000 }, (_, i) => `-A INPUT -p tcp --dport ${i} -j ACCEPT`);
  const text = ['*filter', ...rules, 'COMMIT', ''].join('\n');
  const { doc } = EditorState.create({ doc: text });
  let asked = 0;
  const counting = new Proxy(doc, {
    get: (target, key) => {
      if (key === 'line') asked++;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const fold = foldAt({ doc: counting } as unknown as EditorState, 0, readRules(text));
  expect(fold).toEqual({ from: doc.line(1).to, to: doc.line(20_001).to });
  expect(asked).toBeLessThan(5);
});

/** The text after rules of its lines were switched; null if there is none. */
function switched(text: string, from: number, to: number): string | null {
  const { doc } = EditorState.create({ doc: text });
  const state = EditorState.create({ doc, selection: { anchor: doc.line(from).from + 3, head: doc.line(to).to } });
  let after: string | null = null;
  switchSelected({
    state,
    dispatch: (transaction) => {
      after = transaction.newDoc.toString();
    },
  });
  return after;
}

test('rules of a selection are turned off, those that are off stay, and all are turned on again', () => {
  const off = TEXT.replace('-A INPUT -i', '#-A INPUT -i')
    .replace('[1:2] -A', '#-A')
    .replace('-A FORWARD', '#-A FORWARD');
  expect(switched(TEXT, 2, 6)).toBe(off);
  expect(switched(off, 2, 6)).toBe(off.replaceAll('#-A', '-A'));
  expect(switched(TEXT, 4, 4)).toBe(TEXT.replace('#-A', '-A'));
  expect(switched(TEXT.replace('-A FORWARD', '--append  FORWARD'), 6, 6)).toBe(
    TEXT.replace('-A FORWARD', '#-A FORWARD'),
  );
  expect(switched(TEXT, 1, 2)).toBeNull();
});
