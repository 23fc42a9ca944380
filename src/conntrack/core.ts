import {
  type Conn,
  type CtInfo,
  type HookAnswer,
  type HookState,
  type HostPort,
  IPS,
  type Skb,
  type Tuple,
  type Zone,
} from '../model';
import { IPPROTO } from '../wire';
import { DROP } from './drop';
import { ALL_EVENTS, cacheEvent, emitFlow, IPCT } from './events';
import { adopt, takeExpectation } from './expect';
import { type Dir, dirOf, type Flow, flowOf, isConfirmed, isDying, isExpired, newFlow, zoneIdOf } from './flow';
import { assignFromTemplate } from './helper';
import { killFlow } from './lifetime';
import { handlePacket } from './proto';
import { icmpError, icmpv6Error } from './proto/icmp-error';
import { bucketOf, type ConntrackState, chainOf, findTuple } from './state';
import { ctSysctl } from './sysctl';
import { zoneOf } from './template';
import { hashTuple, invertTuple, tupleOf } from './tuple';

/**
 * Hook function of PREROUTING and OUTPUT at -200: finds the packet's flow or makes one. Never changes the packet; drops
 * it only if the table is full.
 *
 * Kernel: nf_conntrack_in(), net/netfilter/nf_conntrack_core.c; ipv4_conntrack_local(), nf_conntrack_proto.c
 */
export function nfConntrackIn(ct: ConntrackState, port: HostPort, skb: Skb, state: HookState): HookAnswer {
  if (skb.ct !== null) return 'accept';
  if (skb.untracked) {
    port.emit(skb, { type: 'conntrack', what: 'untracked', reason: 'notrack' });
    return 'accept';
  }
  const template = skb.template;
  skb.template = null;
  const { packet } = skb;
  if (state.family === 'ip' && state.hook === 'OUTPUT' && packet.fragment !== null) return 'accept';
  if (packet.fragment !== null && packet.fragment.offset > 0) {
    ct.stats.invalid++;
    return refuse(port, skb, 'later-fragment');
  }
  const zone = zoneOf(template, skb);
  if (isIcmp(skb, state)) {
    const answer = (packet.family === 4 ? icmpError : icmpv6Error)(ct, port, skb, zone, state);
    switch (answer.kind) {
      case 'invalid':
        ct.stats.error++;
        return refuse(port, skb, answer.reason);
      case 'untracked':
        skb.untracked = true;
        port.emit(skb, { type: 'conntrack', what: 'untracked', reason: 'neighbour-discovery' });
        return 'accept';
      case 'related':
        skb.ct = answer.flow;
        skb.ctinfo = answer.info;
        emitFlow(port, skb, answer.flow, { what: 'related', ctinfo: answer.info });
        return 'accept';
      case 'own': // its own flow is tracked like any other
    }
  }
  return track(ct, port, skb, state, template, zone);
}

function isIcmp(skb: Skb, state: HookState): boolean {
  const { protocol } = skb.packet;
  return state.family === 'ip' ? protocol === IPPROTO.icmp : protocol === IPPROTO.icmpv6;
}

/** The packet goes on as INVALID. */
function refuse(port: HostPort, skb: Skb, reason: string): HookAnswer {
  skb.ct = null;
  port.emit(skb, { type: 'conntrack', what: 'invalid', reason });
  return 'accept';
}

function track(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  template: Conn | null,
  zone: Zone,
): HookAnswer {
  for (;;) {
    const found = resolveNormalCt(ct, port, skb, template, zone);
    if (found === 'full') {
      ct.stats.drop++;
      port.emit(skb, { type: 'conntrack', what: 'full', reason: 'table-full' });
      return DROP;
    }
    if (found === 'no-tuple') {
      ct.stats.invalid++;
      return refuse(port, skb, 'no-tuple');
    }
    const { flow, info, isNew } = found;
    skb.ct = flow;
    skb.ctinfo = info;
    const answer = handlePacket(ct, port, flow, skb, info, state);
    if (answer.verdict === 'repeat') {
      skb.ct = null;
      continue;
    }
    if (answer.verdict === 'invalid') {
      ct.stats.invalid++;
      return refuse(port, skb, answer.reason ?? 'invalid');
    }
    if (info === 'ESTABLISHED_REPLY' && (flow.status & IPS.SEEN_REPLY) === 0) {
      flow.status |= IPS.SEEN_REPLY;
      cacheEvent(flow, IPCT.reply);
    }
    const reason = answer.reason ?? (isNew && flow.master !== null ? 'expected' : undefined);
    emitFlow(port, skb, flow, {
      what: isNew ? 'new' : 'found',
      ctinfo: info,
      ...(reason !== undefined ? { reason } : {}),
    });
    return 'accept';
  }
}

interface Resolved {
  readonly flow: Flow;
  readonly info: CtInfo;
  readonly isNew: boolean;
}

/** Kernel: resolve_normal_ct() */
function resolveNormalCt(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  template: Conn | null,
  zone: Zone,
): Resolved | 'no-tuple' | 'full' {
  const tuple = tupleOf(skb.packet);
  if (tuple === null) return 'no-tuple';
  const hash = hashTuple(tuple, zoneIdOf(zone, 0), ct.seed);
  const found = findTuple(ct, port, tuple, zone, hash);
  if (found !== null) return { flow: found.flow, info: infoOf(found.flow, found.dir), isNew: false };
  const flow = initConntrack(ct, port, skb, template, tuple, zone, hash);
  return typeof flow === 'string' ? flow : { flow, info: infoOf(flow, 0), isNew: true };
}

function infoOf(flow: Flow, dir: Dir): CtInfo {
  if (dir === 1) return 'ESTABLISHED_REPLY';
  if ((flow.status & IPS.SEEN_REPLY) !== 0) return 'ESTABLISHED';
  return (flow.status & IPS.EXPECTED) !== 0 ? 'RELATED' : 'NEW';
}

/** A new flow, not yet in the table. Kernel: init_conntrack() */
function initConntrack(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  template: Conn | null,
  tuple: Tuple,
  zone: Zone,
  hash: number,
): Flow | 'no-tuple' | 'full' {
  if (invertTuple(tuple) === null) return 'no-tuple';
  if (!hasRoom(ct, port, skb, hash)) return 'full';
  const flow = newFlow(ct.nextId++, tuple, zone, hash, ctSysctl(port, 'acct') !== 0);
  flow.canLabel = ct.labelsUsed;
  const own = template === null ? null : flowOf(template);
  own?.begin?.(flow);
  flow.eventMask = own?.eventMask || (ctSysctl(port, 'events') === 0 ? 0 : ALL_EVENTS);
  const expectation = ct.expectations.length === 0 ? null : takeExpectation(ct, port, tuple, zone);
  if (expectation !== null) {
    adopt(ct, flow, expectation);
    if (expectation.followMaster) ct.nat?.followMaster(ct, port, skb, flow, expectation);
  } else if (own !== null) assignFromTemplate(flow, own);
  return flow;
}

/** Buckets that are searched for a victim. Kernel: NF_CT_EVICTION_RANGE */
const EVICTION_RANGE = 8;

/**
 * Whether one more flow may be, be it in the place of others. `skb`: the packet that begins it. Kernel: __nf_conntrack_alloc()
 */
export function hasRoom(ct: ConntrackState, port: HostPort, skb: Skb | null, hash: number): boolean {
  return ct.count < ctSysctl(port, 'max') || earlyDrop(ct, port, skb, hash);
}

/**
 * Makes room: in the first of eight buckets, from the packet's own on, that has entries which are not ASSURED, all of
 * those are thrown out. False if there are none.
 *
 * Kernel: early_drop(), early_drop_list()
 */
function earlyDrop(ct: ConntrackState, port: HostPort, skb: Skb | null, hash: number): boolean {
  const first = bucketOf(ct, hash);
  const now = port.now();
  for (let i = 0; i < EVICTION_RANGE; i++) {
    const chain = chainOf(ct, (first + i) % ct.buckets);
    let drops = 0;
    for (let k = chain.length - 1; k >= 0; k--) {
      const { flow } = chain[k]!;
      if (isExpired(flow, now)) {
        killFlow(ct, port, null, flow, 'timeout');
        continue;
      }
      if ((flow.status & IPS.ASSURED) !== 0 || isDying(flow) || !isConfirmed(flow)) continue;
      if (killFlow(ct, port, skb, flow, 'early-drop', 'table-full')) drops++;
    }
    if (drops > 0) {
      ct.stats.early_drop += drops;
      return true;
    }
  }
  return false;
}

/**
 * Gives an answer (REJECT's) the flow of what it answers. That to an untracked packet has none, but counts as seen: raw
 * cannot exempt it. Kernel: nf_conntrack_attach()
 */
export function nfCtAttach(answer: Skb, skb: Skb): void {
  if (skb.untracked) answer.ctinfo = 'RELATED';
  if (skb.ct === null) return;
  answer.ct = skb.ct;
  answer.ctinfo = dirOf(skb.ctinfo) === 0 ? 'RELATED_REPLY' : 'RELATED';
}

/** As -m conntrack --ctstate and -m state see the packet. Kernel: conntrack_mt(), net/netfilter/xt_conntrack.c */
export function ctStateOf(skb: Skb): 'INVALID' | 'NEW' | 'ESTABLISHED' | 'RELATED' | 'UNTRACKED' {
  if (skb.ct === null) return skb.untracked ? 'UNTRACKED' : skb.template === null ? 'INVALID' : 'NEW';
  switch (skb.ctinfo) {
    case 'NEW':
      return 'NEW';
    case 'RELATED':
    case 'RELATED_REPLY':
      return 'RELATED';
    default:
      return 'ESTABLISHED';
  }
}
