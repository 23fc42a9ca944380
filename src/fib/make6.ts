import { type Addr, isLinkLocal, isMulticast, makePrefix } from '../wire';
import { type Fib, flowTo } from './fib';
import { checkMetrics, errno, LEADS_NOWHERE, missingDevice, Refusal, refuse, tableFor } from './make4';
import type { NexthopRequest, RouteRequest } from './parse-route';
import { type FibDevices, type FibResult, type Nexthop, type Route, type RouteType, RTPROT } from './types';

/**
 * The IPv6 route that a request describes, or why the kernel refuses it.
 *
 * Kernel: ip6_route_info_create(), fib6_nh_init(), ip6_validate_gw(), net/ipv6/route.c
 */
export function makeRoute6(fib: Fib, request: RouteRequest, devices: FibDevices): Route | Refusal {
  const type = request.type ?? 'unicast';
  const table = tableFor(request);
  if (request.tos !== 0) return refuse('Invalid dsfield (tos): option not available for IPv6.');
  const gone = missingDevice(request, devices);
  if (gone !== null) return gone;
  const unknown = checkMetrics(request.metrics);
  if (unknown !== null) return unknown;
  const nexthops = nexthops6(fib, request, type, table, devices);
  if (nexthops instanceof Refusal) return nexthops;
  const dev = nexthops[0]!.dev;
  if (request.prefsrc && !devices.fibLocal(request.prefsrc, isLinkLocal(request.prefsrc) ? dev : undefined)) {
    return refuse('Invalid source address.');
  }
  return Object.freeze({
    family: 6,
    type,
    prefix: Object.freeze({ ...request.prefix, addr: request.prefix.network }),
    from: request.from && request.from.length > 0 ? request.from : null,
    tos: 0,
    metric: request.metric || 1024,
    table,
    protocol: request.protocol ?? RTPROT.boot,
    scope: 0,
    prefsrc: request.prefsrc,
    nexthops: Object.freeze(nexthops),
    metrics: Object.freeze([...request.metrics]),
    pref: request.pref,
    expires: request.expires,
  });
}

function nexthops6(
  fib: Fib,
  request: RouteRequest,
  type: RouteType,
  table: number,
  devices: FibDevices,
): readonly Nexthop[] | Refusal {
  if (LEADS_NOWHERE.includes(type))
    return [hop6({ gateway: null, dev: 'lo', weight: 1, onlink: false, realm: 0 }, 'lo')];
  const asked: readonly NexthopRequest[] =
    request.nexthops.length > 0
      ? request.nexthops
      : [{ gateway: request.gateway, dev: request.dev, weight: 1, onlink: request.onlink, realm: 0 }];
  const made: Nexthop[] = [];
  for (const hop of asked) {
    const dev = nexthopDevice6(fib, hop, table, devices);
    if (dev instanceof Refusal) return dev;
    made.push(hop6(hop, dev));
  }
  return made;
}

/** The interface that a nexthop leads to. Kernel: fib6_nh_init(), net/ipv6/route.c */
export function nexthopDevice6(fib: Fib, hop: NexthopRequest, table: number, devices: FibDevices): string | Refusal {
  const dev = hop.gateway === null ? hop.dev : gatewayDevice(fib, hop, table, devices);
  if (dev instanceof Refusal) return dev;
  if (dev === '') return errno('No such device');
  if (!devices.fibDevice(dev)!.ipv6) return refuse('IPv6 is disabled on nexthop device.');
  return devices.fibDevice(dev)!.up ? dev : refuse('Nexthop device is not up.');
}

function hop6(hop: NexthopRequest, dev: string): Nexthop {
  const { gateway, weight, onlink } = hop;
  return Object.freeze({ gateway, dev, weight, onlink, realm: 0, scope: 0, dead: false });
}

function gatewayDevice(fib: Fib, hop: NexthopRequest, table: number, devices: FibDevices): string | Refusal {
  const gateway = hop.gateway!;
  if (hop.onlink && hop.dev === '') return refuse('Nexthop device required for onlink.');
  const linkLocal = isLinkLocal(gateway);
  if (devices.fibLocal(gateway, linkLocal && hop.dev !== '' ? hop.dev : undefined)) {
    return refuse('Gateway can not be a local address.');
  }
  let dev = hop.dev;
  if (!linkLocal) {
    if (gateway === '::' || isMulticast(gateway)) return refuse('Invalid gateway address.');
    if (!hop.onlink) {
      const found = checkNexthop(fib, gateway, dev, table, devices);
      if (found === null) return errno('No route to host');
      dev = found;
    }
  }
  if (dev === '') return refuse('Egress device not specified.');
  if (devices.fibDevice(dev)!.loopback) return refuse('Egress device can not be loopback device for this route.');
  return dev;
}

/** Kernel: ip6_route_check_nh() */
function checkNexthop(fib: Fib, gateway: Addr, dev: string, table: number, devices: FibDevices): string | null {
  const flow = flowTo(gateway, { oif: dev });
  const usable = (found: FibResult) =>
    found.ok && found.nexthop.gateway === null && (dev === '' || found.nexthop.dev === dev) ? found.nexthop.dev : null;
  if (fib.tables.has(table)) {
    const routes = [...fib.tables.get(table)!.prefixLengths()].flatMap((l) =>
      fib.tables.get(table)!.candidates(gateway, l),
    );
    const first = routes[0];
    const hop = first?.nexthops[0];
    if (hop && hop.gateway === null && !LEADS_NOWHERE.includes(first.type) && (dev === '' || hop.dev === dev))
      return hop.dev;
  }
  return usable(fib.lookup(flow, devices));
}

/** A route that the kernel makes for an address, a prefix, or multicast. */
export function kernelRoute6(
  type: RouteType,
  dst: Addr,
  length: number,
  dev: string,
  metric: number,
  table: number,
): Route {
  return Object.freeze({
    family: 6,
    type,
    prefix: Object.freeze(makePrefix(dst, length)),
    from: null,
    tos: 0,
    metric,
    table,
    protocol: RTPROT.kernel,
    scope: 0,
    prefsrc: null,
    nexthops: Object.freeze([
      Object.freeze({ gateway: null, dev, weight: 1, onlink: false, realm: 0, scope: 0, dead: false }),
    ]),
    metrics: Object.freeze([]),
    pref: 0,
    expires: null,
  });
}
