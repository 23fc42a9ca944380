import type { Errno } from '../../model';
import { ICMP, ICMP_CODE, withTtl } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { redirectAllowed } from '../net/peer';
import type { HostSkb } from '../skb';
import { nfHook } from '../slow';
import { icmpSend } from './icmp-send';
import { dstMtuMaybeForward, dstOutput } from './output';

/** Kernel: ip_forward(), net/ipv4/ip_forward.c */
export function ipForward(host: Host, skb: HostSkb): void {
  const by = 'ip_forward';
  const dst = skb.dst!;
  if (skb.pktType !== 'host') {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', by);
    return;
  }
  if (skb.packet.ttl <= 1) {
    icmpSend(host, skb, ICMP.timeExceeded, ICMP_CODE.excTtl, 0);
    kfreeSkb(host, skb, 'IP_INHDR', by);
    return;
  }
  skb.forwarded = true;
  const mtu = dstMtuMaybeForward(host, dst, true);
  if (ipExceedsMtu(skb, mtu)) {
    icmpSend(host, skb, ICMP.destUnreach, ICMP_CODE.fragNeeded, mtu);
    kfreeSkb(host, skb, 'PKT_TOO_BIG', by);
    return;
  }
  const before = skb.packet.ttl;
  skb.packet = withTtl(skb.packet, before - 1);
  host.emit(skb, { type: 'change', field: 'ttl', before, after: before - 1, by });
  if (dst.redirect) sendRedirect(host, skb);
  nfHook(host, 'ip', 'FORWARD', skb, { in: skb.iif, out: dst.dev }, ipForwardFinish);
}

/** Kernel: ip_exceeds_mtu() */
function ipExceedsMtu(skb: HostSkb, mtu: number): boolean {
  if (skb.packet.bytes.length <= mtu || !skb.packet.df) return false;
  return skb.fragMaxSize > mtu || !skb.ignoreDf;
}

function ipForwardFinish(host: Host, skb: HostSkb): Errno | null {
  return dstOutput(host, skb);
}

/** Tells the sender of a shorter way. Kernel: ip_rt_send_redirect() */
function sendRedirect(host: Host, skb: HostSkb): void {
  if (!redirectAllowed(host, skb.packet.src)) return;
  const gateway = skb.dst!.gateway ?? skb.packet.dst;
  const info = gateway.split('.').reduce((n, part) => n * 256 + Number(part), 0);
  icmpSend(host, skb, ICMP.redirect, ICMP_CODE.redirHost, info);
}
