import { compareAddr, maskAddr, type Prefix } from '../wire';
import { dsfieldText, protocolText, realmText, scopeText, tableText } from './names';
import { type Nexthop, type Route, RTPROT, TABLE } from './types';

/**
 * A route as `ip route show` prints it, without the line's end. `table`: print the table's name unless it is main, as
 * `show table all` does.
 *
 * iproute2: print_route(), ip/iproute.c
 */
export function printRoute(route: Route, table = false): string {
  const multi = route.nexthops.length > 1;
  const only = multi ? null : (route.nexthops[0] ?? null);
  let out = route.type === 'unicast' ? '' : `${route.type} `;
  out += `${prefixName(route.prefix)} `;
  if (route.from) out += `from ${route.from.addr}/${route.from.length} `;
  if (route.tos !== 0) out += `tos ${dsfieldText(route.tos)} `;
  if (only?.gateway) out += viaText(route, only);
  if (only && only.dev !== '') out += `dev ${only.dev} `;
  if (table && route.table !== TABLE.main) out += `table ${tableText(route.table)} `;
  if (route.protocol !== RTPROT.boot) out += `proto ${protocolText(route.protocol)} `;
  if (route.family === 4 && route.scope !== 0) out += `scope ${scopeText(route.scope)} `;
  if (route.prefsrc) out += `src ${route.prefsrc} `;
  if (route.family === 6 || route.metric !== 0) out += `metric ${route.metric} `;
  if (only) out += flagsText(only);
  if (only) out += realmsText(only.realm);
  out += metricsText(route);
  if (route.family === 6) {
    if (route.expires !== null) out += `expires ${route.expires}sec `;
    out += `pref ${route.pref === 0 ? 'medium' : route.pref > 0 ? 'high' : 'low'}`;
  }
  if (multi) for (const nexthop of route.nexthops) out += `\n\tnexthop ${nexthopText(route, nexthop)}`;
  return out;
}

/** A route on one line and without trailing blank, for events. */
export function routeText(route: Route): string {
  return printRoute(route).trimEnd().replaceAll(/\s+/g, ' ');
}

function prefixName(prefix: Prefix): string {
  if (prefix.length === 0) return 'default';
  return prefix.length === (prefix.family === 4 ? 32 : 128) ? prefix.network : `${prefix.network}/${prefix.length}`;
}

function viaText(route: Route, nexthop: Nexthop): string {
  const other = route.family === 4 && nexthop.gateway!.includes(':');
  return `via ${other ? 'inet6 ' : ''}${nexthop.gateway} `;
}

function flagsText(nexthop: Nexthop): string {
  return `${nexthop.dead ? 'dead linkdown ' : ''}${nexthop.onlink ? 'onlink ' : ''}`;
}

/** Those that the route was given, each with a blank behind. */
export function metricsText(route: Pick<Route, 'metrics'>): string {
  return route.metrics.map((m) => `${m.name} ${m.lock ? 'lock ' : ''}${m.value} `).join('');
}

/** Nothing if there is none. */
export function realmsText(realm: number): string {
  if (realm === 0) return '';
  const [from, to] = [realm >>> 16, realm & 0xffff];
  return from === 0 ? `realm ${realmText(to)} ` : `realms ${realmText(from)}/${realmText(to)} `;
}

function nexthopText(route: Route, nexthop: Nexthop): string {
  const via = nexthop.gateway ? viaText(route, nexthop) : '';
  return `${via}dev ${nexthop.dev} weight ${nexthop.weight} ${realmsText(nexthop.realm)}${flagsText(nexthop)}`;
}

/** The order in which the kernel dumps tables, and the routes of one. */
export function compareRoutes(a: Route, b: Route): number {
  const tables = (a.table & 255) - (b.table & 255) || b.table - a.table;
  if (tables !== 0) return tables;
  return a.family === 4 ? compare4(a, b) : compare6(a, b);
}

/** By network, then the longer prefix first. Kernel: fib_table_dump() */
function compare4(a: Route, b: Route): number {
  return compareAddr(a.prefix.network, b.prefix.network) || b.prefix.length - a.prefix.length;
}

/** What lies under a prefix comes before it. Kernel: fib6_walk_continue() */
function compare6(a: Route, b: Route): number {
  const [p, q] = [a.prefix, b.prefix];
  if (p.length === q.length) return compareAddr(p.network, q.network);
  const [short, long, sign] = p.length < q.length ? [p, q, 1] : [q, p, -1];
  return inside(short, long) ? sign : compareAddr(p.network, q.network);
}

function inside(short: Prefix, long: Prefix): boolean {
  return short.length === 0 || short.network === maskAddr(long.network, short.length);
}
