import type { Route } from '../../fib';
import type { Addr, Family } from '../../wire';
import type { Host } from '../host';
import type { RouteDst } from '../skb';

const DST_DEFAULTS: RouteDst = Object.freeze({
  type: 'unicast',
  dev: '',
  gateway: null,
  prefsrc: null,
  mtu: 0,
  realm: 0,
  forward: false,
  rtLocal: false,
  rtBroadcast: false,
  rtMulticast: false,
  error: null,
  input: false,
  redirect: false,
  loopsBack: false,
  routeMtu: 0,
  mtuLocked: false,
  routeHops: 0,
  idev: '',
});

/** A dst with these members, its MTU worked out. */
export function makeDst(host: Host, members: Partial<RouteDst>, route: Route | null): RouteDst {
  const told = (name: string) => route?.metrics.find((m) => m.name === name);
  const metric = told('mtu');
  const routeMtu = metric ? Number(metric.value) : 0;
  const dev = members.dev ?? '';
  const devMtu = route?.family === 6 ? deviceMtu6(host, dev) : Math.min(host.devices.get(dev)?.mtu ?? 65535, 65535);
  return {
    ...DST_DEFAULTS,
    ...members,
    routeMtu,
    mtuLocked: metric?.lock ?? false,
    routeHops: Number(told('hoplimit')?.value ?? 0),
    mtu: members.mtu ?? (routeMtu || devMtu),
  };
}

/** The hop limit of the host's own packets on a route. Kernel: ip4_dst_hoplimit(), ip6_dst_hoplimit() */
export function dstHopLimit(host: Host, dst: RouteDst, family: Family): number {
  if (dst.rtMulticast) return 1;
  return dst.routeHops || host.proc.number(family === 4 ? 'ipv4.ip_default_ttl' : `ipv6.conf.${dst.dev}.hop_limit`);
}

/** What IPv6 takes as the MTU of an interface. Kernel: idev->cnf.mtu6 */
export function deviceMtu6(host: Host, dev: string): number {
  const told = host.proc.number(`ipv6.conf.${dev}.mtu`);
  return told > 0 ? told : (host.devices.get(dev)?.mtu ?? 65535);
}

/**
 * The way of a packet whose header its sender wrote: the neighbour is the one that the route was asked for, whatever becomes
 * of the destination later. Kernel: FLOWI_FLAG_KNOWN_NH
 */
export function knownNexthop(dst: RouteDst, to: Addr): RouteDst {
  return dst.type === 'unicast' && dst.gateway === null ? { ...dst, gateway: to } : dst;
}
