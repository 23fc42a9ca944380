import type { Errno } from '../model';
import { type Addr, makeIp } from '../wire';
import type { Host } from './host';
import { ip6RouteInput } from './ip6/route';
import { ipRouteInput } from './net/route4-input';
import { newSkb, type RouteDst } from './skb';

/** What would become of a packet that came in, as `ip route get … iif` asks. Nothing is told of it as an event. */
export function routeInput(
  host: Host,
  key: { readonly src: Addr; readonly dst: Addr; readonly iif: string; readonly mark: number; readonly tos: number },
): { readonly ok: true; readonly dst: RouteDst } | { readonly ok: false; readonly errno: Errno } {
  const { src, dst, tos, iif } = key;
  const packet = makeIp({ src, dst, tos, protocol: 17, payload: new Uint8Array(8) });
  const skb = newSkb('', packet, { iif, mark: key.mark });
  const quiet: Host = Object.create(host, { emit: { value: () => {} } });
  if (packet.family === 6) ip6RouteInput(quiet, skb, iif);
  else {
    const reason = ipRouteInput(quiet, skb, iif);
    if (reason !== null) return { ok: false, errno: 'EINVAL' };
  }
  const found = skb.dst!;
  return found.error ? { ok: false, errno: found.error } : { ok: true, dst: found };
}
