import { SECOND } from '../../base';
import type { Errno } from '../../model';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { icmpSend } from './icmp-send';

const BURST = 5 * SECOND;

/** A packet for which there is no way: dropped, and if the host is a router, answered. Kernel: ip_error(), net/ipv4/route.c */
export function ipError(host: Host, skb: HostSkb, errno: Errno): void {
  const by = 'ip_error';
  if (host.conf(skb.iif, 'forwarding') !== 0 && errno !== 'EINVAL') {
    const code = errno === 'EHOSTUNREACH' ? 1 : errno === 'ENETUNREACH' ? 0 : errno === 'EACCES' ? 13 : null;
    if (code !== null && mayAnswer(host, skb.packet.src)) icmpSend(host, skb, 3, code, 0);
  }
  kfreeSkb(host, skb, 'IP_INNOROUTES', by);
}

/** Five in a row to one peer, then one a second. Kernel: ip_rt_error_burst, ip_rt_error_cost */
function mayAnswer(host: Host, peer: string): boolean {
  const now = host.now();
  const before = host.peers.get(peer) ?? { tokens: 0, last: now - 60 * SECOND };
  const tokens = Math.min(BURST, before.tokens + now - before.last);
  const send = tokens >= SECOND;
  host.peers.set(peer, { tokens: send ? tokens - SECOND : tokens, last: now });
  return send;
}
