import { type Addr, isMulticast, isZeronet, makePrefix } from '../wire';
import { type Fib, flowTo } from './fib';
import { fibTableLookup } from './lookup4';
import { nexthopDevice6 } from './make6';
import type { NexthopRequest, RouteRequest } from './parse-route';
import {
  type FibDevices,
  type Nexthop,
  type Route,
  type RouteMetric,
  type RouteType,
  RTPROT,
  SCOPE,
  TABLE,
  TCP_CONGESTION,
} from './types';

/** What the kernel says about a request that it refuses, as `ip` prints it. */
export class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** An error with words of its own (extended acknowledgement), or one that is only a number. */
export const refuse = (message: string) => new Refusal(`Error: ${message}`);
export const errno = (name: string) => new Refusal(`RTNETLINK answers: ${name}`);

export const LEADS_NOWHERE: readonly RouteType[] = ['blackhole', 'unreachable', 'prohibit', 'throw'];

/** The table that a request means. iproute2: iproute_modify() */
export function tableFor(request: RouteRequest): number {
  if (request.table !== null && request.table !== 0) return request.table;
  const { type } = request;
  return type === 'local' || type === 'broadcast' || type === 'nat' || type === 'anycast' ? TABLE.local : TABLE.main;
}

/** The scope that a request means, if it adds. */
function scopeFor(request: RouteRequest): number {
  if (request.scope !== null) return request.scope;
  const type = request.type ?? 'unicast';
  if (type === 'local' || type === 'nat') return SCOPE.host;
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return SCOPE.link;
  return type === 'unicast' && request.gateway === null && request.nexthops.length === 0 ? SCOPE.link : SCOPE.global;
}

/**
 * The IPv4 route that a request describes, or why the kernel refuses it.
 *
 * Kernel: fib_create_info(), fib_check_nh(), net/ipv4/fib_semantics.c; rtm_to_fib_config()
 */
export function makeRoute4(fib: Fib, request: RouteRequest, devices: FibDevices): Route | Refusal {
  const type = request.type ?? 'unicast';
  const scope = scopeFor(request);
  const table = tableFor(request);
  const { prefix } = request;
  if ((request.tos & 3) !== 0) return refuse('Invalid dsfield (tos): ECN bits must be 0.');
  const gone = missingDevice(request, devices);
  if (gone !== null) return gone;
  if (prefix.addr !== prefix.network) return refuse('Invalid prefix for given prefix length.');
  if (scope > SCOPE.host) return refuse('Invalid scope.');
  if (leastScope(type) > scope) return refuse('Invalid scope.');
  const unknown = checkMetrics(request.metrics);
  if (unknown !== null) return unknown;
  const nexthops = nexthopsFor(fib, request, type, scope, table, devices);
  if (nexthops instanceof Refusal) return nexthops;
  if (request.prefsrc && !validPrefsrc(fib, request, table)) return refuse('Invalid prefsrc address.');
  return Object.freeze({
    family: 4,
    type,
    prefix: Object.freeze({ ...prefix, addr: prefix.network }),
    from: null,
    tos: request.tos,
    metric: request.metric ?? 0,
    table,
    protocol: request.protocol ?? RTPROT.boot,
    scope,
    prefsrc: request.prefsrc,
    nexthops: Object.freeze(nexthops),
    metrics: Object.freeze([...request.metrics]),
    pref: 0,
    expires: null,
  });
}

/** `ip` looks for each device before it asks the kernel. */
export function missingDevice(request: RouteRequest, devices: FibDevices): Refusal | null {
  const isGone = ({ dev }: { readonly dev: string }): boolean => dev !== '' && devices.fibDevice(dev) === null;
  const gone = [request, ...request.nexthops].find(isGone);
  if (gone === undefined) return null;
  const more = gone === request ? '' : '\nError: cannot parse nexthop';
  return new Refusal(`Cannot find device "${gone.dev}"${more}`);
}

/** Kernel: ip_metrics_convert(), net/ipv4/metrics.c */
export function checkMetrics(metrics: readonly RouteMetric[]): Refusal | null {
  const unknown = metrics.some(({ name, value }) => name === 'congctl' && !TCP_CONGESTION.includes(value));
  return unknown ? refuse('Unknown tcp congestion algorithm.') : null;
}

/** Kernel: fib_props[].scope */
function leastScope(type: RouteType): number {
  if (type === 'local') return SCOPE.host;
  if (type === 'nat') return SCOPE.nowhere;
  return type === 'broadcast' || type === 'anycast' ? SCOPE.link : SCOPE.global;
}

function nexthopsFor(
  fib: Fib,
  request: RouteRequest,
  type: RouteType,
  scope: number,
  table: number,
  devices: FibDevices,
): readonly Nexthop[] | Refusal {
  const asked: readonly NexthopRequest[] =
    request.nexthops.length > 0
      ? request.nexthops
      : [{ gateway: request.gateway, dev: request.dev, weight: 1, onlink: request.onlink, realm: request.realm }];
  if (LEADS_NOWHERE.includes(type)) {
    if (request.gateway !== null || request.dev !== '' || request.nexthops.length > 0) {
      return refuse('Gateway, device and multipath can not be specified for this route type.');
    }
    return [];
  }
  if (scope === SCOPE.host) {
    if (asked.length !== 1) return refuse('Route with host scope can not have multiple nexthops.');
    if (asked[0]!.gateway !== null) return refuse('Route with host scope can not have a gateway.');
    if (asked[0]!.dev === '') return errno('No such device');
    return [nexthop(asked[0]!, asked[0]!.dev, SCOPE.nowhere)];
  }
  const made: Nexthop[] = [];
  for (const hop of asked) {
    const checked = hop.gateway === null ? checkDevice(hop, devices) : checkGateway(fib, hop, scope, table, devices);
    if (checked instanceof Refusal) return checked;
    made.push(checked);
  }
  return made;
}

function nexthop(hop: NexthopRequest, dev: string, scope: number): Nexthop {
  const { gateway, weight, onlink, realm } = hop;
  return Object.freeze({ gateway, dev, weight, onlink, realm, scope, dead: false });
}

/** Kernel: fib_check_nh_nongw() */
function checkDevice(hop: NexthopRequest, devices: FibDevices): Nexthop | Refusal {
  if (hop.onlink) return refuse('Invalid flags for nexthop - PERVASIVE and ONLINK can not be set.');
  if (hop.dev === '') return errno('No such device');
  if (!devices.fibDevice(hop.dev)!.up) return refuse('Device for nexthop is not up.');
  return nexthop(hop, hop.dev, SCOPE.host);
}

/** Kernel: fib_check_nh_v4_gw(), fib_check_nh_v6_gw() */
function checkGateway(
  fib: Fib,
  hop: NexthopRequest,
  scope: number,
  table: number,
  devices: FibDevices,
): Nexthop | Refusal {
  const gateway = hop.gateway!;
  if (gateway.includes(':')) {
    const dev = nexthopDevice6(devices.fib[6], hop, table, devices);
    return dev instanceof Refusal ? dev : nexthop(hop, dev, SCOPE.link);
  }
  if (hop.onlink) {
    if (scope >= SCOPE.link) return refuse('Nexthop has invalid scope.');
    if (hop.dev === '') return refuse('Nexthop device required for onlink.');
    if (!devices.fibDevice(hop.dev)!.up) return refuse('Nexthop device is not up.');
    const type = addrType4(fib, gateway);
    if (type !== 'unicast') return refuse('Nexthop has invalid gateway.');
    return nexthop(hop, hop.dev, SCOPE.link);
  }
  // It is looked up among routes that are nearer than the one to be made.
  const flow = flowTo(gateway, { scope: Math.max(scope + 1, SCOPE.link), oif: hop.dev });
  const own = table !== TABLE.main ? fib.tables.get(table) : undefined;
  let found = own ? fibTableLookup(fib, [own], flow) : 'again';
  if (found === 'again' || !found.ok) found = fib.lookup(flow, devices);
  if (!found.ok) return refuse('Nexthop has invalid gateway.');
  const { route } = found;
  if (route.type !== 'unicast' && route.type !== 'local') return refuse('Nexthop has invalid gateway.');
  const dev = found.nexthop.dev;
  if (!devices.fibDevice(dev)?.up) return errno('Network is down');
  return nexthop(hop, dev, route.scope);
}

/** Kernel: inet_addr_type_table(), net/ipv4/fib_frontend.c */
export function addrType4(fib: Fib, addr: Addr, tableId: number = TABLE.local, dev = ''): RouteType {
  if (isZeronet(addr) || addr === '255.255.255.255') return 'broadcast';
  if (isMulticast(addr)) return 'multicast';
  const found = fibTableLookup(fib, fib.searched(tableId), flowTo(addr));
  if (found === 'again' || !found.ok) return 'unicast';
  return dev === '' || found.nexthop.dev === dev ? found.route.type : 'unicast';
}

/** Kernel: fib_valid_prefsrc() */
function validPrefsrc(fib: Fib, request: RouteRequest, table: number): boolean {
  const src = request.prefsrc!;
  if (request.type === 'local' && request.prefix.length === 32 && request.prefix.network === src) return true;
  const first = table === TABLE.main ? TABLE.local : table;
  return addrType4(fib, src, first) === 'local' || addrType4(fib, src) === 'local';
}

/** A route that the kernel itself makes for an address. Kernel: fib_magic() */
export function kernelRoute4(type: RouteType, dst: Addr, length: number, dev: string, src: Addr): Route {
  const nowhere = type === 'local';
  return Object.freeze({
    family: 4,
    type,
    prefix: Object.freeze(makePrefix(dst, length)),
    from: null,
    tos: 0,
    metric: 0,
    table: type === 'unicast' ? TABLE.main : TABLE.local,
    protocol: RTPROT.kernel,
    scope: nowhere ? SCOPE.host : SCOPE.link,
    prefsrc: src,
    nexthops: Object.freeze([
      Object.freeze({
        gateway: null,
        dev,
        weight: 1,
        onlink: false,
        realm: 0,
        scope: nowhere ? SCOPE.nowhere : SCOPE.host,
        dead: false,
      }),
    ]),
    metrics: Object.freeze([]),
    pref: 0,
    expires: null,
  });
}
