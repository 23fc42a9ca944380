import { IPPROTO } from '../../wire';
import type { AddrTest, Rule } from '../rule';
import type { PacketKey } from './packet';

/**
 * Which rules of a long chain a packet may match at all.
 *
 * Every rule lies in one bucket, under the least crowded of its keys: an address with its prefix, with or without
 * protocol and destination port; protocol and port; an interface. A packet looks into one bucket for each shape of key
 * that occurs, and takes the rules from there in their order. A bucket may hold rules that do not match (and hash
 * collisions): every candidate is tested in full.
 *
 * A rule may be passed over only by a test that the kernel makes before anything that has an effect: header fields
 * always; a port only if no match with a side effect, and none that is not modelled, stands before the one that tests it.
 */
export class ChainIndex {
  private readonly shapes: readonly Shape[];
  private readonly always: Int32Array;
  private readonly size: number;

  constructor(rules: readonly Rule[]) {
    this.size = rules.length;
    const keys = rules.map(keysOf);
    const crowd = new Map<string, Map<number, number>>();
    for (const list of keys) {
      for (const { shape, key } of list) {
        let counts = crowd.get(shape.id);
        if (counts === undefined) {
          counts = new Map();
          crowd.set(shape.id, counts);
        }
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const always: number[] = [];
    const shapes = new Map<string, { shape: ShapeKind; buckets: Map<number, number[]> }>();
    for (const [i, list] of keys.entries()) {
      let best: RuleKey | null = null;
      let bestCount = Number.POSITIVE_INFINITY;
      for (const candidate of list) {
        const count = crowd.get(candidate.shape.id)!.get(candidate.key)!;
        if (count < bestCount) {
          bestCount = count;
          best = candidate;
        }
      }
      if (best === null) {
        always.push(i);
        continue;
      }
      let home = shapes.get(best.shape.id);
      if (home === undefined) {
        home = { shape: best.shape, buckets: new Map() };
        shapes.set(best.shape.id, home);
      }
      const bucket = home.buckets.get(best.key);
      if (bucket === undefined) home.buckets.set(best.key, [i]);
      else bucket.push(i);
    }
    this.always = Int32Array.from(always);
    this.shapes = [...shapes.values()].map(({ shape, buckets }) => ({
      shape,
      buckets: new Map([...buckets].map(([key, list]) => [key, Int32Array.from(list)])),
    }));
  }

  /** The rules that this packet may match, from `start` on, in order. */
  cursor(key: PacketKey, iif: string, oif: string, start: number): Cursor {
    const lists: Int32Array[] = [];
    if (this.always.length > 0) lists.push(this.always);
    for (const { shape, buckets } of this.shapes) {
      const bucket = shape.probe(key, iif, oif, buckets);
      if (bucket !== undefined) lists.push(bucket);
    }
    return new Cursor(lists, this.size, start);
  }
}

interface Shape {
  readonly shape: ShapeKind;
  readonly buckets: Buckets;
}

type Buckets = ReadonlyMap<number, Int32Array>;

interface ShapeKind {
  readonly id: string;
  readonly probe: (key: PacketKey, iif: string, oif: string, buckets: Buckets) => Int32Array | undefined;
}

interface RuleKey {
  readonly shape: ShapeKind;
  readonly key: number;
}

/** Merges ascending lists of rule numbers. */
export class Cursor {
  private readonly lists: readonly Int32Array[];
  private readonly heads: number[];
  private readonly end: number;

  constructor(lists: readonly Int32Array[], end: number, start: number) {
    this.lists = lists;
    this.end = end;
    this.heads = lists.map((list) => lowerBound(list, start));
  }

  /** The next rule to test, or the number of rules if there is none left. */
  next(): number {
    let least = this.end;
    let from = -1;
    for (let k = 0; k < this.lists.length; k++) {
      const list = this.lists[k]!;
      const head = this.heads[k]!;
      if (head < list.length && list[head]! < least) {
        least = list[head]!;
        from = k;
      }
    }
    if (from >= 0) this.heads[from]!++;
    return least;
  }
}

function lowerBound(list: Int32Array, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mix(a0: number, a1: number, a2: number, a3: number): number {
  if (a1 === 0 && a2 === 0 && a3 === 0) return a0 >>> 0;
  let h = a0 | 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ a1;
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39) ^ a2;
  h = Math.imul(h ^ (h >>> 16), 0x2c1b3c6d) ^ a3;
  return h >>> 0;
}

function textHash(text: string): number {
  let h = 5381;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 33) + text.charCodeAt(i)) | 0;
  return h >>> 0;
}

function keysOf(rule: Rule): RuleKey[] {
  const keys: RuleKey[] = [];
  const protocol = rule.protocolNegated ? 0 : rule.protocol;
  const port = protocol === IPPROTO.tcp || protocol === IPPROTO.udp ? portOf(rule) : null;
  for (const side of ['d', 's'] as const) {
    const test = side === 'd' ? rule.dst : rule.src;
    if (test === null || test.negated) continue;
    const addr = mix(test.a0, test.a1, test.a2, test.a3);
    if (port !== null) keys.push({ shape: addrShape(side, test, protocol), key: addr * 65536 + port });
    else keys.push({ shape: addrShape(side, test, 0), key: addr });
  }
  if (port !== null) {
    const id = `p${protocol}`;
    keys.push({
      key: port,
      shape: { id, probe: (k, _i, _o, b) => (k.protocol === protocol ? b.get(k.dport) : undefined) },
    });
  }
  if (rule.iif !== null && !rule.iif.negated && !rule.iif.wild) {
    keys.push({ key: textHash(rule.iif.name), shape: { id: 'i', probe: (_k, i, _o, b) => b.get(textHash(i)) } });
  }
  if (rule.oif !== null && !rule.oif.negated && !rule.oif.wild) {
    keys.push({ key: textHash(rule.oif.name), shape: { id: 'o', probe: (_k, _i, o, b) => b.get(textHash(o)) } });
  }
  return keys;
}

function addrShape(side: 'd' | 's', { m0, m1, m2, m3 }: AddrTest, protocol: number): ShapeKind {
  const id = `${side}${m0},${m1},${m2},${m3},${protocol}`;
  return {
    id,
    probe: (k, _i, _o, buckets) => {
      if (protocol !== 0 && k.protocol !== protocol) return undefined;
      const addr =
        side === 'd'
          ? mix(k.d0 & m0, k.d1 & m1, k.d2 & m2, k.d3 & m3)
          : mix(k.s0 & m0, k.s1 & m1, k.s2 & m2, k.s3 & m3);
      return buckets.get(protocol === 0 ? addr : addr * 65536 + k.dport);
    },
  };
}

/** The one destination port that the rule can match, if nothing with an effect is asked before. */
export function portOf(rule: Rule): number | null {
  for (const { match, config } of rule.matches) {
    const port = match.onlyPort(config);
    if (port !== null) return port;
    if (match.sideEffect || match.support !== 'full') return null;
  }
  return null;
}
