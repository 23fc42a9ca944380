import { describe, expect, test } from 'vitest';
import type { FunctionView, LabHost, OwnHook, OwnQueueRule } from '../../../src/engine';
import { typedNumber } from '../typed';
import { withList } from '../withMember';
import {
  feeders,
  freeQueue,
  newHook,
  orderedHook,
  orderedQueue,
  placedFault,
  placeWords,
  repeatsForEver,
  ruleFault,
  ruleWords,
  withChange,
} from './model';

const hook: OwnHook = { name: 'mymod', hook: 'INPUT', priority: -1, verdict: 'drop' };

test('new functions and queues get names and numbers of their own', () => {
  expect(newHook([]).name).toBe('mymod');
  expect(newHook([hook], 'INPUT', 'ip6')).toMatchObject({ name: 'mymod2', hook: 'INPUT', family: 'ip6' });
  expect(freeQueue([{ number: 0 }, { number: 1 }, { number: 3 }])).toBe(2);
});

test('an empty list is no member of the host', () => {
  expect(withList({ hooks: [hook], routes: 'x' }, 'hooks', [])).toEqual({ routes: 'x' });
  expect(withList({}, 'queues', [{ number: 1 }])).toEqual({ queues: [{ number: 1 }] });
});

test('numbers are read, and what is none is left for the schema to judge', () => {
  expect([typedNumber('12'), typedNumber('-300'), typedNumber('0x10'), typedNumber('abc')]).toEqual([
    12,
    -300,
    16,
    'abc',
  ]);
});

test('a function says between which others it runs', () => {
  const fn = (name: string, priority: number, subsystem: FunctionView['subsystem'] = 'iptables'): FunctionView => ({
    name,
    priority,
    subsystem,
    table: null,
    rules: 0,
    policy: '',
  });
  const mine = fn('mymod', -50, 'user');
  expect(placeWords([fn('nat', -100), mine, fn('confirm', 2147483647)], 'mymod')).toBe(
    'after nat (−100), before confirm (last)',
  );
  expect(placeWords([mine], 'mymod')).toBe('alone at its hook');
  expect(placeWords([fn('nat', -100)], 'mymod')).toBe('');
});

test('a rule of a program in a line, its changes one by one, and a repeat that nothing ends', () => {
  let rule: OwnQueueRule = { verdict: 'repeat' };
  expect(repeatsForEver(rule)).toBe(true);
  rule = withChange(withChange(rule, 'ttl', 9), 'dst', '10.0.0.1');
  expect(ruleWords({ ...rule, mark: 1 })).toBe('repeat · changes dst, ttl · mark 1');
  expect(repeatsForEver(rule)).toBe(false);
  rule = withChange(withChange(rule, 'ttl', undefined), 'dst', undefined);
  expect(rule).toEqual({ verdict: 'repeat' });
  expect(ruleWords({ verdict: { queue: 4 } })).toBe('hand on to queue 4');
});

test('who hands packets to a queue', () => {
  const host: LabHost = {
    hooks: [{ ...hook, verdict: { queue: 2 } }],
    iptables:
      '*filter\n-A INPUT -j NFQUEUE\n#-A INPUT -j NFQUEUE --queue-num 2\n-A INPUT -j NFQUEUE --queue-balance 1:3\n-A INPUT -j NFQUEUE --queue-num 2 --queue-bypass\nCOMMIT\n',
    ip6tables: '*filter\n-A INPUT -j QUEUE\nCOMMIT\n',
    queues: [{ number: 5, rules: [{ verdict: { queue: 2 } }] }],
  };
  expect(feeders(host, 2)).toEqual(['mymod', '2 rules of iptables', 'queue 5']);
  expect(feeders(host, 0)).toEqual(['1 rule of iptables', '1 rule of ip6tables']);
  expect(feeders(host, 9)).toEqual([]);
});

describe('what is wrong with a condition', () => {
  const host: LabHost = {
    hooks: [hook, { ...hook, name: 'b', match: '-p udp --dprt 5' }],
    queues: [{ number: 0, rules: [{ verdict: 'drop' }, { match: '-p "x', verdict: 'drop' }] }],
  };

  test('is found by the number of the rule', () => {
    expect(ruleFault(['rule 12: a', 'rule 1: b'], 1)).toBe('b');
    expect(ruleFault(['rule 12: a'], 2)).toBeUndefined();
  });

  test('is marked where the condition stands in the text', () => {
    const text = `[${JSON.stringify(host.hooks?.[0])},\n ${JSON.stringify(host.hooks?.[1])}]\n`;
    const fault = { line: 2, column: 8, endColumn: 14, message: 'b: unknown option "--dprt"' };
    const at = placedFault(host, 'hooks', text, fault);
    expect(text.split('\n')[1]?.slice(at.column - 1, at.endColumn - 1)).toBe('--dprt');
    const queues = `[${JSON.stringify(host.queues?.[0])}]\n`;
    const found = placedFault(host, 'queues', queues, { line: 1, column: 1, endColumn: 3, message: 'rule 2: bad' });
    expect(queues.slice(found.column - 1, found.endColumn - 1)).toBe('-p');
    expect(placedFault(host, 'iptables', text, fault)).toBe(fault);
  });
});

test('members are in the order in which one reads them', () => {
  expect(Object.keys(orderedHook({ match: '-p tcp', ...hook }))).toEqual([
    'name',
    'hook',
    'priority',
    'match',
    'verdict',
  ]);
  const queue = orderedQueue({ rules: [{ set: { ttl: 1 }, verdict: 'accept', match: 'x' }], number: 1 });
  expect([Object.keys(queue), Object.keys(queue.rules?.[0] ?? {})]).toEqual([
    ['number', 'rules'],
    ['match', 'verdict', 'set'],
  ]);
});
