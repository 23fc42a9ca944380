import type { Errno } from '../../model';
import { addrBytes, fragmentPacket, ICMPV6, ICMPV6_CODE, IPV6_MIN_MTU, isMulticast } from '../../wire';
import { consumeSkb, kfreeSkb } from '../free';
import type { Host } from '../host';
import { fragmentSkb } from '../ip4/output';
import { deviceMtu6 } from '../net/dst';
import { neighOutput6 } from '../net/neighbour';
import { devLoopbackXmit, devQueueXmit } from '../net/xmit';
import { cloneSkb, type HostSkb, type RouteDst } from '../skb';
import { nfHook } from '../slow';
import { icmp6Send } from './icmp-send';

/** Kernel: ip6_local_out() */
export function ip6LocalOut(host: Host, skb: HostSkb): Errno | null {
  return nfHook(host, 'ip6', 'OUTPUT', skb, { in: '', out: skb.dst!.dev }, dst6Output);
}

/** There is no way, and the sender is told. Kernel: ip6_pkt_discard(), ip6_pkt_prohibit(), ip6_pkt_drop() */
export function ip6PktDrop(host: Host, skb: HostSkb, errno: Errno): void {
  if (errno !== 'EINVAL')
    icmp6Send(host, skb, ICMPV6.destUnreach, errno === 'EACCES' ? ICMPV6_CODE.admProhibited : ICMPV6_CODE.noRoute, 0);
  kfreeSkb(host, skb, 'IP_INNOROUTES', 'ip6_pkt_drop');
}

/** Kernel: ip6_output(), net/ipv6/ip6_output.c */
export function dst6Output(host: Host, skb: HostSkb): Errno | null {
  const dst = skb.dst!;
  if (dst.error !== null) {
    ip6PktDrop(host, skb, dst.error);
    return null;
  }
  if (!host.ipv6On(dst.dev)) {
    kfreeSkb(host, skb, 'IPV6DISABLED', 'ip6_output');
    return null;
  }
  return nfHook(host, 'ip6', 'POSTROUTING', skb, { in: skb.iif, out: dst.dev }, ip6FinishOutput);
}

/** Kernel: __ip6_finish_output(), ip6_fragment() */
function ip6FinishOutput(host: Host, skb: HostSkb): Errno | null {
  const dst = skb.dst!;
  const length = skb.packet.bytes.length;
  const { mtu } = dst;
  if (skb.gsoSize > 0) return ip6FinishOutput2(host, skb);
  if (length <= mtu && (skb.fragMaxSize === 0 || length <= skb.fragMaxSize)) return ip6FinishOutput2(host, skb);
  if ((!skb.ignoreDf && length > mtu) || skb.fragMaxSize > mtu) {
    icmp6Send(host, skb, ICMPV6.pktTooBig, 0, mtu);
    kfreeSkb(host, skb, 'PKT_TOO_BIG', 'ip6_fragment', 'EMSGSIZE');
    return 'EMSGSIZE';
  }
  // No larger than they came, but no smaller than every link takes.
  const size = skb.fragMaxSize > 0 ? Math.max(IPV6_MIN_MTU, skb.fragMaxSize) : mtu;
  const sizes = skb.fragSizes;
  const atomic = skb.fragMaxSize > 0;
  const pieces = fragmentPacket(skb.packet, size, { id: host.rng.uint32(), atomic, ...(sizes ? { sizes } : null) });
  if (pieces[0] === skb.packet) return ip6FinishOutput2(host, skb);
  host.emit(skb, { type: 'fragment', what: 'split', pieces: pieces.length });
  for (const piece of pieces) {
    const errno = ip6FinishOutput2(host, fragmentSkb(host, skb, piece));
    if (errno !== null) return errno;
  }
  consumeSkb(skb);
  return null;
}

/** Kernel: ip6_finish_output2() */
function ip6FinishOutput2(host: Host, skb: HostSkb): Errno | null {
  const dst = skb.dst!;
  const { packet } = skb;
  if (isMulticast(packet.dst) && dst.dev !== 'lo') {
    if (host.joined(dst.dev, packet.dst)) {
      const copy = cloneSkb(skb, host.packetId(skb.id, 'copy'));
      host.emit(copy, { type: 'born', how: 'copy', parent: skb.id, cause: null });
      const bytes = { packet };
      copy.shared = bytes;
      nfHook(host, 'ip6', 'POSTROUTING', copy, { in: '', out: dst.dev }, devLoopbackXmit);
      skb.packet = bytes.packet;
      if (packet.ttl === 0) {
        consumeSkb(skb);
        return null;
      }
    }
    // Of the destination as it is now: NPT may have written into it. Kernel: IPV6_ADDR_MC_SCOPE()
    if ((addrBytes(skb.packet.dst)[1]! & 0xf) <= 1) {
      consumeSkb(skb);
      return null;
    }
  }
  // Of the packet as it was: a raw socket's route knows its next hop. Kernel: FLOWI_FLAG_KNOWN_NH, rt6_nexthop()
  const mac = neighOutput6(host, skb, dst.dev, dst.gateway ?? packet.dst);
  if (mac === null) return null;
  devQueueXmit(host, skb, dst.dev, mac);
  return null;
}

/** A route's MTU binds what is forwarded only if it is locked. Kernel: ip6_dst_mtu_maybe_forward() */
export function forwardMtu6(host: Host, dst: RouteDst): number {
  return dst.mtuLocked ? dst.mtu : deviceMtu6(host, dst.dev);
}
