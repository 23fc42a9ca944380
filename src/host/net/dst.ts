import type { Route } from '../../fib';
import type { Host } from '../host';
import type { RouteDst } from '../skb';

export const DST_DEFAULTS: RouteDst = Object.freeze({
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
  idev: '',
});

/** A dst with these members, its MTU worked out. */
export function makeDst(host: Host, members: Partial<RouteDst>, route: Route | null): RouteDst {
  const metric = route?.metrics.find((m) => m.name === 'mtu');
  const routeMtu = metric ? Number(metric.value) : 0;
  const dev = members.dev ?? '';
  const devMtu = route?.family === 6 ? deviceMtu6(host, dev) : Math.min(host.devices.get(dev)?.mtu ?? 65535, 65535);
  return {
    ...DST_DEFAULTS,
    ...members,
    routeMtu,
    mtuLocked: metric?.lock ?? false,
    mtu: members.mtu ?? (routeMtu || devMtu),
  };
}

/** What IPv6 takes as the MTU of an interface. Kernel: idev->cnf.mtu6 */
export function deviceMtu6(host: Host, dev: string): number {
  const told = host.proc.number(`ipv6.conf.${dev}.mtu`);
  return told > 0 ? told : (host.devices.get(dev)?.mtu ?? 65535);
}
