import { type Conn, IPS, type Tuple } from '../../model';
import { type Family, IPPROTO, parsePrefix, prefixContains } from '../../wire';
import { natTest } from './conntrack-nat';
import { numberOf, optionName, STATUS, splitOption, statusBits, TCP_STATES } from './conntrack-words';

/** Which entries a command is about. */
export interface Filter {
  readonly test: (conn: Conn) => boolean;
  readonly family: Family | null;
  readonly output: readonly string[];
}

export type Test = (conn: Conn) => boolean;
export type Fault = { readonly wrong: string } | { readonly failed: string } | { readonly notModelled: string };

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

/** Options that pick entries, or say how they are shown. */
const FILTERS: ReadonlySet<string> = new Set([
  'src',
  'dst',
  'reply-src',
  'reply-dst',
  'protonum',
  'family',
  'mark',
  'zone',
  'orig-zone',
  'reply-zone',
  'status',
  'output',
  'src-nat',
  'dst-nat',
  'any-nat',
]);

function filterName(word: string): string | undefined {
  const name = optionName(word) ?? /^--(\w+-zone)$/.exec(word)?.[1];
  return name !== undefined && FILTERS.has(name) ? name : undefined;
}

/** Options that belong to a protocol, so that `-p` must stand before them. */
const PORTS: Readonly<Record<string, (t: { original: Tuple; reply: Tuple }) => number>> = {
  '--sport': (c) => c.original.sport,
  '--orig-port-src': (c) => c.original.sport,
  '--dport': (c) => c.original.dport,
  '--orig-port-dst': (c) => c.original.dport,
  '--reply-port-src': (c) => c.reply.sport,
  '--reply-port-dst': (c) => c.reply.dport,
};
const ICMP: typeof PORTS = {
  '--icmp-type': (c) => c.original.dport >> 8,
  '--icmp-code': (c) => c.original.dport & 255,
  '--icmp-id': (c) => c.original.sport,
};

export function parseFilters(args: readonly string[]): Filter | Fault {
  const tests: Test[] = [];
  const output: string[] = [];
  let family: Family | null = null;
  let protocol: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const { name, inline } = splitOption(args[i]!);
    const option = filterName(name);
    if (
      inline === undefined &&
      (option !== undefined || PORTS[name] || ICMP[name] || name === '--state') &&
      !/-nat$/.test(option ?? '') &&
      i + 1 >= args.length
    )
      return { wrong: `option \`${name}' requires an argument` };
    const nat = option !== undefined && /-nat$/.test(option);
    const bare = nat && (args[i + 1] ?? '-').startsWith('-') && inline === undefined;
    const value = inline ?? args[i + 1] ?? '';
    if (option === 'family') {
      if (value !== 'ipv4' && value !== 'ipv6') return { wrong: `\`${value}' unsupported protocol` };
      family = value === 'ipv4' ? 4 : 6;
      const wanted = family;
      tests.push((c) => c.original.family === wanted);
    } else if (option === 'output') output.push(...value.split(','));
    else if (option === 'protonum') {
      const number = PROTOCOLS[value.toLowerCase()] ?? (/^\d+$/.test(value) ? Number(value) : undefined);
      if (number === undefined) return { wrong: `\`${value}' unsupported protocol` };
      protocol = value.toLowerCase();
      tests.push((c) => c.original.protocol === number);
    } else if (option !== undefined) {
      const test = nat ? natTest(option, bare ? null : value) : fieldTest(option, value);
      if (typeof test !== 'function') return test;
      tests.push(test);
    } else {
      const test = protocolTest(name, value, protocol);
      if (typeof test !== 'function') return test;
      tests.push(test);
    }
    if (inline === undefined && !bare) i++;
  }
  return { test: (conn) => tests.every((test) => test(conn)), family, output };
}

function fieldTest(option: string, value: string): Test | Fault {
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
    default:
      return statusTest(value);
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
  return bits === 0 ? { failed: 'invalid parameters' } : (c) => (c.status & bits) === bits;
}

function protocolTest(name: string, value: string, protocol: string | null): Test | Fault {
  const unknown = { wrong: `unknown option \`${name}'` };
  if (protocol === null) return unknown;
  if (name === '--state') {
    if (protocol !== 'tcp' && protocol !== 'sctp' && protocol !== 'dccp') return unknown;
    if (protocol === 'tcp' && !TCP_STATES.includes(value.toUpperCase()))
      return { wrong: `unknown TCP state \`${value}'` };
    return (c) => c.proto.state === value.toUpperCase();
  }
  const of = /^(icmp|icmpv6|ipv6-icmp)$/.test(protocol) ? ICMP[name.replace('icmpv6', 'icmp')] : PORTS[name];
  if (!of) return name.startsWith('-') ? unknown : { notModelled: `conntrack ${name}` };
  return (c) => of(c) === numberOf(value);
}
