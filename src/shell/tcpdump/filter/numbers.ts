import type { Cursor } from './cursor';
import type { Arith, Filter } from './types';
import { PROTOS, RELATIONS } from './words';
import { Wrong } from './wrong';

/** How tightly operators bind. `%` and `^` have no rank: they take all that comes. libpcap: grammar.y */
const RANKS: Readonly<Record<string, number>> = { '|': 1, '&': 2, '<<': 3, '>>': 3, '+': 4, '-': 4, '*': 5, '/': 5 };
const SIGN = 6;

/** Does the number that was just read go on? */
export function goesOn(c: Cursor): boolean {
  return c.is('%', '^', ...Object.keys(RANKS), ...RELATIONS);
}

/** Two numbers held against each other; `left` is what of the first has been read. */
export function relation(c: Cursor, begun: Arith): Filter {
  const left = arithFrom(c, begun, 0);
  if (!c.is(...RELATIONS)) throw c.syntax();
  const operator = c.any().text;
  return { kind: 'compare', operator: operator === '==' ? '=' : operator, left, right: arith(c, 0) };
}

function arith(c: Cursor, rank: number): Arith {
  return arithFrom(c, factor(c), rank);
}

/** What follows a first operand, of operators of that rank and above. */
export function arithFrom(c: Cursor, begun: Arith, rank: number): Arith {
  let left = begun;
  for (;;) {
    const greedy = c.is('%', '^');
    const own = greedy ? SIGN : c.isKind('operator') ? (RANKS[c.now.text] ?? -1) : -1;
    if (own < rank || own < 0) return left;
    const { text: operator, at } = c.any();
    left = compute(operator, left, arith(c, greedy ? 0 : own + 1), at);
  }
}

/** libpcap: gen_arth() */
function compute(operator: string, left: Arith, right: Arith, at: number): Arith {
  const first = firstNumber(right);
  if (operator === '/' && first === 0) throw new Wrong('division by zero', at);
  if (operator === '%' && first === 0) throw new Wrong('modulus by zero', at);
  if ((operator === '<<' || operator === '>>') && first !== null && first > 31) {
    throw new Wrong('shift by more than 31 bits', at);
  }
  return { kind: 'compute', operator, left, right };
}

/** The number that its code begins with, if it does: that is all that libpcap looks at. */
function firstNumber(arith: Arith): number | null {
  switch (arith.kind) {
    case 'number':
      return arith.value;
    case 'compute':
      return firstNumber(arith.left);
    case 'negate':
      return firstNumber(arith.of);
    case 'load':
      return firstNumber(arith.offset);
    default:
      return null;
  }
}

/** Does something other than a plain number or a parenthesis begin here that can only be a number? */
export function factorAhead(c: Cursor): boolean {
  return c.is('-', 'len', 'length');
}

export function factor(c: Cursor): Arith {
  if (c.take('-')) return { kind: 'negate', of: arith(c, SIGN) };
  if (c.take('(')) {
    const inside = arith(c, 0);
    c.need(')');
    return inside;
  }
  if (c.take('len', 'length')) return { kind: 'length' };
  if (c.isKind('number')) return { kind: 'number', value: c.number() };
  if (!c.isIn(PROTOS)) throw c.syntax();
  const { text, at } = c.any();
  c.need('[');
  return load(c, PROTOS[text]!, at);
}

/** `ip[…]`, from behind the bracket on. libpcap: gen_load() */
export function load(c: Cursor, proto: string, at: number): Arith {
  const offset = arith(c, 0);
  const size = c.take(':') ? c.number() : 1;
  c.need(']');
  if (![1, 2, 4].includes(size)) throw new Wrong('data size must be 1, 2, or 4', at);
  if (proto === 'radio') throw new Wrong('radio information not present in capture', at);
  if (!LOADED.includes(proto)) throw new Wrong('unsupported index operation', at);
  return { kind: 'load', proto, offset, size };
}

/**
 * The protocols that a packet must be of for a number to be worked out: of a computation, those of its left side alone are
 * looked at. libpcap: gen_arth() keeps no other
 */
export function needed(arith: Arith): readonly string[] {
  switch (arith.kind) {
    case 'negate':
      return needed(arith.of);
    case 'compute':
      return needed(arith.left);
    case 'load':
      return arith.proto === 'link' ? needed(arith.offset) : [arith.proto, ...needed(arith.offset)];
    default:
      return [];
  }
}

const LOADED =
  'link ip ip6 arp rarp atalk decnet sca lat moprc mopdl tcp udp sctp icmp igmp igrp pim vrrp carp icmp6'.split(' ');
