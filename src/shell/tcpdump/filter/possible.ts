import { assertNever } from '../../../base';
import { compute } from './evaluate';
import { needed } from './numbers';
import type { Arith, Filter, Side } from './types';
import { ETHERTYPES, NUMBERS } from './words';

/** A filter as what it says of parts of a frame: `key` names the part. */
type Claim =
  | { readonly kind: 'is'; readonly key: string; readonly value: number | string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Claim[] }
  | { readonly kind: 'not'; readonly of: Claim }
  /** It may be or not. */
  | { readonly kind: 'open' };

/** What is known on the way to a claim, the newest first. */
interface Known {
  readonly key: string;
  readonly value: number | string;
  readonly is: boolean;
  readonly before: Known | null;
}

/** So many steps are enough for what a person types; then it is taken to be possible. */
const MOST = 20_000;

/** Can any frame pass? libpcap asks its optimizer: opt_loop() leaves a program that does nothing but refuse. */
export function isPossible(filter: Filter): boolean {
  // With a loop in it, the program is not optimized.
  if (has(filter, 'protochain')) return true;
  let steps = 0;
  const holds = (
    claim: Claim,
    wanted: boolean,
    known: Known | null,
    then: (known: Known | null) => boolean,
  ): boolean => {
    if (++steps > MOST) return true;
    if (claim.kind === 'open') return then(known);
    if (claim.kind === 'not') return holds(claim.of, !wanted, known, then);
    if (claim.kind === 'is') {
      const more = learn(known, claim.key, claim.value, wanted);
      return more !== undefined && then(more);
    }
    if ((claim.kind === 'any') === wanted) return claim.of.some((part) => holds(part, wanted, known, then));
    const from = (i: number, now: Known | null): boolean =>
      i === claim.of.length ? then(now) : holds(claim.of[i]!, wanted, now, (next) => from(i + 1, next));
    return from(0, known);
  };
  return holds(claimOf(filter), true, null, () => true);
}

/** Undefined: it cannot be. */
function learn(known: Known | null, key: string, value: number | string, is: boolean): Known | null | undefined {
  for (let at = known; at !== null; at = at.before) {
    if (at.key !== key) continue;
    if (at.is && (at.value === value) !== is) return undefined;
    if (!at.is && is && at.value === value) return undefined;
    if (at.is) return known;
  }
  return { key, value, is, before: known };
}

function has(filter: Filter, kind: Filter['kind']): boolean {
  if (filter.kind === 'and' || filter.kind === 'or') return has(filter.left, kind) || has(filter.right, kind);
  return filter.kind === 'not' ? has(filter.of, kind) : filter.kind === kind;
}

const is = (key: string, value: number | string): Claim => ({ kind: 'is', key, value });
const all = (...of: readonly Claim[]): Claim => ({ kind: 'all', of });
const any = (...of: readonly Claim[]): Claim => ({ kind: 'any', of });
const TRUE = all();
const FALSE = any();
const OPEN: Claim = { kind: 'open' };

/** Bytes of the frame. */
const at = (offset: number, size: number, value: number): Claim => is(`${offset}:${size}`, value);
const type = (name: 'ip' | 'ip6' | 'arp' | 'rarp'): Claim => at(12, 2, ETHERTYPES[name]!);
const protocol4 = (number: number): Claim => all(type('ip'), at(23, 1, number));
const protocol6 = (number: number): Claim =>
  all(type('ip6'), any(at(20, 1, number), all(at(20, 1, 44), at(54, 1, number))));

function ends(side: Side, src: Claim, dst: Claim): Claim {
  if (side === 'src') return src;
  if (side === 'dst') return dst;
  return side === 'both' ? all(src, dst) : any(src, dst);
}

function claimOf(filter: Filter): Claim {
  switch (filter.kind) {
    case 'and':
      return all(claimOf(filter.left), claimOf(filter.right));
    case 'or':
      return any(claimOf(filter.left), claimOf(filter.right));
    case 'not':
      return { kind: 'not', of: claimOf(filter.of) };
    case 'always':
      return TRUE;
    case 'ethertype':
      // A small number is that of an LLC header.
      return filter.type > 1500 ? at(12, 2, filter.type) : OPEN;
    case 'proto': {
      const { number, family } = filter;
      if (family === 0) return any(protocol4(number), protocol6(number));
      return family === 4 ? protocol4(number) : protocol6(number);
    }
    case 'net4': {
      const { value, mask, side } = filter;
      const part = (offset: number): Claim =>
        mask === 0 ? TRUE : mask === 0xffff_ffff ? at(offset, 4, value) : is(`${offset}:4&${mask}`, value);
      const of = (name: 'ip' | 'arp' | 'rarp', src: number, dst: number): Claim =>
        filter.type === '' || filter.type === name ? all(type(name), ends(side, part(src), part(dst))) : FALSE;
      return any(of('ip', 26, 30), of('arp', 28, 38), of('rarp', 28, 38));
    }
    case 'net6': {
      // An address of several words is not followed.
      const part = (offset: number): Claim => {
        if (filter.length > 32) return OPEN;
        return filter.length === 0 ? TRUE : is(`${offset}/${filter.length}`, filter.net);
      };
      return all(type('ip6'), ends(filter.side, part(22), part(38)));
    }
    case 'mac':
      return ends(filter.side, is('smac', filter.mac), is('dmac', filter.mac));
    case 'ports': {
      const { protocols, from, to, side } = filter;
      const port = (key: string): Claim => (from === to ? is(key, from) : is(`${key} ${from}-${to}`, 1));
      const of = (proto: Claim, key: string): Claim => all(proto, ends(side, port(`${key}s`), port(`${key}d`)));
      const numbers = (offset: number): Claim => any(...protocols.map((number) => at(offset, 1, number)));
      return any(of(all(type('ip6'), numbers(20)), 'l6'), of(all(type('ip'), numbers(23), is('fragment', 0)), 'l4'));
    }
    case 'group': {
      if (filter.proto === 'ip6') return all(type('ip6'), is('group6', 1));
      if (filter.proto === 'ether')
        return filter.which === 'multicast' ? is('group', 1) : is('dmac', 'ff:ff:ff:ff:ff:ff');
      return all(
        type('ip'),
        filter.which === 'multicast' ? is('group4', 1) : any(at(30, 4, 0), at(30, 4, 0xffff_ffff)),
      );
    }
    case 'direction':
      return is('direction', Number(filter.inbound));
    case 'ifindex':
      return is('ifindex', filter.index);
    case 'compare':
      return compared(filter);
    case 'never':
    case 'protochain':
      return OPEN;
    default:
      return assertNever(filter);
  }
}

function compared(filter: Extract<Filter, { readonly kind: 'compare' }>): Claim {
  const [left, right] = [folded(filter.left), folded(filter.right)];
  const { operator } = filter;
  const needs = [...needed(filter.left), ...needed(filter.right)].map(present);
  let claim: Claim;
  if (left.kind === 'number' && right.kind === 'number') {
    const [a, b] = [left.value, right.value];
    const outcome =
      operator === '='
        ? a === b
        : operator === '!='
          ? a !== b
          : operator === '<'
            ? a < b
            : operator === '>'
              ? a > b
              : operator === '<='
                ? a <= b
                : a >= b;
    claim = outcome ? TRUE : FALSE;
  } else if (operator === '=' || operator === '!=') {
    const [fixed, other] = left.kind === 'number' ? [left, right] : [right, left];
    const equal = fixed.kind === 'number' ? is(keyOf(other), fixed.value) : is(`${keyOf(left)}=${keyOf(right)}`, 1);
    claim = operator === '=' ? equal : { kind: 'not', of: equal };
  } else claim = is(`${keyOf(left)}${operator}${keyOf(right)}`, 1);
  return all(...needs, claim);
}

/** With its constants worked out. */
function folded(arith: Arith): Arith {
  if (arith.kind === 'negate') {
    const of = folded(arith.of);
    return of.kind === 'number' ? { kind: 'number', value: -of.value >>> 0 } : { kind: 'negate', of };
  }
  if (arith.kind === 'load') return { ...arith, offset: folded(arith.offset) };
  if (arith.kind !== 'compute') return arith;
  const [left, right] = [folded(arith.left), folded(arith.right)];
  const { operator } = arith;
  if (left.kind === 'number' && right.kind === 'number') {
    const divided = (operator === '/' || operator === '%') && right.value === 0;
    if (!divided) return { kind: 'number', value: compute(operator, left.value, right.value) };
  }
  if (left.kind === 'number' && left.value === 0 && '*/%&<<>>'.includes(operator)) return left;
  const nothing = right.kind === 'number' && right.value === 0;
  if (nothing && (operator === '&' || operator === '*')) return right;
  if (nothing && ['+', '-', '|', '^', '<<', '>>'].includes(operator)) return left;
  return { kind: 'compute', operator, left, right };
}

/** Where the headers begin whose bytes have a place in the frame of their own. */
const BEGINS: Readonly<Record<string, number>> = { link: 0, ip: 14, ip6: 14, arp: 14, rarp: 14, icmp6: 54 };

function keyOf(arith: Arith): string {
  if (arith.kind !== 'load' || arith.offset.kind !== 'number') return JSON.stringify(arith);
  const begin = BEGINS[arith.proto];
  return begin === undefined
    ? `${JSON.stringify(arith.offset)}:${arith.size}`
    : `${begin + arith.offset.value}:${arith.size}`;
}

/** What a frame must be for a number to be read of that protocol. */
function present(proto: string): Claim {
  if (proto === 'ip' || proto === 'ip6' || proto === 'arp' || proto === 'rarp') return type(proto);
  if (proto === 'icmp6') return all(type('ip6'), at(20, 1, 58));
  const number = NUMBERS[proto]?.[0];
  return number === undefined ? is(proto, 1) : all(protocol4(number), is('fragment', 0));
}
