import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { foldAt } from './linked';
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
