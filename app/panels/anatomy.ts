import type { ConnSnapshot, TupleSnapshot } from '../../src/model';
import { bitsText } from './bits';
import { hex, timeText } from './tuples';

/** A word of a `conntrack -L` line. */
export interface Word {
  readonly text: string;
  /** NAT has changed it: it is not what the other direction has, turned round. */
  readonly changed: boolean;
  /** A sentence or two for who clicks it. */
  readonly more: string;
}

/** A piece of a `conntrack -L` line, and what it says. */
export interface Token {
  readonly key: string;
  readonly words: readonly Word[];
  readonly says: string;
  /** A direction is wider, and has a border in the hue of conntrack. */
  readonly wide: boolean;
}

const NUMBERS: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  icmp: 1,
  icmpv6: 58,
  'ipv6-icmp': 58,
  gre: 47,
  sctp: 132,
  dccp: 33,
};

const STATES: Readonly<Record<string, string>> = {
  NONE: 'the tracker has seen nothing that it can name',
  SYN_SENT: 'a SYN was seen, nothing came back yet',
  SYN_RECV: 'the SYN was answered, the handshake is not finished',
  ESTABLISHED: 'handshake finished',
  FIN_WAIT: 'one side has closed',
  CLOSE_WAIT: 'one side has closed, and the other acknowledged it',
  LAST_ACK: 'both have closed, the last ACK is missing',
  TIME_WAIT: 'closed; kept for a while for late packets',
  CLOSE: 'ended by a RST',
  SYN_SENT2: 'both sides sent a SYN',
  CLOSED: 'no association yet, or none any more',
  COOKIE_WAIT: 'an INIT was seen',
  COOKIE_ECHOED: 'the cookie came back to who gave it',
  SHUTDOWN_SENT: 'one side wants to end it',
  SHUTDOWN_RECD: 'the other side was asked to end it',
  SHUTDOWN_ACK_SENT: 'both agree to end it',
  HEARTBEAT_SENT: 'a heartbeat was seen on another path',
};

/** The sysctl that usually gives a flow in this state its time. */
function timeoutName(entry: ConnSnapshot): string {
  const protocol = String(entry.protocol);
  const family: Readonly<Record<string, string>> = { udplite: 'udp', 'ipv6-icmp': 'icmpv6' };
  const name = family[protocol] ?? protocol;
  const state = entry.state?.toLowerCase();
  if (name === 'tcp' && state !== undefined) {
    const known = state === 'syn_sent2' || state === 'none' ? 'syn_sent' : state;
    return `nf_conntrack_tcp_timeout_${known}`;
  }
  if (name === 'sctp' && state !== undefined) return `nf_conntrack_sctp_timeout_${state}`;
  const stream = entry.status.includes('ASSURED') ? '_stream' : '';
  if (name === 'udp' || name === 'gre') return `nf_conntrack_${name}_timeout${stream}`;
  if (name === 'icmp' || name === 'icmpv6') return `nf_conntrack_${name}_timeout`;
  return 'nf_conntrack_generic_timeout';
}

/** The line that `conntrack -L` prints for an entry, in pieces. */
export function anatomy(entry: ConnSnapshot): readonly Token[] {
  const protocol = String(entry.protocol);
  const number = NUMBERS[protocol] ?? protocol;
  const left = Math.ceil(entry.timeLeft / 1e6);
  const span = Math.round(entry.timeSpan / 1e6);
  const plain = (key: string, text: string, says: string, more: string): Token => ({
    key,
    words: [{ text, changed: false, more }],
    says,
    wide: false,
  });
  const tokens: Token[] = [
    plain(
      'protocol',
      `${protocol} ${number}`,
      'protocol, by name and number',
      `The IP header says ${number}. Each protocol has a tracker of its own, which decides what state a flow is in and how long it may be silent.`,
    ),
    plain(
      'timeout',
      String(left),
      entry.confirmed
        ? `seconds left: ${timeText(entry.timeLeft)}, restarted by every packet`
        : 'seconds that it gets once it is confirmed',
      `${left} of ${span} seconds. So many a flow gets in this state (${timeoutName(entry)}, or a timeout policy, or the conntrack tool). At 0 the entry is destroyed, and the next packet begins a new flow.`,
    ),
  ];
  if (entry.state !== undefined) {
    const says = STATES[entry.state] ?? 'state of the protocol';
    const more = `${entry.state} is the ${protocol} tracker's own state: ${says}. It is not what a rule calls ESTABLISHED: for -m conntrack a flow is that as soon as an answer has been seen.`;
    tokens.push(plain('state', entry.state, says, more));
  }
  tokens.push({
    key: 'original',
    words: [...tupleWords('original', entry.original), ...counted(entry, 0)],
    says: 'what the first packet looked like, before any NAT',
    wide: true,
  });
  if (entry.status.includes('UNREPLIED')) {
    const more =
      'Nothing has come in the reply direction. When the table is full, such a flow may be thrown out for a new one.';
    tokens.push(plain('unreplied', '[UNREPLIED]', 'no answer has been seen yet', more));
  }
  const nat = [entry.dstNat ? 'DNAT' : '', entry.srcNat ? 'SNAT' : ''].filter(Boolean).join(' and ');
  tokens.push({
    key: 'reply',
    words: [...tupleWords('reply', entry.reply, mirrored(entry.original)), ...counted(entry, 1)],
    says:
      nat === ''
        ? 'what the answer will look like'
        : `what the answer will look like. Where it is not the original turned round, that difference is the ${nat}`,
    wide: true,
  });
  if (entry.status.includes('ASSURED')) {
    const more =
      'Both sides have shown that they mean it (for TCP: the handshake is finished). The kernel does not throw such a flow out, even if the table is full.';
    tokens.push(plain('assured', '[ASSURED]', 'settled in both directions, so it is not evicted early', more));
  }
  const bits = bitsText(entry.mark);
  const mark = `${hex(entry.mark)}${bits === '' ? '' : `, ${bits}`}. CONNMARK and -m connmark write and read it. It stays with the flow; the mark of a packet is another one.`;
  tokens.push(plain('mark', `mark=${entry.mark}`, 'connmark', mark));
  if (entry.zone !== 0) {
    const more =
      'Zones keep equal addresses apart: the same tuple in another zone is another flow. CT --zone in raw sets it.';
    tokens.push(plain('zone', `zone=${entry.zone}`, 'its own table of flows', more));
  }
  if (entry.helper !== undefined) {
    const more =
      'The helper reads the data of this flow, and expects the connections that it announces: they will be RELATED.';
    tokens.push(plain('helper', `helper=${entry.helper}`, 'reads the flow for connections that it announces', more));
  }
  tokens.push(
    plain(
      'use',
      'use=1',
      'references held',
      'How many parts of the kernel hold on to the entry. At 0 its memory is given back.',
    ),
  );
  return tokens;
}

/** The whole line, as `conntrack -L` prints it. */
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

type Member = 'src' | 'dst' | 'sport' | 'dport' | 'type' | 'code' | 'id';
const MEMBERS: readonly Member[] = ['src', 'dst', 'sport', 'dport', 'type', 'code', 'id'];

const MEANS: Readonly<Record<'original' | 'reply', Readonly<Record<Member, string>>>> = {
  original: {
    src: 'Who began the flow.',
    dst: 'Whom the first packet was addressed to, before any NAT.',
    sport: 'The port that the first packet came from.',
    dport: 'The port that it was for, before any NAT.',
    type: 'The ICMP type of what was asked.',
    code: 'The ICMP code of what was asked.',
    id: 'The ICMP id: it tells one ping from another, as ports do.',
  },
  reply: {
    src: 'Who will answer.',
    dst: 'Whom the answer will be addressed to when it comes here.',
    sport: 'The port that the answer will come from.',
    dport: 'The port that the answer will be for when it comes here.',
    type: 'The ICMP type of the answer.',
    code: 'The ICMP code of the answer.',
    id: 'The ICMP id that the answer will have.',
  },
};

function tupleWords(
  direction: 'original' | 'reply',
  tuple: TupleSnapshot,
  expected: TupleSnapshot = tuple,
): readonly Word[] {
  return MEMBERS.flatMap((name) => {
    const value = tuple[name];
    if (value === undefined) return [];
    const changed = name !== 'type' && name !== 'code' && expected[name] !== value;
    const was = changed ? ` Without NAT it would be ${expected[name]}: that is what NAT changes for this flow.` : '';
    return [{ text: `${name}=${value}`, changed, more: `${MEANS[direction][name]}${was}` }];
  });
}

/** With nf_conntrack_acct the line has counters. */
function counted({ counters }: ConnSnapshot, direction: 0 | 1): readonly Word[] {
  if (counters === undefined) return [];
  const where = direction === 0 ? 'original' : 'reply';
  return [
    {
      text: `packets=${counters.packets[direction]}`,
      changed: false,
      more: `Packets in the ${where} direction, counted because nf_conntrack_acct is on.`,
    },
    { text: `bytes=${counters.bytes[direction]}`, changed: false, more: `Their bytes, from the IP header on.` },
  ];
}
