import { nfCtAttach } from '../../conntrack';
import { type Addr, makeIcmpError } from '../../wire';
import type { Host } from '../host';
import { inetSelectAddr } from '../net/addr4';
import { emitOutputRoute } from '../net/result';
import { ipRouteOutput } from '../net/route4-output';
import { type HostSkb, KERNEL_SOCKET, newSkb } from '../skb';
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
  const rt = skbIn.dst;
  if (rt === null) return;
  const { packet } = skbIn;
  const silence = (note: string) => host.emit(skbIn, { type: 'note', note });
  if (skbIn.pktType !== 'host') {
    silence('icmp-not-for-broadcast');
    return;
  }
  if (rt.rtBroadcast || rt.rtMulticast) {
    silence('icmp-not-for-broadcast');
    return;
  }
  if (packet.fragment !== null && packet.fragment.offset > 0) {
    silence('icmp-not-for-fragment');
    return;
  }
  if (packet.protocol === 1) {
    const about = packet.bytes[packet.l4Offset];
    if (about === undefined) return;
    if (about > 18 || ABOUT_ERRORS.includes(about)) {
      silence('icmp-not-for-error');
      return;
    }
  }
  const src = sourceOf(host, skbIn);
  const tos = (packet.tos & 0x1e) | 0xc0;
  const mark = host.proc.number('ipv4.fwmark_reflect') ? skbIn.mark : 0;
  const route = ipRouteOutput(host, { dst: packet.src, src, tos: tos & 0x1c, mark, protocol: 1 });
  if (!route.ok) {
    silence('icmp-no-way-back');
    return;
  }
  const room = Math.min(route.dst.mtu, 576) - 28;
  if (room <= 20) return;
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
    ttl: replyTtl(host, packet.src),
    df: false,
  });
  const skb = newSkb(host.packetId(skbIn.id, 'err'), error, {
    cause: skbIn.id,
    locallyGenerated: true,
    uncertain: skbIn.uncertain,
    mark,
    socket: KERNEL_SOCKET,
  });
  skb.dst = route.dst;
  host.emit(skb, { type: 'born', how: 'error', parent: null, cause: skbIn.id });
  emitOutputRoute(host, skb, 'output', route);
  nfCtAttach(skb, skbIn);
  ipLocalOut(host, skb);
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

export function replyTtl(host: Host, dst: Addr): number {
  return /^(22[4-9]|23\d)\./.test(dst) ? 1 : host.proc.number('ipv4.ip_default_ttl');
}

/** Types that count as errors, those that were never assigned among them. Kernel: icmp_pointers[].error */
const ABOUT_ERRORS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12];
