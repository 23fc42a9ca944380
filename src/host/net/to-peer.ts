import type { FlowKey } from '../../model';
import type { Host } from '../host';
import { ip6RouteOutput } from '../ip6/route';
import { ipRouteOutput } from './route4-output';

/** What a socket asks of the way from one of the host's addresses to a peer. */

function way(host: Host, flow: FlowKey) {
  return flow.family === 6 ? ip6RouteOutput(host, flow) : ipRouteOutput(host, { ...flow, anySrc: true });
}

/** Whether there is a way at all, and for an address of the host's own. Kernel: inet_csk_route_req() */
export function hasRouteTo(host: Host, flow: FlowKey): boolean {
  return (flow.family === 6 ? ip6RouteOutput(host, flow) : ipRouteOutput(host, flow)).ok;
}

/** MTU on the way. */
export function pathMtu(host: Host, flow: FlowKey): number {
  const answer = way(host, flow);
  return answer.ok ? answer.dst.mtu : 1500;
}

/**
 * What a SYN tells as the largest segment; a path MTU that was learned counts.
 *
 * Kernel: dst_metric_advmss(), ipv4_default_advmss(), ip6_default_advmss()
 */
export function advertisedMss(host: Host, flow: FlowKey): number {
  const answer = way(host, flow);
  if (!answer.ok) return 536;
  const told = answer.found?.route?.metrics.find((m) => m.name === 'advmss');
  if (told) return Number(told.value);
  const { mtu } = answer.dst;
  const least = host.proc.number(flow.family === 6 ? 'ipv6.route.min_adv_mss' : 'ipv4.route.min_adv_mss');
  return Math.min(65495, Math.max(least, mtu - (flow.family === 6 ? 60 : 40)));
}
