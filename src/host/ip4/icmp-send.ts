import { nfCtAttach } from '../../conntrack';
import { type Addr, ICMP, ICMP_CODE, IPPROTO, makeIcmpError } from '../../wire';
import type { Host } from '../host';
import { type IcmpSilence, icmpSkb, noteSilence, whileIcmpSends } from '../icmp-out';
import { inetSelectAddr } from '../net/addr4';
import { dstHopLimit } from '../net/dst';
import { xrlimAllow } from '../net/peer';
import { emitOutputRoute } from '../net/route-event';
import { ipRouteOutput } from '../net/route4-output';
import { withCauseAlive } from '../sharing';
import type { HostSkb, RouteDst } from '../skb';
import { ipLocalOut } from './output';

/**
 * Tells the sender of a packet what became of it. Nothing is said about broadcasts, about any but the first fragment, or
 * about ICMP errors.
 *
 * Kernel: __icmp_send(), icmp_route_lookup(), net/ipv4/icmp.c; RFC 1122 section 3.2.2; RFC 1812 section 4.3.2
 *
 * @param info bytes 4 to 7 as one number
 */
export function icmpSend(host: Host, skbIn: HostSkb, type: number, code: number, info: number): void {
  noteSilence(host, skbIn, tryIcmpSend(host, skbIn, type, code, info, 'error'));
}

/** The same; null if it was sent, else why not. `how` the error is said to have come about. */
export function tryIcmpSend(
  host: Host,
  skbIn: HostSkb,
  type: number,
  code: number,
  info: number,
  how: 'error' | 'reject',
): IcmpSilence | null {
  const rt = skbIn.dst;
  if (rt === null) return 'no-way-back';
  const { packet } = skbIn;
  if (skbIn.pktType !== 'host' || rt.rtBroadcast || rt.rtMulticast) return 'not-for-broadcast';
  if (packet.fragment !== null && packet.fragment.offset > 0) return 'not-for-fragment';
  if (packet.protocol === IPPROTO.icmp) {
    const about = packet.bytes[packet.l4Offset];
    if (about === undefined || about > 18 || ABOUT_ERRORS.includes(about)) return 'not-for-error';
  }
  if (host.icmpSending) return 'busy';
  const src = sourceOf(host, skbIn);
  const tos = (packet.tos & 0x1e) | 0xc0;
  const mark = host.proc.number('ipv4.fwmark_reflect') ? skbIn.mark : 0;
  // Policy rules that ask for ports see type and code in their place. Kernel: union flowi_uli
  const dport = (type << 8) | code;
  const route = ipRouteOutput(host, { dst: packet.src, src, tos: tos & 0x1c, mark, protocol: IPPROTO.icmp, dport });
  if (!route.ok) return 'no-way-back';
  // Errors about what came by lo are never limited.
  if (skbIn.iif !== 'lo' && !icmpv4XrlimAllow(host, skbIn, route.dst, type, code)) return 'limited';
  const room = Math.min(route.dst.mtu, 576) - 28;
  if (room <= 20) return 'no-way-back';
  const quoted = packet.bytes.slice(0, room);
  const source = route.src === '0.0.0.0' ? '192.0.0.8' : route.src;
  const error = makeIcmpError({
    src: source,
    dst: packet.src,
    type,
    code,
    rest: info,
    quoted,
    tos,
    ttl: dstHopLimit(host, route.dst, 4),
    df: false,
  });
  const skb = icmpSkb(host, skbIn, error, route.dst, mark, how);
  emitOutputRoute(host, skb, 'output', route);
  nfCtAttach(skb, skbIn);
  withCauseAlive(host, skbIn, () => whileIcmpSends(host, () => ipLocalOut(host, skb)));
  return null;
}

const ENOUGH_MSGS = 50;

/** Kernel: icmpv4_xrlim_allow(), icmp_global_allow(), icmpv4_mask_allow(), net/ipv4/icmp.c */
export function icmpv4XrlimAllow(host: Host, skbIn: HostSkb, dst: RouteDst, type: number, code: number): boolean {
  const limited = type < 32 && ((host.proc.number('ipv4.icmp_ratemask') >>> type) & 1) === 1;
  if (!limited || (type === ICMP.destUnreach && code === ICMP_CODE.fragNeeded)) return true;
  // The kernel takes a random part of what all errors share; from this number on that does not matter here.
  if (
    host.proc.number('ipv4.icmp_msgs_per_sec') < ENOUGH_MSGS ||
    host.proc.number('ipv4.icmp_msgs_burst') < ENOUGH_MSGS
  )
    host.emit(skbIn, { type: 'not-modelled', what: 'net.ipv4.icmp_msgs_per_sec and icmp_msgs_burst' });
  if (dst.dev === 'lo') return true;
  return xrlimAllow(host, skbIn.packet.src, host.proc.number('ipv4.icmp_ratelimit'));
}

/** The address that the packet was for, if it is the host's; else the route back chooses. */
function sourceOf(host: Host, skb: HostSkb): Addr | null {
  const rt = skb.dst!;
  if (rt.rtLocal) return skb.packet.dst;
  if (rt.input && host.proc.number('ipv4.icmp_errors_use_inbound_ifaddr') !== 0 && skb.iif !== '') {
    return inetSelectAddr(host, skb.iif, skb.packet.src, 253);
  }
  return null;
}

/** Types that count as errors, those that were never assigned among them. Kernel: icmp_pointers[].error */
const ABOUT_ERRORS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12];
