import { type FibResult, type Route, routeText, tableText } from '../../fib';
import type { ConsideredRoute, EventOf, HookFamily } from '../../model';
import type { Addr } from '../../wire';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import type { OutputRoute } from './route4-output';

type RouteEvent = EventOf<'route'>;

/** Tells how a packet was routed. */
export function emitRoute(
  host: Host,
  skb: HostSkb,
  kind: RouteEvent['kind'],
  key: { readonly src: Addr; readonly dst: Addr; readonly iif: string; readonly oif: string },
  result: RouteEvent['result'],
  way: { readonly dev: string; readonly gateway: Addr | null; readonly route: Route | null },
  considered: readonly ConsideredRoute[],
  back?: RouteEvent['back'],
): void {
  const family: HookFamily = skb.packet.family === 4 ? 'ip' : 'ip6';
  host.emit(skb, {
    type: 'route',
    family,
    kind,
    ...key,
    result,
    dev: way.dev,
    gateway: way.gateway,
    route: way.route ? routeText(way.route) : '',
    table: way.route ? tableText(way.route.table) : '',
    considered,
    ...(back === undefined ? {} : { back }),
  });
}

/** Tells which way a packet of the host's own goes. */
export function emitOutputRoute(
  host: Host,
  skb: HostSkb,
  kind: 'output' | 'reroute',
  answer: OutputRoute,
  considered: readonly ConsideredRoute[] = [],
): void {
  const { src, dst } = skb.packet;
  const key = { src, dst, iif: '', oif: '' };
  const route = answer.found?.route ?? null;
  if (answer.ok) {
    const { type, dev, gateway } = answer.dst;
    emitRoute(host, skb, kind, key, type === 'anycast' ? 'local' : type, { dev, gateway, route }, considered);
  } else emitRoute(host, skb, kind, key, refusalOf(answer.found), { dev: '', gateway: null, route }, considered);
}

/** What a lookup that found no way says of it. */
export function refusalOf(found: FibResult | null): RouteEvent['result'] {
  if (found === null || found.ok) return 'no-route';
  const said = found.route?.type ?? found.rule?.action ?? '';
  return said === 'unreachable' || said === 'prohibit' || said === 'blackhole' || said === 'throw' ? said : 'no-route';
}
