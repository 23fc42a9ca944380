import { SECOND } from '../base';
import { type HookAnswer, type HookState, type HostPort, IPS, type Skb } from '../model';
import { DROP } from './drop';
import { cacheEvent, deliverCachedEvents, emitFlow, IPCT } from './events';
import { dirOf, type Flow, flowOf, isConfirmed, isDying, NAT_CLASH, zoneIdOf } from './flow';
import { announceHelper, runHelper } from './helper';
import { account } from './lifetime';
import { allowsClash } from './proto';
import { seqAdjust } from './seqadj';
import { bucketOf, type ConntrackState, chainOf, insertNode, keyEqual } from './state';
import { hashTuple, tupleEqual } from './tuple';

/**
 * Hook function of INPUT and POSTROUTING, the last one: helpers, sequence numbers, confirm, events.
 *
 * Kernel: nf_confirm(), net/netfilter/nf_conntrack_proto.c
 */
export function nfConfirm(ct: ConntrackState, port: HostPort, skb: Skb, state: HookState): HookAnswer {
  if (skb.ct === null) return 'accept';
  const flow = flowOf(skb.ct);
  const adjust = (flow.status & IPS.SEQ_ADJUST) !== 0 && !isLoopback(skb, state);
  if ((flow.help !== null || adjust) && skb.ctinfo !== 'RELATED_REPLY') {
    const answer = runHelper(ct, port, skb, flow);
    if (answer !== 'accept') return answer;
    if (adjust) seqAdjust(flow, skb);
  }
  return nfConntrackConfirm(ct, port, skb, flow);
}

/** A packet that came in by lo: its numbers were adjusted when it left. Kernel: nf_is_loopback_packet() */
function isLoopback(skb: Skb, state: HookState): boolean {
  return state.hook === 'INPUT' && skb.iif === 'lo';
}

/** Kernel: nf_conntrack_confirm(), include/net/netfilter/nf_conntrack_core.h */
function nfConntrackConfirm(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow): HookAnswer {
  if (!isConfirmed(flow)) {
    const answer = confirm(ct, port, skb, flow);
    if (answer !== 'accept') return answer;
  }
  if (skb.ct !== null) deliverCachedEvents(port, skb, flowOf(skb.ct));
  return 'accept';
}

/** The flow of a packet that others may have copies of is confirmed ahead of its time, and announced later. Kernel: nf_ct_hook->confirm */
export function nfCtConfirmEarly(ct: ConntrackState, port: HostPort, skb: Skb): HookAnswer {
  return skb.ct === null || isConfirmed(skb.ct) ? 'accept' : confirm(ct, port, skb, flowOf(skb.ct));
}

const MIN_CHAINLEN = 50;
const MAX_CHAINLEN = 80 - MIN_CHAINLEN;

/** Puts the packet's flow into the table; its timer starts. Kernel: __nf_conntrack_confirm() */
function confirm(ct: ConntrackState, port: HostPort, skb: Skb, flow: Flow): HookAnswer {
  if (dirOf(skb.ctinfo) === 1) return 'accept';
  const replyHash = hashTuple(flow.reply, zoneIdOf(flow.zone, 1), ct.seed);
  if (isDying(flow)) {
    ct.stats.insert_failed++;
    return DROP;
  }
  let limit = -1;
  for (const [bucket, tuple] of [
    [bucketOf(ct, flow.hash), flow.original],
    [bucketOf(ct, replyHash), flow.reply],
  ] as const) {
    const chain = chainOf(ct, bucket);
    for (let i = chain.length - 1, length = 0; i >= 0; i--) {
      const node = chain[i]!;
      if (keyEqual(node, tuple, flow.zone)) return resolveClash(ct, port, skb, flow, node.flow, replyHash);
      if (length++ <= MIN_CHAINLEN) continue;
      if (limit < 0) limit = MIN_CHAINLEN + port.rng.below(MAX_CHAINLEN);
      if (length > limit + 1) {
        ct.stats.chaintoolong++;
        ct.stats.insert_failed++;
        port.emit(skb, { type: 'note', note: 'conntrack-chain-too-long', params: { bucket } });
        return DROP;
      }
    }
  }
  flow.timeout += port.now();
  flow.replyHash = replyHash;
  insertNode(ct, bucketOf(ct, flow.hash), { flow, dir: 0 });
  insertNode(ct, bucketOf(ct, replyHash), { flow, dir: 1 });
  flow.status |= IPS.CONFIRMED;
  ct.count++;
  announceHelper(flow);
  cacheEvent(flow, flow.master === null ? IPCT.new : IPCT.related);
  return 'accept';
}

/**
 * Another flow with the same tuple was confirmed first. UDP and GRE packets go on with that flow if it is the same, or
 * by their reply tuple alone; others are dropped.
 *
 * Kernel: nf_ct_resolve_clash()
 */
function resolveClash(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  loser: Flow,
  winner: Flow,
  replyHash: number,
): HookAnswer {
  if (allowsClash(winner.original.protocol)) {
    if (merge(ct, port, skb, loser, winner)) return 'accept';
    const bucket = bucketOf(ct, replyHash);
    const taken = chainOf(ct, bucket).findLast((node) => keyEqual(node, loser.reply, loser.zone));
    if (taken === undefined) {
      insertByReply(ct, port, skb, loser, bucket, replyHash);
      return 'accept';
    }
    if (merge(ct, port, skb, loser, taken.flow)) return 'accept';
  }
  ct.stats.drop++;
  ct.stats.insert_failed++;
  emitFlow(port, skb, loser, { what: 'clash', reason: 'clash-drop' });
  return DROP;
}

/** Kernel: __nf_ct_resolve_clash(), nf_ct_can_merge() */
function merge(ct: ConntrackState, port: HostPort, skb: Skb, loser: Flow, winner: Flow): boolean {
  const same =
    tupleEqual(winner.original, loser.original) && tupleEqual(winner.reply, loser.reply) && sameZones(winner, loser);
  const reverse =
    tupleEqual(winner.original, loser.reply) &&
    tupleEqual(winner.reply, loser.original) &&
    zoneIdOf(winner.zone, 0) === zoneIdOf(loser.zone, 1) &&
    zoneIdOf(winner.zone, 1) === zoneIdOf(loser.zone, 0);
  if (!same && !reverse) return false;
  const dir = dirOf(skb.ctinfo);
  if (loser.counters !== null) account(winner, dir, loser.counters.bytes[dir]);
  skb.ct = winner;
  ct.stats.clash_resolve++;
  emitFlow(port, skb, winner, { what: 'clash', ctinfo: skb.ctinfo, reason: 'clash-merged' });
  return true;
}

function sameZones(a: Flow, b: Flow): boolean {
  return zoneIdOf(a.zone, 0) === zoneIdOf(b.zone, 0) && zoneIdOf(a.zone, 1) === zoneIdOf(b.zone, 1);
}

/** The flow is known by its replies alone, and for a second. Kernel: nf_ct_resolve_clash_harder() */
function insertByReply(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  flow: Flow,
  bucket: number,
  replyHash: number,
): void {
  flow.span = SECOND;
  flow.timeout = port.now() + SECOND;
  flow.replyHash = replyHash;
  flow.status |= IPS.FIXED_TIMEOUT | NAT_CLASH;
  insertNode(ct, bucket, { flow, dir: 1 });
  flow.status |= IPS.CONFIRMED;
  ct.count++;
  ct.stats.clash_resolve++;
  emitFlow(port, skb, flow, { what: 'clash', ctinfo: skb.ctinfo, reason: 'clash-reply-only' });
}
