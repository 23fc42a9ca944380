import type { Addr } from './packet';

/** The 32 bits of a strictly dotted quad (no leading zeros), or -1. Kernel: in4_pton(); libc: inet_pton(). */
export function readQuad(text: string): number {
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (part < 0 || dots === 3) return -1;
      value = value * 256 + part;
      part = -1;
      dots++;
    } else if (c >= 48 && c <= 57) {
      if (part === 0) return -1;
      part = part < 0 ? c - 48 : part * 10 + c - 48;
      if (part > 255) return -1;
    } else return -1;
  }
  return part < 0 || dots !== 3 ? -1 : value * 256 + part;
}

/** The 32 bits of a canonical IPv4 address, from 0 to 2^32 - 1. */
export function ip4ToInt(addr: Addr): number {
  let value = 0;
  let part = 0;
  for (let i = 0; i < addr.length; i++) {
    const c = addr.charCodeAt(i);
    if (c === 46) {
      value = value * 256 + part;
      part = 0;
    } else part = part * 10 + c - 48;
  }
  return value * 256 + part;
}

/** The address with these 32 bits; a negative number is taken as its unsigned twin. */
export function intToIp4(n: number): Addr {
  return `${(n >>> 24) & 0xff}.${(n >>> 16) & 0xff}.${(n >>> 8) & 0xff}.${n & 0xff}`;
}
