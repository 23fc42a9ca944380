import { describe, expect, test } from 'vitest';
import type { TriedRule } from '../../src/engine';
import { partsOfRule, ruleRows, shortTarget, withCriteria } from './ruleRows';

const rule = (number: number, outcome: TriedRule['outcome']): TriedRule => ({
  number,
  text: '',
  line: number,
  comment: '',
  outcome,
  criteria: [],
  target: 'ACCEPT',
  counters: [0, 0],
});
const chain = (tried: number, after: number): TriedRule[] => [
  ...Array.from({ length: tried }, (_, i) => rule(i + 1, 'failed')),
  rule(tried + 1, 'matched'),
  ...Array.from({ length: after }, (_, i) => rule(tried + 2 + i, 'not-reached')),
];

describe('rows of a chain', () => {
  test('a short chain is shown whole', () => {
    expect(ruleRows(chain(5, 6)).every((row) => row.kind === 'rule')).toBe(true);
  });

  test('a long one folds what was tried in vain and what was not reached', () => {
    expect(ruleRows(chain(3125, 775))).toMatchObject([
      { kind: 'fold', outcome: 'failed', from: 1, to: 3125, count: 3125 },
      { kind: 'rule', rule: { number: 3126 } },
      { kind: 'fold', outcome: 'not-reached', from: 3127, to: 3901, count: 775 },
    ]);
  });

  test('a run that a person opened is shown, short runs always', () => {
    expect(ruleRows(chain(20, 3), new Set([1]))).toHaveLength(24);
    expect(ruleRows(chain(20, 3))).toHaveLength(5);
    // Where no packet is, nothing was tried in vain.
    expect(ruleRows(chain(20, 300), null)).toHaveLength(321);
  });

  test('matches in between are kept', () => {
    const rules = [...Array(30).keys()].map((i) => rule(i + 1, i === 10 || i === 20 ? 'matched' : 'failed'));
    expect(ruleRows(rules).map((r) => (r.kind === 'rule' ? r.rule.number : `${r.from}-${r.to}`))).toEqual([
      '1-10',
      11,
      '12-20',
      21,
      '22-30',
    ]);
  });
});

describe('the text of a rule', () => {
  test('criteria, target and comment', () => {
    const text =
      '! -i docker0 -p tcp -m tcp --dport 8080 -m comment --comment "the \\"web\\" -j x" -j DNAT --to-destination 172.17.0.2:80';
    expect(partsOfRule(text)).toEqual({
      criteria: ['! -i docker0', '-p tcp', '--dport 8080'],
      target: 'DNAT --to-destination 172.17.0.2:80',
      comment: 'the "web" -j x',
    });
    const [criterion] = withCriteria({ ...rule(1, 'not-reached'), text }).criteria;
    expect(criterion).toEqual({ text: '! -i docker0', outcome: 'not-tested', because: '' });
  });

  test('goto and flags without value', () => {
    expect(partsOfRule('-i eth0 -g OTHER').target).toBe('goto OTHER');
    expect(partsOfRule('-p tcp -m tcp --syn -m socket --transparent -j ACCEPT').criteria).toEqual([
      '-p tcp',
      '--syn',
      '--transparent',
    ]);
  });

  test('a comment is no criterion', () => {
    const criteria = [
      { text: '--dport 53', outcome: 'yes', because: '' },
      { text: '--comment "names"', outcome: 'yes', because: '' },
      { text: '-m comment --comment "names"', outcome: 'not-tested', because: '' },
    ] as const;
    expect(withCriteria({ ...rule(1, 'matched'), criteria }).criteria).toEqual([criteria[0]]);
  });
  test('short targets', () => {
    expect(shortTarget('DNAT --to-destination 10.0.0.5:8080')).toBe('DNAT 10.0.0.5:8080');
    expect(shortTarget('LOG --log-prefix "a "')).toBe('LOG --log-prefix "a "');
  });
});
