import type { SctpCtState } from '../../model';
import type { Dir } from '../flow';

/** Chunk types (RFC 9260 section 3.2). */
export const SCTP_CHUNK = {
  data: 0,
  init: 1,
  initAck: 2,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
} as const;

/** Columns of the table, in the kernel's order. */
const STATES: readonly SctpCtState[] = [
  'NONE',
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECD',
  'SHUTDOWN_ACK_SENT',
  'HEARTBEAT_SENT',
];

const SHORT: Readonly<Record<string, SctpCtState | 'invalid'>> = {
  CL: 'CLOSED',
  CW: 'COOKIE_WAIT',
  CE: 'COOKIE_ECHOED',
  ES: 'ESTABLISHED',
  SS: 'SHUTDOWN_SENT',
  SR: 'SHUTDOWN_RECD',
  SA: 'SHUTDOWN_ACK_SENT',
  HS: 'HEARTBEAT_SENT',
  '--': 'invalid',
};

type Row = readonly (SctpCtState | 'invalid')[];

function rows(text: readonly (readonly [chunk: number, row: string])[]): ReadonlyMap<number, Row> {
  return new Map(text.map(([chunk, row]) => [chunk, row.split(' ').map((word) => SHORT[word]!)]));
}

/** Kernel: sctp_conntracks, net/netfilter/nf_conntrack_proto_sctp.c */
const TABLE = [
  rows([
    [SCTP_CHUNK.init, 'CL CL CW CE ES CL CL SA CW'],
    [SCTP_CHUNK.initAck, 'CL CL CW CE ES SS SR SA CL'],
    [SCTP_CHUNK.abort, 'CL CL CL CL CL CL CL CL CL'],
    [SCTP_CHUNK.shutdown, 'CL CL CW CE SS SS SR SA CL'],
    [SCTP_CHUNK.shutdownAck, 'SA CL CW CE ES SA SA SA SA'],
    [SCTP_CHUNK.error, 'CL CL CW CE ES SS SR SA CL'],
    [SCTP_CHUNK.cookieEcho, 'CL CL CE CE ES SS SR SA CL'],
    [SCTP_CHUNK.cookieAck, 'CL CL CW ES ES SS SR SA CL'],
    [SCTP_CHUNK.shutdownComplete, 'CL CL CW CE ES SS SR CL CL'],
    [SCTP_CHUNK.heartbeat, 'HS CL CW CE ES SS SR SA HS'],
    [SCTP_CHUNK.heartbeatAck, 'CL CL CW CE ES SS SR SA HS'],
  ]),
  rows([
    [SCTP_CHUNK.init, '-- CL CW CE ES SS SR SA --'],
    [SCTP_CHUNK.initAck, '-- CW CW CE ES SS SR SA --'],
    [SCTP_CHUNK.abort, '-- CL CL CL CL CL CL CL --'],
    [SCTP_CHUNK.shutdown, '-- CL CW CE SR SS SR SA --'],
    [SCTP_CHUNK.shutdownAck, '-- CL CW CE ES SA SA SA --'],
    [SCTP_CHUNK.error, '-- CL CW CL ES SS SR SA --'],
    [SCTP_CHUNK.cookieEcho, '-- CL CE CE ES SS SR SA --'],
    [SCTP_CHUNK.cookieAck, '-- CL CW ES ES SS SR SA --'],
    [SCTP_CHUNK.shutdownComplete, '-- CL CW CE ES SS SR CL --'],
    [SCTP_CHUNK.heartbeat, '-- CL CW CE ES SS SR SA HS'],
    [SCTP_CHUNK.heartbeatAck, '-- CL CW CE ES SS SR SA ES'],
  ]),
] as const;

/** The next state; chunks that the table does not know (DATA, SACK …) change nothing. Kernel: sctp_new_state() */
export function sctpNext(dir: Dir, state: SctpCtState, chunk: number): SctpCtState | 'invalid' {
  return TABLE[dir].get(chunk)?.[STATES.indexOf(state)] ?? state;
}
