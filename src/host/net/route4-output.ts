import { type FibFlow, type FibResult, flowTo, SCOPE } from '../../fib';
import type { ConsideredRoute, Errno } from '../../model';
import { type Addr, isLimitedBroadcast, isLoopback4, isMulticast, isZeronet } from '../../wire';
import type { Host } from '../host';
import type { RouteDst } from '../skb';
import { fibPrefsrc, inetSelectAddr, ipDevFind } from './addr4';
import { makeDst } from './dst';
import { selectPath } from './multipath';
import { withPmtu } from './pmtu';
import { ruleRealms, setClassTag } from './realms';

export interface OutputKey {
  readonly dst: Addr;
  readonly src?: Addr | null | undefined;
  readonly tos?: number | undefined;
  readonly mark?: number | undefined;
  readonly oif?: string | undefined;
  readonly protocol?: number | undefined;
  readonly sport?: number | undefined;
  readonly dport?: number | undefined;
  readonly uid?: number | undefined;
  /** The source need not be an address of the host (kernel: FLOWI_FLAG_ANYSRC); in IPv6 there need be none. */
  readonly anySrc?: boolean | undefined;
}

export type OutputRoute =
  | { readonly ok: true; readonly dst: RouteDst; readonly src: Addr; readonly found: FibResult | null }
  | { readonly ok: false; readonly errno: Errno; readonly found: FibResult | null };

/** Kernel: ip_route_output_key_hash_rcu(), net/ipv4/route.c */
export function ipRouteOutput(host: Host, key: OutputKey, considered?: ConsideredRoute[]): OutputRoute {
  const fail = (errno: Errno, found: FibResult | null = null): OutputRoute => ({ ok: false, errno, found });
  let src = key.src && key.src !== '0.0.0.0' ? key.src : null;
  let oif = key.oif ?? '';
  const group = isMulticast(key.dst) || isLimitedBroadcast(key.dst);
  if (src !== null) {
    if (isMulticast(src) || isLimitedBroadcast(src) || isZeronet(src)) return fail('EINVAL');
    if (oif === '' && group) {
      const dev = ipDevFind(host, src);
      if (dev === null) return fail('ENETUNREACH');
      return mkrouteOutput(host, key.dst, src, dev, 'unicast', null);
    }
    if (!key.anySrc && ipDevFind(host, src) === null) return fail('ENETUNREACH');
  }
  if (oif !== '') {
    const device = host.devices.get(oif);
    if (!device?.up) return fail('ENETUNREACH');
    if (key.dst.startsWith('224.0.0.') || isLimitedBroadcast(key.dst)) {
      src ??= inetSelectAddr(host, oif, null, SCOPE.link);
      return mkrouteOutput(host, key.dst, src, oif, 'unicast', null);
    }
    if (src === null && isMulticast(key.dst)) src = inetSelectAddr(host, oif, null, SCOPE.global);
  }
  let dst = key.dst;
  if (dst === '0.0.0.0') {
    dst = src ?? '127.0.0.1';
    src ??= '127.0.0.1';
    return mkrouteOutput(host, dst, src, 'lo', 'local', null);
  }
  const flow: FibFlow = flowTo(dst, {
    src,
    tos: key.tos ?? 0,
    mark: key.mark ?? 0,
    oif,
    protocol: key.protocol ?? 0,
    sport: key.sport ?? 0,
    dport: key.dport ?? 0,
    uid: key.uid ?? 0,
  });
  const found = host.fib[4].lookup(flow, host, considered);
  if (!found.ok) {
    if (oif !== '')
      return mkrouteOutput(host, dst, src ?? inetSelectAddr(host, oif, null, SCOPE.link), oif, 'unicast', null);
    return fail(found.error, found);
  }
  if (found.route.type === 'local') {
    src ??= found.route.prefsrc ?? dst;
    oif = 'lo';
    return mkrouteOutput(host, dst, src, oif, 'local', found);
  }
  const hop = selectPath(host, found, { src: src ?? '', dst }, oif);
  src ??= fibPrefsrc(host, found.route, hop.dev, hop.gateway);
  return mkrouteOutput(host, dst, src, hop.dev, found.route.type, { ...found, nexthop: hop });
}

/** Kernel: __mkroute_output(), rt_set_nexthop() */
function mkrouteOutput(
  host: Host,
  dst: Addr,
  src: Addr | null,
  dev: string,
  routeType: string,
  found: Extract<FibResult, { ok: true }> | null,
): OutputRoute {
  const device = host.devices.get(dev)!;
  const loopback = device.kind === 'loopback';
  if (src !== null && isLoopback4(src) && !loopback && !host.confOr(dev, 'route_localnet')) {
    return { ok: false, errno: 'EINVAL', found };
  }
  const type = isLimitedBroadcast(dst) ? 'broadcast' : isMulticast(dst) ? 'multicast' : routeType;
  const joined = type === 'multicast' && host.joined(dev, dst);
  const rtLocal = type === 'broadcast' || (type === 'multicast' ? joined : loopback);
  const rtBroadcast = type === 'broadcast';
  const rtMulticast = type === 'multicast';
  // A broadcast forgets the route that it came of.
  const route = rtBroadcast || (rtMulticast && (found?.route.prefix.length ?? 32) < 4) ? null : (found?.route ?? null);
  const gateway =
    route && !loopback && found!.nexthop.gateway && found!.nexthop.scope === SCOPE.link ? found!.nexthop.gateway : null;
  const made = makeDst(
    host,
    {
      type: rtBroadcast ? 'broadcast' : rtMulticast ? 'multicast' : loopback ? 'local' : 'unicast',
      dev,
      gateway,
      prefsrc: src,
      realm: setClassTag(route ? found!.nexthop.realm : 0, found ? ruleRealms(found) : 0),
      rtLocal,
      rtBroadcast,
      rtMulticast,
      loopsBack: (rtBroadcast || rtMulticast) && rtLocal && !loopback,
    },
    route,
  );
  return {
    ok: true,
    dst: withPmtu(host, dst, made),
    src: src ?? '0.0.0.0',
    found,
  };
}
