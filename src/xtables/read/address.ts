import { addrWords, maskOf, parseAddr, type Words } from '../../wire';
import { type Read, Refusal } from '../refusal';
import type { AddrTest } from '../rule';
import type { XtContext, XtFamily } from '../types';
import { lookupHost } from './host-kinds';
import { readUint } from './numbers';

interface World {
  readonly family: XtFamily;
  readonly context: XtContext;
}

/**
 * Reads the value of `-s` or `-d`: addresses with masks, commas between. A rule is made for each.
 * Kernel side: xtables_ipparse_multiple()
 */
export function readAddresses(text: string, world: World, negated: boolean): Read<readonly (AddrTest | null)[]> {
  const found: (AddrTest | null)[] = [];
  for (const part of text.split(',')) {
    const one = readAddress(part.trimStart(), world, negated);
    if (one instanceof Refusal) return one;
    found.push(one);
  }
  return found;
}

function readAddress(text: string, world: World, negated: boolean): Read<AddrTest | null> {
  const { family } = world;
  const slash = text.lastIndexOf('/');
  const maskText = slash < 0 ? null : text.slice(slash + 1);
  const mask = family === 'ip' ? readMask4(maskText) : readMask6(maskText);
  if (mask instanceof Refusal) return mask;
  const noMask = mask[0] === 0 && mask[1] === 0 && mask[2] === 0 && mask[3] === 0;
  const name = slash < 0 ? text : text.slice(0, slash);
  const addr = noMask ? ZERO : readName(name, world);
  if (addr === null) return notFound(name, family);
  if (noMask && !negated) return null;
  return Object.freeze({
    a0: addr[0] & mask[0],
    a1: addr[1] & mask[1],
    a2: addr[2] & mask[2],
    a3: addr[3] & mask[3],
    m0: mask[0] | 0,
    m1: mask[1] | 0,
    m2: mask[2] | 0,
    m3: mask[3] | 0,
    negated,
  });
}

const ZERO: Words = [0, 0, 0, 0];

function notFound(name: string, family: XtFamily): Refusal {
  const other = parseAddr(name);
  const hint = other === null || (family === 'ip') === !other.includes(':') ? undefined : 'address of the other family';
  return new Refusal(hint === undefined ? 'host-not-found' : 'wrong-family', `host/network \`${name}' not found`);
}

function readName(name: string, { family, context }: World): Words | null {
  if (family === 'ip') {
    const quad = readQuadLoose(name, true);
    if (quad !== null) return [quad, 0, 0, 0];
  }
  const addr = lookupHost(name, family, context);
  return addr === null ? null : addrWords(addr);
}

/** Dotted quad whose numbers may be octal or hexadecimal; a shorter one is filled up with zeros if it may be. */
export function readQuadLoose(text: string, short: boolean): number | null {
  const parts = text.split('.');
  if (parts.length > 4 || (parts.length < 4 && !short)) return null;
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const part = parts[i];
    const byte = part === undefined ? 0 : readUint(part, 0, 255);
    if (byte === null) return null;
    value = value * 256 + byte;
  }
  return value;
}

function readMask4(text: string | null): Read<Words> {
  if (text === null) return [0xffff_ffff, 0, 0, 0];
  const dotted = readQuadLoose(text, false);
  if (dotted !== null) return [dotted, 0, 0, 0];
  const bits = readUint(text, 0, 32);
  if (bits === null) return new Refusal('bad-mask', `invalid mask \`${text}' specified`);
  return [bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0, 0, 0, 0];
}

function readMask6(text: string | null): Read<Words> {
  const addr = text === null ? null : parseAddr(text);
  if (addr?.includes(':')) return addrWords(addr);
  const bits = text === null ? 128 : readUint(text, 0, 128);
  if (bits === null) return new Refusal('bad-mask', `invalid mask \`${text}' specified`);
  return addrWords(maskOf(bits, 6));
}
