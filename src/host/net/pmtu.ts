import { type Addr, type Family, familyOf } from '../../wire';
import type { Host } from '../host';
import type { RouteDst } from '../skb';

/** What an ICMP error told of the way to one destination; it belongs to the next hop. Kernel: struct fib_nh_exception */
export interface PathMtu {
  readonly mtu: number;
  readonly until: number;
  readonly dev: string;
  readonly gateway: Addr | null;
}

/** What is known of the path to a destination by this way, or null; it is forgotten after a while. */
export function pmtuOf(host: Host, dst: Addr, way: Pick<RouteDst, 'dev' | 'gateway'>): PathMtu | null {
  const known = host.pmtu.get(dst);
  if (known === undefined) return null;
  if (known.until > host.now()) return known.dev === way.dev && known.gateway === way.gateway ? known : null;
  host.pmtu.delete(dst);
  return null;
}

/** The way with the MTU of the path, if that is known and smaller. Kernel: rt_set_nexthop(), rt6_find_cached_rt() */
export function withPmtu(host: Host, dst: Addr, way: RouteDst): RouteDst {
  const known = pmtuOf(host, dst, way);
  return known !== null && known.mtu < way.mtu ? { ...way, mtu: known.mtu } : way;
}

/**
 * Notes the MTU of the path that a packet from `src` took. Kernel: __ip_rt_update_pmtu(), ip6_rt_update_pmtu()
 */
export function updatePmtu(host: Host, dst: Addr, mtu: number, src?: Addr): void {
  const family = familyOf(dst);
  const way = host.route({ family, dst, ...(src === undefined ? null : { src }) });
  if (!way.ok) return;
  const { dev, gateway } = way.dst;
  const until = host.now() + host.proc.number(`ipv${family}.route.mtu_expires`) * 1_000_000;
  host.pmtu.set(dst, { mtu, until, dev, gateway });
}

/** The destinations that a path MTU is known of. */
export function pmtuCache(host: Host, family: Family): readonly Addr[] {
  const known = [...host.pmtu].filter(([dst, { until }]) => familyOf(dst) === family && until > host.now());
  return known.map(([dst]) => dst);
}

/** `ip route flush cache`: true if anything was known. */
export function flushPmtu(host: Host, family: Family): boolean {
  const gone = pmtuCache(host, family);
  for (const dst of gone) host.pmtu.delete(dst);
  return gone.length > 0;
}

/** After routes have changed: what was known of a next hop that no route has any more is gone with it. */
export function forgetLostHops(host: Host): void {
  for (const [dst, { dev, gateway }] of host.pmtu) {
    const routes = [...host.fib[familyOf(dst)].routes()];
    const there = routes.some(
      (r) => r.type === 'unicast' && r.nexthops.some((hop) => hop.dev === dev && (hop.gateway || null) === gateway),
    );
    if (!there) host.pmtu.delete(dst);
  }
}
