import { expect, test } from 'vitest';
import { rulesOf } from './ruleEntries';
import { search } from './search';
import { toEnd } from './slices';

const list = [
  { group: 'Hosts', title: 'router' },
  { group: 'Hosts', title: 'web' },
  { group: 'Chains', title: 'nat PREROUTING' },
  { group: 'Chains', title: 'filter INPUT' },
  { group: 'Rules', title: '-p tcp --dport 80 -j DNAT' },
];
const found = (query: string): string[] => toEnd(search(list, query, (e) => e.title, 10)).map((e) => e.title);

test('all words must be there, in any order', () => {
  expect(found('prerouting nat')).toEqual(['nat PREROUTING']);
  expect(found('nat input')).toEqual([]);
});
test('what begins with the query comes first, and its group with it', () => {
  expect(found('r')[0]).toBe('router');
  expect(found('nat').at(0)).toBe('nat PREROUTING');
});
test('letters with a meaning in patterns are letters', () => {
  expect(found('--dport')).toHaveLength(1);
  expect(found('(')).toEqual([]);
});
test('with nothing typed, rules are not listed', () => {
  expect(found('')).toHaveLength(4);
});

test('rules have the numbers that the kernel gives them, and of many others may do something between', () => {
  const many = Array.from({ length: 3000 }, (_, i) => `-A INPUT -s 10.0.0.1 --dport ${i}`);
  const iptables = ['*nat', '-A INPUT -j ACCEPT', 'COMMIT', '*filter', '#-A INPUT -j DROP', ...many, 'COMMIT'].join(
    '\n',
  );
  const reading = rulesOf({ a: { iptables, ip6tables: '*raw\n[1:2] -A OUTPUT -j DROP\n' } });
  let pauses = 0;
  while (reading.next().done !== true) pauses++;
  expect(pauses).toBeGreaterThan(4);
  const rules = toEnd(rulesOf({ a: { iptables, ip6tables: '*raw\n[1:2] -A OUTPUT -j DROP\n' } }));
  expect(rules).toHaveLength(3002);
  expect(rules[0]).toMatchObject({ table: 'nat', chain: 'INPUT', number: 1, title: '-j ACCEPT' });
  expect(rules[3000]).toMatchObject({ table: 'filter', number: 3000, title: '-s 10.0.0.1 --dport 2999' });
  expect(rules[3001]).toMatchObject({ family: 'ip6', table: 'raw', chain: 'OUTPUT', title: '-j DROP' });
  const searching = search(rules, 'dport 2999', (r) => r.title, 10);
  expect(searching.next().done).toBe(false);
});
