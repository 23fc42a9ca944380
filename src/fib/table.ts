import { type Addr, ip4ToInt, maskAddr, type Prefix } from '../wire';
import type { Route } from './types';

/**
 * The routes of one table. One hash for each prefix length, asked from the longest on, so that a lookup costs the
 * number of lengths in use, however many routes there are. (The kernel has a trie; the answer is the same.)
 */
export class FibTable {
  readonly id: number;
  /** In use, longest first. */
  private lengths: number[] = [];
  /** Prefix length, then network. */
  private readonly byLength = new Map<number, Map<string | number, Route[]>>();
  count = 0;
  /** Routes with a realm. */
  realms = 0;

  constructor(id: number) {
    this.id = id;
  }

  prefixLengths(): readonly number[] {
    return this.lengths;
  }

  /** The routes of one prefix length that an address falls under, in the order in which the kernel tries them. */
  candidates(addr: Addr, length: number): readonly Route[] {
    return this.byLength.get(length)?.get(keyOf(addr, length)) ?? NONE;
  }

  /** The routes of exactly this prefix. */
  exact(prefix: Prefix): readonly Route[] {
    return this.byLength.get(prefix.length)?.get(keyOf(prefix.network, prefix.length)) ?? NONE;
  }

  /** Puts in a new list of routes for a prefix. */
  replace(prefix: Prefix, routes: readonly Route[]): void {
    let nets = this.byLength.get(prefix.length);
    const key = keyOf(prefix.network, prefix.length);
    const before = nets?.get(key) ?? NONE;
    this.count += routes.length - before.length;
    this.realms += withRealm(routes) - withRealm(before);
    if (routes.length > 0) {
      if (!nets) {
        nets = new Map();
        this.byLength.set(prefix.length, nets);
        this.lengths = [...this.byLength.keys()].sort((a, b) => b - a);
      }
      nets.set(key, [...routes]);
      return;
    }
    nets?.delete(key);
    if (nets?.size === 0) {
      this.byLength.delete(prefix.length);
      this.lengths = this.lengths.filter((l) => l !== prefix.length);
    }
  }

  /** All routes, in no order. */
  *all(): Generator<Route> {
    for (const nets of this.byLength.values()) for (const routes of nets.values()) yield* routes;
  }
}

const NONE: readonly Route[] = Object.freeze([]);

function withRealm(routes: readonly Route[]): number {
  return routes.filter((route) => route.nexthops.some((hop) => hop.realm !== 0)).length;
}

function keyOf(addr: Addr, length: number): string | number {
  if (addr.includes(':')) return length === 128 ? addr : maskAddr(addr, length);
  const n = ip4ToInt(addr);
  return length === 0 ? 0 : length === 32 ? n : n - (n % 2 ** (32 - length));
}
