import type { Errno } from '../../model';
import { ICMPV6, ICMPV6_CODE, IPV6_MIN_MTU, isLinkLocal, isMulticast, withTtl } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { nfHook } from '../slow';
import { icmp6Send } from './icmp-send';
import { dst6Output, forwardMtu6 } from './output';
import { countRedirect } from './redirect';

/** Kernel: ip6_forward(), net/ipv6/ip6_output.c */
export function ip6Forward(host: Host, skb: HostSkb): void {
  const by = 'ip6_forward';
  const { packet } = skb;
  const dst = skb.dst!;
  const forwards =
    host.proc.number('ipv6.conf.all.forwarding') !== 0 ||
    host.proc.number(`ipv6.conf.${skb.iif}.force_forwarding`) !== 0;
  if (!forwards) {
    kfreeSkb(host, skb, 'IP_INADDRERRORS', by);
    return;
  }
  if (skb.pktType !== 'host') {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', by);
    return;
  }
  if (packet.ttl <= 1) {
    icmp6Send(host, skb, ICMPV6.timeExceed, ICMPV6_CODE.excHopLimit, 0);
    kfreeSkb(host, skb, 'IP_INHDR', by);
    return;
  }
  if (skb.iif === dst.dev) {
    countRedirect(host, skb);
  } else {
    const { src } = packet;
    if (src === '::' || src === '::1' || isMulticast(src)) {
      kfreeSkb(host, skb, 'IP_INADDRERRORS', by);
      return;
    }
    if (isLinkLocal(src)) {
      icmp6Send(host, skb, ICMPV6.destUnreach, ICMPV6_CODE.notNeighbour, 0);
      kfreeSkb(host, skb, 'IP_INADDRERRORS', by);
      return;
    }
  }
  const mtu = Math.max(IPV6_MIN_MTU, forwardMtu6(host, dst));
  if (tooBig(skb, mtu)) {
    icmp6Send(host, skb, ICMPV6.pktTooBig, 0, mtu);
    kfreeSkb(host, skb, 'PKT_TOO_BIG', by);
    return;
  }
  const before = packet.ttl;
  skb.packet = withTtl(packet, before - 1);
  skb.forwarded = true;
  host.emit(skb, { type: 'change', field: 'hoplimit', before, after: before - 1, by });
  nfHook(host, 'ip6', 'FORWARD', skb, { in: skb.iif, out: dst.dev }, ip6ForwardFinish);
}

/** Kernel: ip6_pkt_too_big() */
function tooBig(skb: HostSkb, mtu: number): boolean {
  if (skb.packet.bytes.length <= mtu) return false;
  return skb.fragMaxSize > mtu || !skb.ignoreDf;
}

function ip6ForwardFinish(host: Host, skb: HostSkb): Errno | null {
  return dst6Output(host, skb);
}
