import type { Bridge } from '../bridge';
import { nfCtConfirmEarly } from '../conntrack';
import type { Errno } from '../model';
import { fragmentPacket, ICMPV6, IPV6_MIN_MTU, isMulticastMac } from '../wire';
import type { Device } from './device';
import { consumeSkb, kfreeSkb } from './free';
import type { Host } from './host';
import { receiveUp } from './input';
import { ipRcvFinish } from './ip4/input';
import { fragmentSkb, refragment } from './ip4/output';
import { nfIp6CheckHbhLen } from './ip6/exthdr';
import { icmp6Send } from './ip6/icmp-send';
import { ip6RcvCore, ip6RcvFinish } from './ip6/input';
import { ip6RouteInput } from './ip6/route';
import { makeDst } from './net/dst';
import { neighbourMac } from './net/neighbour';
import { ipRouteInput } from './net/route4-input';
import { xmitFrame } from './net/xmit';
import { cloneSkb, type HostSkb } from './skb';
import { nfHook } from './slow';

/** A frame on its way through a bridge. */
interface FrameMac {
  readonly srcMac: string;
  readonly dstMac: string;
}

/** IEEE 802.1Q table 8-1; kernel: is_link_local_ether_addr() */
const LINK_LOCAL = /^01:80:c2:00:00:0(.)$/;

/** A frame came in by a port. Kernel: br_handle_frame(), nf_hook_bridge_pre(), br_nf_pre_routing() */
export function brHandleFrame(host: Host, skb: HostSkb, port: Device): void {
  const bridge = host.devices.get(port.master)!;
  if (!bridge.up) {
    consumeSkb(skb);
    return;
  }
  const mac = skb.mac!;
  if (isMulticastMac(mac.src)) {
    kfreeSkb(host, skb, 'MAC_INVALID_SOURCE', 'br_handle_frame');
    return;
  }
  // What is for the ends of one cable is not bridged on, but for spanning tree's, which is off; a pause is nobody's.
  const group = LINK_LOCAL.exec(mac.dst)?.[1] ?? '0';
  if (group === '1') {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', 'br_handle_frame');
    return;
  }
  if (group !== '0') {
    host.bridges.get(bridge.name)!.learn(mac.src, port.name);
    receiveUp(host, skb, port.name);
    return;
  }
  if (mac.dst === bridge.mac) skb.pktType = 'host';
  if (!callsTables(host, skb)) {
    brHandleFrameFinish(host, skb, port.name);
    return;
  }
  const { packet } = skb;
  if (packet.headerError !== null) {
    kfreeSkb(host, skb, packet.headerError, 'br_nf_pre_routing');
    return;
  }
  if (packet.family === 6 && !nfIp6CheckHbhLen(packet)) {
    kfreeSkb(host, skb, 'IP_INHDR', 'br_validate_ipv6');
    return;
  }
  skb.physIn = port.name;
  skb.bridged = true;
  skb.otherhost = skb.pktType === 'otherhost';
  if (skb.otherhost) skb.pktType = 'host';
  skb.originalDst = packet.dst;
  skb.iif = bridge.name;
  const family = packet.family === 4 ? 'ip' : 'ip6';
  nfHook(host, family, 'PREROUTING', skb, { in: bridge.name, out: '' }, brNfPreRoutingFinish);
}

/** Kernel: brnf_call_iptables(), br_opt_get(BROPT_NF_CALL_IPTABLES) */
function callsTables(host: Host, skb: HostSkb): boolean {
  return (
    host.proc.number(skb.packet.family === 4 ? 'bridge.bridge-nf-call-iptables' : 'bridge.bridge-nf-call-ip6tables') !==
    0
  );
}

/** Kernel: br_nf_pre_routing_finish(), br_nf_pre_routing_finish_ipv6() */
function brNfPreRoutingFinish(host: Host, skb: HostSkb): Errno | null {
  const bridge = host.devices.get(skb.iif)!;
  if (skb.otherhost) skb.pktType = 'otherhost';
  if (skb.packet.dst !== skb.originalDst) {
    if (!routeDnated(host, skb, bridge)) return null;
  } else skb.dst = makeDst(host, { dev: bridge.name }, null);
  brHandleFrameFinish(host, skb, skb.physIn);
  return null;
}

/** A packet that DNAT gave another destination: bridged on if that is on the bridge, else routed. */
function routeDnated(host: Host, skb: HostSkb, bridge: Device): boolean {
  const { packet } = skb;
  skb.dst = null;
  if (packet.family === 6) ip6RouteInput(host, skb, bridge.name);
  else {
    const reason = ipRouteInput(host, skb, bridge.name);
    if (reason !== null) {
      kfreeSkb(host, skb, reason, 'br_nf_pre_routing');
      return false;
    }
  }
  const dst = skb.dst as HostSkb['dst'];
  if (dst !== null && dst.error !== null) {
    // IPv4 has it fail in the host's own path, which comes next.
    if (packet.family === 4) return toHost(skb, bridge);
    kfreeSkb(host, skb, 'IP_INNOROUTES', 'br_nf_pre_routing');
    return false;
  }
  if (dst !== null && dst.dev === bridge.name && !dst.rtLocal && dst.type !== 'anycast') {
    const next = dst.gateway ?? packet.dst;
    const mac = neighbourMac(host, bridge.name, next);
    if (mac === null) {
      kfreeSkb(host, skb, 'NEIGH_FAILED', 'br_nf_pre_routing_finish_bridge');
      return false;
    }
    // The first frame to a neighbour goes over the bridge's own queue, where a tap sees it.
    if (host.neigh.warm(bridge.name, next)) {
      const frame = { src: bridge.mac, dst: mac };
      host.emit(skb, { type: 'wire', interface: bridge.name, direction: 'out', segment: '', mac: frame });
    }
    skb.mac = { src: skb.mac!.src, dst: mac };
    return true;
  }
  return toHost(skb, bridge);
}

function toHost(skb: HostSkb, bridge: Device): true {
  skb.mac = { src: skb.mac!.src, dst: bridge.mac };
  skb.pktType = 'host';
  return true;
}

/** Kernel: br_handle_frame_finish() */
function brHandleFrameFinish(host: Host, skb: HostSkb, portName: string): void {
  const port = host.devices.get(portName)!;
  const bridge: Bridge = host.bridges.get(port.master)!;
  const mac = skb.mac!;
  bridge.learn(mac.src, portName);
  const decision = bridge.decide(portName, mac.dst, (p) => host.devices.get(p)!.hairpin);
  const to = decision.to.filter((p) => host.devices.get(p)!.up);
  host.emit(skb, { type: 'bridge', bridge: bridge.name, port: portName, to, local: decision.local });
  const bytes = { packet: skb.packet };
  skb.shared = bytes;
  to.forEach((out, i) => {
    const last = i === to.length - 1 && !decision.local;
    skb.packet = bytes.packet;
    const one = last ? skb : copyOf(host, skb);
    brForward(host, one, out, { srcMac: mac.src, dstMac: mac.dst }, portName);
  });
  skb.packet = bytes.packet;
  if (decision.local) brPassFrameUp(host, skb, bridge.name);
  else if (to.length === 0) kfreeSkb(host, skb, 'NOT_SPECIFIED', 'br_handle_frame_finish');
}

function copyOf(host: Host, skb: HostSkb): HostSkb {
  const copy = cloneSkb(skb, host.packetId(skb.id, 'copy'));
  host.emit(copy, { type: 'born', how: 'copy', parent: skb.id, cause: null });
  // The pieces that it came in belong to the original. Kernel: skb_cloned() in ip6_fragment(), ip_do_fragment()
  copy.fragSizes = null;
  return copy;
}

/** Kernel: br_pass_frame_up(), netif_receive_skb(); ip_sabotage_in(): PREROUTING has been */
function brPassFrameUp(host: Host, skb: HostSkb, bridge: string): void {
  const been = skb.bridged;
  // Kernel: br_nf_local_in(): conntrack cannot handle copies of one packet whose flow is not confirmed yet
  if (been && skb.pktType !== 'host' && nfCtConfirmEarly(host.ct, host, skb) !== 'accept') {
    kfreeSkb(host, skb, 'NETFILTER_DROP', 'br_nf_local_in');
    return;
  }
  skb.bridged = false;
  skb.iif = bridge;
  skb.bridgePort = skb.physIn;
  host.emit(skb, { type: 'wire', interface: bridge, direction: 'in', segment: '', mac: skb.mac! });
  if (!been) {
    receiveUp(host, skb, bridge);
    return;
  }
  if (skb.pktType === 'otherhost') {
    kfreeSkb(host, skb, 'OTHERHOST', 'ip_rcv');
    return;
  }
  // The host's path starts with a control block of its own. Kernel: ip_rcv_core(), ip6_rcv_core()
  skb.fragMaxSize = 0;
  skb.fragDf = false;
  // The stand-in route of the bridge does not count here.
  if (skb.packet.dst === skb.originalDst) skb.dst = null;
  if (skb.packet.family === 4) ipRcvFinish(host, skb);
  else if (ip6RcvCore(host, skb, bridge)) ip6RcvFinish(host, skb);
}

/** Kernel: __br_forward(), br_nf_forward_ip() */
function brForward(host: Host, skb: HostSkb, out: string, mac: FrameMac, from: string): void {
  skb.mac = { src: mac.srcMac, dst: mac.dstMac };
  skb.bridgePort = out;
  if (!skb.bridged) {
    brDevQueuePushXmit(host, skb);
    return;
  }
  const master = host.devices.get(from)!.master;
  skb.physOut = out;
  if (skb.pktType === 'otherhost') {
    skb.pktType = 'host';
    skb.otherhost = true;
  }
  const family = skb.packet.family === 4 ? 'ip' : 'ip6';
  nfHook(host, family, 'FORWARD', skb, { in: master, out: master }, brNfForwardFinish);
}

/** Kernel: br_nf_forward_finish(), br_nf_post_routing() */
function brNfForwardFinish(host: Host, skb: HostSkb): Errno | null {
  const master = host.devices.get(skb.bridgePort)!.master;
  const family = skb.packet.family === 4 ? 'ip' : 'ip6';
  return nfHook(host, family, 'POSTROUTING', skb, { in: '', out: master }, brNfDevQueueXmit);
}

/** What was put together is cut again. Kernel: br_nf_dev_queue_xmit(), br_nf_ip_fragment() */
function brNfDevQueueXmit(host: Host, skb: HostSkb): Errno | null {
  const devMtu = host.devices.get(skb.bridgePort)!.mtu;
  const mtu = skb.fragMaxSize > 0 ? Math.min(devMtu, skb.fragMaxSize) : devMtu;
  const { packet } = skb;
  if (packet.bytes.length <= mtu) {
    brDevQueuePushXmit(host, skb);
    return null;
  }
  if (packet.family === 6 && tooBigForBridge(host, skb)) return 'EMSGSIZE';
  if (skb.fragMaxSize === 0 && packet.family === 6) {
    brDevQueuePushXmit(host, skb);
    return null;
  }
  if ((packet.df && !skb.ignoreDf) || skb.fragMaxSize > mtu) {
    kfreeSkb(host, skb, 'PKT_TOO_BIG', 'br_nf_ip_fragment');
    return 'EMSGSIZE';
  }
  const sizes = skb.fragSizes;
  const pieces =
    packet.family === 4
      ? refragment(skb, mtu, sizes)
      : fragmentPacket(packet, Math.max(IPV6_MIN_MTU, mtu), {
          id: host.rng.uint32(),
          atomic: true,
          ...(sizes ? { sizes } : null),
        });
  if (pieces[0] === packet) {
    brDevQueuePushXmit(host, skb);
    return null;
  }
  host.emit(skb, { type: 'fragment', what: 'split', pieces: pieces.length });
  for (const piece of pieces) brDevQueuePushXmit(host, fragmentSkb(host, skb, piece));
  consumeSkb(skb);
  return null;
}

/** In IPv6 the sender is told, by the MTU of the bridge. Kernel: ip6_fragment() */
function tooBigForBridge(host: Host, skb: HostSkb): boolean {
  const { mtu } = host.devices.get(host.devices.get(skb.bridgePort)!.master)!;
  if ((skb.ignoreDf || skb.packet.bytes.length <= mtu) && skb.fragMaxSize <= mtu) return false;
  icmp6Send(host, skb, ICMPV6.pktTooBig, 0, mtu);
  kfreeSkb(host, skb, 'PKT_TOO_BIG', 'ip6_fragment');
  return true;
}

/** Kernel: br_dev_queue_push_xmit(), is_skb_forwardable() */
function brDevQueuePushXmit(host: Host, skb: HostSkb): void {
  const out = host.devices.get(skb.bridgePort)!;
  if (!out.up || skb.packet.bytes.length > out.mtu + 4) {
    kfreeSkb(host, skb, 'PKT_TOO_BIG', 'br_dev_queue_push_xmit');
    return;
  }
  host.emit(skb, { type: 'wire', interface: out.name, direction: 'out', segment: out.segment, mac: skb.mac! });
  xmitFrame(host, skb, out.name, { srcMac: skb.mac!.src, dstMac: skb.mac!.dst });
}

/** The host itself sends over the bridge. Kernel: br_dev_xmit() */
export function brDevXmit(host: Host, skb: HostSkb, device: Device, mac: FrameMac): void {
  const bridge = host.bridges.get(device.name)!;
  const decision = bridge.decide(device.name, mac.dstMac, () => true);
  const to = decision.to.filter((p) => host.devices.get(p)!.up);
  host.emit(skb, { type: 'bridge', bridge: device.name, port: '', to, local: false });
  if (to.length === 0) {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', 'br_dev_xmit');
    return;
  }
  skb.bridged = false;
  to.forEach((out, i) => {
    const one = i === to.length - 1 ? skb : copyOf(host, skb);
    one.mac = { src: mac.srcMac, dst: mac.dstMac };
    one.bridgePort = out;
    brDevQueuePushXmit(host, one);
  });
}
