import { IpError, protocolOf, Reader, readAddr, readPrefix } from '../../fib';
import type { Host } from '../../host';
import { linkAddressBytes, type NeighChange } from '../../host/lazy';
import { type Addr, type Family, formatMac, type Prefix, prefixContains } from '../../wire';

/** How `ip neigh` reads its words. Throws IpError; what is not modelled with exit code 127. iproute2: ip/ipneigh.c */

type Neighbour = ReturnType<Host['neighbours']>[number];
type Verb = NeighChange['verb'];

const STATES = ['permanent', 'reachable', 'noarp', 'none', 'stale', 'incomplete', 'delay', 'probe', 'failed'] as const;
type State = (typeof STATES)[number];

/** By their numbers. Kernel: NUD_INCOMPLETE … NUD_PERMANENT */
const BITS: Readonly<Record<State, number>> = {
  none: 0,
  incomplete: 0x01,
  reachable: 0x02,
  stale: 0x04,
  delay: 0x08,
  probe: 0x10,
  failed: 0x20,
  noarp: 0x40,
  permanent: 0x80,
};

/** Some may be cut short; a number is one of them. iproute2: nud_state_a2n() */
function readState(text: string): State | null {
  const short = (['permanent', 'reachable', 'failed'] as const).find((name) => isShort(text, name));
  const named = short ?? STATES.find((name) => name === text);
  if (named !== undefined) return named;
  const number = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : -1;
  return STATES.find((name) => BITS[name] === number) ?? null;
}

/** libiproute: matches() */
const isShort = (word: string, name: string): boolean => word !== '' && name.startsWith(word);

const ADDRESSES = { 4: 'inet', 6: 'inet6', any: 'any valid' } as const;

/** Null: any address, of no family. */
function readDestination(r: Reader, text: string, family: Family | null): Addr | null {
  if (/^(default|any|all)$/.test(text)) return null;
  const addr = family === null ? (readAddr(text, 4) ?? readAddr(text, 6)) : readAddr(text, family);
  if (addr !== null) return addr;
  throw new IpError(`${ADDRESSES[family ?? 'any']} address is expected rather than "${text}".`, r.at - 1, 1);
}

/** What `add`, `replace`, `change` and `delete` are told. iproute2: ipneigh_modify() */
export function readNeighbourChange(
  host: Host,
  verb: Verb,
  words: readonly string[],
  family: Family | null,
): NeighChange {
  const r = new Reader(words);
  let address: Addr | null = null;
  let said = false;
  let lladdr: string | null = null;
  let dev: string | null = null;
  let router = false;
  let beyond: string | null = null;
  while (!r.done) {
    const word = r.value();
    if (isShort(word, 'lladdr')) {
      const text = r.value();
      if (lladdr !== null) throw r.duplicate('lladdr');
      lladdr = text;
    } else if (word === 'nud') {
      const state = r.parsed(readState, 'nud state is bad');
      if (verb !== 'del' && state !== 'permanent') beyond = `nud ${state}`;
    } else if (isShort(word, 'proxy')) {
      address = readDestination(r, r.value(), family);
      [said, dev, beyond] = [true, dev ?? '', 'proxy'];
    } else if (word === 'router') router = true;
    else if (word === 'use' || word === 'managed') beyond = word;
    else if (isShort(word, 'extern_learn')) beyond = 'extern_learn';
    else if (word === 'dev') dev = r.value();
    else if (isShort(word, 'protocol')) {
      r.parsed(protocolOf, '"protocol" value is invalid\n');
      beyond = 'protocol';
    } else {
      const text = word === 'to' ? r.value() : word;
      if (said) throw r.garbage('to');
      address = readDestination(r, text, family);
      said = true;
    }
  }
  if (dev === null || address === null) throw new IpError('Device and destination are required arguments.', -1, 255);
  const mac = lladdr === null || lladdr === 'null' ? null : readLinkAddress(lladdr);
  if (dev !== '' && !host.iface(dev)) throw new IpError(`Cannot find device "${dev}"`, -1, 1);
  if (beyond !== null) throw new IpError(`ip neigh ${verb} … ${beyond}`, -1, 127);
  return { verb, address, dev, mac, router };
}

/** Bytes beyond the sixth the kernel passes over. */
function readLinkAddress(text: string): string {
  const bytes = linkAddressBytes(text);
  return bytes.length < 6 ? 'short' : formatMac(Uint8Array.from(bytes));
}

export interface NeighFilter {
  readonly test: (n: Neighbour) => boolean;
  /** It was asked for, and is not shown then. */
  readonly dev: string | null;
}

/** What `show` and `flush` pick. iproute2: do_show_or_flush() */
export function readNeighbourFilter(
  host: Host,
  words: readonly string[],
  said: Family | null,
  flush: boolean,
): NeighFilter {
  const r = new Reader(words);
  let dev: string | null = null;
  let family = said;
  let states: Set<string> | null = null;
  const tests: ((n: Neighbour) => boolean)[] = [];
  while (!r.done) {
    const word = r.value();
    if (word === 'dev') {
      const name = r.value();
      if (dev !== null) throw r.duplicate('dev');
      dev = name;
    } else if (word === 'master') {
      const master = r.parsed((name) => (host.iface(name) ? name : null), 'Device does not exist\n');
      tests.push((n) => host.iface(n.dev)?.master === master);
    } else if (word === 'vrf') {
      r.parsed(() => null, 'Not a valid VRF name\n');
    } else if (word === 'nomaster') tests.push((n) => host.iface(n.dev)?.master === '');
    else if (word === 'unused') throw new IpError('ip neigh show unused', -1, 127);
    else if (word === 'nud') {
      states ??= new Set();
      const state = r.parsed((text) => readState(text) ?? (text === 'all' ? STATES : null), 'nud state is bad');
      for (const name of [state].flat()) states.add(name.toUpperCase());
    } else if (word === 'proxy')
      tests.push(() => false); // there are none
    else if (isShort(word, 'protocol')) {
      const read = (text: string) => protocolOf(text) ?? (text === 'all' ? 0 : null);
      const protocol = r.parsed(read, 'invalid "protocol"\n');
      tests.push(() => protocol === 0); // they are of none
    } else {
      const prefix = readTarget(r, word === 'to' ? r.value() : word, family);
      if (prefix === null) continue;
      family ??= prefix.family;
      tests.push((n) => familyOf(n) === prefix.family && prefixContains(prefix, n.address));
    }
  }
  if (dev !== null && !host.iface(dev)) throw new IpError(`Cannot find device "${dev}"`, -1, 1);
  const wanted = states ?? new Set(STATES.map((name) => name.toUpperCase()));
  if (states === null && flush) wanted.delete('PERMANENT');
  const test = (n: Neighbour) =>
    wanted.has(n.state) &&
    (dev === null || n.dev === dev) &&
    (family === null || familyOf(n) === family) &&
    tests.every((one) => one(n));
  return { test, dev };
}

const familyOf = (n: Neighbour): Family => (n.address.includes(':') ? 6 : 4);

/** Null: any. iproute2: get_prefix() */
function readTarget(r: Reader, text: string, family: Family | null): Prefix | null {
  if (/^(default|any|all)$/.test(text)) return null;
  const prefix = family === null ? (readPrefix(text, 4) ?? readPrefix(text, 6)) : readPrefix(text, family);
  if (prefix !== null) return prefix;
  throw new IpError(`${ADDRESSES[family ?? 'any']} prefix is expected rather than "${text}".`, r.at - 1, 1);
}

/** The entry that `get` asks for. iproute2: ipneigh_get() */
export function readNeighbourAsked(
  host: Host,
  words: readonly string[],
  family: Family | null,
): { readonly dev: string; readonly address: Addr } {
  const r = new Reader(words);
  let dev: string | null = null;
  let address: Addr | null = null;
  let said = false;
  while (!r.done) {
    const word = r.value();
    if (word === 'dev') dev = r.value();
    else if (isShort(word, 'proxy')) throw new IpError('ip neigh get proxy', -1, 127);
    else {
      const text = word === 'to' ? r.value() : word;
      if (said) throw r.garbage('to');
      address = readDestination(r, text, family);
      said = true;
    }
  }
  if (dev === null || address === null) throw new IpError('Device and address are required arguments.', -1, 1);
  if (!host.iface(dev)) throw new IpError(`Cannot find device "${dev}"`, -1, 1);
  return { dev, address };
}
