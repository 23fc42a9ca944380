import type { ConsideredRoute, Errno } from '../../model';
import { IPPROTO, isLinkLocal, isMapped4, isMulticast } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { knownNexthop } from '../net/dst';
import { emitOutputRoute } from '../net/route-event';
import type { HostSkb } from '../skb';
import { ip6LocalOut } from './output';
import { ip6RouteOutput } from './route';

/** Kernel: rawv6_sendmsg(), rawv6_send_hdrinc(), net/ipv6/raw.c */
export function ip6RawSend(host: Host, skb: HostSkb): Errno | null {
  const { packet } = skb;
  const considered: ConsideredRoute[] = [];
  // :: means the host itself, as BSD has it.
  const dst = packet.dst === '::' ? '::1' : packet.dst;
  const route = ip6RouteOutput(host, { dst, src: boundSource(packet.src), protocol: IPPROTO.raw }, considered);
  emitOutputRoute(host, skb, 'output', route, considered);
  if (!route.ok) {
    kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'ip6_route_output', route.errno);
    return route.errno;
  }
  if (!skb.ignoreDf && packet.bytes.length > host.devices.get(route.dst.dev)!.mtu) {
    kfreeSkb(host, skb, 'PKT_TOO_BIG', 'rawv6_send_hdrinc', 'EMSGSIZE');
    return 'EMSGSIZE';
  }
  skb.dst = knownNexthop(route.dst, dst);
  return ip6LocalOut(host, skb);
}

/** A socket cannot be bound to a group, to an IPv4 address, nor to a link-local one without its interface. Kernel: rawv6_bind() */
function boundSource(src: string): string | null {
  return isMulticast(src) || isMapped4(src) || isLinkLocal(src) || src === '::' ? null : src;
}
