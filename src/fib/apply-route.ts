import {
  type AddVerb,
  addFlags,
  type ChangeError,
  ESRCH,
  exchangeRoute,
  insertRoute4,
  insertRoute6,
  NO_TABLE,
  removeRoute,
} from './change';
import type { Fib } from './fib';
import { makeRoute4, Refusal, tableFor } from './make4';
import { makeRoute6 } from './make6';
import type { RouteRequest } from './parse-route';
import type { FibDevices, Route } from './types';

/** Does what `ip route VERB` asks of the kernel. Answers what `ip` prints if it is refused, else null. */
export function changeRoute(fib: Fib, verb: AddVerb | 'del', request: RouteRequest, devices: FibDevices): ChangeError {
  if (request.dev !== '' && devices.fibDevice(request.dev) === null) return `Cannot find device "${request.dev}"`;
  if (verb === 'del') return fib.family === 4 ? deleteRoute4(fib, request) : deleteRoute6(fib, request);
  if (fib.family === 4) {
    const route = makeRoute4(fib, request, devices);
    if (route instanceof Refusal) return route.message;
    const error = insertRoute4(fib, route, addFlags(verb));
    if (error === null && route.type === 'local') fib.customLocalRoutes = true;
    return error;
  }
  const route = makeRoute6(fib, request, devices);
  if (route instanceof Refusal) return route.message;
  return insertRoute6(fib, route, addFlags(verb), true);
}

/** Kernel: fib_table_delete(), net/ipv4/fib_trie.c */
function deleteRoute4(fib: Fib, request: RouteRequest): ChangeError {
  if (request.prefix.addr !== request.prefix.network) return 'Error: Invalid prefix for given prefix length.';
  const table = fib.tables.get(tableFor(request));
  if (table === undefined) return NO_TABLE;
  const victim = table
    .exact(request.prefix)
    .find(
      (r) =>
        r.tos === request.tos &&
        (request.type === null || r.type === request.type) &&
        (request.scope === null || request.scope === 255 || r.scope === request.scope) &&
        (request.prefsrc === null || r.prefsrc === request.prefsrc) &&
        (request.protocol === null || request.protocol === 0 || r.protocol === request.protocol) &&
        (request.metric === null || request.metric === 0 || r.metric === request.metric) &&
        leadsAs(r, request),
    );
  if (victim === undefined) return ESRCH;
  removeRoute(fib, victim);
  return null;
}

/** Kernel: fib_nh_match() */
function leadsAs(route: Route, request: RouteRequest): boolean {
  if (request.nexthops.length > 0) {
    if (request.nexthops.length !== route.nexthops.length) return false;
    return request.nexthops.every((hop, i) => {
      const n = route.nexthops[i]!;
      return (hop.dev === '' || hop.dev === n.dev) && (hop.gateway === null || hop.gateway === n.gateway);
    });
  }
  if (request.dev === '' && request.gateway === null) return true;
  const n = route.nexthops[0];
  if (n === undefined || (route.nexthops.length > 1 && request.gateway === null && request.dev === '')) return false;
  return (request.dev === '' || request.dev === n.dev) && (request.gateway === null || request.gateway === n.gateway);
}

/** Kernel: ip6_route_del(), net/ipv6/route.c */
function deleteRoute6(fib: Fib, request: RouteRequest): ChangeError {
  const asked = request.nexthops.length > 0 ? request.nexthops : [request];
  for (const hop of asked) {
    const error = deleteHop6(fib, request, hop.dev, hop.gateway);
    if (error !== null) return error;
  }
  return null;
}

function deleteHop6(fib: Fib, request: RouteRequest, dev: string, gateway: string | null): ChangeError {
  const table = fib.tables.get(tableFor(request));
  if (table === undefined) return NO_TABLE;
  for (const route of table.exact(request.prefix)) {
    if ((request.from?.network ?? '') !== (route.from?.network ?? '')) continue;
    if (request.metric && request.metric !== route.metric) continue;
    if (request.protocol && request.protocol !== route.protocol) continue;
    const hop = route.nexthops.find(
      (n) => (dev === '' || n.dev === dev) && (gateway === null || n.gateway === gateway),
    );
    if (hop === undefined) continue;
    if (gateway === null || route.nexthops.length === 1) removeRoute(fib, route);
    else {
      const nexthops = Object.freeze(route.nexthops.filter((n) => n !== hop));
      exchangeRoute(fib, route, Object.freeze({ ...route, nexthops }));
    }
    return null;
  }
  return ESRCH;
}
