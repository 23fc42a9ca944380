import type { SimTime } from '../base';
import type { Addr, Family } from '../wire';

/**
 * One direction of a flow. Kernel: struct nf_conntrack_tuple.
 *
 * `sport` and `dport` are ports; of ICMP `sport` is the id and `dport` is type * 256 + code; of GRE the keys; of other
 * protocols 0.
 */
export interface Tuple {
  readonly family: Family;
  readonly protocol: number;
  readonly src: Addr;
  readonly dst: Addr;
  readonly sport: number;
  readonly dport: number;
}

export type Direction = 'original' | 'reply';

/** How a packet stands to its flow. Kernel: enum ip_conntrack_info. */
export type CtInfo = 'NEW' | 'ESTABLISHED' | 'ESTABLISHED_REPLY' | 'RELATED' | 'RELATED_REPLY';

/** Status bits of a flow. Kernel: enum ip_conntrack_status. */
export const IPS = {
  EXPECTED: 1,
  SEEN_REPLY: 2,
  ASSURED: 4,
  CONFIRMED: 8,
  SRC_NAT: 16,
  DST_NAT: 32,
  SEQ_ADJUST: 64,
  SRC_NAT_DONE: 128,
  DST_NAT_DONE: 256,
  DYING: 512,
  FIXED_TIMEOUT: 1024,
  TEMPLATE: 2048,
  HELPER: 8192,
} as const;

/** A conntrack zone, and the directions that it is for. */
export interface Zone {
  readonly id: number;
  readonly direction: 'both' | Direction;
}

export type TcpCtState =
  | 'NONE'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'SYN_SENT2';

export type SctpCtState =
  | 'NONE'
  | 'CLOSED'
  | 'COOKIE_WAIT'
  | 'COOKIE_ECHOED'
  | 'ESTABLISHED'
  | 'SHUTDOWN_SENT'
  | 'SHUTDOWN_RECD'
  | 'SHUTDOWN_ACK_SENT'
  | 'HEARTBEAT_SENT';

/**
 * A tracked flow. Kernel: struct nf_conn. Only src/conntrack and src/nat change it (`mark`, `labels` and `secmark`
 * also the targets that set them, through src/conntrack).
 */
export interface Conn {
  /** Counts up from 1 in each host: the order of birth. */
  readonly id: number;
  original: Tuple;
  reply: Tuple;
  readonly zone: Zone;
  /** Bits of `IPS`. */
  status: number;
  /** Confirmed: the moment of expiry. Unconfirmed: the span that starts at confirmation. Microseconds. */
  timeout: SimTime;
  mark: number;
  /** 128 bits of connlabel, or null. */
  labels: Uint8Array | null;
  secmark: number;
  readonly master: Conn | null;
  helper: string | null;
  /** Packets and bytes of each direction; counted only with nf_conntrack_acct. */
  readonly counters: { packets: [number, number]; bytes: [number, number] } | null;
  /** State of the protocol's tracker: `state` is shown for TCP, SCTP and DCCP; the rest belongs to src/conntrack. */
  proto: ConnProto;
  /** The interface that MASQUERADE chose its address from, else ''. */
  masqInterface: string;
  /** True of a template made by CT: it only hands zone, helper and events on. */
  readonly template: boolean;
}

/** Tracker-specific state; each tracker in src/conntrack narrows it by `kind`. */
export interface ConnProto {
  readonly kind: 'tcp' | 'udp' | 'icmp' | 'icmpv6' | 'sctp' | 'gre' | 'dccp' | 'generic';
  /** Name of the state, '' where the protocol has none. */
  state: string;
}

/** An entry as a recording has it (`conntrack -L`), plus what the page shows. All members are plain values. */
export interface ConnSnapshot {
  readonly id: number;
  readonly protocol: string | number;
  readonly state?: string;
  readonly original: TupleSnapshot;
  readonly reply: TupleSnapshot;
  /** ASSURED, UNREPLIED, in that order. */
  readonly status: readonly ('ASSURED' | 'UNREPLIED')[];
  readonly mark: number;
  readonly zone: number;
  readonly zoneOriginal?: number;
  readonly zoneReply?: number;
  readonly helper?: string;
  // --- for the page only
  readonly confirmed: boolean;
  readonly srcNat: boolean;
  readonly dstNat: boolean;
  readonly seenReply: boolean;
  readonly dying: boolean;
  /** Id of the flow that this one was expected by. */
  readonly master?: number;
  /** Microseconds left (confirmed), or that it will have when confirmed. */
  readonly timeLeft: number;
  /** Microseconds that it was last given, of which `timeLeft` is what remains. */
  readonly timeSpan: number;
  /** Bits of connlabel that are set; absent if none is. */
  readonly labels?: readonly number[];
  /** Packets and bytes of each direction; absent without nf_conntrack_acct. */
  readonly counters?: { readonly packets: readonly [number, number]; readonly bytes: readonly [number, number] };
  readonly family: Family;
}

export interface TupleSnapshot {
  readonly src: Addr;
  readonly dst: Addr;
  readonly sport?: number;
  readonly dport?: number;
  readonly type?: number;
  readonly code?: number;
  readonly id?: number;
}
