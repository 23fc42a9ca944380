import { isConfirmed, isDying } from '../conntrack';
import type { Host } from './host';
import type { HostSkb } from './skb';

/** Sends something while the packet that it comes of is still there: the two may share a flow. */
export function withCauseAlive<T>(host: Host, cause: HostSkb, send: () => T): T {
  host.alive.push(cause);
  const done = send();
  host.alive.pop();
  return done;
}

/**
 * Whether a packet's flow is not confirmed yet and belongs to another packet, too, or has died already: such a packet is
 * not queued, but dropped. Kernel: nf_ct_drop_unconfirmed(), net/netfilter/nfnetlink_queue.c
 */
export function mayNotQueue(host: Host, skb: HostSkb): boolean {
  const { ct } = skb;
  if (ct === null || isConfirmed(ct)) return false;
  return isDying(ct) || host.alive.some((other) => other !== skb && other.ct === ct);
}
