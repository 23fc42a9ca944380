import type { ConsideredRoute, Errno, PacketId, SkbSocket } from '../../model';
import { type Packet, ports as portsOf, withDf, withId, withTtl } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { ipLocalOut } from '../ip4/output';
import { ip6LocalOut } from '../ip6/output';
import { emitOutput6, ip6RouteOutput } from '../ip6/route';
import { type HostSkb, newSkb, type RouteDst } from '../skb';
import { dstHopLimit } from './dst';
import { emitOutputRoute } from './result';
import { ipRouteOutput } from './route4-output';

export interface LocalOutOptions {
  readonly how: 'reply' | 'error' | 'reject' | 'socket';
  readonly cause: PacketId;
  readonly socket: SkbSocket | null;
  /** Policy rules see the ports, as the stack knows them. */
  readonly ports: boolean;
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
  const kind = options.how === 'error' ? 'err' : 'reply';
  const skb = newSkb(host.packetId(options.cause, kind), packet, {
    cause: options.cause,
    socket: options.socket,
    mark: options.mark ?? 0,
    uncertain: options.uncertain ?? false,
  });
  skb.gsoSize = options.gsoSize ?? 0;
  if (packet.tcp || packet.udp) skb.csumPartial = true;
  const how = options.how === 'socket' ? 'socket' : options.how;
  host.emit(skb, { type: 'born', how, parent: null, cause: options.cause });
  const at = options.ports ? portsOf(packet) : null;
  const considered: ConsideredRoute[] = [];
  const key = {
    dst: packet.dst,
    src: packet.src,
    tos: packet.tos & 0xfc,
    mark: skb.mark,
    protocol: packet.protocol,
    sport: at?.sport ?? 0,
    dport: at?.dport ?? 0,
  };
  let errno: Errno | null;
  if (packet.family === 4) {
    const route = ipRouteOutput(host, key, considered);
    emitOutputRoute(host, skb, 'output', route, considered);
    if (route.ok) {
      setHops(host, skb, route.dst);
      if (options.pmtuDisc !== undefined && !ipDontFragment(options.pmtuDisc, route.dst)) forgoDf(host, skb);
      skb.ignoreDf = options.mayFragment ?? false;
      errno = ipLocalOut(host, skb);
    } else errno = route.errno;
    if (!route.ok) kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'ip_route_output', route.errno);
  } else {
    const route = ip6RouteOutput(host, { ...key, oif: options.oif ?? '' }, considered);
    emitOutput6(host, skb, 'output', route, considered);
    if (route.ok) {
      setHops(host, skb, route.dst);
      skb.ignoreDf = options.mayFragment ?? false;
      errno = ip6LocalOut(host, skb);
    } else errno = route.errno;
    if (!route.ok) kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'ip6_route_output', route.errno);
  }
  return errno === null;
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
