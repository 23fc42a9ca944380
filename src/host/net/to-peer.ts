import type { Addr } from '../../wire';
import type { Host } from '../host';
import { ip6RouteOutput } from '../ip6/route';
import { ipRouteOutput } from './route4-output';

/** What a socket asks of the way from one of the host's addresses to a peer. */

function way(host: Host, local: Addr, remote: Addr, mark: number) {
  return remote.includes(':')
    ? ip6RouteOutput(host, { dst: remote, src: local, mark })
    : ipRouteOutput(host, { dst: remote, src: local, mark, anySrc: true });
}

/** Whether there is a way at all. */
export function hasRouteTo(host: Host, local: Addr, remote: Addr, mark = 0): boolean {
  return way(host, local, remote, mark).ok;
}

/** MTU on the way. */
export function pathMtu(host: Host, local: Addr, remote: Addr, mark = 0): number {
  const answer = way(host, local, remote, mark);
  return answer.ok ? answer.dst.mtu : 1500;
}

/**
 * What a SYN tells as the largest segment; a path MTU that was learned counts.
 *
 * Kernel: dst_metric_advmss(), ipv4_default_advmss(), ip6_default_advmss()
 */
export function advertisedMss(host: Host, local: Addr, remote: Addr, mark = 0): number {
  const answer = way(host, local, remote, mark);
  if (!answer.ok) return 536;
  const told = answer.found?.route?.metrics.find((m) => m.name === 'advmss');
  if (told) return Number(told.value);
  const { mtu } = answer.dst;
  if (remote.includes(':')) return Math.max(1220, mtu - 60);
  return Math.max(256, Math.min(mtu, 65535) - 40);
}
