/**
 * Bob Jenkins' lookup3 over 32-bit words (public domain, burtleburtle.net/bob/c/lookup3.c), with the start value that
 * Linux gives it. NAT chooses the address of a range by it, with no secret seed: the choice can be foretold; the hash
 * sets of ipset find their buckets by it.
 *
 * Kernel: jhash2(), include/linux/jhash.h
 */
export function jhash2(words: readonly number[], initval: number): number {
  let a = (0xdeadbeef + (words.length << 2) + initval) | 0;
  let b = a;
  let c = a;
  let i = 0;
  for (; words.length - i > 3; i += 3) {
    a = (a + words[i]!) | 0;
    b = (b + words[i + 1]!) | 0;
    c = (c + words[i + 2]!) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  const left = words.length - i;
  if (left === 0) return c >>> 0;
  if (left === 3) c = (c + words[i + 2]!) | 0;
  if (left >= 2) b = (b + words[i + 1]!) | 0;
  a = (a + words[i]!) | 0;
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  c = (c ^ b) - rotate(b, 24);
  return c >>> 0;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** `value` of 32 bits scaled to 0 … size - 1, exactly. Kernel: reciprocal_scale() */
export function scale32(value: number, size: number): number {
  return Number((BigInt(value >>> 0) * BigInt(size >>> 0)) >> 32n);
}

/** A big-endian word as an x86 reads it from memory. */
export function swap32(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | ((word >>> 24) & 0xff)) >>> 0;
}
