import type { CtCreate } from '../../conntrack';
import type { SctpCtState, TcpCtState } from '../../model';
import { type Addr, IPPROTO, parseAddr, protocolNumber } from '../../wire';
import { TRACKERS } from './conntrack-entry';
import type { Given } from './conntrack-options';
import { HEAD, tryHelp } from './conntrack-parse';
import { numberOf, SCTP_STATES, STATUS, statusBits, TCP_STATES } from './conntrack-words';

type ReadEntry = { readonly ok: true; readonly entry: CtCreate } | { readonly ok: false; readonly said: string };

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

const wrong = (message: string): string => `${HEAD}${message}\n${tryHelp}`;
const refuse = (message: string): ReadEntry => ({ ok: false, said: wrong(message) });
const need = (name: string) => refuse(`You need to supply the \`--${name}' option for this command`);

/** What was said, word for word. */
interface Words {
  readonly addrs: Partial<Record<AddressName, Addr>>;
  /** What stands behind an address of IPv4: `10.0.0.1:80`. */
  readonly addrPorts: Partial<Record<AddressName, number>>;
  readonly ports: Ports;
  readonly icmp: { type: number; code: number; id: number };
  readonly given: Set<string>;
  protocol: string;
  timeout: number;
  status: number;
  mark: number;
  zone: number;
  state: string;
}

/** Reads the description of one flow. */
export function readEntry(options: readonly Given[], creating: boolean): ReadEntry {
  const words: Words = {
    addrs: {},
    addrPorts: {},
    ports: { sport: 0, dport: 0, replySport: null, replyDport: null },
    icmp: { type: 0, code: 0, id: 0 },
    given: new Set(),
    protocol: '',
    timeout: 0,
    status: 0,
    mark: 0,
    zone: 0,
    state: '',
  };
  for (const { name, value } of options) {
    const fault = readOption(words, name, value ?? '');
    if (fault !== null) return refuse(fault);
  }
  if (words.protocol === '') return need('protonum');
  const protocol = /^\d+$/.test(words.protocol) ? Number(words.protocol) : protocolNumber(words.protocol);
  if (protocol === null) return refuse(`\`${words.protocol}' unsupported protocol`);
  return missing(words, protocol, creating) ?? { ok: true, entry: entryOf(words, protocol) };
}

/** Null, or what the tool says to it. */
function readOption(words: Words, name: string, value: string): string | null {
  const { given } = words;
  const address = ADDRESSES[name];
  if (address !== undefined) {
    const addr = parseAddr(value.includes('.') ? value.replace(/:\d+$/, '') : value);
    if (addr === null) return `Invalid IP address \`${value}'`;
    words.addrs[address] = addr;
    words.addrPorts[address] = Number(/\.\d+:(\d+)$/.exec(value)?.[1] ?? 0);
    given.add(address);
    return null;
  }
  const port = NUMBERS[name];
  if (port !== undefined) {
    words.ports[port] = numberOf(value);
    given.add(port);
    return null;
  }
  const [, icmp] = /^icmp(?:v6)?-(type|code|id)$/.exec(name) ?? [];
  if (icmp !== undefined) {
    words.icmp[icmp as keyof Words['icmp']] = numberOf(value);
    given.add(`icmp-${icmp}`);
    return null;
  }
  switch (name) {
    case 'protonum':
      words.protocol = value.toLowerCase();
      return null;
    case 'timeout':
      words.timeout = numberOf(value);
      given.add('timeout');
      return null;
    case 'mark':
      words.mark = numberOf(value) >>> 0;
      return null;
    case 'zone':
      words.zone = numberOf(value);
      return null;
    case 'status': {
      const bits = statusBits(value, STATUS);
      if (typeof bits === 'string') return bits;
      words.status |= bits;
      return null;
    }
    case 'state':
      words.state = value;
      if (words.protocol === 'tcp' && !TCP_STATES.includes(words.state)) return `unknown TCP state \`${value}'`;
      if (words.protocol === 'sctp' && !SCTP_STATES.includes(words.state)) return `unknown SCTP state \`${value}'`;
      return null;
    case 'output':
      return null;
    default:
      return `unknown option \`--${name}'`;
  }
}

const isIcmp = (protocol: number) => protocol === IPPROTO.icmp || protocol === IPPROTO.icmpv6;

/** What has to be said of a flow of this protocol, and was not. */
function missing({ given, state }: Words, protocol: number, creating: boolean): ReadEntry | null {
  if (creating && !given.has('timeout')) return need('timeout');
  if (!given.has('src') || !given.has('dst')) return refuse("you have to specify `--src' and `--dst'");
  const ported = given.has('sport') && given.has('dport');
  if (isIcmp(protocol)) {
    const absent = ['icmp-type', 'icmp-code', 'icmp-id'].find((name) => !given.has(name));
    if (absent !== undefined) return need(protocol === IPPROTO.icmpv6 ? absent.replace('icmp', 'icmpv6') : absent);
  } else if (protocol === IPPROTO.gre) {
    if (!ported) return refuse("you have to specify `--srckey' and `--dstkey'");
  } else if (TRACKERS[protocol] !== undefined && !ported) {
    return refuse("you have to specify `--sport' and `--dport'");
  }
  const stateful = protocol === IPPROTO.tcp || protocol === IPPROTO.sctp;
  return creating && state === '' && stateful ? need('state') : null;
}

function entryOf(words: Words, protocol: number): CtCreate {
  const { addrs, ports, icmp, timeout, status, mark, state } = words;
  return {
    original: {
      protocol,
      src: addrs.src!,
      dst: addrs.dst!,
      sport: isIcmp(protocol) ? icmp.id : ports.sport,
      dport: isIcmp(protocol) ? icmp.type * 256 + icmp.code : ports.dport,
    },
    reply: {
      ...(addrs.replySrc === undefined ? null : { src: addrs.replySrc }),
      ...(addrs.replyDst === undefined ? null : { dst: addrs.replyDst }),
      ...(ports.replySport === null ? null : { sport: ports.replySport }),
      ...(ports.replyDport === null ? null : { dport: ports.replyDport }),
    },
    timeout,
    status,
    mark,
    zone: { id: words.zone, direction: 'both' },
    state: state === '' ? null : (state as TcpCtState | SctpCtState),
    srcNat: natOf(words, 'srcNat'),
    dstNat: natOf(words, 'dstNat'),
  };
}

function natOf({ addrs, addrPorts }: Words, name: 'srcNat' | 'dstNat'): CtCreate['srcNat'] {
  const addr = addrs[name];
  return addr === undefined ? null : { addr, port: addrPorts[name] ?? 0 };
}
