import type { Words } from '../wire';

/** Arithmetic on addresses as four words; an IPv4 address is word 0. */
export const ZERO: Words = Object.freeze([0, 0, 0, 0] as const) as Words;

export function words4(n: number): Words {
  return [n >>> 0, 0, 0, 0];
}

export function sameWords(a: Words, b: Words): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

export function isZero(a: Words): boolean {
  return (a[0] | a[1] | a[2] | a[3]) === 0;
}

/** The address with all but its first `length` bits cleared. Kernel: ip_set_netmask(), ip6_netmask() */
export function maskWords(a: Words, length: number): Words {
  if (length >= 128 || (length >= 32 && (a[1] | a[2] | a[3]) === 0)) return a;
  return [
    a[0] & mask32(length),
    a[1] & mask32(length - 32),
    a[2] & mask32(length - 64),
    a[3] & mask32(length - 96),
  ].map((n) => n >>> 0) as unknown as Words;
}

export function andWords(a: Words, b: Words): Words {
  return [(a[0] & b[0]) >>> 0, (a[1] & b[1]) >>> 0, (a[2] & b[2]) >>> 0, (a[3] & b[3]) >>> 0];
}

/** A word whose first `length` bits are set; below 0 counts as 0, above 32 as 32. */
export function mask32(length: number): number {
  if (length <= 0) return 0;
  return length >= 32 ? 0xffffffff : (-1 << (32 - length)) >>> 0;
}

/** First and last address of the block that `ip` lies in. Kernel: ip_set_mask_from_to() */
export function blockOf(ip: number, length: number): readonly [from: number, to: number] {
  const mask = mask32(length);
  return [(ip & mask) >>> 0, (ip | ~mask) >>> 0];
}

/**
 * The largest block that begins at `from` and does not go beyond `to`: its prefix length and last address.
 * Kernel: ip_set_range_to_cidr(), net/netfilter/ipset/pfxlen.c
 */
export function rangeToCidr(from: number, to: number): { readonly cidr: number; readonly last: number } {
  for (let cidr = 1; cidr < 32; cidr++) {
    const mask = mask32(cidr);
    if ((from & mask) >>> 0 !== from) continue;
    const last = (from | ~mask) >>> 0;
    if (((to - last) | 0) >= 0) return { cidr, last };
  }
  return { cidr: 32, last: from };
}
