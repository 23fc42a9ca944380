import type { Errno } from '../../model';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { errorAllowed } from '../net/peer';
import type { HostSkb } from '../skb';
import { icmpSend } from './icmp-send';

/** A packet for which there is no way: dropped, and if the host is a router, answered. Kernel: ip_error(), net/ipv4/route.c */
export function ipError(host: Host, skb: HostSkb, errno: Errno): void {
  const by = 'ip_error';
  if (host.conf(skb.iif, 'forwarding') !== 0 && errno !== 'EINVAL') {
    const code = errno === 'EHOSTUNREACH' ? 1 : errno === 'ENETUNREACH' ? 0 : errno === 'EACCES' ? 13 : null;
    if (code !== null && errorAllowed(host, skb.packet.src)) icmpSend(host, skb, 3, code, 0);
  }
  kfreeSkb(host, skb, 'IP_INNOROUTES', by);
}
