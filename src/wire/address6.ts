import { intToIp4, readQuad } from './address4';
import type { Addr } from './packet';

/** The eight 16-bit groups of IPv6 text (RFC 4291 section 2.2; no zone, no prefix), or null. libc: inet_pton(). */
export function readGroups(text: string): number[] | null {
  const groups: number[] = [];
  let gap = -1;
  let i = 0;
  if (text.startsWith(':')) {
    if (!text.startsWith('::')) return null;
    i = 1;
  }
  let start = i;
  let value = -1;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const digit = hexDigit(c);
    if (digit >= 0) {
      if (value < 0) start = i;
      if (i - start >= 4) return null;
      value = (value < 0 ? 0 : value) * 16 + digit;
    } else if (c === 58) {
      if (value < 0) {
        if (gap >= 0) return null;
        gap = groups.length;
      } else {
        if (i + 1 === text.length) return null;
        groups.push(value);
        value = -1;
      }
    } else if (c === 46 && value >= 0) {
      const quad = readQuad(text.slice(start));
      if (quad < 0) return null;
      groups.push(Math.floor(quad / 65536), quad % 65536);
      value = -1;
      i = text.length;
    } else return null;
  }
  if (value >= 0) groups.push(value);
  if (gap < 0) return groups.length === 8 ? groups : null;
  if (groups.length >= 8) return null;
  const zeros = new Array<number>(8 - groups.length).fill(0);
  return [...groups.slice(0, gap), ...zeros, ...groups.slice(gap)];
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 102) return c - 87;
  if (c >= 65 && c <= 70) return c - 55;
  return -1;
}

/**
 * RFC 5952 text of eight groups as inet_ntop() prints it: the longest run of two or more zero groups (the first of
 * equals) becomes `::`, and IPv4-mapped and IPv4-compatible addresses end in a dotted quad.
 */
export function groupsText(g: readonly number[]): Addr {
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; ) {
    let j = i;
    while (j < 8 && g[j] === 0) j++;
    if (j - i > bestLength) {
      best = i;
      bestLength = j - i;
    }
    i = j === i ? i + 1 : j;
  }
  const quad = best === 0 && (bestLength === 6 || (bestLength === 5 && g[5] === 0xffff));
  const end = quad ? 6 : 8;
  let out = '';
  for (let i = 0; i < end; ) {
    if (i === best) {
      out += '::';
      i += bestLength;
    } else {
      if (out !== '' && !out.endsWith(':')) out += ':';
      out += g[i]!.toString(16);
      i++;
    }
  }
  if (quad) out += `${out.endsWith(':') ? '' : ':'}${intToIp4(g[6]! * 65536 + g[7]!)}`;
  return out;
}
