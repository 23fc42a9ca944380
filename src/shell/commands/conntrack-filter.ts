import { ctSnapshot } from '../../conntrack';
import type { Conn, Tuple } from '../../model';
import { type Family, IPPROTO, parsePrefix, prefixContains } from '../../wire';
import { natTest } from './conntrack-nat';
import type { Given } from './conntrack-options';
import { atoi, readMark, readStatus, strtoul } from './conntrack-words';

/** Which entries a command is about. */
export interface Filter {
  readonly test: (conn: Conn) => boolean;
  readonly family: Family | null;
}

export type Test = (conn: Conn) => boolean;
export type Fault =
  /** `before`: what is said in front of it. */
  | { readonly wrong: string; readonly before?: string }
  /** Said without a word of how the tool is used. */
  | { readonly failed: string }
  | { readonly notModelled: string };

const PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: IPPROTO.tcp,
  udp: IPPROTO.udp,
  udplite: IPPROTO.udplite,
  icmp: IPPROTO.icmp,
  icmpv6: IPPROTO.icmpv6,
  'ipv6-icmp': IPPROTO.icmpv6,
  sctp: IPPROTO.sctp,
  dccp: IPPROTO.dccp,
  gre: IPPROTO.gre,
};

type Read = Readonly<Record<string, (t: { original: Tuple; reply: Tuple }) => number>>;

/** Options that belong to a protocol, so that `-p` must stand before them. */
const PORTS: Read = {
  sport: (c) => c.original.sport,
  'orig-port-src': (c) => c.original.sport,
  dport: (c) => c.original.dport,
  'orig-port-dst': (c) => c.original.dport,
  'reply-port-src': (c) => c.reply.sport,
  'reply-port-dst': (c) => c.reply.dport,
};
const ICMP: Read = {
  'icmp-type': (c) => c.original.dport >> 8,
  'icmp-code': (c) => c.original.dport & 255,
  'icmp-id': (c) => c.original.sport,
};

/** `byKernel`: the kernel, too, is asked for what has a status; it alone can tell what has none. */
export function parseFilters(options: readonly Given[], byKernel = false): Filter | Fault {
  const tests: Test[] = [];
  let mask: number | null = null;
  let family: Family | null = null;
  for (const { name, value: given } of options) {
    const value = given ?? '';
    let test: Test | Fault;
    if (PASSED_OVER.has(name)) continue;
    if (name === 'family') {
      const wanted: Family = value === 'ipv4' ? 4 : 6;
      family = wanted;
      test = (c) => c.original.family === wanted;
    } else if (name === 'protonum') {
      const number = PROTOCOLS[value.toLowerCase()] ?? Number(value);
      test = (c) => c.original.protocol === number;
    } else if (name === 'mark') {
      const mark = readMark(value);
      mask = mark.mask;
      test = markTest(mark.mask, mark.value);
    } else if (name === 'status') {
      // The tool then takes the status for the mark, as well.
      if (mask !== null) tests.push(markTest(mask, statusOf(value).bits));
      test = statusTest(value, byKernel);
    } else if (/-nat$/.test(name)) test = natTest(name, given);
    else test = fieldTest(name, value) ?? protocolTest(name, value);
    if (typeof test !== 'function') return test;
    tests.push(test);
  }
  return { test: (conn) => tests.every((test) => test(conn)), family };
}

/** These pick nothing: the library compares no keys of GRE and no time, and no entry has a security mark. */
const PASSED_OVER: ReadonlySet<string> = new Set(
  'output timeout secmark srckey dstkey reply-key-src reply-key-dst'.split(' '),
);

const markTest =
  (mask: number, value: number): Test =>
  (c) =>
    (c.mark & mask) >>> 0 === value;

/** Null: it is no field of every entry. */
function fieldTest(option: string, value: string): Test | Fault | null {
  switch (option) {
    case 'src':
      return addressTest(value, (c) => c.original.src);
    case 'dst':
      return addressTest(value, (c) => c.original.dst);
    case 'reply-src':
      return addressTest(value, (c) => c.reply.src);
    case 'reply-dst':
      return addressTest(value, (c) => c.reply.dst);
    case 'id':
      return (c) => ctSnapshot(c, 0).id === strtoul(value);
    case 'zone':
      return (c) => c.zone.id === zoneOf(value) && c.zone.direction === 'both';
    case 'orig-zone':
      return (c) => c.zone.id === zoneOf(value) && c.zone.direction !== 'reply';
    case 'reply-zone':
      return (c) => c.zone.id === zoneOf(value) && c.zone.direction !== 'original';
    default:
      return null;
  }
}

export const zoneOf = (value: string): number => strtoul(value) & 0xffff;

function addressTest(value: string, of: (c: Conn) => string): Test | Fault {
  const prefix = parsePrefix(value);
  return prefix ? (c) => prefixContains(prefix, of(c)) : { wrong: `Invalid IP address \`${value}'` };
}

/** The words were read before. */
function statusOf(value: string): { readonly bits: number; readonly unset: number } {
  const read = readStatus(value);
  return typeof read === 'string' ? { bits: 0, unset: 0 } : read;
}

/** The tool itself asks for bits alone; where the kernel is given none, it refuses. Kernel: ctnetlink_filter_match() */
function statusTest(value: string, byKernel: boolean): Test | Fault {
  const { bits, unset } = statusOf(value);
  if (!byKernel) return (c) => (c.status & bits) === bits;
  const mask = unset === 0 ? bits : unset;
  if (mask === 0) return { failed: 'Operation failed: invalid parameters' };
  return (c) => (c.status & mask) === bits && (c.status & bits) === bits;
}

function protocolTest(name: string, value: string): Test | Fault {
  if (name === 'state') return (c) => c.proto.state === value;
  const { of, wanted } = readNumber(name, value);
  return of ? (c) => of(c) === wanted : { notModelled: `conntrack --${name}` };
}

function readNumber(name: string, value: string): { readonly of: Read[string] | undefined; readonly wanted: number } {
  const icmp = name.replace('icmpv6', 'icmp');
  const of = ICMP[icmp];
  if (of) return { of, wanted: atoi(value, icmp === 'icmp-id' ? 16 : 8) };
  return { of: PORTS[name], wanted: atoi(value, 16) };
}
