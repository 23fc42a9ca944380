import { checksumHolds, type FlowKey } from '../../model';
import { ICMPV6, IPPROTO, innerPacket, isMulticast, makeIcmp, type Packet, payloadOf, ports, u32 } from '../../wire';
import { consumeSkb, kfreeSkb } from '../free';
import type { Host } from '../host';
import { icmpSkb, noteSilence, whileIcmpSends } from '../icmp-out';
import { dstHopLimit } from '../net/dst';
import { updatePmtu } from '../net/pmtu';
import { emitOutputRoute } from '../net/route-event';
import type { HostSkb } from '../skb';
import { tcpFragNeeded, tcpIcmpError } from '../tcp/error';
import { icmpv6XrlimAllow, realIif } from './icmp-send';
import { ip6LocalOut } from './output';
import { ip6RouteOutput } from './route';

/** Kernel: icmpv6_rcv(), net/ipv6/icmp.c */
export function icmp6Rcv(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  const by = 'icmpv6_rcv';
  if (!packet.icmpv6) {
    kfreeSkb(host, skb, 'PKT_TOO_SMALL', by);
    return;
  }
  if (!checksumHolds(skb)) {
    kfreeSkb(host, skb, 'ICMP_CSUM', by);
    return;
  }
  host.emit(skb, { type: 'deliver', to: 'icmp', protocol: IPPROTO.icmpv6, port: null });
  const { type, code } = packet.icmpv6;
  if (type === ICMPV6.echoRequest) echoReply(host, skb);
  else if (type === ICMPV6.pktTooBig) packetTooBig(host, skb);
  else if (type === ICMPV6.destUnreach || type === ICMPV6.timeExceed || type === ICMPV6.paramProb) {
    const inner = innerPacket(packet);
    if (inner?.protocol === IPPROTO.tcp) tcpIcmpError(host, inner, type, code, skb.iif);
  }
  consumeSkb(skb);
}

/** Kernel: icmpv6_echo_reply() */
function echoReply(host: Host, skbIn: HostSkb): void {
  const { packet } = skbIn;
  const conf = (name: string) => host.proc.number(`ipv6.icmp.${name}`) !== 0;
  const anycast = skbIn.dst!.anycast === true;
  if (conf('echo_ignore_all')) {
    host.emit(skbIn, { type: 'note', note: 'icmp-echo-ignore-all' });
    return;
  }
  if (isMulticast(packet.dst) && conf('echo_ignore_multicast')) return;
  if (anycast && conf('echo_ignore_anycast')) return;
  const keeps = skbIn.dst!.rtLocal || (anycast && host.proc.number('ipv6.anycast_src_echo_reply') !== 0);
  const mark = host.proc.number('ipv6.fwmark_reflect') ? skbIn.mark : 0;
  const oif = packet.src === '::1' ? skbIn.iif : realIif(skbIn);
  const route = ip6RouteOutput(host, {
    dst: packet.src,
    src: keeps ? packet.dst : null,
    mark,
    oif,
    protocol: IPPROTO.icmpv6,
    dport: ICMPV6.echoReply << 8,
    tos: packet.tos & 0xfc,
  });
  if (!route.ok) {
    host.emit(skbIn, { type: 'note', note: 'icmp-no-way-back' });
    return;
  }
  if (skbIn.iif !== 'lo' && !icmpv6XrlimAllow(host, skbIn, route.dst, ICMPV6.echoReply)) {
    noteSilence(host, skbIn, 'limited');
    return;
  }
  const { id, seq, code } = packet.icmpv6!;
  const reply = makeIcmp({
    src: route.src,
    dst: packet.src,
    tos: packet.tos,
    ttl: dstHopLimit(host, route.dst, 6),
    type: ICMPV6.echoReply,
    code,
    id,
    seq,
    payload: payloadOf(packet),
  });
  const skb = icmpSkb(host, skbIn, reply, route.dst, mark, 'reply');
  skb.ignoreDf = true;
  emitOutputRoute(host, skb, 'output', route);
  whileIcmpSends(host, () => ip6LocalOut(host, skb));
}

/** Kernel: icmpv6_notify(), ip6_update_pmtu() */
function packetTooBig(host: Host, skb: HostSkb): void {
  const inner = innerPacket(skb.packet);
  if (inner === null) return;
  const mtu = u32(skb.packet.bytes, skb.packet.l4Offset + 4);
  if (inner.protocol === IPPROTO.tcp) tcpFragNeeded(host, inner, mtu, skb);
  else if (concernsSocket(host, inner)) updatePmtu(host, quotedFlow(host, skb, inner), mtu);
}

/** The flow of a packet that an error quotes. Kernel: ip6_update_pmtu(), net/ipv6/route.c */
function quotedFlow(host: Host, skb: HostSkb, inner: Packet): FlowKey {
  const { src, dst, tos } = inner;
  const mark = host.proc.number('ipv6.fwmark_reflect') ? skb.mark : 0;
  return { family: 6, src, dst, tos: tos & 0xfc, mark, oif: inner.protocol === IPPROTO.icmpv6 ? skb.iif : '' };
}

/** Kernel: icmpv6_err(), __udp6_lib_err() */
function concernsSocket(host: Host, inner: Packet): boolean {
  if (inner.protocol === IPPROTO.icmpv6) return true;
  const at = ports(inner);
  return (
    at !== null && inner.protocol === IPPROTO.udp && host.sockets.listener('udp', 6, inner.src, at.sport) !== undefined
  );
}
