import type { CtCreate } from '../../conntrack';
import { IPS, type SctpCtState, type TcpCtState } from '../../model';
import { IPPROTO, parseAddr, protocolNumber } from '../../wire';
import { HEAD, tryHelp } from './conntrack-parse';

/** What the words of `-G` and `-I` say of one flow. */
export type EntryWords = CtCreate & { readonly given: ReadonlySet<string> };

export type ReadEntry =
  | { readonly ok: true; readonly entry: EntryWords }
  | { readonly ok: false; readonly said: string };

const NUMBERS: Readonly<Record<string, keyof Ports>> = {
  '--sport': 'sport',
  '--orig-port-src': 'sport',
  '--dport': 'dport',
  '--orig-port-dst': 'dport',
  '--reply-port-src': 'replySport',
  '--reply-port-dst': 'replyDport',
  '--srckey': 'sport',
  '--dstkey': 'dport',
  '--reply-key-src': 'replySport',
  '--reply-key-dst': 'replyDport',
};

interface Ports {
  sport: number;
  dport: number;
  replySport: number | null;
  replyDport: number | null;
}

const ADDRESSES: Readonly<Record<string, 'src' | 'dst' | 'replySrc' | 'replyDst' | 'srcNat' | 'dstNat'>> = {
  '-s': 'src',
  '--src': 'src',
  '--orig-src': 'src',
  '-d': 'dst',
  '--dst': 'dst',
  '--orig-dst': 'dst',
  '-r': 'replySrc',
  '--reply-src': 'replySrc',
  '-q': 'replyDst',
  '--reply-dst': 'replyDst',
  '-n': 'srcNat',
  '--src-nat': 'srcNat',
  '-g': 'dstNat',
  '--dst-nat': 'dstNat',
};

export const TCP_STATES =
  'NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE LISTEN SYN_SENT2'.split(' ');
const SCTP_STATES =
  'NONE CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT HEARTBEAT_SENT HEARTBEAT_ACKED'.split(
    ' ',
  );

const wrong = (message: string): string => `${HEAD}${message}\n${tryHelp}`;

/** Reads the description of one flow. */
export function readEntry(args: readonly string[], creating: boolean): ReadEntry {
  const no = (message: string): ReadEntry => ({ ok: false, said: wrong(message) });
  const need = (name: string) => no(`You need to supply the \`--${name}' option for this command`);
  const addrs: Partial<Record<'src' | 'dst' | 'replySrc' | 'replyDst' | 'srcNat' | 'dstNat', string>> = {};
  const ports: Ports = { sport: 0, dport: 0, replySport: null, replyDport: null };
  const icmp = { type: 0, code: 0, id: 0 };
  const natPorts = new Map<string, number>();
  const given = new Set<string>();
  let [protocol, timeout, status, mark, zone, state] = ['', 0, 0, 0, 0, ''];
  for (let i = 0; i < args.length; i++) {
    const [, long, inline] = /^(--[a-z-]+)=(.*)$/s.exec(args[i]!) ?? [];
    const short = /^(-[a-z])(.+)$/s.exec(args[i]!);
    const word = long ?? (short && !args[i]!.startsWith('--') ? short[1]! : args[i]!);
    const value = inline ?? (short && !args[i]!.startsWith('--') ? short[2]! : args[++i]);
    if (value === undefined) return no(`option \`${word}' requires an argument`);
    const number = Number(/^(0x[0-9a-f]+|\d+)/i.exec(value)?.[1] ?? 0);
    if (ADDRESSES[word]) {
      const addr = parseAddr(/[.:]\d+$/.test(value) && value.includes('.') ? value.replace(/:\d+$/, '') : value);
      if (addr === null) return no(`Invalid IP address \`${value}'`);
      addrs[ADDRESSES[word]] = addr;
      natPorts.set(ADDRESSES[word], Number(/\.\d+:(\d+)$/.exec(value)?.[1] ?? 0));
      given.add(ADDRESSES[word]);
    } else if (word === '-p' || word === '--protonum' || word === '--proto') protocol = value.toLowerCase();
    else if (word === '-t' || word === '--timeout') {
      timeout = number;
      given.add('timeout');
    } else if (word === '-m' || word === '--mark') mark = number >>> 0;
    else if (word === '-w' || word === '--zone') zone = number;
    else if (word === '-u' || word === '--status') {
      for (const one of value.split(',')) {
        const bits = {
          ASSURED: IPS.ASSURED,
          SEEN_REPLY: IPS.SEEN_REPLY,
          UNSET: 0,
          FIXED_TIMEOUT: IPS.FIXED_TIMEOUT,
          EXPECTED: IPS.EXPECTED,
        };
        const name = (Object.keys(bits) as (keyof typeof bits)[]).find(
          (k) => one !== '' && k.startsWith(one.toUpperCase()),
        );
        if (!name) return no(`Bad parameter \`${one}'`);
        status |= bits[name];
      }
    } else if (word === '--state') {
      state = value.toUpperCase();
      if (protocol === 'tcp' && !TCP_STATES.includes(state)) return no(`unknown TCP state \`${value}'`);
      if (protocol === 'sctp' && !SCTP_STATES.includes(state)) return no(`unknown SCTP state \`${value}'`);
    } else if (NUMBERS[word]) {
      ports[NUMBERS[word]] = number;
      given.add(NUMBERS[word]);
    } else if (/^--icmp(v6)?-(type|code|id)$/.test(word)) {
      icmp[word.replace(/^.*-/, '') as 'type'] = number;
      given.add(`icmp-${word.replace(/^.*-/, '')}`);
    } else if (word === '-o' || word === '--output') continue;
    else return no(`unknown option \`${word}'`);
  }
  if (protocol === '') return need('protonum');
  const numbered = /^\d+$/.test(protocol) ? Number(protocol) : protocolNumber(protocol);
  if (numbered === null) return no(`\`${protocol}' unsupported protocol`);
  if (creating && !given.has('timeout')) return need('timeout');
  if (!given.has('src') || !given.has('dst')) return no("you have to specify `--src' and `--dst'");
  const isIcmp = numbered === IPPROTO.icmp || numbered === IPPROTO.icmpv6;
  if (isIcmp) {
    for (const name of ['icmp-type', 'icmp-code', 'icmp-id']) {
      if (!given.has(name)) return need(numbered === IPPROTO.icmpv6 ? name.replace('icmp', 'icmpv6') : name);
    }
  } else if (numbered === IPPROTO.gre) {
    if (!given.has('sport') || !given.has('dport')) return no("you have to specify `--srckey' and `--dstkey'");
  } else if ([IPPROTO.tcp, IPPROTO.udp, IPPROTO.sctp, IPPROTO.udplite].includes(numbered as 6)) {
    if (!given.has('sport') || !given.has('dport')) return no("you have to specify `--sport' and `--dport'");
  }
  if (creating && state === '' && (numbered === IPPROTO.tcp || numbered === IPPROTO.sctp)) return need('state');
  const original = {
    protocol: numbered,
    src: addrs.src!,
    dst: addrs.dst!,
    sport: isIcmp ? icmp.id : ports.sport,
    dport: isIcmp ? icmp.type * 256 + icmp.code : ports.dport,
  };
  const reply = {
    ...(addrs.replySrc === undefined ? null : { src: addrs.replySrc }),
    ...(addrs.replyDst === undefined ? null : { dst: addrs.replyDst }),
    ...(ports.replySport === null ? null : { sport: ports.replySport }),
    ...(ports.replyDport === null ? null : { dport: ports.replyDport }),
  };
  const both = { id: zone, direction: 'both' } as const;
  const states = { state: state === '' ? null : (state as TcpCtState | SctpCtState) };
  const natOf = (name: 'srcNat' | 'dstNat') =>
    addrs[name] === undefined ? null : { addr: addrs[name], port: natPorts.get(name) ?? 0 };
  const nat = { srcNat: natOf('srcNat'), dstNat: natOf('dstNat') };
  return { ok: true, entry: { original, reply, timeout, status, mark, zone: both, ...states, ...nat, given } };
}
