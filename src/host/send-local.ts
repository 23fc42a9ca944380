import { nfCtAttach, nfCtSetClosing } from '../conntrack';
import type { HookName, SendOptions } from '../model';
import { type Addr, type Packet, withDf, withTtl } from '../wire';
import { kfreeSkb } from './free';
import type { Host } from './host';
import { ipLocalOut } from './ip4/output';
import { ip6LocalOut } from './ip6/output';
import { ip6RouteOutput } from './ip6/route';
import { dstHopLimit } from './net/dst';
import { dissect } from './net/flow';
import { ipRouteMeHarder } from './net/harder';
import { setHops } from './net/local-out';
import { emitOutputRoute } from './net/route-event';
import { ipRouteOutput } from './net/route4-output';
import { devQueueXmit } from './net/xmit';
import { cloneSkb, type HostSkb, newSkb } from './skb';

/**
 * A packet that a rule makes because of one (REJECT, SYNPROXY): it is routed like the host's own and goes through OUTPUT.
 *
 * Kernel: nf_send_reset(), net/ipv4/netfilter/nf_reject_ipv4.c; synproxy_send_tcp(); ip_route_me_harder()
 */
export function sendLocalAnswer(
  host: Host,
  packet: Packet,
  cause: HostSkb,
  how: 'reject' | 'synproxy',
  options: SendOptions,
): void {
  const mark = options.mark ?? 0;
  const skb = newSkb(host.packetId(cause.id, 'reply'), packet, {
    cause: cause.id,
    uncertain: cause.uncertain,
    mark,
    ...options.flow,
  });
  host.emit(skb, { type: 'born', how, parent: null, cause: cause.id });
  if (options.attachCt) nfCtAttach(skb, cause);
  if (packet.family === 4) {
    const errno = ipRouteMeHarder(host, skb, 'output');
    if (errno !== null) {
      kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'ip_route_me_harder', errno);
      return;
    }
    // The hop limit is that of the route of what is answered. Kernel: nf_reject_iphdr_put()
    const hops = dstHopLimit(host, cause.dst ?? skb.dst!, 4);
    if (!options.asIs && packet.ttl !== hops) skb.packet = withTtl(packet, hops);
    if (options.attachCt) nfCtSetClosing(host, cause.ct);
    if (options.asIs || !backByPort(host, skb, cause)) ipLocalOut(host, skb);
    return;
  }
  const route = ip6RouteOutput(host, {
    dst: packet.dst,
    src: packet.src,
    mark,
    ...dissect(host, packet),
    protocol: packet.protocol,
  });
  emitOutputRoute(host, skb, 'output', route);
  if (!route.ok) {
    kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'ip6_route_output', route.errno);
    return;
  }
  if (options.asIs) skb.dst = route.dst;
  else setHops(host, skb, route.dst);
  if (options.attachCt) nfCtSetClosing(host, cause.ct);
  if (options.asIs || !backByPort(host, skb, cause)) ip6LocalOut(host, skb);
}

/** What came by br_netfilter is answered by the port that it came by, in the name of the MAC that it was for, past all hooks. */
function backByPort(host: Host, skb: HostSkb, { physIn, mac }: HostSkb): boolean {
  if (physIn === '' || mac === null) return false;
  devQueueXmit(host, skb, physIn, mac.src, mac.dst);
  return true;
}

/**
 * A copy goes out through OUTPUT and POSTROUTING, untracked. A copy is not copied again.
 * Kernel: nf_dup_ipv4(), nf_dup_ipv6()
 */
export function teeCopy(host: Host, skb: HostSkb, gateway: Addr, hook: HookName, oif?: string): void {
  if (host.duplicating) return;
  const copy = cloneSkb(skb, host.packetId(skb.id, 'copy'));
  // The bytes are its own; the pieces that the packet came in belong to the original. Kernel: pskb_copy(), skb_clone_fraglist()
  copy.shared = null;
  copy.fragSizes = null;
  copy.ct = null;
  copy.template = null;
  copy.untracked = true;
  copy.socket = null;
  const { packet } = skb;
  const early = hook === 'PREROUTING' || hook === 'INPUT';
  copy.packet = withDf(early ? withTtl(packet, (packet.ttl - 1) & 255) : packet, true);
  host.emit(copy, { type: 'born', how: 'copy', parent: skb.id, cause: null });
  const v4 = packet.family === 4;
  const key = { dst: gateway, ...(oif === undefined ? {} : { oif }) };
  const route = v4 ? ipRouteOutput(host, key) : ip6RouteOutput(host, key);
  if (!route.ok) {
    kfreeSkb(host, copy, 'IP_OUTNOROUTES', v4 ? 'nf_dup_ipv4' : 'nf_dup_ipv6');
    return;
  }
  copy.dst = { ...route.dst, gateway: route.dst.type === 'local' ? null : (route.dst.gateway ?? gateway) };
  // The hooks after OUTPUT are shown the device that it leaves by as the one that it came in by.
  copy.iif = route.dst.dev;
  host.duplicating = true;
  if (v4) ipLocalOut(host, copy);
  else ip6LocalOut(host, copy);
  host.duplicating = false;
}
