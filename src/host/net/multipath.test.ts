import { expect, test } from 'vitest';
import { Rng } from '../../base';
import type { FibResult, Nexthop } from '../../fib';
import { TestWorld } from '../test-world';
import { selectPath } from './multipath';

const hop = (dev: string, weight: number): Nexthop =>
  ({ dev, weight, gateway: null, dead: false }) as unknown as Nexthop;

const found = (...nexthops: Nexthop[]) =>
  ({ ok: true, route: { nexthops }, nexthop: nexthops[0] }) as unknown as Extract<FibResult, { ok: true }>;

function shares(dsts: readonly string[], ...nexthops: Nexthop[]): ReadonlyMap<string, number> {
  const host = new TestWorld().host('h', {});
  const count = new Map<string, number>();
  for (const dst of dsts) {
    const { dev } = selectPath(host, found(...nexthops), { src: '10.0.0.1', dst }, '');
    count.set(dev, (count.get(dev) ?? 0) + 1);
  }
  return count;
}

test('addresses whose digits differ by four are not all sent one way', () => {
  const digits = ['0', '4', '8'];
  const dsts = digits.flatMap((a) => digits.flatMap((b) => digits.map((c) => `8.${a}.${b}.${c}`)));
  expect(shares(dsts, hop('a', 1), hop('b', 3)).size).toBe(2);
  expect(shares(dsts, hop('a', 1), hop('b', 1), hop('c', 1), hop('d', 1)).size).toBe(4);
});

test('ways are taken in the shares of their weights', () => {
  const rng = new Rng(1);
  const dsts = Array.from({ length: 4000 }, () => `198.51.${rng.below(256)}.${rng.below(256)}`);
  const count = shares(dsts, hop('a', 1), hop('b', 3));
  expect(count.get('a')).toBeGreaterThan(850);
  expect(count.get('a')).toBeLessThan(1150);
});
