import { type Conn, IPS, type Tuple } from '../../model';
import { type Family, IPPROTO, parsePrefix, prefixContains } from '../../wire';
import { natTest } from './conntrack-nat';
import type { Given } from './conntrack-options';
import { numberOf, STATUS, statusBits, TCP_STATES } from './conntrack-words';

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

/** Options that belong to a protocol, so that `-p` must stand before them. */
const PORTS: Readonly<Record<string, (t: { original: Tuple; reply: Tuple }) => number>> = {
  sport: (c) => c.original.sport,
  'orig-port-src': (c) => c.original.sport,
  dport: (c) => c.original.dport,
  'orig-port-dst': (c) => c.original.dport,
  'reply-port-src': (c) => c.reply.sport,
  'reply-port-dst': (c) => c.reply.dport,
};
const ICMP: typeof PORTS = {
  'icmp-type': (c) => c.original.dport >> 8,
  'icmp-code': (c) => c.original.dport & 255,
  'icmp-id': (c) => c.original.sport,
};

export function parseFilters(options: readonly Given[]): Filter | Fault {
  const tests: Test[] = [];
  let family: Family | null = null;
  let protocol: string | null = null;
  for (const { name, value: given } of options) {
    const value = given ?? '';
    let test: Test | Fault;
    if (name === 'output') continue;
    if (name === 'family') {
      const wanted: Family = value === 'ipv4' ? 4 : 6;
      family = wanted;
      test = (c) => c.original.family === wanted;
    } else if (name === 'protonum') {
      protocol = value.toLowerCase();
      const number = PROTOCOLS[protocol] ?? Number(protocol);
      test = (c) => c.original.protocol === number;
    } else if (/-nat$/.test(name)) test = natTest(name, given);
    else test = fieldTest(name, value) ?? protocolTest(name, value, protocol);
    if (typeof test !== 'function') return test;
    tests.push(test);
  }
  return { test: (conn) => tests.every((test) => test(conn)), family };
}

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
    case 'mark': {
      const [wanted = '', masked] = value.split('/');
      const mask = masked === undefined ? 0xffffffff : numberOf(masked);
      return (c) => (c.mark & mask) >>> 0 === (numberOf(wanted) & mask) >>> 0;
    }
    case 'zone':
      return (c) => c.zone.id === numberOf(value) && c.zone.direction === 'both';
    case 'orig-zone':
      return (c) => c.zone.id === numberOf(value) && c.zone.direction !== 'reply';
    case 'reply-zone':
      return (c) => c.zone.id === numberOf(value) && c.zone.direction !== 'original';
    case 'status':
      return statusTest(value);
    default:
      return null;
  }
}

function addressTest(value: string, of: (c: Conn) => string): Test | Fault {
  const prefix = parsePrefix(value);
  return prefix ? (c) => prefixContains(prefix, of(c)) : { wrong: `Invalid IP address \`${value}'` };
}

const FILTER_STATUS: typeof STATUS = {
  ...STATUS,
  OFFLOAD: 1 << 14,
  HW_OFFLOAD: 1 << 15,
  // These are for other commands, and filter nothing.
  SRC_NAT: 0,
  DST_NAT: 0,
};

/** The tool takes the beginning of a word; where none of them is a bit, the kernel refuses to filter by it. */
function statusTest(value: string): Test | Fault {
  if (value === 'UNREPLIED') return (c) => (c.status & IPS.SEEN_REPLY) === 0;
  const bits = statusBits(value, FILTER_STATUS);
  if (typeof bits === 'string') return { wrong: bits };
  return bits === 0 ? { failed: 'Operation failed: invalid parameters' } : (c) => (c.status & bits) === bits;
}

function protocolTest(name: string, value: string, protocol: string | null): Test | Fault {
  if (name === 'state') {
    const tcp = PROTOCOLS[protocol ?? ''] === IPPROTO.tcp || protocol === String(IPPROTO.tcp);
    return tcp && !TCP_STATES.includes(value)
      ? { wrong: `unknown TCP state \`${value}'` }
      : (c) => c.proto.state === value;
  }
  const of = PORTS[name] ?? ICMP[name.replace('icmpv6', 'icmp')];
  return of ? (c) => of(c) === numberOf(value) : { notModelled: `conntrack --${name}` };
}
