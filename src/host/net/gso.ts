import { makeTcp, type Packet, payloadOf, TCP_CWR, TCP_FIN, TCP_PSH } from '../../wire';
import type { Host } from '../host';
import { fragmentSkb } from '../ip4/output';
import type { HostSkb } from '../skb';

/** Cuts a packet with data for several segments into these. Kernel: tcp_gso_segment(), net/ipv4/tcp_offload.c */
export function gsoSegment(host: Host, skb: HostSkb): readonly HostSkb[] {
  const { packet, gsoSize } = skb;
  const data = payloadOf(packet);
  if (gsoSize === 0 || !packet.tcp || data.length <= gsoSize) return [skb];
  const pieces: HostSkb[] = [];
  for (let at = 0; at < data.length; at += gsoSize) {
    const piece = fragmentSkb(host, skb, segment(packet, data, at, gsoSize));
    piece.gsoSize = 0;
    pieces.push(piece);
  }
  return pieces;
}

function segment(packet: Packet, data: Uint8Array, at: number, size: number): Packet {
  const tcp = packet.tcp!;
  const last = at + size >= data.length;
  const later = at === 0 ? tcp.flags : tcp.flags & ~TCP_CWR;
  const { src, dst, ttl, tos, df } = packet;
  return makeTcp({
    src,
    dst,
    ttl,
    tos,
    df,
    sport: tcp.sport,
    dport: tcp.dport,
    flags: last ? later : later & ~(TCP_FIN | TCP_PSH),
    seq: (tcp.seq + at) >>> 0,
    ack: tcp.ack,
    window: tcp.window,
    optionBytes: packet.bytes.slice(packet.l4Offset + 20, packet.l4Offset + tcp.headerLength),
    payload: data.slice(at, at + size),
  });
}
