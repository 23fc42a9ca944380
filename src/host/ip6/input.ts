import type { Errno } from '../../model';
import { isMulticast } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { tcpEarlyDemux } from '../net/early-demux';
import type { HostSkb } from '../skb';
import { nfHook, nfPreRouting } from '../slow';
import { ip6ProtocolDeliver } from './deliver';
import { parseHopOpts } from './exthdr';
import { ip6Forward } from './forward';
import { ip6PktDrop } from './output';
import { ip6RouteInput } from './route';

/** An IPv6 packet comes up from a device. Kernel: ipv6_rcv(), net/ipv6/ip6_input.c */
export function ip6Rcv(host: Host, skb: HostSkb, dev: string): void {
  if (ip6RcvCore(host, skb, dev)) nfPreRouting(host, 'ip6', skb, dev, ip6RcvFinish);
}

/** Is it fit to be looked at? Else it is dropped. Kernel: ip6_rcv_core() */
export function ip6RcvCore(host: Host, skb: HostSkb, dev: string): boolean {
  const by = 'ipv6_rcv';
  const { packet } = skb;
  if (skb.pktType === 'otherhost') {
    kfreeSkb(host, skb, 'OTHERHOST', by);
    return false;
  }
  if (!host.ipv6On(dev)) {
    kfreeSkb(host, skb, 'IPV6DISABLED', by);
    return false;
  }
  if (packet.headerError !== null) {
    kfreeSkb(host, skb, packet.headerError, by);
    return false;
  }
  const loopback = host.devices.get(dev)!.kind === 'loopback';
  if ((packet.src === '::1' || packet.dst === '::1') && !loopback) {
    kfreeSkb(host, skb, 'IP_INHDR', by);
    return false;
  }
  const group = isMulticast(packet.dst);
  const scope = group ? Number.parseInt(packet.dst[3] ?? '0', 16) : -1;
  if (scope === 0 || (scope === 1 && !loopback && skb.pktType !== 'loopback')) {
    kfreeSkb(host, skb, 'IP_INHDR', by);
    return false;
  }
  if (!group && (skb.pktType === 'broadcast' || skb.pktType === 'multicast') && dropsL2Multicast(host, dev)) {
    kfreeSkb(host, skb, 'UNICAST_IN_L2_MULTICAST', by);
    return false;
  }
  if (isMulticast(packet.src)) {
    kfreeSkb(host, skb, 'IP_INHDR', by);
    return false;
  }
  if (!parseHopOpts(host, skb)) {
    kfreeSkb(host, skb, 'IP_INHDR', by);
    return false;
  }
  return true;
}

function dropsL2Multicast(host: Host, dev: string): boolean {
  return host.proc.number(`ipv6.conf.${dev}.drop_unicast_in_l2_multicast`) !== 0;
}

/** Kernel: ip6_rcv_finish(), dst_input() */
export function ip6RcvFinish(host: Host, skb: HostSkb): Errno | null {
  tcpEarlyDemux(host, skb);
  if (skb.dst === null) ip6RouteInput(host, skb, skb.iif);
  const dst = skb.dst!;
  if (dst.error !== null) ip6PktDrop(host, skb, dst.error);
  else if (dst.rtMulticast) ip6McInput(host, skb);
  // A way out that a copy came back by is one through here. Kernel: ip6_rt_init_dst(), dst->input
  else if (dst.forward || (!dst.input && dst.type === 'unicast')) ip6Forward(host, skb);
  else ip6Input(host, skb);
  return null;
}

/** Kernel: ip6_mc_input() */
function ip6McInput(host: Host, skb: HostSkb): void {
  if (!host.joined(skb.iif, skb.packet.dst)) {
    kfreeSkb(host, skb, 'IP_INADDRERRORS', 'ip6_mc_input');
    return;
  }
  ip6Input(host, skb);
}

/** Kernel: ip6_input() */
function ip6Input(host: Host, skb: HostSkb): void {
  nfHook(host, 'ip6', 'INPUT', skb, { in: skb.iif, out: '' }, ip6InputFinish);
}

function ip6InputFinish(host: Host, skb: HostSkb): null {
  ip6ProtocolDeliver(host, skb);
  return null;
}
