import { nearest } from '../../base';
import { type Read, Refusal } from '../refusal';

/** States of `--ctstate` and `--state`, as bits, in the order in which they are printed. */
const CT_STATES: readonly (readonly [string, number])[] = [
  ['INVALID', 1],
  ['NEW', 2],
  ['RELATED', 4],
  ['ESTABLISHED', 8],
  ['UNTRACKED', 16],
  ['SNAT', 32],
  ['DNAT', 64],
];

/** The order in which the beginning of a word is tried. */
const TRY_ORDER = ['INVALID', 'NEW', 'ESTABLISHED', 'RELATED', 'UNTRACKED', 'SNAT', 'DNAT'];

export const STATE_WORDS = TRY_ORDER.slice(0, 5);

/** A list of words, each perhaps only its beginning. `bad` makes the refusal from what is left of the text. */
export function readWords(
  text: string,
  words: readonly string[],
  bit: (word: string) => number,
  bad: (rest: string) => string,
): Read<number> {
  let bits = 0;
  const parts = text.split(',');
  for (const [i, part] of parts.entries()) {
    const found = part === '' ? undefined : words.find((word) => word.startsWith(part.toUpperCase()));
    if (found === undefined) {
      return new Refusal('bad-value', bad(parts.slice(i).join(',')), { suggestion: suggestList(text, part, words) });
    }
    bits |= bit(found);
  }
  return bits;
}

function suggestList(text: string, part: string, words: readonly string[]): string | undefined {
  const near = part === '' ? undefined : nearest(part, words);
  return near === undefined ? undefined : text.replace(part, near);
}

export function readStates(text: string, words: readonly string[], bad: (rest: string) => string): Read<number> {
  return readWords(text, words, (word) => CT_STATES.find(([name]) => name === word)![1], bad);
}

export const ALL_STATE_WORDS = TRY_ORDER;

export function printStates(bits: number): string {
  return CT_STATES.filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(',');
}
