import { elapsed } from '../elapsed';
import type { Host } from '../host';

/** How many errors and redirects a peer may still be told. Kernel: struct inet_peer */
export interface Peer {
  /** Milliseconds. */
  tokens: number;
  last: number;
  /** Redirects in a row. */
  redirects: number;
}

function peerOf(host: Host, addr: string): Peer {
  const known = host.peers.get(addr);
  if (known) return known;
  const peer: Peer = { tokens: 0, last: elapsed(host) - 60_000, redirects: 0 };
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

/** Kernel: net.ipv4.route.redirect_load, redirect_number, redirect_silence */
const REDIRECT_LOAD = 20;
const REDIRECT_NUMBER = 9;
const REDIRECT_SILENCE = 20_480;

/**
 * Each redirect that a peer ignores makes the time to the next one twice as long; after nine it is left alone until it has
 * been silent. Kernel: ip_rt_send_redirect(), net/ipv4/route.c
 */
export function redirectAllowed(host: Host, addr: string): boolean {
  const peer = peerOf(host, addr);
  const now = elapsed(host);
  if (now > peer.last + REDIRECT_SILENCE) {
    peer.tokens = 0;
    peer.redirects = 0;
  }
  const tooMany = peer.redirects >= REDIRECT_NUMBER;
  const allowed = !tooMany && (peer.redirects === 0 || now > peer.last + (REDIRECT_LOAD << peer.redirects));
  if (allowed || tooMany) peer.last = now;
  if (allowed) peer.redirects++;
  return allowed;
}
