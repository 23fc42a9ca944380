import type { ConsideredRoute, Errno, PacketId, SkbSocket } from '../model';
import { IPPROTO, isLimitedBroadcast, isMulticast, type Packet, withHeaderAddr, withId } from '../wire';
import { kfreeSkb } from './free';
import type { Host } from './host';
import { ipLocalOut } from './ip4/output';
import { ip6RawSend } from './ip6/send';
import { inetAddrType } from './net/addr4';
import { knownNexthop } from './net/dst';
import { emitOutputRoute } from './net/route-event';
import { ipRouteOutput } from './net/route4-output';
import { type HostSkb, newSkb } from './skb';

/** The socket of a program of root. */
const ROOT_SOCKET: SkbSocket = Object.freeze({ uid: 0, gid: 0, protocol: IPPROTO.raw, mark: 0 });

/**
 * A raw socket of root, bound to the packet's source, sends a whole IP packet. `mayFragment`: a socket that leaves the
 * IP header to the kernel, which cuts what is longer than the MTU.
 *
 * Kernel: raw_sendmsg(), raw_send_hdrinc(), net/ipv4/raw.c
 */
export function rawSend(host: Host, id: PacketId, packet: Packet, mayFragment = false): Errno | null {
  const socket = { ...ROOT_SOCKET, orphan: false };
  const skb = newSkb(id, packet, { socket });
  skb.ignoreDf = mayFragment;
  host.emit(skb, { type: 'born', how: 'send', parent: null, cause: null });
  host.rawBound = packet.src;
  const errno = packet.family === 4 ? rawSend4(host, skb) : ip6RawSend(host, skb);
  // Closed: what a queue's program holds back is heard by nobody, and nobody's.
  host.rawBound = null;
  socket.orphan = true;
  if (errno !== null) host.emit(skb, { type: 'send-error', errno });
  return errno;
}

/** The raw socket that sends hears what comes back meanwhile. Kernel: raw_v4_match(), raw_v6_match() */
export function rawSenderHears(host: Host, { protocol, family, dst }: Packet): boolean {
  const any = family === 4 ? '0.0.0.0' : '::';
  return protocol === IPPROTO.raw && (host.rawBound === dst || host.rawBound === any);
}

function rawSend4(host: Host, skb: HostSkb): Errno | null {
  const { packet } = skb;
  const considered: ConsideredRoute[] = [];
  const route = ipRouteOutput(
    host,
    {
      dst: packet.dst,
      src: boundSource(host, packet.src),
      tos: packet.tos & 0xfc,
      protocol: IPPROTO.raw,
      anySrc: true,
    },
    considered,
  );
  emitOutputRoute(host, skb, 'output', route, considered);
  if (!route.ok) {
    kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'ip_route_output', route.errno);
    return route.errno;
  }
  if (!skb.ignoreDf && packet.bytes.length > host.devices.get(route.dst.dev)!.mtu) {
    kfreeSkb(host, skb, 'PKT_TOO_BIG', 'raw_send_hdrinc', 'EMSGSIZE');
    return 'EMSGSIZE';
  }
  if (packet.src === '0.0.0.0') skb.packet = withHeaderAddr(skb.packet, 'src', route.src);
  if (packet.id === 0 && !packet.df) skb.packet = withId(skb.packet, host.nextIpId());
  skb.dst = knownNexthop(route.dst, packet.dst);
  return ipLocalOut(host, skb);
}

/** A socket that is bound to a group or a broadcast address takes the source of the route. Kernel: raw_bind() */
function boundSource(host: Host, src: string): string | null {
  if (isMulticast(src) || isLimitedBroadcast(src)) return null;
  const type = inetAddrType(host, src);
  return type === 'BROADCAST' || type === 'MULTICAST' ? null : src;
}
