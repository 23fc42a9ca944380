import type { TcpCtState } from '../../model';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, TCP_URG } from '../../wire';
import type { Dir } from '../flow';

/** What a segment is, for the state table. Kernel: enum tcp_bit_set */
export type TcpIndex = 'syn' | 'synack' | 'fin' | 'ack' | 'rst' | 'none';

/** A state to go to, `ignore` (let it pass, change nothing), `invalid`. */
type TcpTarget = TcpCtState | 'ignore' | 'invalid';

/** Kernel: get_conntrack_index() */
export function tcpIndex(flags: number): TcpIndex {
  if (flags & TCP_RST) return 'rst';
  if (flags & TCP_SYN) return flags & TCP_ACK ? 'synack' : 'syn';
  if (flags & TCP_FIN) return 'fin';
  return flags & TCP_ACK ? 'ack' : 'none';
}

/** Columns of the table, in the kernel's order. */
const TCP_STATES: readonly TcpCtState[] = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
];

const SHORT: Readonly<Record<string, TcpTarget>> = {
  SS: 'SYN_SENT',
  SR: 'SYN_RECV',
  ES: 'ESTABLISHED',
  FW: 'FIN_WAIT',
  CW: 'CLOSE_WAIT',
  LA: 'LAST_ACK',
  TW: 'TIME_WAIT',
  CL: 'CLOSE',
  S2: 'SYN_SENT2',
  ig: 'ignore',
  '--': 'invalid',
};

function rows(text: Readonly<Record<TcpIndex, string>>): Readonly<Record<TcpIndex, readonly TcpTarget[]>> {
  const read = (row: string) => row.split(' ').map((word) => SHORT[word]!);
  const { syn, synack, fin, ack, rst, none } = text;
  return { syn: read(syn), synack: read(synack), fin: read(fin), ack: read(ack), rst: read(rst), none: read(none) };
}

/**
 * The next state, by direction, kind of segment and state (columns NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT
 * CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE SYN_SENT2).
 *
 * Kernel: tcp_conntracks, net/netfilter/nf_conntrack_proto_tcp.c
 */
const TABLE = [
  rows({
    syn: 'SS SS ig ig ig ig ig SS SS S2',
    synack: '-- -- SR -- -- -- -- -- -- SR',
    fin: '-- -- FW FW LA LA LA TW CL --',
    ack: 'ES -- ES ES CW CW TW TW CL --',
    rst: '-- CL CL CL CL CL CL CL CL CL',
    none: '-- -- -- -- -- -- -- -- -- --',
  }),
  rows({
    syn: '-- S2 -- -- -- -- -- SS -- S2',
    synack: '-- SR ig ig ig ig ig ig ig SR',
    fin: '-- -- FW FW LA LA LA TW CL --',
    ack: '-- ig SR ES CW CW TW TW CL ig',
    rst: '-- CL CL CL CL CL CL CL CL CL',
    none: '-- -- -- -- -- -- -- -- -- --',
  }),
] as const;

/** What a segment makes of a connection in a state. Kernel: tcp_conntracks[] */
export function tcpNext(dir: Dir, index: TcpIndex, state: TcpCtState): TcpTarget {
  return TABLE[dir][index][TCP_STATES.indexOf(state)]!;
}

/** Combinations of flags that exist; PSH, ECE and CWR go with any. Kernel: tcp_valid_flags */
const VALID_FLAGS: ReadonlySet<number> = new Set([
  TCP_SYN,
  TCP_SYN | TCP_URG,
  TCP_SYN | TCP_ACK,
  TCP_RST,
  TCP_RST | TCP_ACK,
  TCP_FIN | TCP_ACK,
  TCP_FIN | TCP_ACK | TCP_URG,
  TCP_ACK,
  TCP_ACK | TCP_URG,
]);

/** Whether there are such segments. */
export function tcpFlagsValid(flags: number): boolean {
  return VALID_FLAGS.has(flags & (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK | TCP_URG));
}
