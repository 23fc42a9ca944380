import type { Errno, FlowKey } from '../model';
import { type Addr, IPPROTO, makeIp } from '../wire';
import type { Host } from './host';
import { ip6RouteInput } from './ip6/route';
import { ipRouteInput } from './net/route4-input';
import { newSkb, type RouteDst } from './skb';

/** What would become of a packet that came in, of UDP if nothing is said, as `ip route get … iif` asks. Nothing is told of it as an event. */
export function routeInput(
  host: Host,
  key: FlowKey & { readonly src: Addr; readonly iif: string },
): { readonly ok: true; readonly dst: RouteDst } | { readonly ok: false; readonly errno: Errno } {
  const { src, dst, tos = 0, iif, mark = 0, protocol = IPPROTO.udp, sport = 0, dport = 0 } = key;
  const payload = Uint8Array.of(sport >> 8, sport & 255, dport >> 8, dport & 255, ...new Uint8Array(16));
  const packet = makeIp({ src, dst, tos, protocol, payload });
  const skb = newSkb('', packet, { iif, mark });
  const quiet: Host = Object.create(host, { emit: { value: () => {} } });
  if (packet.family === 6) ip6RouteInput(quiet, skb, iif);
  else {
    const reason = ipRouteInput(quiet, skb, iif);
    if (reason !== null) return { ok: false, errno: 'EINVAL' };
  }
  const found = skb.dst!;
  return found.error ? { ok: false, errno: found.error } : { ok: true, dst: found };
}
