import { SECOND } from '../base';
import { type HostPort, IPS, type SctpCtState, type TcpCtState, type Tuple, type Zone } from '../model';
import { type Addr, familyOf, IPPROTO } from '../wire';
import { hasRoom } from './core';
import { ALL_EVENTS, emitFlow } from './events';
import { type Flow, newFlow, zoneIdOf } from './flow';
import { newSctpProto } from './proto/sctp';
import { newTcpProto, withToldState } from './proto/tcp-window';
import type { UdpProto } from './proto/udp';
import { bucketOf, type ConntrackState, findTuple, insertNode, sourceKey } from './state';
import { ctSysctl } from './sysctl';
import { hashTuple, invertTuple } from './tuple';

/** A flow as `conntrack -I` describes it. */
export interface CtCreate {
  readonly original: Omit<Tuple, 'family'>;
  /** What of the reply is not the reverse of the original. */
  readonly reply: Partial<Pick<Tuple, 'src' | 'dst' | 'sport' | 'dport'>>;
  /** Seconds. */
  readonly timeout: number;
  /** Bits of `IPS` that are given. */
  readonly status: number;
  readonly mark: number;
  readonly zone: Zone;
  /** Of TCP and SCTP. */
  readonly state: TcpCtState | SctpCtState | null;
  /** Verification tags of SCTP, by direction. */
  readonly vtags: readonly [number, number];
  /** New addresses: `-n`, `-g`. */
  readonly srcNat: Nat | null;
  readonly dstNat: Nat | null;
}

interface Nat {
  readonly addr: Addr;
  /** 0: the port stays. */
  readonly port: number;
}

/** Makes a confirmed flow out of nothing. Kernel: ctnetlink_create_conntrack(), nf_conntrack_hash_check_insert() */
export function ctCreate(ct: ConntrackState, port: HostPort, spec: CtCreate): 'ok' | 'exists' | 'invalid' | 'full' {
  const original: Tuple = { ...spec.original, family: familyOf(spec.original.src) };
  const reverse = invertTuple(original);
  if (reverse === null) return 'invalid';
  const { srcNat, dstNat, zone } = spec;
  const reply: Tuple = {
    ...reverse,
    ...spec.reply,
    ...(dstNat === null ? null : { src: dstNat.addr, ...(dstNat.port === 0 ? null : { sport: dstNat.port }) }),
    ...(srcNat === null ? null : { dst: srcNat.addr, ...(srcNat.port === 0 ? null : { dport: srcNat.port }) }),
  };
  if (findTuple(ct, port, original, zone)) return 'exists';
  // Room is looked for from the first bucket on, whatever the flow's own is.
  if (!hasRoom(ct, port, null, 0)) return 'full';
  if (findTuple(ct, port, reply, zone)) return 'exists';
  const hash = hashTuple(original, zoneIdOf(zone, 0), ct.seed);
  const flow = newFlow(ct.nextId++, original, zone, hash, ctSysctl(port, 'acct') !== 0);
  flow.reply = reply;
  flow.replyHash = hashTuple(reply, zoneIdOf(zone, 1), ct.seed);
  flow.mark = spec.mark;
  flow.status = spec.status | IPS.CONFIRMED | natBits(spec);
  flow.span = spec.timeout * SECOND;
  flow.timeout = port.now() + flow.span;
  flow.eventMask = ctSysctl(port, 'events') === 0 ? 0 : ALL_EVENTS;
  flow.proto = protoOf(flow, spec);
  insertNode(ct, bucketOf(ct, flow.hash), { flow, dir: 0 });
  insertNode(ct, bucketOf(ct, flow.replyHash), { flow, dir: 1 });
  ct.count++;
  ct.stats.insert++;
  if ((flow.status & IPS.SRC_NAT_DONE) !== 0) {
    const key = sourceKey(original);
    ct.bySource.set(key, [...(ct.bySource.get(key) ?? []), flow]);
  }
  if (flow.eventMask !== 0) emitFlow(port, null, flow, { what: 'confirm', event: 'NEW', reason: 'conntrack-tool' });
  return 'ok';
}

/** With a mapping of one end, the other is given the empty one; with none, the tables may yet be asked. Kernel: ctnetlink_setup_nat() */
function natBits({ srcNat, dstNat }: CtCreate): number {
  const done = srcNat !== null || dstNat !== null ? IPS.SRC_NAT_DONE | IPS.DST_NAT_DONE : 0;
  return done | (srcNat === null ? 0 : IPS.SRC_NAT) | (dstNat === null ? 0 : IPS.DST_NAT);
}

function protoOf(flow: Flow, { state, vtags }: CtCreate): Flow['proto'] {
  if (flow.original.protocol === IPPROTO.tcp) {
    return state === null ? newTcpProto() : withToldState(newTcpProto(), state as TcpCtState);
  }
  if (flow.original.protocol === IPPROTO.udp) {
    // Nobody has set when it becomes a stream: it does at once. Kernel: stream_ts
    const proto: UdpProto = { kind: 'udp', state: '', streamAt: 0 };
    return proto;
  }
  if (state === null) return flow.proto;
  return newSctpProto(state as SctpCtState, [...vtags]);
}
