import type { Packet } from '../wire';
import type { Host } from './host';
import { type HostSkb, KERNEL_SOCKET, newSkb, type RouteDst } from './skb';

/** Why the sender of a packet is not told what became of it. */
export type IcmpSilence =
  | 'not-for-broadcast'
  | 'not-for-fragment'
  | 'not-for-error'
  | 'not-for-that-source'
  | 'no-way-back'
  | 'busy'
  | 'limited';

/** Says so, if there is a reason. */
export function noteSilence(host: Host, skb: HostSkb, why: IcmpSilence | null): void {
  if (why !== null) host.emit(skb, { type: 'note', note: `icmp-${why}` });
}

/** An answer or an error of the stack itself to a packet, born and routed. `how` it is said to have come about. */
export function icmpSkb(
  host: Host,
  cause: HostSkb,
  packet: Packet,
  dst: RouteDst,
  mark: number,
  how: 'reply' | 'error' | 'reject',
): HostSkb {
  const skb = newSkb(host.packetId(cause.id, how === 'reply' ? 'reply' : 'err'), packet, {
    cause: cause.id,
    uncertain: cause.uncertain,
    mark,
    socket: KERNEL_SOCKET,
  });
  skb.dst = dst;
  host.emit(skb, { type: 'born', how, parent: null, cause: cause.id });
  return skb;
}

/**
 * The stack's own socket of ICMP sends one packet at a time: what comes of a packet on its way out through the hooks, as
 * an error by REJECT about an echo reply, is not sent. Kernel: icmp_xmit_lock()
 */
export function whileIcmpSends(host: Host, send: () => void): void {
  host.icmpSending = true;
  send();
  host.icmpSending = false;
}
