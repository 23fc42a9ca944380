import type { SimTime } from '../base';
import { type Conn, type ConnProto, type ConnSnapshot, type CtInfo, IPS, type Tuple, type Zone } from '../model';
import { type Family, IPPROTO } from '../wire';
import type { FtpMaster } from './helper/ftp';
import type { SeqAdj } from './seqadj';
import type { Synproxy } from './synproxy';
import { invertOwn, tupleSnapshot } from './tuple';

/** Status bit of an entry that clashed and is in the table by its reply tuple alone. Kernel: IPS_NAT_CLASH */
export const NAT_CLASH = 4096;

/** 0 is the original direction, 1 the reply direction. Kernel: enum ip_conntrack_dir */
export type Dir = 0 | 1;

/** What a helper keeps with a flow. Kernel: struct nf_conn_help */
export interface Help {
  helper: string | null;
  readonly ftp: FtpMaster;
}

/** A flow with all that this room keeps with it. Every `Conn` is one. */
export interface Flow extends Omit<Conn, 'master' | 'template'> {
  master: Flow | null;
  readonly template: boolean;
  /** What its time was last set to, of which `timeout` says how much is left. Microseconds. */
  span: SimTime;
  /** Bits of `IPCT` that are announced, and those that wait for the next confirm. Kernel: nf_conntrack_ecache */
  eventMask: number;
  eventCache: number;
  help: Help | null;
  /** Kernel: struct nf_conn_seqadj */
  seqadj: [SeqAdj, SeqAdj] | null;
  /** Null if no SYN proxy answered for it. */
  synproxy: Synproxy | null;
  /** Hash of the original tuple, not yet scaled to a bucket; and of the reply tuple, once confirmed. */
  readonly hash: number;
  replyHash: number;
  /** Whether it was made with room for labels. Kernel: nf_ct_labels_ext_add() */
  canLabel: boolean;
  /** Of a template of `CT --zone mark`. */
  readonly zoneFromMark: boolean;
  /** Of a template: what else is done to a flow that is made by it. */
  readonly begin?: (flow: Flow) => void;
}

/** The flow behind a `Conn`: there are no others. */
export function flowOf(conn: Conn): Flow {
  return conn as Flow;
}

export const DEFAULT_ZONE: Zone = Object.freeze({ id: 0, direction: 'both' });

/** Kernel: nf_ct_zone_id() */
export function zoneIdOf(zone: Zone, dir: Dir): number {
  if (zone.direction === 'both') return zone.id;
  return zone.direction === (dir === 0 ? 'original' : 'reply') ? zone.id : 0;
}

/** Kernel: CTINFO2DIR() */
export function dirOf(info: CtInfo): Dir {
  return info === 'ESTABLISHED_REPLY' || info === 'RELATED_REPLY' ? 1 : 0;
}

/** The tuple of a flow's packets in a direction. */
export function tupleIn(flow: Pick<Conn, 'original' | 'reply'>, dir: Dir): Tuple {
  return dir === 0 ? flow.original : flow.reply;
}

/** Whether it is in the table. Kernel: nf_ct_is_confirmed() */
export function isConfirmed(flow: Pick<Conn, 'status'>): boolean {
  return (flow.status & IPS.CONFIRMED) !== 0;
}

/** Whether it was taken out of the table. Kernel: nf_ct_is_dying() */
export function isDying(flow: Pick<Conn, 'status'>): boolean {
  return (flow.status & IPS.DYING) !== 0;
}

/** Kernel: nf_ct_is_expired(). A moment that has come has passed: real clocks do not stand still. */
export function isExpired(flow: Flow, now: SimTime): boolean {
  return isConfirmed(flow) && flow.timeout <= now;
}

const KINDS: ReadonlyMap<number, ConnProto['kind']> = new Map([
  [IPPROTO.tcp, 'tcp'],
  [IPPROTO.udp, 'udp'],
  [IPPROTO.udplite, 'udp'],
  [IPPROTO.icmp, 'icmp'],
  [IPPROTO.icmpv6, 'icmpv6'],
  [IPPROTO.sctp, 'sctp'],
  [IPPROTO.gre, 'gre'],
]);

/** Kernel: __nf_conntrack_alloc(), net/netfilter/nf_conntrack_core.c */
export function newFlow(id: number, original: Tuple, zone: Zone, hash: number, acct: boolean): Flow {
  return {
    id,
    original,
    reply: invertOwn(original),
    zone,
    status: 0,
    timeout: 0,
    span: 0,
    mark: 0,
    labels: null,
    secmark: 0,
    master: null,
    helper: null,
    counters: acct ? { packets: [0, 0], bytes: [0, 0] } : null,
    proto: { kind: KINDS.get(original.protocol) ?? 'generic', state: '' },
    masqInterface: '',
    template: false,
    eventMask: 0,
    eventCache: 0,
    help: null,
    seqadj: null,
    synproxy: null,
    hash,
    replyHash: 0,
    canLabel: true,
    zoneFromMark: false,
  };
}

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [IPPROTO.icmp, 'icmp'],
  [IPPROTO.tcp, 'tcp'],
  [IPPROTO.udp, 'udp'],
  [IPPROTO.dccp, 'dccp'],
  [IPPROTO.gre, 'gre'],
  [IPPROTO.icmpv6, 'icmpv6'],
  [IPPROTO.sctp, 'sctp'],
  [IPPROTO.udplite, 'udplite'],
]);

/** A protocol as conntrack's tool names it: its number where it has no name. */
export function protocolText(protocol: number): string | number {
  return PROTOCOL_NAMES.get(protocol) ?? protocol;
}

/** The flow as `conntrack -L` shows it at this moment. */
export function ctSnapshot(conn: Conn, now: SimTime): ConnSnapshot {
  const flow = flowOf(conn);
  const { status, zone, proto } = flow;
  const confirmed = isConfirmed(flow);
  const one = zone.direction !== 'both';
  const seenReply = (status & IPS.SEEN_REPLY) !== 0;
  return {
    id: flow.id,
    protocol: protocolText(flow.original.protocol),
    ...(proto.kind === 'tcp' || proto.kind === 'sctp' ? { state: proto.state === '' ? 'NONE' : proto.state } : {}),
    original: tupleSnapshot(flow.original),
    reply: tupleSnapshot(flow.reply),
    status: (status & IPS.ASSURED) !== 0 ? (seenReply ? ASSURED : ASSURED_UNREPLIED) : seenReply ? NEITHER : UNREPLIED,
    mark: flow.mark,
    zone: one ? 0 : zone.id,
    ...(zone.direction === 'original' && zone.id !== 0 ? { zoneOriginal: zone.id } : {}),
    ...(zone.direction === 'reply' && zone.id !== 0 ? { zoneReply: zone.id } : {}),
    ...(flow.helper !== null ? { helper: flow.helper } : {}),
    confirmed,
    srcNat: (status & IPS.SRC_NAT) !== 0,
    dstNat: (status & IPS.DST_NAT) !== 0,
    seenReply,
    dying: isDying(flow),
    ...(flow.master !== null ? { master: flow.master.id } : {}),
    timeLeft: confirmed ? Math.max(0, flow.timeout - now) : flow.timeout,
    timeSpan: flow.span,
    ...(flow.labels?.some((byte) => byte !== 0) ? { labels: setBits(flow.labels) } : {}),
    ...(flow.counters === null
      ? {}
      : { counters: { packets: [...flow.counters.packets], bytes: [...flow.counters.bytes] } }),
    family: flow.original.family as Family,
  };
}

function setBits(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => bit).filter((bit) => (bytes[bit >> 3]! >> (bit & 7)) & 1);
}

const NEITHER = Object.freeze([] as const);
const ASSURED = Object.freeze(['ASSURED'] as const);
const UNREPLIED = Object.freeze(['UNREPLIED'] as const);
const ASSURED_UNREPLIED = Object.freeze(['ASSURED', 'UNREPLIED'] as const);
