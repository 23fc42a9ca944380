import type { ConsideredRoute, Errno } from '../../model';
import type { Host } from '../host';
import { ip6RouteMeHarder } from '../ip6/route';
import type { HostSkb } from '../skb';
import { inetAddrType } from './addr4';
import { dissect } from './flow';
import { emitOutputRoute } from './route-event';
import { ipRouteOutput } from './route4-output';

/** A packet of the host's own that was changed in OUTPUT is routed anew. What is wrong with that, or null. */
export function routeMeHarder(host: Host, skb: HostSkb): Errno | null {
  return skb.packet.family === 4 ? ipRouteMeHarder(host, skb, 'reroute') : ip6RouteMeHarder(host, skb);
}

/** `step`: as what it is told. Kernel: ip_route_me_harder(), net/ipv4/netfilter.c */
export function ipRouteMeHarder(host: Host, skb: HostSkb, step: 'output' | 'reroute'): Errno | null {
  const { packet } = skb;
  const type = inetAddrType(host, packet.src);
  const usable = type === 'LOCAL' || type === 'UNICAST';
  const considered: ConsideredRoute[] = [];
  const answer = ipRouteOutput(
    host,
    {
      dst: packet.dst,
      src: usable ? packet.src : null,
      anySrc: usable,
      tos: packet.tos & 0xfc,
      mark: skb.mark,
      ...dissect(host, packet),
    },
    considered,
  );
  emitOutputRoute(host, skb, step, answer, considered);
  if (!answer.ok) return answer.errno;
  skb.dst = answer.dst;
  return null;
}
