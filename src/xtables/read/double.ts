/** A number at the front of a text, and the index behind it. */
export interface ScannedDouble {
  readonly value: number;
  readonly end: number;
}

const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;
const HEX = /^0x(?=\.?[\da-f])([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?/i;
const WORDS = /^(?:inf(?:inity)?|(nan)(?:\(\w*\))?)/i;

/** A floating point number as libc reads it, `0x1.8p3`, `inf` and `nan` included; null if there is none. libc: strtod() */
export function scanDouble(text: string): ScannedDouble | null {
  const lead = /^\s*([+-]?)/.exec(text)!;
  const rest = text.slice(lead[0].length);
  const sign = lead[1] === '-' ? -1 : 1;
  const found = (value: number, word: string): ScannedDouble => ({
    value: sign * value,
    end: lead[0].length + word.length,
  });
  const hex = HEX.exec(rest);
  if (hex !== null) {
    const [word, whole = '', part = '', power = '0'] = hex;
    return found(Number(BigInt(`0x0${whole}${part}`)) * 2 ** (Number(power) - 4 * part.length), word);
  }
  const decimal = DECIMAL.exec(rest)?.[0];
  if (decimal !== undefined) return found(Number(decimal), decimal);
  const named = WORDS.exec(rest);
  if (named === null) return null;
  return found(named[1] === undefined ? Number.POSITIVE_INFINITY : Number.NaN, named[0]);
}

/** A double as C on x86-64 cuts it down to 32 bits: what does not fit into 64 is 0. */
export function doubleToUint32(value: number): number {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) >>> 0 : 0;
}
