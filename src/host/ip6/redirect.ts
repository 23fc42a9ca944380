import { isLinkLocal } from '../../wire';
import type { Host } from '../host';
import { xrlimAllow } from '../net/peer';
import type { HostSkb } from '../skb';
import { ip6RouteOutput } from './route';

/** Milliseconds from one redirect to the next. */
const REDIRECT_TIME = 1000;

/**
 * A packet is sent on by the interface that it came in by, and its sender could be told of a shorter way. Like the rest of
 * neighbour discovery the redirect is not played; but it uses up what limits errors to those two.
 *
 * Kernel: ip6_forward(), net/ipv6/ip6_output.c; ndisc_send_redirect(), net/ipv6/ndisc.c
 */
export function countRedirect(host: Host, skb: HostSkb): void {
  const { src, dst } = skb.packet;
  const { dev, gateway } = skb.dst!;
  if (!xrlimAllow(host, dst, REDIRECT_TIME)) return;
  const own = host.devices
    .get(dev)
    ?.of(6)
    .find(({ addr }) => isLinkLocal(addr));
  if (own === undefined || (gateway !== null && !isLinkLocal(gateway))) return;
  const back = ip6RouteOutput(host, { dst: src, src: own.addr, oif: dev, protocol: 58 });
  if (back.ok && back.dst.gateway === null) xrlimAllow(host, src, REDIRECT_TIME);
}
