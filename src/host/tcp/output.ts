import type { PacketId, SkbSocket } from '../../model';
import {
  type Addr,
  concat,
  emitTcpOptions,
  IPPROTO,
  isMulticast,
  isUnspecified,
  makeTcp,
  type Packet,
  TCP_ACK,
  TCP_ECE,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
  type TcpOptions,
} from '../../wire';
import { elapsed } from '../elapsed';
import type { Host } from '../host';
import { rt6NeedStrict } from '../ip6/addr';
import { realIif } from '../ip6/icmp-send';
import { ip6RouteOutput } from '../ip6/route';
import { localOutTo } from '../net/local-out';
import { ipRouteOutput } from '../net/route4-output';
import { type HostSkb, KERNEL_SOCKET } from '../skb';
import { add32, after, before, type TcpSock } from './types';

interface Segment {
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  readonly payload?: Uint8Array;
  readonly options?: TcpOptions;
  readonly optionBytes?: Uint8Array;
  /** The ECN bits of its TOS. */
  readonly ecn?: number;
  /** Cut into segments of this size where it leaves the host. */
  readonly gsoSize?: number;
}

/** Sends a segment of a connection. Kernel: __tcp_transmit_skb(), net/ipv4/tcp_output.c */
export function transmit(host: Host, sock: TcpSock, segment: Segment): boolean {
  const { ecn = 0, gsoSize = 0 } = segment;
  const packet = makeTcp({
    src: sock.local,
    dst: sock.remote,
    sport: sock.lport,
    dport: sock.rport,
    ...segment,
    tos: sock.tos | ecn,
    ttl: host.defaultTtl(sock.family),
  });
  return localOutTo(host, packet, {
    cause: sock.cause,
    socket: socketOf(sock),
    gsoSize,
    // A SYN+ACK is so short that it always has DF. Kernel: ip_build_and_send_pkt()
    ...((segment.flags & TCP_SYN) === 0 ? { pmtuDisc: sock.listener.pmtuDisc } : null),
    mark: sock.mark,
    oif: sock.oif,
  });
}

/** The program that listens belongs to root. */
export const LISTENER_SOCKET: SkbSocket = Object.freeze({ uid: 0, gid: 0, protocol: IPPROTO.tcp, mark: 0 });

const ORPHAN_SOCKET: SkbSocket = Object.freeze({ ...LISTENER_SOCKET, orphan: true });

/** What a segment of the connection is sent by: a half-open one by its listener. Kernel: skb_to_full_sk() */
export function socketOf(sock: TcpSock): SkbSocket {
  if (sock.state === 'NEW_SYN_RECV') return LISTENER_SOCKET;
  const socket = sock.accepted && !sock.dead ? LISTENER_SOCKET : ORPHAN_SOCKET;
  return sock.mark === 0 ? socket : { ...socket, mark: sock.mark };
}

/** What is told as the window: the scaled one never in a SYN. */
export function windowField(sock: TcpSock): number {
  return Math.min(65535, sock.rcvWnd >> sock.rcvWscale);
}

/** Kernel: tcp_make_synack() */
export function sendSynAck(host: Host, sock: TcpSock): boolean {
  const now = elapsed(host) >>> 0;
  if (sock.tsRecent !== null) sock.sentStamps = [sock.sentStamps?.[0] ?? now, now];
  return transmit(host, sock, {
    flags: TCP_SYN | TCP_ACK | (sock.ecnOk ? TCP_ECE : 0),
    seq: sock.sndIsn,
    ack: sock.rcvNxt,
    window: Math.min(65535, sock.rcvWnd),
    options: {
      mss: sock.advMss,
      ...(sock.sackOk ? { sackPermitted: true } : null),
      // A scale is told only to those who told theirs.
      ...(sock.rcvWscale > 0 ? { wscale: sock.rcvWscale } : null),
      ...timestamps(host, sock),
    },
  });
}

/** Kernel: tcp_send_ack() */
export function tcpSendAck(host: Host, sock: TcpSock): void {
  sock.ackScheduled = false;
  sock.ackNow = false;
  sock.rcvWup = sock.rcvNxt;
  transmit(host, sock, {
    flags: TCP_ACK | (sock.demandCwr ? TCP_ECE : 0),
    seq: acceptableSeq(sock),
    ack: sock.rcvNxt,
    window: windowField(sock),
    optionBytes: establishedOptions(host, sock),
  });
  sock.dsack = null;
}

/** The kernel draws how many it sends in a second, around the limit; from this one on that does not matter here. */
const ENOUGH_CHALLENGES = 100;

/** An ACK for what the peer should not have sent. Kernel: tcp_send_challenge_ack() */
export function tcpSendChallengeAck(host: Host, sock: TcpSock): void {
  if (oowAckTooSoon(host, sock)) return;
  if (host.proc.number('ipv4.tcp_challenge_ack_limit') < ENOUGH_CHALLENGES)
    host.emit(null, { type: 'not-modelled', what: 'net.ipv4.tcp_challenge_ack_limit' });
  tcpSendAck(host, sock);
}

/** Whether a segment outside the window is one too many to be answered. Data always is. Kernel: tcp_oow_rate_limited() */
export function tcpOowRateLimited(host: Host, sock: TcpSock, packet: Packet): boolean {
  const { flags } = packet.tcp!;
  return ((flags & TCP_SYN) !== 0 || segmentLength(packet) === 0) && oowAckTooSoon(host, sock);
}

/** Kernel: __tcp_oow_rate_limited() */
function oowAckTooSoon(host: Host, sock: TcpSock): boolean {
  const now = elapsed(host);
  const last = sock.lastOowAck;
  if (last !== null && now - last < host.proc.number('ipv4.tcp_invalid_ratelimit')) return true;
  sock.lastOowAck = now;
  return false;
}

/** Kernel: tcp_acceptable_seq() */
function acceptableSeq(sock: TcpSock): number {
  const end = add32(sock.sndUna, sock.sndWnd);
  return before(end, sock.sndNxt) ? end : sock.sndNxt;
}

/** What a timestamp takes of a segment, with what it is padded by. Kernel: TCPOLEN_TSTAMP_ALIGNED */
export const TIMESTAMP_LENGTH = 12;

function timestamps(host: Host, { tsRecent }: TcpSock): TcpOptions {
  return tsRecent === null ? {} : { timestamps: { value: elapsed(host) >>> 0, echo: tsRecent } };
}

/** The options of a segment that is no SYN. Kernel: tcp_established_options() */
export function establishedOptions(host: Host, sock: TcpSock): Uint8Array {
  const stamp = emitTcpOptions(timestamps(host, sock));
  return concat(stamp, sackBytes(sock, stamp.length === 0 ? 4 : 3));
}

/** The SACK option: the last duplicate first, then what came too early, the newest first. RFC 2018, RFC 2883 */
function sackBytes(sock: TcpSock, most: number): Uint8Array {
  if (!sock.sackOk) return new Uint8Array(0);
  const blocks: (readonly [number, number])[] = [...(sock.dsack ? [sock.dsack] : []), ...earlyBlocks(sock)].slice(
    0,
    most,
  );
  if (blocks.length === 0) return new Uint8Array(0);
  const bytes = new Uint8Array(4 + blocks.length * 8);
  const view = new DataView(bytes.buffer);
  bytes.set([1, 1, 5, 2 + blocks.length * 8]);
  blocks.forEach(([from, to], i) => {
    view.setUint32(4 + i * 8, from);
    view.setUint32(8 + i * 8, to);
  });
  return bytes;
}

function earlyBlocks(sock: TcpSock): readonly (readonly [number, number])[] {
  const blocks: [number, number][] = [];
  for (const { seq, end } of sock.early) {
    const touching = blocks.find(([f, t]) => !after(seq, t) && !before(end, f));
    if (touching) {
      if (before(seq, touching[0])) touching[0] = seq;
      if (after(end, touching[1])) touching[1] = end;
      blocks.splice(blocks.indexOf(touching), 1);
      blocks.unshift(touching);
    } else blocks.unshift([seq, end]);
  }
  return blocks;
}

/**
 * What a segment that nobody expected is answered with. `socket`: whose it is, null if nobody's.
 *
 * Kernel: tcp_v4_send_reset(), tcp_v6_send_response()
 */
export function tcpSendReset(host: Host, skb: HostSkb, socket: SkbSocket | null): void {
  const { packet } = skb;
  const tcp = packet.tcp!;
  if ((tcp.flags & TCP_RST) !== 0) return;
  if (socket === null && skb.dst!.type !== 'local') return;
  const acked = (tcp.flags & TCP_ACK) !== 0;
  const reset = makeTcp({
    src: replySource(host, skb),
    dst: packet.src,
    sport: tcp.dport,
    dport: tcp.sport,
    flags: acked ? TCP_RST : TCP_RST | TCP_ACK,
    seq: acked ? tcp.ack : 0,
    ack: acked ? 0 : add32(tcp.seq, segmentLength(packet)),
    window: 0,
    tos: replyTos(packet),
    ttl: isMulticast(packet.src) ? 1 : host.defaultTtl(packet.family),
  });
  answer(host, skb, reset, socket ?? (packet.family === 4 ? KERNEL_SOCKET : null), socket?.mark);
}

/** An ACK for a connection that has no socket yet, or any more. Kernel: tcp_v4_reqsk_send_ack(), tcp_v4_timewait_ack() */
export function sendBareAck(host: Host, skb: HostSkb, sock: TcpSock, seq: number, tos: number): void {
  const packet = makeTcp({
    src: sock.local,
    dst: sock.remote,
    sport: sock.lport,
    dport: sock.rport,
    flags: TCP_ACK,
    seq,
    ack: sock.rcvNxt,
    window: windowField(sock),
    ...(sock.tsRecent ? { options: timestamps(host, sock) } : null),
    tos,
    ttl: host.defaultTtl(sock.family),
  });
  const socket = socketOf(sock);
  answer(host, skb, packet, sock.state === 'TIME_WAIT' ? null : socket, socket.mark);
}

/** The TOS of an answer: that of the packet without its ECN bits. */
export function replyTos(packet: Packet): number {
  return packet.tos & ~3;
}

/** The address that was asked, or if that is 0.0.0.0 or :: the one that the way back has. */
function replySource(host: Host, skb: HostSkb): Addr {
  const { packet } = skb;
  if (!isUnspecified(packet.dst)) return packet.dst;
  const back = { dst: packet.src, oif: strictOif(skb) };
  const found = packet.family === 4 ? ipRouteOutput(host, back) : ip6RouteOutput(host, back);
  return found.ok ? found.src : packet.dst;
}

/** To a peer of one link, the interface that it is on. Kernel: tcp_v6_send_response() */
function strictOif(skb: HostSkb): string {
  return skb.packet.family === 6 && rt6NeedStrict(skb.packet.src) ? realIif(skb) : '';
}

/** `own`: the mark of the socket that answers. Kernel: IP4_REPLY_MARK() */
function answer(host: Host, skb: HostSkb, packet: Packet, socket: SkbSocket | null, own = 0): void {
  const cause: PacketId = skb.id;
  const reflects = host.proc.number(packet.family === 4 ? 'ipv4.fwmark_reflect' : 'ipv6.fwmark_reflect') !== 0;
  const mark = (reflects ? skb.mark : 0) || own;
  localOutTo(host, packet, {
    cause,
    socket,
    mark,
    uncertain: skb.uncertain,
    oif: strictOif(skb),
  });
}

/** Bytes of sequence space that a segment takes. */
export function segmentLength(packet: Packet): number {
  const { flags } = packet.tcp!;
  const data = packet.bytes.length - packet.payloadOffset;
  return data + (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
}
