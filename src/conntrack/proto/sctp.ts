import {
  type ConnProto,
  type CtInfo,
  type HookState,
  type HostPort,
  IPS,
  type SctpCtState,
  type Skb,
} from '../../model';
import { type Packet, type SctpChunk, sctpHeader, u16, u32 } from '../../wire';
import { cacheEvent, IPCT } from '../events';
import { type Dir, dirOf, type Flow, isConfirmed } from '../flow';
import { refreshAcct } from '../lifetime';
import { type CtSysctl, ctTimeout } from '../sysctl';
import { ACCEPT, ignored, invalid, type TrackerAnswer } from './answer';
import { badChecksum } from './checksum';
import { SCTP_CHUNK, sctpNext } from './sctp-table';

/** Kernel: struct ip_ct_sctp */
interface SctpProto extends ConnProto {
  readonly kind: 'sctp';
  state: SctpCtState;
  /** Verification tags by direction. */
  vtag: [number, number];
  /** Whether an INIT was seen from each side. */
  init: [boolean, boolean];
  lastDir: Dir;
  heartbeatFailed: boolean;
}

/** The chunks, as far as their 4-byte headers reach; a zero length ends the list. Kernel: for_each_sctp_chunk */
function readChunks(packet: Packet): { readonly chunks: readonly SctpChunk[]; readonly zero: boolean } {
  const { bytes } = packet;
  const chunks: SctpChunk[] = [];
  for (let at = packet.l4Offset + 12; at + 4 <= bytes.length; ) {
    const length = u16(bytes, at + 2);
    chunks.push({ type: bytes[at]!, flags: bytes[at + 1]!, offset: at, length });
    if (length === 0) return { chunks, zero: true };
    at += (length + 3) & ~3;
  }
  return { chunks, zero: false };
}

const ALONE: ReadonlySet<number> = new Set([SCTP_CHUNK.init, SCTP_CHUNK.initAck, SCTP_CHUNK.shutdownComplete]);
const FIRST: ReadonlySet<number> = new Set([SCTP_CHUNK.cookieAck, SCTP_CHUNK.cookieEcho]);

/** INIT, INIT ACK and SHUTDOWN COMPLETE stand alone; COOKIE ECHO and ACK come first. Kernel: do_basic_checks() */
function chunksFit(chunks: readonly SctpChunk[]): boolean {
  let alone = false;
  for (const [i, { type, length }] of chunks.entries()) {
    if (ALONE.has(type)) alone = true;
    if ((i > 0 && (alone || FIRST.has(type))) || length === 0) return false;
  }
  return chunks.length > 0;
}

/** The initiate tag of an INIT or INIT ACK, or null if it is cut off. */
function initTag(packet: Packet, chunk: SctpChunk): number | null {
  return chunk.offset + 20 > packet.bytes.length ? null : u32(packet.bytes, chunk.offset + 4);
}

export function newSctpProto(state: SctpCtState, vtag: [number, number]): SctpProto {
  return { kind: 'sctp', state, vtag, init: [false, false], lastDir: 0, heartbeatFailed: false };
}

/** Kernel: sctp_new() */
function sctpNew(flow: Flow, packet: Packet, chunks: readonly SctpChunk[], vtag: number): boolean {
  const proto = newSctpProto('NONE', [0, 0]);
  flow.proto = proto;
  for (const chunk of chunks) {
    const next = sctpNext(0, 'NONE', chunk.type);
    if (next === 'NONE' || next === 'invalid') return false;
    if (chunk.type === SCTP_CHUNK.init) {
      const tag = initTag(packet, chunk);
      if (vtag !== 0 || tag === null) return false;
      proto.vtag[1] = tag;
    } else if (chunk.type === SCTP_CHUNK.heartbeat) proto.vtag[0] = vtag;
    else if (chunk.type === SCTP_CHUNK.shutdownAck) proto.vtag[1] = vtag;
  }
  return true;
}

/** Chunks whose verification tag has rules of its own (RFC 9260 section 8.5.1). */
const OWN_VTAG_RULE: readonly number[] = [
  SCTP_CHUNK.init,
  SCTP_CHUNK.shutdownComplete,
  SCTP_CHUNK.cookieEcho,
  SCTP_CHUNK.abort,
  SCTP_CHUNK.shutdownAck,
  SCTP_CHUNK.heartbeat,
  SCTP_CHUNK.heartbeatAck,
];
const T_BIT = 1;

const TIMEOUTS: Readonly<Record<SctpCtState, CtSysctl>> = {
  NONE: 'sctp_timeout_closed',
  CLOSED: 'sctp_timeout_closed',
  COOKIE_WAIT: 'sctp_timeout_cookie_wait',
  COOKIE_ECHOED: 'sctp_timeout_cookie_echoed',
  ESTABLISHED: 'sctp_timeout_established',
  SHUTDOWN_SENT: 'sctp_timeout_shutdown_sent',
  SHUTDOWN_RECD: 'sctp_timeout_shutdown_recd',
  SHUTDOWN_ACK_SENT: 'sctp_timeout_shutdown_ack_sent',
  HEARTBEAT_SENT: 'sctp_timeout_heartbeat_sent',
};

/** Kernel: nf_conntrack_sctp_packet(), net/netfilter/nf_conntrack_proto_sctp.c */
export function sctpPacket(port: HostPort, flow: Flow, skb: Skb, info: CtInfo, state: HookState): TrackerAnswer {
  const { packet } = skb;
  const header = sctpHeader(packet);
  if (header === null) return invalid('sctp-truncated');
  if (badChecksum(port, skb, state)) return invalid('bad-checksum');
  const { chunks } = readChunks(packet);
  if (!chunksFit(chunks)) return invalid('sctp-chunks');
  const has = (type: number) => chunks.some((chunk) => chunk.type === type);
  if (!isConfirmed(flow)) {
    if (has(SCTP_CHUNK.abort) || has(SCTP_CHUNK.shutdownComplete) || has(SCTP_CHUNK.cookieAck)) {
      return invalid('sctp-not-a-start');
    }
    if (!sctpNew(flow, packet, chunks, header.vtag)) return invalid('sctp-not-a-start');
  }
  const dir = dirOf(info);
  const proto = flow.proto as SctpProto;
  if (!OWN_VTAG_RULE.some(has) && header.vtag !== proto.vtag[dir]) return invalid('sctp-vtag');

  let next: SctpCtState = 'NONE';
  let keepTimeout = false;
  for (const chunk of chunks) {
    const tag = checkTag(proto, dir, chunk, header.vtag, has(SCTP_CHUNK.data) || keepTimeout);
    if (tag === 'invalid') return invalid('sctp-vtag');
    if (tag === 'skip') {
      keepTimeout = true;
      continue;
    }
    const old = proto.state;
    const to = sctpNext(dir, old, chunk.type);
    if (to === 'invalid') return invalid(`sctp-chunk-${chunk.type}-in-${old}`);
    next = to;
    if (!noteTag(proto, dir, packet, chunk)) return invalid('sctp-vtag');
    if (chunk.type === SCTP_CHUNK.init && old === 'CLOSED' && next === 'CLOSED' && isConfirmed(flow))
      keepTimeout = true;
    proto.state = next;
    if (old === next) continue;
    cacheEvent(flow, IPCT.protoinfo);
    if (next === 'ESTABLISHED' && (flow.status & IPS.ASSURED) === 0) {
      flow.status |= IPS.ASSURED;
      cacheEvent(flow, IPCT.assured);
    }
  }
  if (keepTimeout) return ignored('sctp-no-refresh');
  refreshAcct(port, flow, info, skb, ctTimeout(port, TIMEOUTS[next]));
  return ACCEPT;
}

/** RFC 9260 section 8.5.1. `strict`: a heartbeat on another path is not let pass. */
function checkTag(
  proto: SctpProto,
  dir: Dir,
  chunk: SctpChunk,
  vtag: number,
  strict: boolean,
): 'ok' | 'skip' | 'invalid' {
  const other: Dir = dir === 0 ? 1 : 0;
  switch (chunk.type) {
    case SCTP_CHUNK.init:
      return vtag === 0 ? 'ok' : 'invalid';
    case SCTP_CHUNK.abort:
    case SCTP_CHUNK.shutdownComplete:
      return vtag === proto.vtag[chunk.flags & T_BIT ? other : dir] ? 'ok' : 'invalid';
    case SCTP_CHUNK.cookieEcho:
      return vtag === proto.vtag[dir] ? 'ok' : 'invalid';
    case SCTP_CHUNK.cookieAck:
      proto.init = [false, false];
      return 'ok';
    case SCTP_CHUNK.heartbeat:
      if (proto.vtag[dir] === 0) proto.vtag[dir] = vtag;
      else if (vtag !== proto.vtag[dir]) {
        if (strict) return 'invalid';
        proto.heartbeatFailed = true;
        proto.lastDir = dir;
        return 'skip';
      } else proto.heartbeatFailed = false;
      return 'ok';
    case SCTP_CHUNK.heartbeatAck:
      if (proto.vtag[dir] === 0) proto.vtag[dir] = vtag;
      else if (vtag !== proto.vtag[dir]) {
        if (strict || !proto.heartbeatFailed || proto.lastDir === dir) return 'invalid';
        proto.heartbeatFailed = false;
        proto.vtag[dir] = vtag;
        proto.vtag[other] = 0;
      } else proto.heartbeatFailed = false;
      return 'ok';
    default:
      return 'ok';
  }
}

/** Notes the tag that an INIT or INIT ACK asks for. False if it cannot be. */
function noteTag(proto: SctpProto, dir: Dir, packet: Packet, chunk: SctpChunk): boolean {
  if (chunk.type !== SCTP_CHUNK.init && chunk.type !== SCTP_CHUNK.initAck) return true;
  const other: Dir = dir === 0 ? 1 : 0;
  const tag = initTag(packet, chunk);
  if (tag === null) return false;
  if (chunk.type === SCTP_CHUNK.init) {
    if (proto.init[dir] && proto.init[other]) proto.init[other] = false;
    proto.init[dir] = true;
  } else {
    const known = proto.vtag[other];
    if (!proto.init[other] && known !== 0 && known !== tag) return false;
    if (proto.init[dir] && proto.init[other] && known !== tag) return false;
  }
  proto.vtag[other] = tag;
  return true;
}
