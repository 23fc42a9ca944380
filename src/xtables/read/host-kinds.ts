import { type Addr, addrWords, familyOf, intToIp4, maskLength, maskOf, parseAddr } from '../../wire';
import type { Kind, ReadCall } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtContext, XtFamily } from '../types';
import { readUint } from './numbers';

/** Addresses, networks and MACs that options take, with the refusals of libxtables (xtoptions.c). */

/** An address (a name would ask DNS, which does not exist here). XTTYPE_HOST */
export const host: Kind<Addr> = {
  name: 'address',
  read: readHost,
};

function readHost(word: string, { family, context }: ReadCall): Read<Addr> {
  const addr = lookupHost(word, family, context);
  if (addr !== null) return addr;
  const bare = family === 'ip' ? word.replace(/(:.*?)%.*/s, '$1') : word;
  const wrongFamily = parseAddr(bare) !== null || (family === 'ip6' && readAton(word) !== null);
  return new Refusal(
    'bad-address',
    `getaddrinfo: ${wrongFamily ? 'Address family for hostname not supported' : 'Name or service not known'}\n`,
  );
}

/**
 * Numeric forms that getaddrinfo() knows (inet_aton for IPv4; the host drops a scope behind an IPv6 address), and the two
 * names that every host has.
 */
export function lookupHost(word: string, family: XtFamily, context: XtContext): Addr | null {
  const addr = parseAddr(family === 'ip6' ? (context.withoutScope?.(word) ?? word) : word);
  if (addr !== null && family === 'ip' && addr.startsWith('::ffff:')) return mappedAddr(addr);
  if (addr !== null) return (familyOf(addr) === 4) === (family === 'ip') ? addr : null;
  if (family === 'ip') return readAton(word) ?? (word === 'localhost' ? '127.0.0.1' : null);
  return word === 'localhost' || word === 'ip6-localhost' || word === 'ip6-loopback' ? '::1' : null;
}

/** The IPv4 address in `::ffff:192.0.2.1`; null if it is not one of these. */
function mappedAddr(addr: Addr): Addr | null {
  const [a, b, c, d] = addrWords(addr);
  return a === 0 && b === 0 && c === 0xffff ? intToIp4(d) : null;
}

/** `10.1` is 10.0.0.1, and parts may be octal or hexadecimal. libc: inet_aton() */
function readAton(word: string): Addr | null {
  const parts = word.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(0[xX][0-9a-fA-F]+|\d+)$/.test(part))) return null;
  let value = 0;
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    const number = readUint(part, 0, last ? 256 ** (5 - parts.length) - 1 : 255);
    if (number === null) return null;
    value = last ? value + number : value + number * 256 ** (3 - i);
  }
  return intToIp4(value);
}

export interface HostMask {
  /** As it was written; the mask is not put on it. */
  readonly addr: Addr;
  readonly mask: Addr;
}

/** `ADDRESS[/PREFIX or MASK]`. XTTYPE_HOSTMASK */
export const hostMask: Kind<HostMask> = {
  name: 'network',
  read: (word, call) => {
    const slash = word.indexOf('/');
    const addr = readHost(slash < 0 ? word : word.slice(0, slash), call);
    if (addr instanceof Refusal) return addr;
    const bits = call.family === 'ip' ? 32 : 128;
    if (slash < 0) return { addr, mask: maskOf(bits, call.family === 'ip' ? 4 : 6) };
    const length = readPlen(word.slice(slash + 1), call);
    if (length instanceof Refusal) return length;
    return { addr, mask: maskOf(length, call.family === 'ip' ? 4 : 6) };
  },
};

/** A prefix length, or a netmask. XTTYPE_PLEN */
export const plen: Kind<number> = { name: 'prefix-length', read: (word, call) => readPlen(word, call) };

function readPlen(word: string, call: ReadCall): Read<number> {
  const bits = call.family === 'ip' ? 32 : 128;
  const length = readUint(word, 0, bits);
  if (length !== null) return length;
  const mask = lookupHost(word, call.family, call.context);
  // A mask with holes has the length -1, in eight bits.
  if (mask !== null) return maskLength(mask) ?? 255;
  return new Refusal(
    'bad-value',
    `${call.extension}: bad value for option "--${call.flag}", neither a valid network mask nor valid CIDR (0-${bits}).\n`,
  );
}

/** The same as a mask. XTTYPE_PLENMASK */
export const plenMask: Kind<Addr> = {
  name: 'prefix-length',
  read: (word, call) => {
    const length = readPlen(word, call);
    return length instanceof Refusal ? length : maskOf(length, call.family === 'ip' ? 4 : 6);
  },
};

/** XTTYPE_ETHERMAC; gives the canonical form. */
export const etherMac: Kind<string> = {
  name: 'mac',
  read: (word) => {
    const groups = word.split(':');
    const good = groups.length === 6 && groups.every((group) => /^[0-9a-fA-F]{0,2}$/.test(group));
    if (!good) return new Refusal('bad-value', 'Invalid MAC address specified.');
    return groups.map((group) => group.padStart(2, '0').toLowerCase()).join(':');
  },
};

/** True if (`a` & `mask`) equals `b`, by words of an address. */
export function maskedEqual(a: Addr, b: Addr, mask: Addr): boolean {
  const [wa, wb, wm] = [addrWords(a), addrWords(b), addrWords(mask)];
  for (let i = 0; i < 4; i++) if (((wa[i]! & wm[i]!) ^ wb[i]!) !== 0) return false;
  return true;
}
