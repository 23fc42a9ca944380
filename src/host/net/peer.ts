import type { Host } from '../host';
import { elapsed } from '../tcp/listen';

/** How many errors a peer may still be told. Kernel: struct inet_peer */
export interface Peer {
  /** Milliseconds. */
  tokens: number;
  last: number;
}

function peerOf(host: Host, addr: string): Peer {
  const known = host.peers.get(addr);
  if (known) return known;
  const peer: Peer = { tokens: 0, last: elapsed(host) - 60_000 };
  host.peers.set(addr, peer);
  return peer;
}

/** Kernel: net.ipv4.route.error_cost, error_burst; one second's worth, and five */
const ERROR_COST = 1000;
const ERROR_BURST = 5000;

/** Five errors about missing routes in a row, then one a second. Kernel: ip_error(), net/ipv4/route.c */
export function errorAllowed(host: Host, addr: string): boolean {
  const peer = peerOf(host, addr);
  const now = elapsed(host);
  peer.tokens = Math.min(ERROR_BURST, peer.tokens + now - peer.last);
  peer.last = now;
  if (peer.tokens < ERROR_COST) return false;
  peer.tokens -= ERROR_COST;
  return true;
}

const BURST_FACTOR = 6;

/**
 * The limit that sysctls set for all errors. It shares its tokens with the one above, and without any limit it empties
 * them. Kernel: inet_peer_xrlim_allow(), net/ipv4/icmp.c
 *
 * @param timeout milliseconds from one error to the next; 0 for no limit
 */
export function xrlimAllow(host: Host, addr: string, timeout: number): boolean {
  const peer = peerOf(host, addr);
  const now = elapsed(host);
  const delta = now - peer.last;
  if (delta > 0) {
    peer.last = now;
    peer.tokens = Math.min(BURST_FACTOR * timeout, peer.tokens + delta);
  }
  if (peer.tokens < timeout) return false;
  peer.tokens -= timeout;
  return true;
}
