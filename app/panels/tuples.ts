import type { ConnSnapshot, TupleSnapshot } from '../../src/model';

/** One end of a flow: address and port, and which of both NAT has changed. */
export interface End {
  readonly address: string;
  /** `:80`; '' where there are no ports. */
  readonly port: string;
  readonly changedAddress: boolean;
  readonly changedPort: boolean;
}

/** A direction of a flow, as two ends and what is told once of both: ` id 2817`. */
export interface Line {
  readonly from: End;
  readonly to: End;
  readonly rest: string;
}

const shown = (address: string, port: number | undefined): string =>
  port !== undefined && address.includes(':') ? `[${address}]` : address;
const portText = (port: number | undefined): string => (port === undefined ? '' : `:${port}`);
const restOf = (tuple: TupleSnapshot): string => (tuple.id === undefined ? '' : ` id ${tuple.id}`);

function end(address: string, port: number | undefined, wasAddress: string, wasPort: number | undefined): End {
  return {
    address: shown(address, port),
    port: portText(port),
    changedAddress: address !== wasAddress,
    changedPort: port !== wasPort,
  };
}

/** Both directions. What differs from the other direction turned round was changed by NAT, and is marked in the reply. */
export function flowLines({ original, reply }: Pick<ConnSnapshot, 'original' | 'reply'>): {
  readonly original: Line;
  readonly reply: Line;
} {
  return {
    original: {
      from: end(original.src, original.sport, original.src, original.sport),
      to: end(original.dst, original.dport, original.dst, original.dport),
      rest: restOf(original),
    },
    reply: {
      from: end(reply.src, reply.sport, original.dst, original.dport),
      to: end(reply.dst, reply.dport, original.src, original.sport),
      rest: restOf(reply),
    },
  };
}

/** `10.0.0.5:8080 → 198.51.100.7:40312`, for search and for screen readers. */
export function lineText({ from, to, rest }: Line): string {
  return `${from.address}${from.port} → ${to.address}${to.port}${rest}`;
}

/** What a flow's timeout starts with. Kernel: tcp_timeouts and the like; the page needs them for the ring only. */
const INITIAL: Readonly<Record<string, number>> = {
  'tcp SYN_SENT': 120,
  'tcp SYN_RECV': 60,
  'tcp ESTABLISHED': 432_000,
  'tcp FIN_WAIT': 120,
  'tcp CLOSE_WAIT': 60,
  'tcp LAST_ACK': 30,
  'tcp TIME_WAIT': 120,
  'tcp CLOSE': 10,
  'tcp SYN_SENT2': 120,
  udp: 30,
  'udp stream': 120,
  icmp: 30,
  'ipv6-icmp': 30,
  icmpv6: 30,
  gre: 30,
  'gre stream': 180,
};

/** Share of the initial timeout that is left, from 0 to 1. */
export function shareLeft(entry: ConnSnapshot): number {
  const protocol = String(entry.protocol);
  const stream = entry.status.includes('ASSURED') ? `${protocol} stream` : '';
  const initial = INITIAL[`${protocol} ${entry.state ?? ''}`] ?? INITIAL[stream] ?? INITIAL[protocol] ?? 600;
  return Math.max(0, Math.min(1, entry.timeLeft / 1e6 / initial));
}

/** Seconds in the largest unit that says it shortly: `5 d`, `2 h`, `42 s`. */
export function timeText(microseconds: number): string {
  const seconds = Math.max(0, Math.ceil(microseconds / 1e6));
  if (seconds >= 86_400) return `${Math.round(seconds / 86_400)} d`;
  if (seconds >= 7_200) return `${Math.round(seconds / 3_600)} h`;
  if (seconds >= 600) return `${Math.round(seconds / 60)} min`;
  return `${seconds} s`;
}

/** The words beside a flow, with their hue. */
export function flagsOf(entry: ConnSnapshot): readonly { readonly text: string; readonly hue: string }[] {
  const flags: { text: string; hue: string }[] = [];
  if (entry.status.includes('ASSURED')) flags.push({ text: 'ASSURED', hue: 'ok' });
  else if (entry.status.includes('UNREPLIED')) flags.push({ text: 'UNREPLIED', hue: 'rej' });
  else if (entry.seenReply) flags.push({ text: 'SEEN_REPLY', hue: '' });
  if (entry.dstNat) flags.push({ text: 'DST_NAT', hue: 'nat' });
  if (entry.srcNat) flags.push({ text: 'SRC_NAT', hue: 'nat' });
  if (entry.helper !== undefined) flags.push({ text: `helper ${entry.helper}`, hue: '' });
  if (entry.mark !== 0) flags.push({ text: `mark ${entry.mark}`, hue: '' });
  if (entry.zone !== 0) flags.push({ text: `zone ${entry.zone}`, hue: '' });
  if (entry.dying) flags.push({ text: 'DYING', hue: 'bad' });
  return flags;
}

/** A piece of a `conntrack -L` line, and what it says. */
export interface Token {
  readonly key: string;
  readonly words: readonly { readonly text: string; readonly changed: boolean }[];
  readonly says: string;
  /** A direction is wider, and has a border in the hue of conntrack. */
  readonly wide: boolean;
}

const NUMBERS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmpv6: 58,
  'ipv6-icmp': 58,
  gre: 47,
  sctp: 132,
  dccp: 33,
};

const STATES: Readonly<Record<string, string>> = {
  SYN_SENT: 'a SYN was seen, nothing came back yet',
  SYN_RECV: 'the SYN was answered, the handshake is not finished',
  ESTABLISHED: 'handshake finished',
  FIN_WAIT: 'one side has closed',
  CLOSE_WAIT: 'one side has closed, and the other acknowledged it',
  LAST_ACK: 'both have closed, the last ACK is missing',
  TIME_WAIT: 'closed; kept for a while for late packets',
  CLOSE: 'ended by a RST',
  SYN_SENT2: 'both sides sent a SYN',
};

/** The line that `conntrack -L` prints for an entry, in pieces. */
export function anatomy(entry: ConnSnapshot): readonly Token[] {
  const protocol = String(entry.protocol);
  const number = NUMBERS[protocol] ?? protocol;
  const left = Math.ceil(entry.timeLeft / 1e6);
  const plain = (key: string, text: string, says: string): Token => ({
    key,
    words: [{ text, changed: false }],
    says,
    wide: false,
  });
  const tokens: Token[] = [
    plain('protocol', `${protocol} ${number}`, 'protocol, by name and number'),
    plain(
      'timeout',
      String(left),
      entry.confirmed
        ? `seconds left: ${timeText(entry.timeLeft)}, restarted by every packet`
        : 'seconds that it gets once it is confirmed',
    ),
  ];
  if (entry.state !== undefined)
    tokens.push(plain('state', entry.state, STATES[entry.state] ?? 'state of the protocol'));
  tokens.push({
    key: 'original',
    words: tupleWords(entry.original),
    says: 'what the first packet looked like, before any NAT',
    wide: true,
  });
  if (entry.status.includes('UNREPLIED')) tokens.push(plain('unreplied', '[UNREPLIED]', 'no answer has been seen yet'));
  const nat = [entry.dstNat ? 'DNAT' : '', entry.srcNat ? 'SNAT' : ''].filter(Boolean).join(' and ');
  tokens.push({
    key: 'reply',
    words: tupleWords(entry.reply, mirrored(entry.original)),
    says:
      nat === ''
        ? 'what the answer will look like'
        : `what the answer will look like. Where it is not the original turned round, that difference is the ${nat}`,
    wide: true,
  });
  if (entry.status.includes('ASSURED'))
    tokens.push(plain('assured', '[ASSURED]', 'settled in both directions, so it is not evicted early'));
  tokens.push(plain('mark', `mark=${entry.mark}`, 'connmark'));
  if (entry.zone !== 0) tokens.push(plain('zone', `zone=${entry.zone}`, 'its own table of flows'));
  if (entry.helper !== undefined)
    tokens.push(plain('helper', `helper=${entry.helper}`, 'reads the flow for connections that it announces'));
  tokens.push(plain('use', 'use=1', 'references held'));
  return tokens;
}

export function anatomyText(entry: ConnSnapshot): string {
  const name = String(entry.protocol).padEnd(8);
  const [protocol, ...rest] = anatomy(entry);
  const number = protocol?.words[0]?.text.split(' ').at(-1) ?? '';
  return `${name} ${number} ${rest.map((token) => token.words.map((w) => w.text).join(' ')).join(' ')}`;
}

function mirrored(tuple: TupleSnapshot): TupleSnapshot {
  return {
    src: tuple.dst,
    dst: tuple.src,
    ...(tuple.dport === undefined ? {} : { sport: tuple.dport }),
    ...(tuple.sport === undefined ? {} : { dport: tuple.sport }),
    ...(tuple.id === undefined ? {} : { id: tuple.id }),
  };
}

function tupleWords(tuple: TupleSnapshot, expected: TupleSnapshot = tuple): Token['words'] {
  const members = ['src', 'dst', 'sport', 'dport', 'type', 'code', 'id'] as const;
  return members.flatMap((name) => {
    const value = tuple[name];
    if (value === undefined) return [];
    const changed = name !== 'type' && name !== 'code' && expected[name] !== value;
    return [{ text: `${name}=${value}`, changed }];
  });
}
