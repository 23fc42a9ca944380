import { intToIp4, ip4ToInt, readQuad } from './address4';
import { groupsText, readGroups } from './address6';
import { u16, u32 } from './bytes';
import type { Addr, Family } from './packet';

export { intToIp4, ip4ToInt } from './address4';

/** Reads an address as a person or a tool writes it; gives its canonical form, or null. */
export function parseAddr(text: string): Addr | null {
  if (text.includes(':')) {
    const groups = readGroups(text);
    return groups === null ? null : groupsText(groups);
  }
  return readQuad(text) < 0 ? null : text;
}

export function familyOf(addr: Addr): Family {
  return addr.includes(':') ? 6 : 4;
}

/** Four or sixteen bytes in network order. */
export function addrBytes(addr: Addr): Uint8Array {
  if (familyOf(addr) === 4) {
    const n = ip4ToInt(addr);
    return Uint8Array.of(n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff);
  }
  const out = new Uint8Array(16);
  groupsOf(addr).forEach((group, i) => {
    out[2 * i] = group >>> 8;
    out[2 * i + 1] = group & 0xff;
  });
  return out;
}

export function addrFromBytes(bytes: Uint8Array, offset: number, family: Family): Addr {
  if (family === 4) return intToIp4(u32(bytes, offset));
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) groups.push(u16(bytes, offset + 2 * i));
  return groupsText(groups);
}

/** Four 32-bit words, the first the most significant; an IPv4 address is word 0, the others are 0. */
export type Words = readonly [number, number, number, number];

export function addrWords(addr: Addr): Words {
  if (familyOf(addr) === 4) return [ip4ToInt(addr), 0, 0, 0];
  const g = groupsOf(addr);
  return [g[0]! * 65536 + g[1]!, g[2]! * 65536 + g[3]!, g[4]! * 65536 + g[5]!, g[6]! * 65536 + g[7]!];
}

/** The inverse of `addrWords`. */
export function addrFromWords(words: Words, family: Family): Addr {
  if (family === 4) return intToIp4(words[0]);
  return groupsText(words.flatMap((w) => [w >>> 16, w & 0xffff]));
}

/** Order of addresses: IPv4 before IPv6, then by number. */
export function compareAddr(a: Addr, b: Addr): number {
  if (a === b) return 0;
  const wa = addrWords(a);
  const wb = addrWords(b);
  const family = familyOf(a) - familyOf(b);
  if (family !== 0) return family;
  for (let i = 0; i < 4; i++) if (wa[i] !== wb[i]) return wa[i]! - wb[i]!;
  return 0;
}

/** The address `n` further on (or back), in the arithmetic of 32 or 128 bits. */
export function addOffset(addr: Addr, n: number): Addr {
  if (familyOf(addr) === 4) return intToIp4((ip4ToInt(addr) + n) % 0x1_0000_0000);
  const sum = BigInt.asUintN(128, addrToBigInt(addr) + BigInt(n));
  return addrFromBigInt(sum, 6);
}

/** The address as one number. */
export function addrToBigInt(addr: Addr): bigint {
  if (familyOf(addr) === 4) return BigInt(ip4ToInt(addr));
  return addrWords(addr).reduce((n, word) => (n << 32n) | BigInt(word), 0n);
}

export function addrFromBigInt(n: bigint, family: Family): Addr {
  if (family === 4) return intToIp4(Number(BigInt.asUintN(32, n)));
  const word = (shift: bigint) => Number((n >> shift) & 0xffff_ffffn);
  return addrFromWords([word(96n), word(64n), word(32n), word(0n)], 6);
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(addr: Addr): boolean {
  if (familyOf(addr) === 6) return addr.startsWith('ff') && addr.charCodeAt(4) === 58;
  const first = ip4ToInt(addr) >>> 28;
  return first === 14;
}

/** 127.0.0.0/8. Kernel: ipv4_is_loopback() */
export function isLoopback4(addr: Addr): boolean {
  return addr.startsWith('127.');
}

/** 127.0.0.0/8 or ::1. */
export function isLoopback(addr: Addr): boolean {
  return addr === '::1' || isLoopback4(addr);
}

/** 0.0.0.0; the others of 0.0.0.0/8 are addresses like any. Kernel: ipv4_is_zeronet() */
export function isZeronet(addr: Addr): boolean {
  return addr === '0.0.0.0';
}

/** 255.255.255.255. Kernel: ipv4_is_lbcast() */
export function isLimitedBroadcast(addr: Addr): boolean {
  return addr === '255.255.255.255';
}

/** fe80::/10. To IPv4, 169.254.0.0/16 is a network like any other. Kernel: IPV6_ADDR_LINKLOCAL */
export function isLinkLocal(addr: Addr): boolean {
  return /^fe[89ab][0-9a-f]:/.test(addr);
}

/** ::ffff:0.0.0.0/96: an IPv4 address as IPv6 writes it. Kernel: ipv6_addr_v4mapped() */
export function isMapped4(addr: Addr): boolean {
  return addr.startsWith('::ffff:') && addr.includes('.');
}

/** 0.0.0.0 or ::. */
export function isUnspecified(addr: Addr): boolean {
  return addr === '0.0.0.0' || addr === '::';
}

function groupsOf(addr: Addr): readonly number[] {
  const groups = readGroups(addr);
  if (groups === null) throw new Error(`not an address: ${addr}`);
  return groups;
}
