import type { Errno } from '../../model';
import { ipDefrag } from '../defrag';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { tcpEarlyDemux } from '../net/early-demux';
import { ipRouteInput } from '../net/route4-input';
import type { HostSkb } from '../skb';
import { nfHook, nfPreRouting } from '../slow';
import { ipProtocolDeliver } from './deliver';
import { ipError } from './error';
import { ipForward } from './forward';

/** An IPv4 packet comes up from a device. Kernel: ip_rcv(), ip_rcv_core(), net/ipv4/ip_input.c */
export function ipRcv(host: Host, skb: HostSkb, dev: string): void {
  if (skb.pktType === 'otherhost') {
    kfreeSkb(host, skb, 'OTHERHOST', 'ip_rcv');
    return;
  }
  if (skb.packet.headerError !== null) {
    kfreeSkb(host, skb, skb.packet.headerError, 'ip_rcv');
    return;
  }
  nfPreRouting(host, 'ip', skb, dev, ipRcvFinish);
}

/** Kernel: ip_rcv_finish(), ip_rcv_finish_core() */
export function ipRcvFinish(host: Host, skb: HostSkb): Errno | null {
  const dev = skb.iif;
  tcpEarlyDemux(host, skb);
  if (skb.dst === null) {
    const reason = ipRouteInput(host, skb, dev);
    if (reason !== null) {
      kfreeSkb(host, skb, reason, 'ip_route_input');
      return null;
    }
  }
  const dst = skb.dst!;
  if (skb.packet.ipOptionsLength > 0 && sourceRouted(host, skb, dev)) {
    kfreeSkb(host, skb, 'IP_INHDR', 'ip_rcv_options');
    return null;
  }
  const special = dst.rtMulticast || dst.rtBroadcast;
  if (!special && (skb.pktType === 'broadcast' || skb.pktType === 'multicast')) {
    if (host.confOr(dev, 'drop_unicast_in_l2_multicast')) {
      kfreeSkb(host, skb, 'UNICAST_IN_L2_MULTICAST', 'ip_rcv');
      return null;
    }
  }
  if (!dst.input && !dst.rtLocal) {
    // Came back over lo, but is for a group that nobody has joined.
    kfreeSkb(host, skb, 'NOT_SPECIFIED', 'dst_discard');
    return null;
  }
  if (dst.error !== null) ipError(host, skb, dst.error);
  else if (dst.forward) ipForward(host, skb);
  else ipLocalDeliver(host, skb);
  return null;
}

/** Packets with source route options are dropped unless the host allows them. Kernel: ip_rcv_options() */
function sourceRouted(host: Host, skb: HostSkb, dev: string): boolean {
  const options = skb.packet.bytes.subarray(20, 20 + skb.packet.ipOptionsLength);
  for (let i = 0; i < options.length; ) {
    const kind = options[i]!;
    if (kind === 0) return false;
    if (kind === 1) {
      i++;
      continue;
    }
    const length = options[i + 1] ?? 0;
    if (length < 2 || i + length > options.length) return true;
    if (kind === 131 || kind === 137) return !host.confAnd(dev, 'accept_source_route');
    i += length;
  }
  return false;
}

/** Kernel: ip_local_deliver() */
function ipLocalDeliver(host: Host, skb: HostSkb): void {
  if (skb.packet.fragment !== null && !ipDefrag(host, skb, 'local-deliver')) return;
  nfHook(host, 'ip', 'INPUT', skb, { in: skb.iif, out: '' }, ipLocalDeliverFinish);
}

function ipLocalDeliverFinish(host: Host, skb: HostSkb): null {
  ipProtocolDeliver(host, skb);
  return null;
}
