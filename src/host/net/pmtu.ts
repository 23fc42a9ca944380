import type { FlowKey } from '../../model';
import { type Addr, type Family, familyOf, IPV6_MIN_MTU } from '../../wire';
import type { Host } from '../host';
import type { RouteDst } from '../skb';

/** What an ICMP error told of the way to one destination; it belongs to the next hop. Kernel: struct fib_nh_exception */
export interface PathMtu {
  readonly dst: Addr;
  readonly mtu: number;
  /** It was smaller than is believed: packets may be cut on the way, and no error changes it. Kernel: fnhe_mtu_locked */
  readonly locked: boolean;
  readonly until: number;
  readonly dev: string;
  readonly gateway: Addr | null;
}

/** What is known of the path to a destination by this way, or null; it is forgotten after a while. */
export function pmtuOf(host: Host, dst: Addr, way: Pick<RouteDst, 'dev' | 'gateway'>): PathMtu | null {
  if (host.pmtu.size === 0) return null;
  const place = placeOf(dst, way);
  const known = host.pmtu.get(place);
  if (known === undefined) return null;
  if (known.until > host.now()) return known;
  host.pmtu.delete(place);
  return null;
}

/** Where it is kept: with the next hop. */
function placeOf(dst: Addr, { dev, gateway }: Pick<RouteDst, 'dev' | 'gateway'>): string {
  return `${dst} ${hopName(dev, gateway)}`;
}

function hopName(dev: string, gateway: Addr | null): string {
  return `${dev} ${gateway || 'onlink'}`;
}

/** The way with the MTU of the path, if that is known and not larger. Kernel: rt_set_nexthop(), rt6_find_cached_rt() */
export function withPmtu(host: Host, dst: Addr, way: RouteDst): RouteDst {
  const known = pmtuOf(host, dst, way);
  if (known === null || known.mtu > way.mtu) return way;
  return { ...way, mtu: known.mtu, mtuLocked: way.mtuLocked || known.locked };
}

/**
 * Notes the MTU of the path that packets of a flow take. It only falls, until it is forgotten.
 *
 * Kernel: __ip_rt_update_pmtu(), net/ipv4/route.c; __ip6_rt_update_pmtu(), net/ipv6/route.c
 */
export function updatePmtu(host: Host, flow: FlowKey, told: number): void {
  const { family, dst } = flow;
  const way = host.route(flow);
  if (!way.ok || way.dst.mtuLocked) return;
  const { dev, gateway, mtu: before } = way.dst;
  if (family === 6 ? told < IPV6_MIN_MTU || told >= before : told > before) return;
  const floor = family === 6 ? IPV6_MIN_MTU : host.proc.number('ipv4.route.min_pmtu');
  const locked = told < floor;
  const mtu = locked ? Math.min(before, floor) : told;
  const lifetime = host.proc.number(`ipv${family}.route.mtu_expires`) * 1_000_000;
  const known = pmtuOf(host, dst, way.dst);
  // What is told again is put off only when half of its time has gone by.
  if (known?.mtu === mtu && !locked && host.now() < known.until - lifetime / 2) return;
  host.pmtu.set(placeOf(dst, way.dst), { dst, mtu, locked, until: host.now() + lifetime, dev, gateway });
}

/** Is any path MTU known? */
export function knowsPmtu(host: Host, family: Family): boolean {
  return [...host.pmtu.values()].some(({ dst, until }) => familyOf(dst) === family && until > host.now());
}

/** `ip route flush cache`: true if anything was known. */
export function flushPmtu(host: Host, family: Family): boolean {
  const known = knowsPmtu(host, family);
  for (const [place, { dst }] of host.pmtu) if (familyOf(dst) === family) host.pmtu.delete(place);
  return known;
}

/** After routes have changed: what was known of a next hop that no route has any more is gone with it. */
export function forgetLostHops(host: Host): void {
  if (host.pmtu.size === 0) return;
  const hops = { 4: hopsOf(host, 4), 6: hopsOf(host, 6) };
  for (const [place, { dst, dev, gateway }] of host.pmtu) {
    if (!hops[familyOf(dst)].has(hopName(dev, gateway))) host.pmtu.delete(place);
  }
}

function hopsOf(host: Host, family: Family): ReadonlySet<string> {
  const hops = new Set<string>();
  for (const route of host.fib[family].routes()) {
    if (route.type === 'unicast') for (const { dev, gateway } of route.nexthops) hops.add(hopName(dev, gateway));
  }
  return hops;
}
