import type { Errno } from '../../model';
import { ICMP, ICMP_CODE } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { errorAllowed } from '../net/peer';
import type { HostSkb } from '../skb';
import { icmpSend } from './icmp-send';

/** A packet for which there is no way: dropped, and if the host is a router, answered. Kernel: ip_error(), net/ipv4/route.c */
export function ipError(host: Host, skb: HostSkb, errno: Errno): void {
  const by = 'ip_error';
  if (host.conf(skb.iif, 'forwarding') !== 0) {
    const code = CODE_OF[errno];
    if (code !== undefined && errorAllowed(host, skb.packet.src)) icmpSend(host, skb, ICMP.destUnreach, code, 0);
  }
  kfreeSkb(host, skb, 'IP_INNOROUTES', by);
}

const CODE_OF: Readonly<Partial<Record<Errno, number>>> = {
  EHOSTUNREACH: ICMP_CODE.hostUnreach,
  ENETUNREACH: ICMP_CODE.netUnreach,
  EACCES: ICMP_CODE.pktFiltered,
};
