import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { changeBetween, rereadRules } from './change';
import { fixLabel, problemText, spanOf } from './marks';
import { callersOf, lineOfChain, readRules } from './model';

const TEXT =
  '*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -j DOCKER\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n[1:2] -A INPUT -j ACCEPT\nCOMMIT\n';

test('the line where a chain is', () => {
  const rules = readRules(TEXT);
  expect(lineOfChain(rules, 'nat', 'PREROUTING')).toBe(4);
  expect(lineOfChain(rules, 'nat', 'DOCKER')).toBe(3);
  expect(lineOfChain(rules, 'filter', 'INPUT')).toBe(8);
  expect(lineOfChain(rules, 'nat', 'INPUT')).toBe(1);
  expect(lineOfChain(rules, 'raw', 'OUTPUT')).toBe(0);
});

test.each([
  ['words of a rule', '-j ACCEPT', '-s 10.0.0.1/32 -j ACCEPT'],
  ['its jump', '-j DOCKER', '-j RETURN'],
  ['its chain', '-A PREROUTING', '-A DOCKER'],
  ['it is turned off', '-A PREROUTING', '#-A PREROUTING'],
  ['it is no rule any more', '-A PREROUTING', '-X PREROUTING'],
  ['a line more', '-j ACCEPT\n', '-j ACCEPT\n-A INPUT -j DROP\n'],
  ['a line less', '-A PREROUTING -j DOCKER\n', ''],
  ['a policy', 'INPUT DROP', 'INPUT ACCEPT'],
  ['nothing', 'INPUT', 'INPUT'],
])('a text that differs by %s is read as if it were new', (_, from, to) => {
  const before = readRules(TEXT);
  const called = (rules: typeof before) => callersOf(rules, 'nat', 'DOCKER').map((r) => r.text);
  called(before);
  const text = TEXT.replace(from, to);
  const after = rereadRules(before, TEXT, text);
  expect(after).toEqual(readRules(text));
  expect(called(after)).toEqual(called(readRules(text)));
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
  expect(problemText({ message: 'iptables-restore: COMMIT expected at line 52' })).toBe(
    'iptables-restore: COMMIT expected at line 52.',
  );
  expect(fixLabel({ label: 'Add a comma', replacement: ',' })).toBe('Add a comma');
});
