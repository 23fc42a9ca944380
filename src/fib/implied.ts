import { type Addr, isLimitedBroadcast, isMulticast, isZeronet, type Prefix } from '../wire';
import { insertRoute4, insertRoute6, removeRoute } from './change';
import type { Fib } from './fib';
import { kernelRoute4 } from './make4';
import { kernelRoute6 } from './make6';
import { type Route, RTPROT, TABLE } from './types';

/** An address of an interface, as the FIB has to know it. */
interface OwnAddress extends Prefix {
  readonly broadcast: Addr | null;
  readonly secondary: boolean;
  /** `noprefixroute`: no route to its network. */
  readonly noPrefixRoute?: boolean;
}

export interface OwnInterface {
  readonly name: string;
  readonly up: boolean;
  readonly loopback: boolean;
  /** IPv6 runs on it. */
  readonly ipv6: boolean;
  /** net.ipv6.conf.*.forwarding: then the address of each network with no host bits is anycast. */
  readonly forwarding6: boolean;
  readonly addresses: readonly OwnAddress[];
  /** Its last IPv4 address has just gone. */
  readonly lost4: boolean;
}

function impliedRoutes4(iface: OwnInterface): readonly Route[] {
  const own = iface.addresses.filter((a) => a.family === 4);
  const network = (a: OwnAddress) => `${a.network}/${a.length}`;
  const primaries = new Map(own.filter((a) => !a.secondary).map((a) => [network(a), a]));
  return own.flatMap((a) => impliedBy4(iface, a, a.secondary ? primaries.get(network(a)) : a));
}

/** Those of one address, and of the first one of its network. Kernel: fib_add_ifaddr(), net/ipv4/fib_frontend.c */
function impliedBy4(iface: OwnInterface, a: OwnAddress, primary: OwnAddress | undefined): readonly Route[] {
  const routes: Route[] = [];
  if (primary === undefined) return routes;
  const add = (type: 'local' | 'broadcast' | 'unicast', dst: Addr, length: number) => {
    if (isSource(primary.addr) || (type === 'local' && dst === primary.addr)) {
      routes.push(kernelRoute4(type, dst, length, iface.name, primary.addr));
    }
  };
  add('local', a.addr, 32);
  if (!iface.up) return routes;
  if (a.broadcast !== null && a.broadcast !== '255.255.255.255') add('broadcast', a.broadcast, 32);
  if (a.secondary || isZeronet(a.network) || (a.network === a.addr && a.length === 32)) return routes;
  if (!a.noPrefixRoute) add(iface.loopback ? 'local' : 'unicast', a.network, a.length);
  if (a.length < 31) add('broadcast', lastOf(a), 32);
  return routes;
}

/** What is never the address of one host is the source of no route but its own. Kernel: fib_valid_prefsrc() */
function isSource(addr: Addr): boolean {
  return !isZeronet(addr) && !isMulticast(addr) && !isLimitedBroadcast(addr);
}

function lastOf(a: Prefix): Addr {
  const size = 2 ** (32 - a.length);
  const n = a.network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + size - 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
}

/** Kernel: addrconf_add_mroute(), net/ipv6/addrconf.c */
function impliedRoutes6(iface: OwnInterface): readonly Route[] {
  if (!iface.ipv6 || !iface.up) return [];
  const routes = iface.addresses.filter((a) => a.family === 6).flatMap((a) => impliedBy6(iface, a));
  if (!iface.loopback) routes.push(kernelRoute6('multicast', 'ff00::', 8, iface.name, 256, TABLE.local));
  return routes;
}

/** Those of one address. Kernel: addrconf_prefix_route(), addrconf_f6i_alloc(), addrconf_join_anycast(), net/ipv6/addrconf.c */
function impliedBy6(iface: OwnInterface, a: OwnAddress): Route[] {
  if (!iface.ipv6 || !iface.up) return [];
  const routes = [kernelRoute6('local', a.addr, 128, iface.name, 0, TABLE.local)];
  if (!a.noPrefixRoute) routes.push(kernelRoute6('unicast', a.network, a.length, iface.name, 256, TABLE.main));
  if (iface.forwarding6 && a.length < 127 && !isMulticast(a.addr)) {
    routes.push(kernelRoute6('anycast', a.network, 128, iface.name, 0, TABLE.local));
  }
  return routes;
}

/** An interface that has others already has one more address: its routes come, and all else stays. `primary`: the first of its network. */
export function addImplied(fib: Fib, iface: OwnInterface, address: OwnAddress, primary: OwnAddress = address): void {
  const routes = fib.family === 4 ? impliedBy4(iface, address, primary) : impliedBy6(iface, address);
  for (const route of routes) insertImplied(fib, route);
}

/** As the kernel puts in its own. */
function insertImplied(fib: Fib, route: Route): void {
  const flags = { create: true, exclusive: false, replace: false, append: true };
  if (fib.family === 4) insertRoute4(fib, route, flags);
  else insertRoute6(fib, route, flags, false);
}

/**
 * Brings the routes that an interface and its addresses imply up to date: what is no longer implied goes, what is new
 * comes. An interface that has gone down, or lost its last IPv4 address, takes its other routes along. `comes`: false where an
 * address only went, which brings no route back that was deleted.
 *
 * Kernel: fib_inetaddr_event(), fib_netdev_event(), net/ipv4/fib_frontend.c
 */
export function syncImplied(fib: Fib, iface: OwnInterface, comes = true): void {
  const wanted = fib.family === 4 ? impliedRoutes4(iface) : impliedRoutes6(iface);
  const key = (r: Route) => `${r.type} ${r.prefix.network}/${r.prefix.length} ${r.prefsrc} ${r.metric}`;
  const missing = new Map(wanted.map((r) => [key(r), r]));
  const gone = !iface.up || (fib.family === 4 ? iface.lost4 : !iface.ipv6);
  for (const route of [...fib.routes()]) {
    const uses = route.nexthops.some((n) => n.dev === iface.name);
    if (!uses) continue;
    const implied = route.protocol === RTPROT.kernel && route.nexthops.length === 1 && missing.has(key(route));
    if (implied) missing.delete(key(route));
    else if (gone || isImplied(route)) setDead(fib, route, iface.name, true);
    else if (route.nexthops.some((n) => n.dead && n.dev === iface.name)) setDead(fib, route, iface.name, false);
  }
  if (comes) for (const route of missing.values()) insertImplied(fib, route);
}

/** Whether a route looks like one that the kernel made for an address. */
function isImplied(route: Route): boolean {
  if (route.protocol !== RTPROT.kernel || route.nexthops[0]?.gateway !== null) return false;
  return route.family === 4 ? route.metric === 0 && route.tos === 0 : route.metric === 0 || route.metric === 256;
}

/**
 * A route of several ways loses this one, for as long as any other is alive, or has it back.
 *
 * Kernel: fib_sync_down_dev(), fib_sync_up()
 */
function setDead(fib: Fib, route: Route, dev: string, dead: boolean): void {
  const nexthops = route.nexthops.map((n) => (n.dev === dev ? Object.freeze({ ...n, dead }) : n));
  removeRoute(fib, route);
  if (nexthops.every((n) => n.dead)) return;
  insertImplied(fib, Object.freeze({ ...route, nexthops: Object.freeze(nexthops) }));
}

/** Routes that preferred an address as their source go with it (IPv4), or forget it (IPv6). Kernel: fib_sync_down_addr() */
export function forgetAddress(fib: Fib, addr: Addr): void {
  for (const route of [...fib.routes()]) {
    if (route.prefsrc !== addr) continue;
    removeRoute(fib, route);
    if (fib.family === 6) insertImplied(fib, Object.freeze({ ...route, prefsrc: null }));
  }
}
