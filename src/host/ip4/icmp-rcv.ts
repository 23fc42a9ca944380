import { flowTo } from '../../fib';
import { checksumHolds, type FlowKey } from '../../model';
import { ICMP, IPPROTO, innerPacket, isZeronet, makeIcmp, type Packet, payloadOf, ports } from '../../wire';
import { consumeSkb, kfreeSkb } from '../free';
import type { Host } from '../host';
import { icmpSkb, noteSilence, whileIcmpSends } from '../icmp-out';
import { fibPrefsrc, inetSelectAddr } from '../net/addr4';
import { dstHopLimit } from '../net/dst';
import { updatePmtu } from '../net/pmtu';
import { emitOutputRoute } from '../net/route-event';
import { ipRouteOutput } from '../net/route4-output';
import type { HostSkb } from '../skb';
import { tcpFragNeeded, tcpIcmpError } from '../tcp/error';
import { icmpv4XrlimAllow } from './icmp-send';
import { ipLocalOut } from './output';

/** A question about an interface. RFC 8335 section 2 */
const EXT_ECHO = 42;

/** Kernel: icmp_rcv(), net/ipv4/icmp.c */
export function icmpRcv(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  const by = 'icmp_rcv';
  if (!packet.icmp) {
    kfreeSkb(host, skb, 'PKT_TOO_SMALL', by);
    return;
  }
  if (!checksumHolds(skb)) {
    kfreeSkb(host, skb, 'ICMP_CSUM', by);
    return;
  }
  const { type, code } = packet.icmp;
  if (type > 18) {
    if (type === EXT_ECHO && host.proc.number('ipv4.icmp_echo_enable_probe') !== 0)
      host.emit(skb, { type: 'not-modelled', what: 'net.ipv4.icmp_echo_enable_probe' });
    kfreeSkb(host, skb, 'UNHANDLED_PROTO', by);
    return;
  }
  const dst = skb.dst!;
  if (dst.rtBroadcast || dst.rtMulticast) {
    const asks = type === ICMP.echo || type === ICMP.timestamp;
    if (asks && host.proc.number('ipv4.icmp_echo_ignore_broadcasts') !== 0) {
      host.emit(skb, { type: 'note', note: 'icmp-echo-ignore-broadcasts' });
      kfreeSkb(host, skb, 'INVALID_PROTO', by);
      return;
    }
    if (!asks && type !== ICMP.address && type !== ICMP.addressReply) {
      kfreeSkb(host, skb, 'INVALID_PROTO', by);
      return;
    }
  }
  host.emit(skb, { type: 'deliver', to: 'icmp', protocol: IPPROTO.icmp, port: null });
  if (type === ICMP.echo) icmpEcho(host, skb);
  else if (type === ICMP.timestamp) icmpTimestamp(host, skb);
  else if (
    type === ICMP.destUnreach ||
    type === ICMP.timeExceeded ||
    type === ICMP.parameterProb ||
    type === ICMP.sourceQuench
  ) {
    icmpUnreach(host, skb, type, code);
  }
  consumeSkb(skb);
}

function icmpEcho(host: Host, skb: HostSkb): void {
  if (host.proc.number('ipv4.icmp_echo_ignore_all') !== 0) {
    host.emit(skb, { type: 'note', note: 'icmp-echo-ignore-all' });
    return;
  }
  icmpReply(host, skb, ICMP.echoReply, payloadOf(skb.packet));
}

function icmpTimestamp(host: Host, skb: HostSkb): void {
  const data = payloadOf(skb.packet);
  if (data.length < 4) return;
  const ms = Math.floor((host.epoch * 1000 + host.now() / 1000) % 86_400_000);
  const stamp = Uint8Array.of(ms >>> 24, ms >>> 16, ms >>> 8, ms);
  icmpReply(host, skb, ICMP.timestampReply, Uint8Array.of(...data.slice(0, 4), ...stamp, ...stamp));
}

/** Kernel: icmp_reply() */
function icmpReply(host: Host, skbIn: HostSkb, type: number, payload: Uint8Array): void {
  const { packet } = skbIn;
  const src = fibComputeSpecDst(host, skbIn);
  const mark = host.proc.number('ipv4.fwmark_reflect') ? skbIn.mark : 0;
  const route = ipRouteOutput(host, { dst: packet.src, src, tos: packet.tos & 0xfc, mark, protocol: IPPROTO.icmp });
  if (!route.ok) {
    host.emit(skbIn, { type: 'note', note: 'icmp-no-way-back' });
    return;
  }
  if (!icmpv4XrlimAllow(host, skbIn, route.dst, type, 0)) {
    noteSilence(host, skbIn, 'limited');
    return;
  }
  const { id, seq, code } = packet.icmp!;
  const ipId = host.nextIpId();
  const reply = makeIcmp({
    src: route.src,
    dst: packet.src,
    tos: packet.tos,
    ttl: dstHopLimit(host, route.dst, 4),
    type,
    code: type === ICMP.echoReply ? code : 0,
    id,
    seq,
    ipId,
    payload,
  });
  const skb = icmpSkb(host, skbIn, reply, route.dst, mark, 'reply');
  skb.ignoreDf = true;
  emitOutputRoute(host, skb, 'output', route);
  whileIcmpSends(host, () => ipLocalOut(host, skb));
}

/** The address that an answer comes from. Kernel: fib_compute_spec_dst(), net/ipv4/fib_frontend.c */
function fibComputeSpecDst(host: Host, skb: HostSkb): string | null {
  const dst = skb.dst!;
  if (dst.rtLocal && !dst.rtBroadcast && !dst.rtMulticast) return skb.packet.dst;
  const dev = skb.iif;
  if (isZeronet(skb.packet.src)) return inetSelectAddr(host, dev, skb.packet.src, 253);
  const mark = host.confOr(dev, 'src_valid_mark') ? skb.mark : 0;
  const found = host.fib[4].lookup(flowTo(skb.packet.src, { tos: skb.packet.tos, mark }), host);
  if (found.ok) return fibPrefsrc(host, found.route, found.nexthop.dev, found.nexthop.gateway);
  return inetSelectAddr(host, dev, skb.packet.src, 0);
}

/** Errors concern sockets, and what is known of a path's MTU. Kernel: icmp_unreach() */
function icmpUnreach(host: Host, skb: HostSkb, type: number, code: number): void {
  const inner = innerPacket(skb.packet);
  if (inner === null || inner.family !== 4 || inner.l4Offset < 20) return;
  if (type === ICMP.destUnreach && code === 4) {
    const mtu = toldMtu(host, skb.packet, inner);
    if (mtu === null) return;
    if (inner.protocol === IPPROTO.tcp) tcpFragNeeded(host, inner, mtu, skb);
    else if (concernsSocket(host, inner)) updatePmtu(host, quotedFlow(host, skb, inner), mtu);
  }
  if (inner.protocol === IPPROTO.tcp) tcpIcmpError(host, inner, type, code, skb.iif);
}

/** What an error says of a path's MTU, as far as ip_no_pmtu_disc lets it be heard; null if the error counts for nothing. */
function toldMtu(host: Host, packet: Packet, inner: Packet): number | null {
  const discovery = host.proc.number('ipv4.ip_no_pmtu_disc');
  if (discovery === 2) return null;
  // Only what protocols can tell from a forgery.
  if (discovery === 3 && inner.protocol !== IPPROTO.tcp && inner.protocol !== IPPROTO.sctp) return null;
  return discovery === 0 || discovery === 3 ? packet.icmp!.seq : 0;
}

/** The flow of a packet that an error quotes. Kernel: __build_flow_key(), net/ipv4/route.c */
function quotedFlow(host: Host, skb: HostSkb, inner: Packet): FlowKey {
  const { src, dst, protocol } = inner;
  const mark = host.proc.number('ipv4.fwmark_reflect') ? skb.mark : 0;
  return { family: 4, src, dst, protocol, mark, tos: protocol === IPPROTO.udp ? 0 : inner.tos & 0xfc };
}

/**
 * A path's MTU is noted where a socket can have sent the packet: a listener of UDP, or the host's own echo replies.
 * Kernel: icmp_err(), __udp4_lib_err()
 */
function concernsSocket(host: Host, inner: Packet): boolean {
  if (inner.protocol === IPPROTO.icmp) return inner.bytes[inner.l4Offset] === ICMP.echoReply;
  const at = ports(inner);
  return (
    at !== null && inner.protocol === IPPROTO.udp && host.sockets.listener('udp', 4, inner.src, at.sport) !== undefined
  );
}
