import { nfCtAttach } from '../../conntrack';
import { type Addr, isLinkLocal, isMulticast, makeIcmpError } from '../../wire';
import type { Host } from '../host';
import { type HostSkb, KERNEL_SOCKET, newSkb } from '../skb';
import { ipv6ChkAddr, ipv6DevGetSaddr } from './addr';
import { ip6LocalOut } from './output';
import { emitOutput6, ip6RouteOutput } from './route';

/** Kernel: icmp6_send(), net/ipv6/icmp.c; RFC 4443 section 2.4 */
export function icmp6Send(host: Host, skbIn: HostSkb, type: number, code: number, info: number): void {
  const { packet } = skbIn;
  const silence = (note: string) => host.emit(skbIn, { type: 'note', note });
  let src: Addr | null = null;
  if (ipv6ChkAddr(host, packet.dst, skbIn.iif) || skbIn.dst?.type === 'anycast') src = packet.dst;
  if (isMulticast(packet.dst) || skbIn.pktType !== 'host') {
    const about = type === 2 || (type === 4 && code === 2 && ((packet.bytes[info] ?? 0) & 0xc0) === 0x80);
    if (!about) {
      silence('icmp-not-for-broadcast');
      return;
    }
    src = null;
  }
  if (packet.src === '::' || isMulticast(packet.src)) {
    silence('icmp-not-for-that-source');
    return;
  }
  if (packet.protocol === 58 && (packet.fragment === null || packet.fragment.offset === 0)) {
    const about = packet.bytes[packet.l4Offset];
    if (about === undefined || about < 128) {
      silence('icmp-not-for-error');
      return;
    }
  }
  const mark = host.proc.number('ipv6.fwmark_reflect') ? skbIn.mark : 0;
  const oif = isLinkLocal(packet.src) ? realIif(skbIn) : '';
  if (src === null && skbIn.iif !== '') src = inboundSource(host, skbIn, oif, mark);
  const route = ip6RouteOutput(host, { dst: packet.src, src, mark, oif, protocol: 58 });
  if (!route.ok) {
    silence('icmp-no-way-back');
    return;
  }
  if (route.dst.type === 'anycast' && host.proc.number('ipv6.icmp.error_anycast_as_unicast') === 0) {
    silence('icmp-not-for-that-source');
    return;
  }
  const quoted = packet.bytes.slice(0, 1280 - 48);
  const ttl = host.hopLimit(packet.src);
  const error = makeIcmpError({ src: route.src, dst: packet.src, type, code, rest: info, quoted, ttl });
  const skb = newSkb(host.packetId(skbIn.id, 'err'), error, {
    cause: skbIn.id,
    locallyGenerated: true,
    uncertain: skbIn.uncertain,
    mark,
    socket: KERNEL_SOCKET,
  });
  skb.dst = route.dst;
  skb.ignoreDf = true;
  host.emit(skb, { type: 'born', how: 'error', parent: null, cause: skbIn.id });
  emitOutput6(host, skb, 'output', route);
  nfCtAttach(skb, skbIn);
  ip6LocalOut(host, skb);
}

/** Of the addresses of the interface that the packet came in by, unless the route back has a preference. */
function inboundSource(host: Host, skb: HostSkb, oif: string, mark: number): Addr | null {
  const back = ip6RouteOutput(host, { dst: skb.packet.src, mark, oif, protocol: 58 });
  if (back.ok && back.found?.route?.prefsrc) return null;
  return ipv6DevGetSaddr(host, realIif(skb), skb.packet.src);
}

/** Over lo, the interface that the address belongs to counts. Kernel: icmp6_iif() */
export function realIif(skb: HostSkb): string {
  return skb.iif === 'lo' && skb.dst?.idev ? skb.dst.idev : skb.iif;
}
