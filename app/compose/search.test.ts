import { expect, test } from 'vitest';
import { search } from './search';

const list = [
  { group: 'Hosts', title: 'router' },
  { group: 'Hosts', title: 'web' },
  { group: 'Chains', title: 'nat PREROUTING' },
  { group: 'Chains', title: 'filter INPUT' },
  { group: 'Rules', title: '-p tcp --dport 80 -j DNAT' },
];
const found = (query: string): string[] => search(list, query, (e) => e.title, 10).map((e) => e.title);

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
