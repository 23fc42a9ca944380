import type { CtCreate } from '../../conntrack';
import { IPS, type SctpCtState, type TcpCtState } from '../../model';
import { type Addr, IPPROTO, protocolNumber } from '../../wire';
import { zoneOf } from './conntrack-filter';
import { readTarget } from './conntrack-nat';
import type { Given } from './conntrack-options';
import { atoi, readMark, readStatus, strtoul } from './conntrack-words';

const NUMBERS: Readonly<Record<string, keyof Ports>> = {
  sport: 'sport',
  'orig-port-src': 'sport',
  dport: 'dport',
  'orig-port-dst': 'dport',
  'reply-port-src': 'replySport',
  'reply-port-dst': 'replyDport',
  srckey: 'sport',
  dstkey: 'dport',
  'reply-key-src': 'replySport',
  'reply-key-dst': 'replyDport',
};

interface Ports {
  sport: number;
  dport: number;
  replySport: number | null;
  replyDport: number | null;
}

type AddressName = 'src' | 'dst' | 'replySrc' | 'replyDst' | 'srcNat' | 'dstNat';

const ADDRESSES: Readonly<Record<string, AddressName>> = {
  src: 'src',
  dst: 'dst',
  'reply-src': 'replySrc',
  'reply-dst': 'replyDst',
  'src-nat': 'srcNat',
  'dst-nat': 'dstNat',
};

/** What was said, word for word. */
interface Words {
  readonly addrs: Partial<Record<AddressName, Addr>>;
  /** What stands behind an address: `10.0.0.1:80`, `[2001:db8::1]:80`. */
  readonly addrPorts: Partial<Record<AddressName, number>>;
  readonly ports: Ports;
  readonly icmp: { type: number; code: number; id: number };
  readonly vtags: [number, number];
  protocol: number;
  timeout: number;
  status: number;
  mark: number;
  zone: number;
  state: string;
}

/** The flow that the words describe, as they were found in order; null: the kernel does not take it. */
export function readEntry(options: readonly Given[]): CtCreate | null {
  const words: Words = {
    addrs: {},
    addrPorts: {},
    ports: { sport: 0, dport: 0, replySport: null, replyDport: null },
    icmp: { type: 0, code: 0, id: 0 },
    vtags: [0, 0],
    protocol: 0,
    timeout: 0,
    status: 0,
    mark: 0,
    zone: 0,
    state: '',
  };
  const marked = options.some(({ name }) => name === 'mark');
  for (const { name, value } of options) if (value !== null) readOption(words, name, value);
  return entryOf(marked ? words : { ...words, mark: 0 });
}

function readOption(words: Words, name: string, value: string): void {
  const { ports, icmp } = words;
  const address = ADDRESSES[name];
  if (address !== undefined) {
    const target = readTarget(name, value);
    if ('addr' in target) {
      words.addrs[address] = target.addr;
      words.addrPorts[address] = target.port ?? 0;
    }
    return;
  }
  const port = NUMBERS[name];
  if (port !== undefined) {
    ports[port] = name.includes('key') ? strtoul(value) & 0xffff : atoi(value, 16);
    return;
  }
  switch (name.replace('icmpv6', 'icmp')) {
    case 'icmp-type':
      icmp.type = atoi(value, 8);
      return;
    case 'icmp-code':
      icmp.code = atoi(value, 8);
      return;
    case 'icmp-id':
      icmp.id = atoi(value, 16);
      return;
    case 'orig-vtag':
      words.vtags[0] = atoi(value, 32);
      return;
    case 'reply-vtag':
      words.vtags[1] = atoi(value, 32);
      return;
    case 'protonum':
      words.protocol = /^\d+$/.test(value) ? Number(value) : protocolNumber(value.toLowerCase())!;
      return;
    case 'timeout':
      words.timeout = readTimeout(value);
      return;
    case 'mark':
      words.mark = readMark(value).value;
      return;
    case 'zone':
      words.zone = zoneOf(value);
      return;
    case 'status': {
      const status = readStatus(value);
      if (typeof status === 'string') return;
      words.status |= status.bits & SETTABLE;
      // The tool keeps it where it keeps the mark.
      words.mark = words.status;
      return;
    }
    case 'state':
      words.state = value;
  }
}

/** Kernel: IPS_UNCHANGEABLE_MASK */
const SETTABLE = IPS.ASSURED | IPS.SEEN_REPLY | IPS.FIXED_TIMEOUT | IPS.EXPECTED;

/** Seconds; the kernel keeps at most so many ticks of 4 ms as 31 bits count. Kernel: __nf_ct_set_timeout() */
export const readTimeout = (value: string): number => Math.min(atoi(value, 32), (2 ** 31 - 1) / 250);

const isIcmp = (protocol: number) => protocol === IPPROTO.icmp || protocol === IPPROTO.icmpv6;

/** Protocols whose replies have a protocol only where their ports are said. */
const PORTED: readonly number[] = [IPPROTO.tcp, IPPROTO.udp, IPPROTO.udplite, IPPROTO.sctp, IPPROTO.gre];

function entryOf(words: Words): CtCreate | null {
  const { addrs, ports, icmp, timeout, status, mark, state, vtags } = words;
  const portedReply = ports.replySport !== null || ports.replyDport !== null;
  const common = {
    timeout,
    status,
    mark,
    zone: { id: words.zone, direction: 'both' },
    state: state === '' ? null : (state as TcpCtState | SctpCtState),
    vtags,
    srcNat: natOf(words, 'srcNat'),
    dstNat: natOf(words, 'dstNat'),
  } as const;
  const said = {
    src: addrs.src !== undefined || addrs.dst !== undefined,
    reply: addrs.replySrc !== undefined || addrs.replyDst !== undefined,
  };
  const ported = PORTED.includes(words.protocol);
  // One direction alone makes the other, whatever else is said of that.
  if (!said.src) {
    const protocol = ported && !portedReply ? 0 : words.protocol;
    const [sport, dport] = [ports.replyDport ?? 0, ports.replySport ?? 0];
    const end = isIcmp(protocol) ? { sport: icmp.id, dport: icmp.type * 256 + icmp.code } : { sport, dport };
    return { ...common, original: { protocol, src: addrs.replyDst!, dst: addrs.replySrc!, ...end }, reply: {} };
  }
  const original = {
    protocol: words.protocol,
    src: addrs.src!,
    dst: addrs.dst!,
    sport: isIcmp(words.protocol) ? icmp.id : ports.sport,
    dport: isIcmp(words.protocol) ? icmp.type * 256 + icmp.code : ports.dport,
  };
  if (!said.reply) return { ...common, original, reply: {} };
  if (addrs.replySrc === undefined || addrs.replyDst === undefined || (ported && !portedReply)) return null;
  const replyPorts = ported ? { sport: ports.replySport ?? 0, dport: ports.replyDport ?? 0 } : {};
  return { ...common, original, reply: { src: addrs.replySrc, dst: addrs.replyDst, ...replyPorts } };
}

function natOf({ addrs, addrPorts }: Words, name: 'srcNat' | 'dstNat'): CtCreate['srcNat'] {
  const addr = addrs[name];
  return addr === undefined ? null : { addr, port: addrPorts[name] ?? 0 };
}
