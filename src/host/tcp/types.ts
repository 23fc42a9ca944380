import type { SimTime } from '../../base';
import type { FlowKey, PacketId } from '../../model';
import { type Addr, type Family, IPPROTO } from '../../wire';

/** `sink`: takes what comes and answers nothing. */
export type Service = 'echo' | 'http' | 'dns' | 'sink';

/** A listening socket. */
export interface Listener {
  readonly id: number;
  readonly protocol: 'tcp' | 'udp';
  readonly family: Family;
  /** Null: any address of the family. */
  readonly address: Addr | null;
  readonly port: number;
  readonly service: Service;
  /** Its IPv4 packets have DF, unless a route's MTU is locked: as ip_no_pmtu_disc was when it was opened. Kernel: pmtudisc */
  readonly pmtuDisc: boolean;
  /** It goes when its first connection does. */
  readonly once: boolean;
}

type TcpState =
  | 'NEW_SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE';

/** A segment that came too early. */
export interface EarlySegment {
  readonly seq: number;
  readonly end: number;
  readonly data: Uint8Array;
  readonly fin: boolean;
}

/** Data that waits to be sent. Kernel: an skb of sk_write_queue */
interface WriteChunk {
  data: Uint8Array;
  psh: boolean;
  fin: boolean;
}

/** Data that is on its way. Kernel: an skb of tcp_rtx_queue */
export interface SentChunk {
  readonly seq: number;
  readonly data: Uint8Array;
  readonly psh: boolean;
  readonly fin: boolean;
  /** Bytes in one of its segments. Kernel: tcp_skb_seglen() */
  readonly segment: number;
}

/** One connection of the host's stack, from its SYN on. Kernel: struct tcp_request_sock, tcp_sock, tcp_timewait_sock */
export interface TcpSock {
  readonly id: number;
  readonly family: Family;
  readonly listener: Listener;
  readonly local: Addr;
  readonly lport: number;
  readonly remote: Addr;
  readonly rport: number;
  /** Of a peer that is known on one link only: that link's interface. */
  readonly oif: string;
  /** That of the SYN, if tcp_fwmark_accept says so. Kernel: inet_request_mark() */
  readonly mark: number;
  /** That of the SYN without its ECN bits, if tcp_reflect_tos says so. */
  readonly tos: number;
  /** When a segment that does not belong here was last answered, in milliseconds. Kernel: last_oow_ack_time */
  lastOowAck: number | null;
  state: TcpState;
  /** When the half-open or the dead connection is forgotten; Infinity: never. */
  expires: SimTime;
  readonly rcvIsn: number;
  readonly sndIsn: number;
  rcvNxt: number;
  /** What the last segment sent acknowledged. */
  rcvWup: number;
  rcvWnd: number;
  readonly rcvWscale: number;
  sndUna: number;
  sndNxt: number;
  sndWnd: number;
  /** Sequence number of the segment that last told the window. */
  sndWl1: number;
  maxWindow: number;
  readonly sndWscale: number;
  /** What the peer takes in one segment. */
  readonly mss: number;
  readonly advMss: number;
  readonly sackOk: boolean;
  /** What the SYN's timestamp said; null: its segments have none. Kernel: tstamp_ok, ts_recent */
  readonly tsRecent: number | null;
  /** The timestamps of its first SYN+ACK and of the last one. Kernel: snt_tsval_first, snt_tsval_last */
  sentStamps: readonly [first: number, last: number] | null;
  readonly ecnOk: boolean;
  /** Congestion was met: say ECE. */
  demandCwr: boolean;
  /** Came in order, not read yet. */
  readonly received: Uint8Array[];
  readonly early: EarlySegment[];
  /** What the last duplicate was, to be told in the next ACK. */
  dsack: readonly [number, number] | null;
  /** Where the program goes on reading, and a byte that it is not given (urgent data). */
  copiedSeq: number;
  urgSeq: number | null;
  /** Written, not sent yet. */
  readonly writeQueue: WriteChunk[];
  writeSeq: number;
  pushedSeq: number;
  /** Sent, not acknowledged yet. Kernel: tcp_rtx_queue */
  readonly rtxQueue: SentChunk[];
  /** The MTU that segments were last made for. Kernel: icsk_pmtu_cookie */
  pmtuCookie: number;
  /** Segments that may be under way, and the ends of those that are. */
  cwnd: number;
  readonly inFlight: number[];
  /** Segments with data that were sent; after ten of them the next waits a little. */
  dataSegsOut: number;
  paced: boolean;
  /** When the SYN+ACK went out, as a number of the recording's steps, and how many went through the stack as one. */
  readonly openedAt: number;
  tsoSegs: number;
  bytesAcked: number;
  /** The peer closed its half. */
  rcvShutdown: boolean;
  /** The last ACK was due, but an answer may carry it. */
  ackScheduled: boolean;
  pingpong: boolean;
  ackNow: boolean;
  /** Its program has it in hand. */
  accepted: boolean;
  /** Nobody has it in hand any more. */
  dead: boolean;
  /** Waits to be run. */
  woken: boolean;
  /** Reading it fails: it was reset. */
  error: boolean;
  /** The packet that the next one answers. */
  cause: PacketId;
}

export const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;
export const after = (a: number, b: number): boolean => before(b, a);
export const add32 = (a: number, n: number): number => (a + n) >>> 0;

/** What a connection asks of the way to its peer. Kernel: build_sk_flow_key(), inet6_csk_route_socket() */
export function sockFlow(
  sock: Pick<TcpSock, 'family' | 'local' | 'lport' | 'remote' | 'rport' | 'oif' | 'mark'>,
): FlowKey {
  const { family, local, lport, remote, rport, oif, mark } = sock;
  return { family, dst: remote, src: local, oif, mark, protocol: IPPROTO.tcp, sport: lport, dport: rport };
}
