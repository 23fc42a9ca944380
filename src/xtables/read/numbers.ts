/** Numbers as libxtables reads them: strtoul() with base 0, so `010` is 8 and `0x1f` is 31. */

const MAX64 = 0xffff_ffff_ffff_ffffn;

interface Scanned {
  readonly value: number;
  /** Index after the last character of the number. */
  readonly end: number;
}

interface Scanned64 {
  readonly value: bigint;
  readonly end: number;
}

/**
 * Reads the number at the front of `text` from `start` on; null if there is none, it is negative, or over 64 bits.
 * Numbers over 2^53 come out rounded: use `scanUint64` where that counts.
 */
export function scanUint(text: string, start = 0): Scanned | null {
  let value = 0;
  let i = start;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) break;
    value = value * 10 + c - 48;
  }
  const leadingZero = text.charCodeAt(start) === 48 && i - start >= 1;
  if (i > start && i - start <= 15 && !(leadingZero && (i - start > 1 || (text.charCodeAt(i) | 32) === 120))) {
    return { value, end: i };
  }
  const slow = scanUint64(text, start);
  return slow === null ? null : { value: Number(slow.value), end: slow.end };
}

export function scanUint64(text: string, start = 0): Scanned64 | null {
  let i = start;
  while (i < text.length && /\s/.test(text[i]!)) i++;
  if (text[i] === '-') return null;
  if (text[i] === '+') i++;
  const digits = /^(0[xX][0-9a-fA-F]+|[0-9]+)/.exec(text.slice(i))?.[0];
  if (digits === undefined) return null;
  if (/^0[xX]/.test(digits)) {
    const value = BigInt(digits);
    return value > MAX64 ? null : { value, end: i + digits.length };
  }
  if (digits.startsWith('0') && digits.length > 1) {
    const octal = /^[0-7]+/.exec(digits)![0];
    const value = BigInt(`0o${octal}`);
    return value > MAX64 ? null : { value, end: i + octal.length };
  }
  const value = BigInt(digits);
  return value > MAX64 ? null : { value, end: i + digits.length };
}

/** The whole text as a number from `min` to `max`, or null. Kernel side: xtables_strtoui() with no end pointer. */
export function readUint(text: string, min: number, max: number): number | null {
  const scanned = scanUint(text);
  if (scanned === null || scanned.end !== text.length || scanned.value < min || scanned.value > max) return null;
  return scanned.value;
}

/** The whole text as a number of 64 bits, or null. */
export function readUint64(text: string): bigint | null {
  const scanned = scanUint64(text);
  if (scanned === null || scanned.end !== text.length || scanned.value > MAX64) return null;
  return scanned.value;
}

/** The number at the front of a text, decimal, or 0; too large a one is the largest. libc: atoll(); atoi() cuts it down */
export function scanLong(text: string): bigint {
  const long = BigInt(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0);
  const most = MAX64 >> 1n;
  return long > most ? most : long < ~most ? ~most : long;
}

/** The number at the front of a counter, decimal; what follows does not count. libc: sscanf() with %llu */
export function scanCounter(text: string): bigint | null {
  const digits = /^\s*([+-]?)(\d+)/.exec(text);
  if (digits === null) return null;
  const size = BigInt(digits[2]!);
  if (size > MAX64) return MAX64;
  return digits[1] === '-' ? BigInt.asUintN(64, -size) : size;
}

/** `0x` and lower-case hexadecimal digits. */
export function hex(n: number): string {
  return `0x${(n >>> 0).toString(16)}`;
}
