import type { Cursor } from './cursor';
import type { Arith, Filter } from './types';
import { CONSTANTS, LEVELS, PROTOS, RELATIONS } from './words';
import { Wrong } from './wrong';

/** Does a relation of numbers begin here? */
export function arithmeticAhead(c: Cursor): boolean {
  const from = c.at;
  try {
    arith(c, 0);
    return c.is(...RELATIONS);
  } catch (error) {
    if (error instanceof Wrong) return false;
    throw error;
  } finally {
    c.at = from;
  }
}

/** Two numbers held against each other. */
export function relation(c: Cursor): Filter {
  const left = arith(c, 0);
  if (!c.is(...RELATIONS)) throw c.syntax();
  const operator = c.any().text;
  return { kind: 'compare', operator: operator === '==' ? '=' : operator, left, right: arith(c, 0) };
}

function arith(c: Cursor, level: number): Arith {
  const operators = LEVELS[level];
  if (operators === undefined) return factor(c);
  let left = arith(c, level + 1);
  while (c.now.kind === 'operator' && (operators as readonly string[]).includes(c.now.text)) {
    const operator = c.any().text;
    left = { kind: 'compute', operator, left, right: arith(c, level + 1) };
  }
  return left;
}

function factor(c: Cursor): Arith {
  const token = c.now;
  if (c.take('-')) return { kind: 'negate', of: factor(c) };
  if (c.take('(')) {
    const inside = arith(c, 0);
    if (!c.take(')')) throw c.syntax();
    return inside;
  }
  if (c.take('len', 'length')) return { kind: 'length' };
  if (token.kind === 'number') return { kind: 'number', value: c.number() };
  const constant = CONSTANTS[token.text];
  if (constant !== undefined) {
    c.at++;
    return { kind: 'number', value: constant };
  }
  if (PROTOS.includes(token.text) && c.next?.text === '[') {
    c.at += 2;
    const offset = arith(c, 0);
    let size = 1;
    if (c.take(':')) {
      size = c.number();
      if (![1, 2, 4].includes(size)) throw new Wrong('data size must be 1, 2, or 4', token.at);
    }
    if (!c.take(']')) throw c.syntax();
    return { kind: 'load', proto: token.text === 'link' ? 'ether' : token.text, offset, size };
  }
  throw c.syntax();
}
