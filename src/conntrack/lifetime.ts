import type { SimTime } from '../base';
import { type CtInfo, type HostPort, IPS, type Skb } from '../model';
import { type CtWhat, emitDestroy } from './events';
import { removeExpectationsOf } from './expect';
import { type Dir, dirOf, type Flow, isConfirmed, isDying, isExpired } from './flow';
import { allFlows, type ConntrackState, removeFlow, sourceKey } from './state';

/**
 * Takes an entry out of the table and announces it. False if that has been done before.
 *
 * Kernel: nf_ct_delete(), nf_ct_kill(), net/netfilter/nf_conntrack_core.c
 */
export function killFlow(
  ct: ConntrackState,
  port: HostPort,
  skb: Skb | null,
  flow: Flow,
  what: CtWhat,
  reason?: string,
): boolean {
  if (isDying(flow)) return false;
  flow.status |= IPS.DYING;
  emitDestroy(port, skb, flow, what, reason);
  removeExpectationsOf(ct, flow);
  if (isConfirmed(flow)) {
    removeFlow(ct, flow);
    ct.count--;
  }
  forgetSource(ct, flow);
  return true;
}

/** Kernel: nf_nat_cleanup_conntrack(), net/netfilter/nf_nat_core.c */
function forgetSource(ct: ConntrackState, flow: Flow): void {
  if ((flow.status & IPS.SRC_NAT_DONE) === 0) return;
  const key = sourceKey(flow.original);
  const list = ct.bySource.get(key);
  if (list === undefined) return;
  const rest = list.filter((other) => other !== flow);
  if (rest.length === 0) ct.bySource.delete(key);
  else ct.bySource.set(key, rest);
}

/** Counts a packet, if the flow has counters. Kernel: nf_ct_acct_update() */
export function account(flow: Flow, dir: Dir, bytes: number): void {
  if (flow.counters === null) return;
  flow.counters.packets[dir]++;
  flow.counters.bytes[dir] += bytes;
}

/**
 * Gives the flow so many microseconds from now (from confirm on, if it is not confirmed yet), and counts the packet.
 *
 * Kernel: nf_ct_refresh_acct()
 */
export function refreshAcct(port: HostPort, flow: Flow, info: CtInfo, skb: Skb, timeout: SimTime): void {
  account(flow, dirOf(info), skb.packet.bytes.length);
  if ((flow.status & IPS.FIXED_TIMEOUT) !== 0) return;
  flow.span = timeout;
  flow.timeout = isConfirmed(flow) ? timeout + port.now() : timeout;
}

/** Throws out everything that is due at port.now(), with its DESTROY events. Kernel: gc_worker() */
export function ctExpire(ct: ConntrackState, port: HostPort): void {
  const now = port.now();
  for (const flow of allFlows(ct)) if (isExpired(flow, now)) killFlow(ct, port, null, flow, 'timeout');
}

/** The next moment at which `ctExpire` has something to do, or null. */
export function ctNextExpiry(ct: ConntrackState): SimTime | null {
  let next: SimTime | null = null;
  for (const chain of ct.table.values()) {
    for (const { flow, dir } of chain) if (dir === 1 && (next === null || flow.timeout < next)) next = flow.timeout;
  }
  return next;
}
