import { type Route, routeText, tableText } from '../../fib';
import type { ConsideredRoute, EventBody, HookFamily } from '../../model';
import type { Addr } from '../../wire';
import type { Host } from '../host';
import type { HostSkb } from '../skb';

type RouteEvent = Extract<EventBody, { type: 'route' }>;

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
