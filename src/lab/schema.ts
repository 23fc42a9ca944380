import * as v from 'valibot';
import { familyOf, parseAddr, parseMac } from '../wire';

/**
 * The shape of a lab. Every object is strict: a member that is not known is a mistake, never ignored. What the real
 * tools judge themselves (addresses of interfaces, routes, rulesets) is only text here.
 */

export const text = v.string('a text is wanted');
export const flag = v.boolean('true or false is wanted');
export const name = v.pipe(text, v.minLength(1, 'a name is wanted, not an empty text'));
export const whole = (low: number, high: number, what: string) => {
  const message = `${what} is a whole number from ${low} to ${high}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(low, message), v.maxValue(high, message));
};
export const port = whole(0, 65535, 'a port');
export const byte = (what: string) => whole(0, 255, what);
const u16 = (what: string) => whole(0, 65535, what);
export const u32 = (what: string) => whole(0, 0xffffffff, what);
const mac = v.pipe(
  text,
  v.check((x) => parseMac(x) !== null, 'a MAC is six pairs of hexadecimal digits, as 02:00:00:00:00:01'),
);
export const address = v.pipe(
  text,
  v.check((x) => parseAddr(x) !== null, 'an IPv4 or IPv6 address is wanted, without a prefix length'),
);
export const bytes = v.check(
  (x: string) => !/[^\0-\xff]/.test(x),
  'a payload has one character (U+0000 to U+00FF) for each byte',
);

const payload = v.lazy((input) =>
  typeof input === 'object' && input !== null
    ? v.strictObject({
        repeat: v.pipe(text, v.minLength(1, 'something to repeat is wanted'), bytes),
        count: u16('a count'),
      })
    : v.pipe(v.string('a payload is a text, or { "repeat": "x", "count": 1400 }'), bytes),
);

const tcp = v.strictObject({
  sport: port,
  dport: port,
  flags: v.optional(
    v.pipe(text, v.regex(/^(?!.*(.).*\1)[FSRPAUEC]*$/, 'flags are letters of F S R P A U E C, each at most once')),
  ),
  seq: v.optional(u32('a sequence number')),
  ack: v.optional(u32('an acknowledgement number')),
  window: v.optional(u16('a window')),
  payload: v.optional(payload),
  mss: v.optional(u16('an MSS')),
  sackPermitted: v.optional(flag),
  wscale: v.optional(byte('a window scale')),
  timestamps: v.optional(v.strictObject({ value: u32('a timestamp'), echo: u32('a timestamp') })),
});

const udp = v.strictObject({ sport: port, dport: port, payload: v.optional(payload) });

const icmp = v.strictObject({
  type: byte('a type'),
  code: v.optional(byte('a code')),
  id: v.optional(u16('an id')),
  seq: v.optional(u16('a sequence number')),
  payload: v.optional(payload),
  mtu: v.optional(u32('an MTU')),
  gateway: v.optional(address),
  inner: v.optional(v.lazy((): v.GenericSchema => packetSchema)),
});

const TRANSPORTS = ['tcp', 'udp', 'icmp', 'icmpv6', 'protocol'] as const;

const packetSchema: v.GenericSchema = v.pipe(
  v.strictObject({
    src: address,
    dst: address,
    ttl: v.optional(byte('a TTL')),
    tos: v.optional(byte('a TOS')),
    id: v.optional(u32('an id')),
    df: v.optional(flag),
    tcp: v.optional(tcp),
    udp: v.optional(udp),
    icmp: v.optional(icmp),
    icmpv6: v.optional(icmp),
    protocol: v.optional(byte('a protocol')),
    payload: v.optional(payload),
    badChecksum: v.optional(flag),
    fragment: v.optional(
      v.strictObject({
        offset: v.pipe(
          whole(0, 65528, 'an offset'),
          v.check((x) => x % 8 === 0, 'the offset of a fragment is a multiple of 8'),
        ),
        length: v.optional(whole(0, 65535, 'a length')),
      }),
    ),
  }),
  v.check(
    (p) => familyOf(p.src) === familyOf(p.dst),
    'source and destination of a packet must both be IPv4, or both IPv6',
  ),
  v.check(
    (p) => TRANSPORTS.filter((k) => p[k] !== undefined).length === 1,
    'a packet has exactly one of "tcp", "udp", "icmp", "icmpv6" and "protocol"',
  ),
  v.check(
    (p) => p.payload === undefined || p.protocol !== undefined,
    'the payload belongs inside "tcp", "udp" or "icmp"; only a packet with "protocol" has it here',
  ),
);

const interfaceSchema = v.pipe(
  v.strictObject({
    kind: v.optional(v.picklist(['segment', 'bridge', 'dummy'], '"segment", "bridge" or "dummy" is wanted')),
    segment: v.optional(name),
    addresses: v.optional(v.array(text, 'a list of addresses with prefix length is wanted')),
    mac: v.optional(mac),
    mtu: v.optional(whole(68, 65535, 'an MTU')),
    master: v.optional(name),
  }),
  v.check(
    (i) => (i.kind ?? 'segment') !== 'segment' || i.segment !== undefined,
    'an interface needs a "segment", or "kind": "bridge" or "dummy"',
  ),
  v.check(
    (i) => (i.kind ?? 'segment') === 'segment' || i.segment === undefined,
    'a bridge or dummy interface is on no segment',
  ),
);

const listener = v.strictObject({
  protocol: v.picklist(['tcp', 'udp'], '"tcp" or "udp" is wanted'),
  address: v.optional(address),
  port: whole(1, 65535, 'a port'),
  silent: v.optional(flag),
  serves: v.optional(v.picklist(['echo', 'http', 'dns'], '"echo", "http" or "dns" is wanted')),
});

const interfaceName = v.pipe(
  text,
  v.regex(/^(?!\.{1,2}$)[^\s/:]{1,15}$/, 'the name of an interface has 1 to 15 characters, and no space, "/" or ":"'),
  v.check((x) => x !== 'lo', '"lo" always exists, it is not listed'),
);

const hostSchema = v.strictObject({
  title: v.optional(text),
  view: v.optional(v.unknown()),
  interfaces: v.optional(v.record(interfaceName, interfaceSchema, 'the interfaces by name are wanted')),
  routes: v.optional(text),
  routes6: v.optional(text),
  rules: v.optional(text),
  rules6: v.optional(text),
  sysctl: v.optional(
    v.record(
      name,
      v.lazy((x) => (typeof x === 'number' ? v.number() : v.string('a sysctl has a text or a number as value'))),
    ),
  ),
  iptables: v.optional(text),
  ip6tables: v.optional(text),
  nftables: v.optional(text),
  ipset: v.optional(text),
  ipvs: v.optional(text),
  conntrack: v.optional(flag),
  listen: v.optional(v.array(listener, 'a list of listeners is wanted')),
  // What is in these is judged apart: see own-schema.ts.
  hooks: v.optional(v.unknown()),
  queues: v.optional(v.unknown()),
});

export const labSchema = v.strictObject({
  format: v.literal('lab/1', 'only the format "lab/1" can be read'),
  name,
  description: v.optional(text),
  title: v.optional(text),
  notes: v.optional(text),
  view: v.optional(v.unknown()),
  seed: v.optional(whole(0, 0xffffffff, 'a seed')),
  start: v.optional(
    v.pipe(
      text,
      v.check((x) => !Number.isNaN(Date.parse(x)), 'a time in ISO form is wanted, as 2025-01-31T12:00:00Z'),
    ),
  ),
  neighbours: v.optional(v.picklist(['vanish', 'fail'], '"vanish" or "fail" is wanted')),
  hosts: v.pipe(
    v.record(name, hostSchema, 'the hosts by name are wanted'),
    v.check((x) => Object.keys(x).length > 0, 'a lab needs at least one host'),
  ),
  // A step's own schema depends on what it is: see `stepSchemas`.
  steps: v.optional(
    v.array(v.looseObject({}, 'a step is an object, as { "wait": { "seconds": 2 } }'), 'a list of steps is wanted'),
  ),
});

/** What a step may be, and what then belongs into it. */
export const stepSchemas = {
  send: v.strictObject({ host: name, packet: packetSchema }),
  receive: v.strictObject({
    host: name,
    interface: name,
    packet: packetSchema,
    mac: v.optional(mac),
    to: v.optional(mac),
  }),
  run: v.strictObject({ host: name, command: text, output: v.optional(flag) }),
  wait: v.strictObject({
    seconds: v.pipe(
      v.number('a number of seconds is wanted'),
      v.minValue(0, 'the clock only goes forward'),
      v.maxValue(1e9, 'that is more than thirty years'),
    ),
  }),
  connect: v.strictObject({
    host: name,
    to: address,
    port: whole(1, 65535, 'a port'),
    data: v.optional(v.pipe(text, bytes)),
    close: v.optional(flag),
    src: v.optional(address),
    sport: v.optional(whole(1, 65535, 'a port')),
  }),
  ping: v.strictObject({
    host: name,
    to: address,
    count: v.optional(whole(1, 100, 'a count')),
    src: v.optional(address),
    id: v.optional(u16('an id')),
    size: v.optional(whole(0, 65507, 'a size')),
    ttl: v.optional(whole(1, 255, 'a TTL')),
  }),
  udp: v.strictObject({
    host: name,
    to: address,
    port: whole(1, 65535, 'a port'),
    data: v.optional(v.pipe(text, bytes)),
    src: v.optional(address),
    sport: v.optional(whole(1, 65535, 'a port')),
  }),
} as const;

export const stepMembers = ['title', 'notes'] as const;
