import { nearest } from '../../base';
import { type Addr, addrWords, familyOf, intToIp4, maskLength, maskOf, parseAddr } from '../../wire';
import type { Kind, ReadCall } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtFamily } from '../types';
import { protocolAsTyped, protocolNames, serviceByName, serviceNames } from './names';
import { readUint, readUint64, scanUint, scanUint64 } from './numbers';

/**
 * The kinds of values that options take, each with the words that libxtables refuses it with (xtoptions.c).
 */

const MAX: Readonly<Record<8 | 16 | 32, number>> = { 8: 0xff, 16: 0xffff, 32: 0xffff_ffff };

/** A number of so many bits. XTTYPE_UINT8 … UINT32 */
export function uint(bits: 8 | 16 | 32, limits: { readonly min?: number; readonly max?: number } = {}): Kind<number> {
  const min = limits.min ?? 0;
  const max = limits.max ?? MAX[bits];
  return {
    name: `uint${bits}`,
    read: (text, call) => readUint(text, min, max) ?? outOfRange(call, `${min}-${max}`),
  };
}

/** XTTYPE_UINT64 */
export const uint64: Kind<bigint> = {
  name: 'uint64',
  read: (text, call) => readUint64(text) ?? outOfRange(call, '0-18446744073709551615'),
};

function outOfRange(call: ReadCall, range: string): Refusal {
  return new Refusal(
    'bad-value',
    `${call.extension}: bad value for option "--${call.flag}", or out of range (${range}).\n`,
  );
}

/** `N` or `N:M`; an empty side means the end of the range. Gives as many numbers as there were. XTTYPE_UINT*RC */
export function uintRange(bits: 8 | 16 | 32, parts = 2): Kind<readonly number[]> {
  return {
    name: `uint${bits}-range`,
    read: (text, call) => {
      const values = readParts(text, call, BigInt(MAX[bits]), parts);
      return values instanceof Refusal ? values : values.map(Number);
    },
  };
}

/** XTTYPE_UINT64RC */
export const uint64Range: Kind<readonly bigint[]> = {
  name: 'uint64-range',
  read: (text, call) => readParts(text, call, 0xffff_ffff_ffff_ffffn, 2),
};

function readParts(text: string, call: ReadCall, max: bigint, parts: number): Read<readonly bigint[]> {
  const values: bigint[] = [];
  for (let at = 0; ; ) {
    if (values.length === parts) {
      return new Refusal(
        'bad-value',
        `${call.extension}: Too many components for option "--${call.flag}" (max: ${parts})\n`,
      );
    }
    let end = at;
    if (at === text.length || text[at] === ':') values.push(values.length === 1 ? max : 0n);
    else {
      const scanned = scanUint64(text, at);
      if (scanned === null || scanned.value > max) {
        return new Refusal(
          'bad-value',
          `${call.extension}: bad value for option "--${call.flag}" near "${text.slice(at)}", or out of range (0-${max}).\n`,
        );
      }
      end = scanned.end;
      if (end < text.length && text[end] !== ':') {
        return new Refusal(
          'bad-value',
          `${call.extension}: Argument to "--${call.flag}" has unexpected characters near "${text.slice(end)}".\n`,
        );
      }
      values.push(scanned.value);
    }
    if (end === text.length) return values;
    at = end + 1;
  }
}

/** A floating point number. XTTYPE_DOUBLE */
export function double(min: number, max: number): Kind<number> {
  return {
    name: 'number',
    read: (text, call) => {
      const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : outOfRange(call, `${min}-${max}`);
    },
  };
}

/** Any text, up to `max` characters; longer text is cut off at `cut`, as the kernel's field is so long. XTTYPE_STRING */
export function text(
  limits: { readonly max?: number; readonly min?: number; readonly cut?: number; readonly name?: string } = {},
): Kind<string> {
  const { min = 0, max = Number.POSITIVE_INFINITY, cut = Number.POSITIVE_INFINITY } = limits;
  return {
    name: limits.name ?? 'text',
    read: (value) => {
      const length = byteLength(value);
      if (length < min) return new Refusal('bad-value', `Argument must have a minimum length of ${min} characters\n`);
      if (length > max) return new Refusal('bad-value', `Argument must have a maximum length of ${max} characters\n`);
      return length > cut ? value.slice(0, cut) : value;
    },
  };
}

function byteLength(value: string): number {
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 127) return new TextEncoder().encode(value).length;
  }
  return value.length;
}

/** One of some words; `message` is the refusal, with `%s` for the word. */
export function oneOf<const T extends string>(values: readonly T[], message: string, fold = false): Kind<T> {
  return {
    name: 'choice',
    values,
    read: (word) => {
      const found = values.find((v) => v === word || (fold && v.toLowerCase() === word.toLowerCase()));
      return found ?? new Refusal('bad-value', message.replace('%s', word), { suggestion: nearest(word, values) });
    },
  };
}

export interface ValueMask {
  readonly value: number;
  readonly mask: number;
}

/** `VALUE[/MASK]` of 32 bits. XTTYPE_MARKMASK32, xtables_parse_val_mask() */
export const markMask: Kind<ValueMask> = {
  name: 'mark',
  read: (word, call) => {
    const value = scanUint(word);
    if (value === null || value.value > MAX[32]) return badMark(call);
    if (value.end === word.length) return { value: value.value, mask: MAX[32] };
    if (word[value.end] !== '/') return trailingGarbage(call);
    const mask = scanUint(word, value.end + 1);
    if (mask === null || mask.value > MAX[32]) return badMark(call);
    return mask.end === word.length ? { value: value.value, mask: mask.value } : trailingGarbage(call);
  },
};

export function badMark(call: ReadCall): Refusal {
  const message = `${call.extension}: bad integer value for option "--${call.flag}", or out of range.\n`;
  return new Refusal('bad-value', message);
}

export function trailingGarbage(call: ReadCall): Refusal {
  return new Refusal('bad-value', `${call.extension}: trailing garbage after value for option "--${call.flag}".\n`);
}

const TOS_NAMES: readonly (readonly [string, number])[] = [
  ['Minimize-Delay', 16],
  ['Maximize-Throughput', 8],
  ['Maximize-Reliability', 4],
  ['Minimize-Cost', 2],
  ['Normal-Service', 0],
];

/** The name of a type of service, or null. */
export function tosName(value: number): string | null {
  return TOS_NAMES.find(([, v]) => v === value)?.[0] ?? null;
}

/** `VALUE[/MASK]` of 8 bits, or a name, which gets `nameMask`. XTTYPE_TOSMASK */
export function tosMask(nameMask: number): Kind<ValueMask> {
  return {
    name: 'tos',
    values: TOS_NAMES.map(([name]) => name),
    read: (word) => {
      const value = scanUint(word);
      if (value !== null && value.value <= 255) {
        if (value.end === word.length) return { value: value.value, mask: 255 };
        const mask = word[value.end] === '/' ? readUint(word.slice(value.end + 1), 0, 255) : null;
        return mask === null ? new Refusal('bad-value', `Illegal value: "${word}"`) : { value: value.value, mask };
      }
      const named = TOS_NAMES.find(([name]) => name.toLowerCase() === word.toLowerCase());
      if (named !== undefined) return { value: named[1], mask: nameMask };
      const suggestion = nearest(
        word,
        TOS_NAMES.map(([name]) => name),
      );
      return new Refusal('bad-value', `Symbolic name "${word}" is unknown`, { suggestion });
    },
  };
}

const LOG_LEVELS: Readonly<Record<string, number>> = {
  alert: 1,
  crit: 2,
  debug: 7,
  emerg: 0,
  error: 3,
  info: 6,
  notice: 5,
  panic: 0,
  warning: 4,
};

/** XTTYPE_SYSLOGLEVEL */
export const syslogLevel: Kind<number> = {
  name: 'log-level',
  values: ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'],
  read: (word) =>
    readUint(word, 0, 7) ??
    LOG_LEVELS[word] ??
    new Refusal('bad-value', `log level "${word}" unknown\n`, { suggestion: nearest(word, Object.keys(LOG_LEVELS)) }),
};

/** An address (a name would ask DNS, which does not exist here). XTTYPE_HOST */
export const host: Kind<Addr> = {
  name: 'address',
  read: (word, call) => readHost(word, call.family),
};

function readHost(word: string, family: XtFamily): Read<Addr> {
  const addr = lookupHost(word, family);
  if (addr !== null) return addr;
  const wrongFamily = parseAddr(word) !== null || (family === 'ip6' && readAton(word) !== null);
  return new Refusal(
    'bad-address',
    `getaddrinfo: ${wrongFamily ? 'Address family for hostname not supported' : 'Name or service not known'}\n`,
  );
}

/** Numeric forms that getaddrinfo() knows (inet_aton for IPv4), and the two names that every host has. */
export function lookupHost(word: string, family: XtFamily): Addr | null {
  const addr = parseAddr(word);
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
    const addr = readHost(slash < 0 ? word : word.slice(0, slash), call.family);
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
  const mask = lookupHost(word, call.family);
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

/** XTTYPE_PROTOCOL */
export const protocol: Kind<number> = {
  name: 'protocol',
  values: protocolNames,
  read: (word) => protocolAsTyped(word) ?? unknownProtocol(word),
};

export function unknownProtocol(word: string): Refusal {
  return new Refusal('unknown-protocol', `unknown protocol "${word}" specified`, {
    suggestion: nearest(word, protocolNames),
  });
}

export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** A port by number or by the name of a service of any protocol. XTTYPE_PORT */
export const port: Kind<number> = { name: 'port', read: (word) => readPort(word) };

function readPort(word: string): Read<number> {
  return (
    decimalPort(word) ??
    serviceByName(word, '') ??
    new Refusal('unknown-port', `Port "${word}" does not resolve to anything.\n`, {
      suggestion: nearest(word, serviceNames),
    })
  );
}

/** A decimal number, of which 16 bits count; -1 in 32 bits is none. libc: getaddrinfo() */
function decimalPort(word: string): number | null {
  const digits = /^\s*([+-]?)(\d+)$/.exec(word);
  if (digits === null) return null;
  const value = BigInt(digits[2]!);
  if (value > 0xffff_ffff_ffff_ffffn) return null;
  const bits = BigInt.asUintN(32, digits[1] === '-' ? -value : value);
  return bits === 0xffff_ffffn ? null : Number(bits & 0xffffn);
}

/** `PORT[:PORT]`; an empty side means the end of the range. Nothing checks that min <= max. XTTYPE_PORTRC */
export const portRange: Kind<PortRange> = {
  name: 'ports',
  read: (word, call) => {
    const values: number[] = [];
    for (const [i, part] of word.split(':').entries()) {
      if (i === 2) {
        const message = `${call.extension}: Too many components for option "--${call.flag}" (max: 2)\n`;
        return new Refusal('bad-value', message);
      }
      const value = part === '' ? (i === 0 ? 0 : 65535) : readPort(part);
      if (value instanceof Refusal) return value;
      values.push(value);
    }
    return { min: values[0]!, max: values[1] ?? values[0]! };
  },
};

/** A port as old extensions read it. Kernel side: xtables_parse_port() */
export function oldPort(word: string, protocolWord: string): Read<number> {
  return (
    readUint(word, 0, 65535) ??
    serviceByName(word, protocolWord) ??
    new Refusal('unknown-port', `invalid port/service \`${word}' specified`, {
      suggestion: nearest(word, serviceNames),
    })
  );
}

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
