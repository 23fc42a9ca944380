import type { ConsideredRoute, PacketId, SkbSocket } from '../../model';
import { type Packet, ports, withAddr, withDf, withId, withTtl } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { ipLocalOut } from '../ip4/output';
import { ip6LocalOut } from '../ip6/output';
import { ip6RouteOutput } from '../ip6/route';
import { type HostSkb, newSkb, type RouteDst } from '../skb';
import { dstHopLimit } from './dst';
import { emitOutputRoute } from './route-event';
import { ipRouteOutput } from './route4-output';

interface LocalOutOptions {
  readonly cause: PacketId;
  readonly socket: SkbSocket | null;
  readonly mark?: number;
  readonly uncertain?: boolean;
  /** The interface that it must leave by, for peers of one link. */
  readonly oif?: string;
  /** TCP data that is cut into segments of this size where it leaves the host. */
  readonly gsoSize?: number;
  /** May be cut on the way though it is long (UDP, ICMP). */
  readonly mayFragment?: boolean;
  /** Whether the socket has IPv4 packets with DF; without it a packet keeps what it has. */
  readonly pmtuDisc?: boolean;
}

/** A packet of the host's own stack finds its way and leaves through OUTPUT. False if it does not get out. */
export function localOutTo(host: Host, packet: Packet, options: LocalOutOptions): boolean {
  const { cause, socket, mark = 0, uncertain = false } = options;
  const skb = newSkb(host.packetId(cause, 'reply'), packet, { cause, socket, mark, uncertain });
  skb.gsoSize = options.gsoSize ?? 0;
  if (packet.tcp || packet.udp) skb.csumPartial = true;
  host.emit(skb, { type: 'born', how: 'reply', parent: null, cause });
  const v4 = packet.family === 4;
  const { src, dst, protocol } = packet;
  const { sport, dport } = ports(packet) ?? { sport: 0, dport: 0 };
  const key = { dst, src, tos: packet.tos & 0xfc, mark, protocol, sport, dport };
  const considered: ConsideredRoute[] = [];
  const route = v4
    ? ipRouteOutput(host, key, considered)
    : ip6RouteOutput(host, { ...key, oif: options.oif ?? '' }, considered);
  emitOutputRoute(host, skb, 'output', route, considered);
  if (!route.ok) {
    kfreeSkb(host, skb, 'IP_OUTNOROUTES', v4 ? 'ip_route_output' : 'ip6_route_output', route.errno);
    return false;
  }
  // What was sent to :: is answered by an address that the route chooses. Kernel: ip6_dst_lookup_tail()
  if (src === '::' && 'src' in route) skb.packet = withAddr(packet, 'src', route.src);
  setHops(host, skb, route.dst);
  skb.ignoreDf = options.mayFragment ?? false;
  if (!v4) return ip6LocalOut(host, skb) === null;
  if (options.pmtuDisc !== undefined && !ipDontFragment(options.pmtuDisc, route.dst)) forgoDf(host, skb);
  return ipLocalOut(host, skb) === null;
}

/** Kernel: ip_dont_fragment() */
function ipDontFragment(pmtuDisc: boolean, dst: RouteDst): boolean {
  return pmtuDisc && !dst.mtuLocked;
}

/** A packet that may be cut on its way has an id. Kernel: ip_select_ident() */
function forgoDf(host: Host, skb: HostSkb): void {
  if (skb.packet.df) skb.packet = withId(withDf(skb.packet, false), host.nextIpId());
}

/** The packet takes a route, and the hop limit that comes with it. Kernel: ip_select_ttl(), ip6_sk_dst_hoplimit() */
export function setHops(host: Host, skb: HostSkb, dst: RouteDst): void {
  skb.dst = dst;
  const hops = dstHopLimit(host, dst, skb.packet.family);
  if (skb.packet.ttl !== hops) skb.packet = withTtl(skb.packet, hops);
}
