import { pskbMayPull } from '../../model';
import { IPPROTO } from '../../wire';
import type { Host } from '../host';
import type { HostSkb } from '../skb';

/**
 * Before a packet is routed a socket is looked for, and for that a TCP header is put into one piece: a packet whose first
 * fragment had only part of it is not cut at the same places again. What is found makes no difference here.
 *
 * Kernel: ip_rcv_finish_core(), ip6_rcv_finish_core(); tcp_v4_early_demux(), tcp_v6_early_demux()
 */
export function tcpEarlyDemux(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  if (skb.fragSizes === null || skb.dst !== null || skb.pktType !== 'host') return;
  if (packet.bytes[packet.family === 4 ? 9 : 6] !== IPPROTO.tcp) return;
  const on = host.proc.number('ipv4.ip_early_demux') !== 0 && host.proc.number('ipv4.tcp_early_demux') !== 0;
  if (on) pskbMayPull(skb, packet.l4Offset + 20);
}
