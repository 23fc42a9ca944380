import { not, type Use } from '../record';

/** A range of 32-bit numbers, as SPIs, ids and the like are compared. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly negated: boolean;
}

const ANY_NUMBER: NumberRange = { min: 0, max: 0xffff_ffff, negated: false };

export function numberRange(use: Use<readonly number[]> | undefined): NumberRange {
  if (use === undefined) return ANY_NUMBER;
  return { min: use.value[0]!, max: use.value[1] ?? use.value[0]!, negated: use.negated };
}

export function inRange({ min, max, negated }: NumberRange, number: number): boolean {
  return (number >= min && number <= max) !== negated;
}

/** As iptables-save prints it; '' for the range of all numbers, a `!` before it included. */
export function saveRange(flag: string, range: NumberRange): string {
  const { min, max, negated } = range;
  if (min === 0 && max === 0xffff_ffff) return '';
  return `${not(negated)} --${flag} ${min === max ? min : `${min}:${max}`}`;
}

/** As `iptables -L` shows it: `spi:18`, `spis:!1:5`. */
export function listRange(name: string, range: NumberRange): string {
  const { min, max, negated } = range;
  if (min === 0 && max === 0xffff_ffff && !negated) return '';
  const inverse = negated ? '!' : '';
  return min === max ? `${name}:${inverse}${min}` : `${name}s:${inverse}${min}:${max}`;
}
