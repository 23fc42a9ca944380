import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { chainsOf, changeBetween, lineOfChain } from './chains';
import { fixLabel, problemText, spanOf } from './marks';

const TEXT =
  '*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -j DOCKER\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n[1:2] -A INPUT -j ACCEPT\nCOMMIT\n';

test('chains and where they are', () => {
  expect(chainsOf(TEXT)).toEqual([
    { table: 'nat', chain: 'PREROUTING', line: 4 },
    { table: 'nat', chain: 'DOCKER', line: 3 },
    { table: 'filter', chain: 'INPUT', line: 8 },
  ]);
  expect(lineOfChain(TEXT, 'nat', 'INPUT')).toBeNull();
});

test.each([
  ['abc', 'abc'],
  ['abc', 'abXc'],
  ['aaa', 'aaaa'],
  ['', 'x'],
  ['x', ''],
  ['one two', 'one three'],
])('%j becomes %j by one change', (before, after) => {
  const change = changeBetween(before, after);
  if (change === null) expect(before).toBe(after);
  else expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
});

test('the place of a diagnostic stays inside its line', () => {
  const doc = Text.of(['-A X --dprot 53', 'y']);
  expect(spanOf(doc, { line: 1, column: 6, endColumn: 13 })).toEqual({ from: 5, to: 12 });
  expect(spanOf(doc, { line: 2, column: 5, endColumn: 9 })).toEqual({ from: 17, to: 17 });
  expect(spanOf(doc, { line: 9, column: 1, endColumn: 2 }).to).toBeLessThanOrEqual(doc.length);
});

test('what the button of a fix says', () => {
  expect(fixLabel({ label: '"--dport"', replacement: '--dport' })).toBe('Change to --dport');
  expect(fixLabel({ label: 'Did you mean --dport?', replacement: '--dport' })).toBe('Change to --dport');
  expect(
    problemText({ message: 'unknown option', suggestion: { label: 'Did you mean --dport?', replacement: '' } }),
  ).toBe('Unknown option. Did you mean --dport?');
  expect(fixLabel({ label: 'Add a comma', replacement: ',' })).toBe('Add a comma');
});
