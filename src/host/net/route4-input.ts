import { type FibResult, flowTo, routeText, SCOPE } from '../../fib';
import type { ConsideredRoute, Errno, EventOf } from '../../model';
import { IPPROTO, isLimitedBroadcast, isLoopback4, isMulticast, isZeronet, prefixContains } from '../../wire';
import type { Host } from '../host';
import type { HostSkb, RouteDst } from '../skb';
import { inetLookupIfaddr } from './addr4';
import { makeDst } from './dst';
import { dissect } from './flow';
import { selectPath } from './multipath';
import { withPmtu } from './pmtu';
import { ruleRealms, setClassTag, sourceRealms } from './realms';
import { emitRoute, refusalOf } from './route-event';

type RouteEvent = EventOf<'route'>;
type RouteResult = RouteEvent['result'];

/** Finds out what becomes of a packet that came in. Null if it has a way, else the reason why it is dropped. */
export function ipRouteInput(host: Host, skb: HostSkb, dev: string): string | null {
  const { packet } = skb;
  const notes: Notes = { considered: [] };
  const answer = isMulticast(packet.dst)
    ? routeInputMulticast(host, skb, dev, notes)
    : ipRouteInputSlow(host, skb, dev, notes);
  const { src, dst } = packet;
  const key = { src, dst, iif: dev, oif: '' };
  const found = answer.found;
  const way = { dev: answer.dst?.dev ?? '', gateway: answer.dst?.gateway ?? null, route: found?.route ?? null };
  emitRoute(host, skb, 'input', key, answer.result, way, notes.considered, notes.back);
  skb.dst = answer.dst;
  return answer.dst ? null : answer.reason;
}

/** What a lookup looked at, for those who want to see it. */
interface Notes {
  readonly considered: ConsideredRoute[];
  /** The check of the source. */
  back?: NonNullable<RouteEvent['back']>;
}

interface InputRoute {
  readonly dst: RouteDst | null;
  readonly result: RouteResult;
  readonly reason: string;
  readonly found: FibResult | null;
}

function martian(result: RouteResult, reason: string, found: FibResult | null = null): InputRoute {
  return { dst: null, result, reason, found };
}

function localInput(
  host: Host,
  dev: string,
  members: Partial<RouteDst>,
  found: FibResult | null,
  result: RouteResult,
): InputRoute {
  const dst = makeDst(host, { type: 'local', dev, input: true, rtLocal: true, ...members }, null);
  return { dst, result, reason: '', found };
}

/** Kernel: ip_route_input_rcu(), ip_route_input_mc(), ip_mc_validate_source(), net/ipv4/route.c */
function routeInputMulticast(host: Host, skb: HostSkb, dev: string, notes: Notes): InputRoute {
  const { src, dst } = skb.packet;
  if (!host.joined(dev, dst)) return martian('no-route', 'IP_INNOROUTES');
  if (isMulticast(src) || isLimitedBroadcast(src)) return martian('martian-source', 'IP_INVALID_SOURCE');
  if (isLoopback4(src) && !host.confOr(dev, 'route_localnet')) return martian('martian-source', 'IP_INVALID_SOURCE');
  let realm = 0;
  if (isZeronet(src)) {
    if (!dst.startsWith('224.0.0.') && skb.packet.protocol !== IPPROTO.igmp)
      return martian('martian-source', 'IP_INVALID_SOURCE');
  } else {
    const checked = fibValidateSource(host, skb, null, '', dev, notes);
    if ('reason' in checked) return martian(checked.result, checked.reason);
    realm = checked.itag;
  }
  return localInput(host, dev, { type: 'multicast', rtMulticast: true, realm }, null, 'multicast');
}

/** Kernel: ip_route_input_slow(), net/ipv4/route.c */
function ipRouteInputSlow(host: Host, skb: HostSkb, dev: string, notes: Notes): InputRoute {
  const { src, dst } = skb.packet;
  if (isMulticast(src) || isLimitedBroadcast(src)) return martian('martian-source', 'IP_INVALID_SOURCE');
  if (isLimitedBroadcast(dst) || (src === '0.0.0.0' && dst === '0.0.0.0'))
    return broadcastInput(host, skb, dev, notes, null);
  if (isZeronet(src)) return martian('martian-source', 'IP_INVALID_SOURCE');
  if (isZeronet(dst)) return martian('martian-destination', 'IP_INVALID_DEST');
  if (isLoopback4(dst)) {
    if (!host.confOr(dev, 'route_localnet')) return martian('martian-destination', 'IP_LOCALNET');
  } else if (isLoopback4(src) && !host.confOr(dev, 'route_localnet')) {
    return martian('martian-source', 'IP_LOCALNET');
  }
  const flow = flowTo(dst, { src, tos: skb.packet.tos, mark: skb.mark, iif: dev, ...dissect(host, skb.packet) });
  const found = host.fib[4].lookup(flow, host, notes.considered);
  const forwarding = host.conf(dev, 'forwarding') !== 0;
  if (!found.ok) return noRoute(host, dev, forwarding ? found.error : 'EHOSTUNREACH', found);
  const { type } = found.route;
  if (type === 'broadcast') {
    if (host.confAnd(dev, 'bc_forwarding')) return mkrouteInput(host, skb, dev, notes, found);
    return broadcastInput(host, skb, dev, notes, found);
  }
  if (type === 'local') {
    const checked = fibValidateSource(host, skb, dst, '', dev, notes);
    if ('reason' in checked) return martian(checked.result, checked.reason, found);
    return localInput(host, dev, { realm: checked.itag }, found, 'local');
  }
  if (!forwarding) return noRoute(host, dev, 'EHOSTUNREACH', found);
  if (type !== 'unicast') return martian('martian-destination', 'IP_INVALID_DEST', found);
  return mkrouteInput(host, skb, dev, notes, found);
}

function broadcastInput(host: Host, skb: HostSkb, dev: string, notes: Notes, found: FibResult | null): InputRoute {
  let realm = 0;
  if (!isZeronet(skb.packet.src)) {
    const checked = fibValidateSource(host, skb, null, '', dev, notes);
    if ('reason' in checked) return martian(checked.result, checked.reason, found);
    realm = checked.itag;
  }
  return localInput(host, dev, { type: 'broadcast', rtBroadcast: true, realm }, found, 'broadcast');
}

/** A packet without a way is handed to ip_error(), which may answer. */
function noRoute(host: Host, dev: string, errno: Errno, found: FibResult | null): InputRoute {
  const dst = makeDst(host, { type: 'unicast', dev, input: true, error: errno }, null);
  return { dst, result: refusalOf(found), reason: 'IP_INNOROUTES', found };
}

/** Kernel: __mkroute_input(), net/ipv4/route.c */
function mkrouteInput(
  host: Host,
  skb: HostSkb,
  dev: string,
  notes: Notes,
  found: Extract<FibResult, { ok: true }>,
): InputRoute {
  const { src, dst } = skb.packet;
  const hop = selectPath(host, found, skb.packet, '');
  const checked = fibValidateSource(host, skb, dst, hop.dev, dev, notes);
  if ('reason' in checked) return martian(checked.result, checked.reason, found);
  const viaGateway = hop.gateway !== null && hop.scope === SCOPE.link;
  const redirect =
    hop.dev === dev &&
    checked.direct &&
    host.confOr(dev, 'send_redirects') &&
    (host.confOr(dev, 'shared_media') || onlink(host, dev, src, viaGateway ? hop.gateway : null));
  const members: Partial<RouteDst> = {
    type: found.route.type === 'broadcast' ? 'broadcast' : 'unicast',
    dev: hop.dev,
    gateway: viaGateway ? hop.gateway : null,
    realm: setClassTag(setClassTag(hop.realm, ruleRealms(found)), checked.itag),
    forward: true,
    input: true,
    redirect,
  };
  const made = withPmtu(host, dst, makeDst(host, members, found.route));
  return { dst: made, result: 'unicast', reason: '', found: { ...found, nexthop: hop } };
}

/** Whether `a`, and `b` if there is one, belong to one network of the interface. Kernel: inet_addr_onlink() */
function onlink(host: Host, dev: string, a: string, b: string | null): boolean {
  const nets = host.devices.get(dev)!.of(4);
  return nets.some((net) => prefixContains(net, a) && (b === null || prefixContains(net, b)));
}

interface BadSource {
  readonly result: RouteResult;
  readonly reason: string;
}

interface GoodSource {
  /** The source is a direct neighbour on the interface. */
  readonly direct: boolean;
  /** Realms that the route back gives the packet. */
  readonly itag: number;
}

const ANY_SOURCE: GoodSource = Object.freeze({ direct: false, itag: 0 });

/**
 * Would an answer to this source leave by the interface that the packet came in by?
 *
 * Kernel: fib_validate_source(), __fib_validate_source(), net/ipv4/fib_frontend.c
 *
 * @param dst the packet's destination; null for broadcasts
 * @param oif where it will leave, '' if it stays
 * @param notes is told of the lookup
 */
function fibValidateSource(
  host: Host,
  skb: HostSkb,
  dst: string | null,
  oif: string,
  dev: string,
  notes?: Notes,
): GoodSource | BadSource {
  const { packet } = skb;
  const { src } = packet;
  const rpf = host.confMax(dev, 'rp_filter');
  const fib = host.fib[4];
  const acceptLocal = host.confOr(dev, 'accept_local');
  const localSource: BadSource = { result: 'martian-source', reason: 'IP_LOCAL_SOURCE' };
  if (rpf === 0 && !fib.realmsInUse() && (dev !== oif || !host.confOr(dev, 'send_redirects'))) {
    if (acceptLocal) return ANY_SOURCE;
    if (!fib.customLocalRoutes && !fib.customRules) {
      return inetLookupIfaddr(host, src) === null ? ANY_SOURCE : localSource;
    }
  }
  const rpFailed: BadSource = { result: 'rp-filter', reason: 'IP_RPFILTER' };
  const seen = dissect(host, packet);
  const flow = flowTo(src, {
    src: dst,
    tos: packet.tos,
    mark: host.confOr(dev, 'src_valid_mark') ? skb.mark : 0,
    iif: oif || 'lo',
    protocol: seen.protocol,
    sport: seen.dport,
    dport: seen.sport,
  });
  const considered: ConsideredRoute[] = [];
  const found = fib.lookup(flow, host, notes && considered);
  if (notes) {
    const [back, route] = found.ok ? [found.nexthop.dev, routeText(found.route)] : ['', ''];
    notes.back = { rpFilter: rpf, dev: back, route, considered };
  }
  if (!found.ok) return rpf ? rpFailed : ANY_SOURCE;
  const { type } = found.route;
  if (type !== 'unicast') {
    if (type !== 'local') return { result: 'martian-source', reason: 'IP_INVALID_SOURCE' };
    if (!acceptLocal) return localSource;
  }
  const uses = found.route.nexthops.some((n) => n.dev === dev) || (type === 'local' && dev === 'lo');
  const itag = sourceRealms(found);
  if (uses) return { direct: found.nexthop.scope >= SCOPE.host, itag };
  if (host.devices.get(dev)!.of(4).length === 0) return rpf ? rpFailed : ANY_SOURCE;
  if (rpf === 1) return rpFailed;
  const again = fib.lookup({ ...flow, oif: dev }, host);
  return { direct: again.ok && again.route.type === 'unicast' && again.nexthop.scope >= SCOPE.host, itag };
}
