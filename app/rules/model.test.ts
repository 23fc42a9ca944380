import { describe, expect, test } from 'vitest';
import { keepIds } from './change';
import { badChainName, callersOf, chainIn, jumpIn, type RuleLine, readRules } from './model';
import {
  addChain,
  addTable,
  deleteChain,
  deleteRules,
  duplicateRules,
  formatRules,
  insertRule,
  moveRules,
  renameChain,
  setPolicy,
  setRule,
  shiftRules,
  switchRules,
} from './ruleEdits';

const TEXT = `# a file
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -j DNAT --to-destination 10.0.0.5
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [3:4]
:LOGGED - [0:0]
-A INPUT -i lo -j ACCEPT
[5:6] -A INPUT -p tcp -m tcp --dport 22 -j LOGGED
#-A INPUT -m limit --limit 5/min -j LOG
-A INPUT -m comment --comment "-j LOGGED" -j DROP
-A LOGGED -j LOG
COMMIT
`;
const rules = readRules(TEXT);
const ruleAt = (of: typeof rules, line: number): RuleLine | null =>
  of.tables.flatMap((t) => t.chains.flatMap((c) => c.rules)).find((r) => r.line === line) ?? null;
const at = (line: number): RuleLine => ruleAt(rules, line) as RuleLine;
const input = chainIn(rules, 'filter', 'INPUT');
const linesOf = (text: string, chain = 'INPUT'): readonly string[] =>
  (chainIn(readRules(text), 'filter', chain)?.rules ?? []).map((r) => `${r.off ? '#' : ''}${r.text}`);

test('chains, policies and rules; one that is off has no number', () => {
  expect(rules.tables.map((t) => [t.name, t.line, t.commit])).toEqual([
    ['nat', 2, 5],
    ['filter', 6, 15],
  ]);
  expect(input?.policy).toBe('DROP');
  expect(input?.rules.map((r) => [r.line, r.number, r.off])).toEqual([
    [10, 1, false],
    [11, 2, false],
    [12, 0, true],
    [13, 3, false],
  ]);
  expect(chainIn(rules, 'filter', 'LOGGED')?.policy).toBeNull();
  expect(chainIn(rules, 'filter', 'OUTPUT')).toMatchObject({ policy: 'ACCEPT', line: 0, builtin: true });
  expect(ruleAt(rules, 9)).toBeNull();
});

test('an edit of a rule leaves its counters and all other lines', () => {
  const text = setRule(rules, at(11), '-A INPUT -j ACCEPT');
  expect(text.split('\n')[10]).toBe('[5:6] -A INPUT -j ACCEPT');
  expect(text.split('\n').toSpliced(10, 1)).toEqual(TEXT.split('\n').toSpliced(10, 1));
  expect(setRule(rules, at(12), '-A INPUT -j LOG').split('\n')[11]).toBe('#-A INPUT -j LOG');
});

test('off and on', () => {
  const off = switchRules(rules, [at(10), at(11), at(12)], false);
  expect(
    linesOf(off)
      .slice(0, 3)
      .every((l) => l.startsWith('#-A ')),
  ).toBe(true);
  const again = readRules(off);
  expect(switchRules(again, [ruleAt(again, 10) as RuleLine], true).split('\n')[9]).toBe('-A INPUT -i lo -j ACCEPT');
  expect(switchRules(rules, [at(10)], true)).toBe(TEXT);
});

test('delete, duplicate, insert', () => {
  expect(linesOf(deleteRules(rules, [at(10), at(12)]))).toHaveLength(2);
  expect(linesOf(duplicateRules(rules, [at(10)])).slice(0, 2)).toEqual([at(10).text, at(10).text]);
  const end = insertRule(rules, { table: 'filter', chain: 'INPUT', before: null }, '-j ACCEPT');
  expect(linesOf(end).at(-1)).toBe('-A INPUT -j ACCEPT');
  const first = insertRule(rules, { table: 'filter', chain: 'INPUT', before: at(10) }, '');
  expect(linesOf(first)[0]).toBe('-A INPUT');
  // The first rule of an empty chain stands between the rules of the chains around it.
  const forward = insertRule(rules, { table: 'filter', chain: 'FORWARD', before: null }, '-j DROP');
  expect(forward.split('\n')[13]).toBe('-A FORWARD -j DROP');
  const output = insertRule(rules, { table: 'filter', chain: 'OUTPUT', before: null }, '-j DROP');
  expect(linesOf(output, 'OUTPUT')).toEqual(['-A OUTPUT -j DROP']);
});

describe('moving', () => {
  test('up and down, one and several', () => {
    const up = shiftRules(rules, [at(11)], -1) as string;
    expect(linesOf(up).map((l) => l.slice(0, 14))).toEqual([
      '-A INPUT -p tc',
      '-A INPUT -i lo',
      '#-A INPUT -m l',
      '-A INPUT -m co',
    ]);
    expect(up).toContain('[5:6] -A INPUT -p tcp');
    const down = shiftRules(rules, [at(10), at(11)], 1) as string;
    expect(linesOf(down)[0]).toBe('#-A INPUT -m limit --limit 5/min -j LOG');
    expect(shiftRules(rules, [at(10)], -1)).toBeNull();
    expect(shiftRules(rules, [at(13)], 1)).toBeNull();
    expect(linesOf(shiftRules(rules, [at(12)], 1) as string).at(-1)).toMatch(/^#/);
  });

  test('to another chain', () => {
    const text = moveRules(rules, [at(11), at(12)], { table: 'filter', chain: 'LOGGED', before: at(14) });
    expect(linesOf(text, 'LOGGED')).toEqual([
      '-A LOGGED -p tcp -m tcp --dport 22 -j LOGGED',
      '#-A LOGGED -m limit --limit 5/min -j LOG',
      '-A LOGGED -j LOG',
    ]);
    expect(linesOf(text)).toHaveLength(2);
  });

  test('in front of itself changes nothing', () => {
    expect(moveRules(rules, [at(10)], { table: 'filter', chain: 'INPUT', before: at(10) })).toBe(TEXT);
  });
});

test('policies, declared or not', () => {
  expect(setPolicy(rules, 'filter', 'FORWARD', 'ACCEPT')).toContain(':FORWARD ACCEPT [3:4]');
  expect(chainIn(readRules(setPolicy(rules, 'filter', 'OUTPUT', 'DROP')), 'filter', 'OUTPUT')?.policy).toBe('DROP');
});

test('chains and tables', () => {
  expect(addTable('', 'raw')).toBe('*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n');
  expect(chainIn(readRules(addChain(TEXT, 'filter', 'NEW')), 'filter', 'NEW')?.line).toBe(10);
  expect(chainIn(readRules(addChain(TEXT, 'mangle', 'NEW')), 'mangle', 'NEW')?.policy).toBeNull();
  const renamed = renameChain(rules, 'filter', 'LOGGED', 'SEEN');
  expect(renamed).toContain(':SEEN - [0:0]');
  expect(renamed).toContain('--dport 22 -j SEEN');
  expect(renamed).toContain('-A SEEN -j LOG');
  expect(renamed).toContain('--comment "-j LOGGED" -j DROP');
  const gone = readRules(deleteChain(rules, 'filter', 'LOGGED'));
  expect(chainIn(gone, 'filter', 'LOGGED')).toBeNull();
  expect(chainIn(gone, 'filter', 'INPUT')?.rules).toHaveLength(3);
  expect(deleteChain(rules, 'filter', 'INPUT')).toBe(TEXT);
  expect(callersOf(rules, 'filter', 'LOGGED').map((r) => r.line)).toEqual([11]);
  expect(badChainName('a b', new Set())).not.toBeNull();
  expect(badChainName('LOGGED', new Set(['LOGGED']))).toMatch('taken');
  expect(badChainName('ok-1', new Set())).toBeNull();
});

test('formatting touches blanks only', () => {
  expect(formatRules(TEXT)).toBe(TEXT);
  expect(formatRules('  -A  INPUT\t-m comment --comment "a  \\"b"   -j DROP  \n#  a  note\n\n#-A   X')).toBe(
    '-A INPUT -m comment --comment "a  \\"b" -j DROP\n#  a  note\n\n#-A X',
  );
});

test('where a rule goes on', () => {
  expect(jumpIn('-A X --comment "-j NO" -g YES')).toMatchObject({ chain: 'YES', goto: true });
  expect(jumpIn('-A X')).toBeNull();
});

test('ids stay with their lines', () => {
  let next = 100;
  const fresh = (): number => next++;
  const before = ['*filter', '-A X -j A', '-A X -j B', '-A X -j C', 'COMMIT'];
  const ids = [1, 2, 3, 4, 5];
  const after = (lines: readonly string[]): readonly number[] => keepIds(before, ids, lines, fresh);
  expect(after(before.with(2, '-A X -j BB'))).toEqual(ids);
  expect(after(before.with(2, '#-A X -j B'))).toEqual(ids);
  expect(after([before[0], before[3], before[2], before[1], before[4]] as string[])).toEqual([1, 4, 3, 2, 5]);
  expect(after(before.map((line, i) => (i > 0 && i < 4 ? `${line} -p tcp` : line)))).toEqual(ids);
  expect(after(before.toSpliced(2, 1))).toEqual([1, 2, 4, 5]);
  expect(after(before.toSpliced(2, 0, '-A X -j NEW'))).toEqual([1, 2, 100, 3, 4, 5]);
  expect(after(before.toSpliced(2, 0, '-A X -j A'))).toEqual([1, 2, 101, 3, 4, 5]);
});
