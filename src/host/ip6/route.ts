import { type FibResult, flowTo, type Route, RTPROT } from '../../fib';
import type { ConsideredRoute, Errno, EventOf } from '../../model';
import { type Addr, isMapped4, isMulticast } from '../../wire';
import type { Host } from '../host';
import { makeDst } from '../net/dst';
import { dissect } from '../net/flow';
import { selectPath } from '../net/multipath';
import { withPmtu } from '../net/pmtu';
import { emitOutputRoute, emitRoute, refusalOf } from '../net/route-event';
import type { OutputKey, OutputRoute } from '../net/route4-output';
import type { HostSkb, RouteDst } from '../skb';
import { ipv6DevGetSaddr, rt6NeedStrict } from './addr';

type RouteResult = EventOf<'route'>['result'];

/**
 * With `anySrc` a route is all that is asked for; else there must be a source address, too.
 * Kernel: ip6_dst_lookup_tail(), net/ipv6/ip6_output.c; ip6_route_output_flags(), net/ipv6/route.c
 */
export function ip6RouteOutput(host: Host, key: OutputKey, considered?: ConsideredRoute[]): OutputRoute {
  const anySource = !key.src || key.src === '::';
  const oif = key.oif ?? '';
  const flow = flowTo(key.dst, {
    src: anySource ? null : key.src!,
    tos: key.tos ?? 0,
    mark: key.mark ?? 0,
    oif,
    protocol: key.protocol ?? 0,
    sport: key.sport ?? 0,
    dport: key.dport ?? 0,
    uid: key.uid ?? 0,
    strictIface: rt6NeedStrict(key.dst) || (oif !== '' && anySource),
  });
  const found = host.fib[6].lookup(flow, host, considered);
  if (!found.ok) {
    // With a source, a route for that source alone may be found.
    if (!anySource || key.anySrc) return { ok: false, errno: found.error, found };
    const src = ipv6DevGetSaddr(host, '', key.dst);
    if (src === null) return { ok: false, errno: 'EADDRNOTAVAIL', found };
    const again = host.fib[6].lookup({ ...flow, src }, host);
    if (!again.ok) return { ok: false, errno: again.error, found: again };
    return outputFrom(host, again, key, src);
  }
  const own = () => found.route.prefsrc ?? ipv6DevGetSaddr(host, found.nexthop.dev, key.dst);
  const src = anySource ? (own() ?? (key.anySrc ? '::' : null)) : key.src!;
  if (src === null) return { ok: false, errno: 'EADDRNOTAVAIL', found };
  return outputFrom(host, found, key, src);
}

/** An IPv4 address, as IPv6 writes it, is no source of what goes to an IPv6 address. Kernel: ip6_dst_lookup_tail() */
function outputFrom(host: Host, found: Extract<FibResult, { ok: true }>, key: OutputKey, src: Addr): OutputRoute {
  if (!key.anySrc && isMapped4(src) && !isMapped4(key.dst)) return { ok: false, errno: 'EAFNOSUPPORT', found };
  return { ok: true, dst: outputDst(host, found, key.dst, src, key.oif ?? ''), src, found };
}

/**
 * A route over lo would lead round for ever, so it refuses all but ::1. Kernel: fib6_is_reject(), net/ipv6/route.c
 */
function rejectOf({ type, prefix }: Route, dev: string): Errno | null {
  return type === 'unicast' && dev === 'lo' && prefix.network !== '::1' ? 'ENETUNREACH' : null;
}

/** A route of the address that all routers of a network have; those that a command makes are not flagged so. Kernel: RTF_ANYCAST */
export function ownAnycast(route: Route): boolean {
  return route.type === 'anycast' && route.protocol === RTPROT.kernel;
}

/** Kernel: ipv6_anycast_destination(), include/net/ip6_route.h */
function anycastDestination(route: Route, gateway: Addr | null, addr: Addr): boolean {
  if (ownAnycast(route)) return true;
  return route.prefix.length < 127 && gateway === null && route.prefix.network === addr;
}

/** Kernel: ip6_rt_init_dst(), ip6_rt_get_dev_rcu() */
function outputDst(host: Host, found: Extract<FibResult, { ok: true }>, dst: Addr, src: Addr, oif: string): RouteDst {
  const { type } = found.route;
  const local = type === 'local' || ownAnycast(found.route);
  const hop = local ? found.nexthop : selectPath(host, found, { src, dst }, oif);
  const multicast = isMulticast(dst);
  const made = makeDst(
    host,
    {
      type: local ? (type === 'anycast' ? 'anycast' : 'local') : multicast ? 'multicast' : 'unicast',
      dev: local ? 'lo' : hop.dev,
      gateway: local ? null : hop.gateway,
      prefsrc: src === '::' ? null : src,
      rtLocal: type === 'local',
      rtMulticast: multicast,
      anycast: anycastDestination(found.route, hop.gateway, dst),
      idev: hop.dev,
      error: rejectOf(found.route, hop.dev),
    },
    found.route,
  );
  return withPmtu(host, dst, made);
}

/** Finds out what becomes of a packet that came in. Kernel: ip6_route_input(), net/ipv6/route.c */
export function ip6RouteInput(host: Host, skb: HostSkb, dev: string): void {
  const { packet } = skb;
  const considered: ConsideredRoute[] = [];
  const strict = rt6NeedStrict(packet.dst);
  const flow = flowTo(packet.dst, {
    src: packet.src,
    tos: packet.tos,
    mark: skb.mark,
    iif: dev,
    prefer: dev,
    strictIface: strict,
    ...dissect(host, packet),
  });
  const found = host.fib[6].lookup(flow, host, considered);
  const { src, dst } = packet;
  const key = { src, dst, iif: dev, oif: '' };
  if (!found.ok) {
    const way = { dev: '', gateway: null, route: found.route };
    emitRoute(host, skb, 'input', key, refusalOf(found), way, considered);
    skb.dst = makeDst(host, { dev, input: true, error: found.error }, null);
    return;
  }
  const { route } = found;
  const local = route.type === 'local' || route.type === 'anycast';
  const hop = local ? found.nexthop : selectPath(host, found, packet, '');
  const multicast = isMulticast(route.prefix.network) && route.prefix.length > 0;
  const refused = rejectOf(route, hop.dev) !== null;
  const result: RouteResult = local ? 'local' : multicast ? 'multicast' : refused ? 'no-route' : 'unicast';
  skb.dst = makeDst(
    host,
    {
      type: local ? (route.type === 'anycast' ? 'anycast' : 'local') : multicast ? 'multicast' : 'unicast',
      dev: local ? dev : hop.dev,
      gateway: local ? null : hop.gateway,
      input: true,
      forward: !local && !multicast,
      rtLocal: route.type === 'local',
      anycast: anycastDestination(route, hop.gateway, packet.dst),
      rtMulticast: multicast,
      idev: hop.dev,
      error: rejectOf(route, hop.dev),
    },
    route,
  );
  emitRoute(host, skb, 'input', key, result, { dev: skb.dst.dev, gateway: skb.dst.gateway, route }, considered);
}

/** Kernel: ip6_route_me_harder(), net/ipv6/netfilter.c */
export function ip6RouteMeHarder(host: Host, skb: HostSkb): Errno | null {
  const { packet } = skb;
  const strict = isMulticast(packet.dst) || /^fe[89ab]/.test(packet.dst);
  const considered: ConsideredRoute[] = [];
  const answer = ip6RouteOutput(
    host,
    {
      dst: packet.dst,
      src: packet.src,
      anySrc: true,
      tos: packet.tos,
      mark: skb.mark,
      ...(strict ? { oif: skb.dst!.dev } : null),
      ...dissect(host, packet),
    },
    considered,
  );
  emitOutputRoute(host, skb, 'reroute', answer, considered);
  if (!answer.ok) return answer.errno;
  skb.dst = answer.dst;
  return null;
}
