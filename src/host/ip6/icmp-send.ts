import { nfCtAttach } from '../../conntrack';
import { type Addr, ICMPV6, IPPROTO, IPV6_MIN_MTU, isLinkLocal, isMulticast, makeIcmpError } from '../../wire';
import type { Host } from '../host';
import { type IcmpSilence, icmpSkb, noteSilence, whileIcmpSends } from '../icmp-out';
import { dstHopLimit } from '../net/dst';
import { xrlimAllow } from '../net/peer';
import { emitOutputRoute } from '../net/route-event';
import { withCauseAlive } from '../sharing';
import type { HostSkb, RouteDst } from '../skb';
import { ipv6ChkAcast, ipv6ChkAddr, ipv6DevGetSaddr } from './addr';
import { ip6LocalOut } from './output';
import { ip6RouteOutput } from './route';

/** Kernel: icmp6_send(), net/ipv6/icmp.c; RFC 4443 section 2.4 */
export function icmp6Send(host: Host, skbIn: HostSkb, type: number, code: number, info: number): void {
  noteSilence(host, skbIn, tryIcmp6Send(host, skbIn, type, code, info, 'error'));
}

/** The same; null if it was sent, else why not. `how` the error is said to have come about. */
export function tryIcmp6Send(
  host: Host,
  skbIn: HostSkb,
  type: number,
  code: number,
  info: number,
  how: 'error' | 'reject',
): IcmpSilence | null {
  const { packet } = skbIn;
  // What is rejected in OUTPUT is taken to have come by lo. Kernel: nf_send_unreach6()
  const dev = skbIn.iif === '' && how === 'reject' ? 'lo' : skbIn.iif;
  let src: Addr | null = null;
  if (ipv6ChkAddr(host, packet.dst, dev) || ipv6ChkAcast(host, packet.dst)) src = packet.dst;
  if (isMulticast(packet.dst) || skbIn.pktType !== 'host') {
    const about = type === 2 || (type === 4 && code === 2 && ((packet.bytes[info] ?? 0) & 0xc0) === 0x80);
    if (!about) return 'not-for-broadcast';
    src = null;
  }
  if (packet.src === '::' || isMulticast(packet.src)) return 'not-for-that-source';
  if (packet.protocol === IPPROTO.icmpv6 && (packet.fragment === null || packet.fragment.offset === 0)) {
    const about = packet.bytes[packet.l4Offset];
    if (about === undefined || about < 128) return 'not-for-error';
  }
  if (host.icmpSending) return 'busy';
  const mark = host.proc.number('ipv6.fwmark_reflect') ? skbIn.mark : 0;
  const oif = isLinkLocal(packet.src) ? realIif(skbIn) : '';
  // Policy rules that ask for ports see type and code in their place. Kernel: union flowi_uli
  const dport = (type << 8) | code;
  if (src === null && skbIn.iif !== '') src = inboundSource(host, skbIn, oif, mark, dport);
  const route = ip6RouteOutput(host, { dst: packet.src, src, mark, oif, protocol: IPPROTO.icmpv6, dport });
  if (!route.ok) return 'no-way-back';
  if (route.dst.anycast && host.proc.number('ipv6.icmp.error_anycast_as_unicast') === 0) return 'not-for-that-source';
  if (dev !== 'lo' && !icmpv6XrlimAllow(host, skbIn, route.dst, type)) return 'limited';
  const quoted = packet.bytes.slice(0, IPV6_MIN_MTU - 48);
  const ttl = dstHopLimit(host, route.dst, 6);
  const error = makeIcmpError({ src: route.src, dst: packet.src, type, code, rest: info, quoted, ttl });
  const skb = icmpSkb(host, skbIn, error, route.dst, mark, how);
  skb.ignoreDf = true;
  emitOutputRoute(host, skb, 'output', route);
  nfCtAttach(skb, skbIn);
  withCauseAlive(host, skbIn, () => whileIcmpSends(host, () => ip6LocalOut(host, skb)));
  return null;
}

/** Kernel: icmpv6_xrlim_allow(), icmpv6_mask_allow(), net/ipv6/icmp.c */
export function icmpv6XrlimAllow(host: Host, skbIn: HostSkb, dst: RouteDst, type: number): boolean {
  const limited = icmpIsLimited(host.proc.get('ipv6.icmp.ratemask') ?? '', type);
  if (!limited || type === ICMPV6.pktTooBig || dst.dev === 'lo') return true;
  return xrlimAllow(host, skbIn.packet.src, host.proc.number('ipv6.icmp.ratelimit'));
}

/** Is a type in a list of numbers and ranges? */
function icmpIsLimited(mask: string, type: number): boolean {
  return mask.split(',').some((part) => {
    const [first = '', last = first] = part.split('-');
    return part !== '' && type >= Number(first) && type <= Number(last);
  });
}

/** Of the addresses of the interface that the packet came in by, unless the route back has a preference. */
function inboundSource(host: Host, skb: HostSkb, oif: string, mark: number, dport: number): Addr | null {
  const back = ip6RouteOutput(host, { dst: skb.packet.src, mark, oif, protocol: IPPROTO.icmpv6, dport });
  if (back.ok && back.found?.route?.prefsrc) return null;
  return ipv6DevGetSaddr(host, realIif(skb), skb.packet.src);
}

/** Over lo, and on the way out, the interface that the route belongs to counts. Kernel: icmp6_iif(), nf_send_unreach6() */
export function realIif(skb: HostSkb): string {
  return (skb.iif === 'lo' || skb.iif === '') && skb.dst?.idev ? skb.dst.idev : skb.iif;
}
