import { addrFromWords, addrWords, familyOf, intToIp4, ip4ToInt, parseAddr, type Words } from './address';
import type { Addr, Family } from './packet';

/** A block of addresses. */
export interface Prefix {
  readonly family: Family;
  /** As it was typed, host bits kept, in canonical form. */
  readonly addr: Addr;
  /** `addr` with the host bits cleared. */
  readonly network: Addr;
  readonly length: number;
}

export function makePrefix(addr: Addr, length: number): Prefix {
  return { family: familyOf(addr), addr, network: maskAddr(addr, length), length };
}

/** Reads `ADDRESS/LENGTH`, or an address alone (all its bits count). */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  const addr = parseAddr(slash < 0 ? text : text.slice(0, slash));
  if (addr === null) return null;
  const bits = familyOf(addr) === 4 ? 32 : 128;
  if (slash < 0) return makePrefix(addr, bits);
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return null;
  return makePrefix(addr, Number(length));
}

/** `NETWORK/LENGTH` with the host bits cleared. */
export function prefixText(prefix: Prefix): string {
  return `${prefix.network}/${prefix.length}`;
}

/** Whether the address is in the block; false for one of the other family. */
export function prefixContains(prefix: Prefix, addr: Addr): boolean {
  if (familyOf(addr) !== prefix.family) return false;
  if (prefix.length === 0) return true;
  if (prefix.family === 4) return ((ip4ToInt(addr) ^ ip4ToInt(prefix.network)) & mask32(prefix.length)) === 0;
  const a = addrWords(addr);
  const b = addrWords(prefix.network);
  for (let i = 0; i < 4; i++) if (((a[i]! ^ b[i]!) & mask32(prefix.length - 32 * i)) !== 0) return false;
  return true;
}

/** The address with all but its first `length` bits cleared. */
export function maskAddr(addr: Addr, length: number): Addr {
  return mapWords(addr, (word, i) => word & mask32(length - 32 * i));
}

/** The last address of the block: for IPv4 its broadcast address. */
export function broadcastOf(prefix: Prefix): Addr {
  return mapWords(prefix.network, (word, i) => word | ~mask32(prefix.length - 32 * i));
}

/** The netmask of a prefix length, as an address. */
export function maskOf(length: number, family: Family): Addr {
  return maskAddr(family === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', length);
}

/** The prefix length of a netmask, or null if its one bits are not all in front. */
export function maskLength(mask: Addr): number | null {
  const family = familyOf(mask);
  const words = addrWords(mask);
  let length = 0;
  for (let i = 0; i < (family === 4 ? 1 : 4); i++) length += Math.clz32(~words[i]!);
  return maskOf(length, family) === mask ? length : null;
}

function mapWords(addr: Addr, change: (word: number, index: number) => number): Addr {
  if (familyOf(addr) === 4) return intToIp4(change(ip4ToInt(addr), 0));
  const w = addrWords(addr);
  const words: Words = [change(w[0], 0) >>> 0, change(w[1], 1) >>> 0, change(w[2], 2) >>> 0, change(w[3], 3) >>> 0];
  return addrFromWords(words, 6);
}

/** A word whose first `length` bits are set; any length below 0 counts as 0, above 32 as 32. */
function mask32(length: number): number {
  if (length <= 0) return 0;
  return length >= 32 ? -1 : -1 << (32 - length);
}
