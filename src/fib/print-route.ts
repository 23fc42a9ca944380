import { type Field, type FieldValue, fieldsText } from '../base';
import { type Addr, compareAddr, type Family, maskAddr, type Prefix } from '../wire';
import { dsfieldText, protocolText, realmText, scopeText, tableText } from './names';
import { type Nexthop, type Route, type RouteMetric, RTPROT, TABLE } from './types';

/** How much is said of a route. */
export interface RouteForm {
  /** The table's name, unless it is main, as `show table all` does. */
  readonly table?: boolean;
  /** -d: what goes without saying, too. */
  readonly details?: boolean;
}

/** A route as `ip route show` prints it, without the line's end. */
export function printRoute(route: Route, table = false): string {
  return fieldsText(routeFields(route, { table }));
}

/** What `ip route show` says of a route. iproute2: print_route(), ip/iproute.c */
export function routeFields(route: Route, { table = false, details = false }: RouteForm): readonly Field[] {
  const { family, metric, nexthops } = route;
  const multi = nexthops.length > 1;
  const only = multi ? undefined : nexthops[0];
  const out: Field[] = [];
  const say = (said: boolean, ...field: Field) => {
    if (said) out.push(field);
  };
  say(details || route.type !== 'unicast', 'type', route.type, `${route.type} `);
  const dst = prefixName(route.prefix);
  out.push(['dst', dst, `${dst} `]);
  if (route.from) out.push(['from', `${route.from.addr}/${route.from.length}`]);
  say(route.tos !== 0, 'tos', dsfieldText(route.tos));
  out.push(...viaFields(family, only?.gateway ?? null));
  if (only?.dev) out.push(['dev', only.dev]);
  say(table && (details || route.table !== TABLE.main), 'table', tableText(route.table));
  const protocol = protocolText(route.protocol);
  say(details || route.protocol !== RTPROT.boot, 'protocol', protocol, `proto ${protocol} `);
  const scope = family === 6 ? 0 : route.scope;
  say(details || scope !== 0, 'scope', scopeText(scope));
  if (route.prefsrc) out.push(['prefsrc', route.prefsrc, `src ${route.prefsrc} `]);
  say(family === 6 || metric !== 0, 'metric', metric);
  out.push(flagsField(only), ...realmFields(only?.realm ?? 0));
  if (route.expires !== null) out.push(['expires', route.expires, `expires ${route.expires}sec `]);
  out.push(...metricFields(route.metrics));
  if (family === 6) out.push(prefField(route.pref));
  if (multi) {
    const hops = nexthops.map((hop) => nexthopFields(family, hop));
    out.push([
      'nexthops',
      hops.map((fields) => ({ fields })),
      hops.map((f) => `\n\tnexthop ${fieldsText(f)}`).join(''),
    ]);
  }
  return out;
}

/** Nothing of a route changes while it stands, and each packet that takes it names it. */
const texts = new WeakMap<Route, string>();

/** A route on one line and without trailing blank, for events. */
export function routeText(route: Route): string {
  const known = texts.get(route);
  if (known !== undefined) return known;
  const text = printRoute(route).trimEnd().replaceAll(/\s+/g, ' ');
  texts.set(route, text);
  return text;
}

function prefixName(prefix: Prefix): string {
  if (prefix.length === 0) return 'default';
  return prefix.length === (prefix.family === 4 ? 32 : 128) ? prefix.network : `${prefix.network}/${prefix.length}`;
}

/** The gateway; IPv4's may be one of IPv6. */
export function viaFields(family: Family, gateway: Addr | null): readonly Field[] {
  if (gateway === null) return [];
  if (family === 6 || !gateway.includes(':')) return [['gateway', gateway, `via ${gateway} `]];
  const fields: Field[] = [
    ['family', 'inet6'],
    ['host', gateway],
  ];
  return [['via', { fields }, `via inet6 ${gateway} `]];
}

function flagsField(hop: Nexthop | undefined): Field {
  const flags = [...(hop?.dead ? ['dead', 'linkdown'] : []), ...(hop?.onlink ? ['onlink'] : [])];
  return ['flags', flags, flags.map((flag) => `${flag} `).join('')];
}

/** Those that the route was given. */
export function metricFields(metrics: Route['metrics']): readonly Field[] {
  if (metrics.length === 0) return [];
  const fields = metrics.map((m): Field => [...metricMember(m), `${m.name} ${m.lock ? 'lock ' : ''}${m.value} `]);
  return [['metrics', [{ fields }], fieldsText(fields)]];
}

/** Times are milliseconds. iproute2: print_rta_metrics() */
function metricMember({ name, value }: RouteMetric): [string, FieldValue] {
  if (name === 'features') return [value, null];
  if (name === 'congctl') return ['congestion', value];
  return [name, Number.parseFloat(value) * (/\ds$/.test(value) ? 1000 : 1)];
}

/** Nothing if there is none. */
export function realmFields(realm: number): readonly Field[] {
  if (realm === 0) return [];
  const [from, to] = [realm >>> 16, realm & 0xffff].map(realmText) as [string, string];
  const fields: Field[] = [['to', to]];
  if (realm >>> 16 === 0) return [['flow', { fields }, `realm ${to} `]];
  return [['flow', { fields: [['from', from], ...fields] }, `realms ${from}/${to} `]];
}

/** How a router of IPv6 is preferred. */
export function prefField(pref: number): Field {
  const name = pref === 0 ? 'medium' : pref > 0 ? 'high' : 'low';
  return ['pref', name, `pref ${name}`];
}

function nexthopFields(family: Family, hop: Nexthop): readonly Field[] {
  return [
    ...viaFields(family, hop.gateway),
    ...realmFields(hop.realm),
    ['dev', hop.dev],
    ['weight', hop.weight],
    flagsField(hop),
  ];
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
