import { SECOND } from '../../base';
import {
  isLinkLocal,
  isMapped4,
  type Packet,
  TCP_ACK,
  TCP_CWR,
  TCP_ECE,
  TCP_RST,
  TCP_SYN,
  tcpTimestamp,
  tcpTimestampAt,
  u32,
} from '../../wire';
import { elapsed } from '../elapsed';
import type { Host } from '../host';
import { realIif } from '../ip6/icmp-send';
import { advertisedMss, hasRouteTo, pathMtu } from '../net/to-peer';
import type { HostSkb } from '../skb';
import {
  LISTENER_SOCKET,
  replyTos,
  segmentLength,
  sendBareAck,
  sendSynAck,
  TIMESTAMP_LENGTH,
  tcpOowRateLimited,
  tcpSendReset,
} from './output';
import { add32, after, before, type Listener, sockFlow, type TcpSock } from './types';

/** How long a half-open connection is kept: one interval, as the SYN+ACK is never repeated. Kernel: TCP_TIMEOUT_INIT */
const HALF_OPEN = SECOND;

/** Settings that a connection takes notice of, and at which values this stack is the kernel's: cookies, buffers, delayed ACKs. */
const UNMODELLED: readonly (readonly [name: string, usual: readonly string[]])[] = [
  ['ipv4.tcp_syncookies', ['0', '1']],
  ['ipv4.tcp_rmem', ['4096\t131072\t33554432']],
  ['ipv4.tcp_pingpong_thresh', ['1']],
];

/** A SYN for a listener. Kernel: tcp_v4_conn_request(), tcp_v6_conn_request(), tcp_conn_request() */
export function tcpConnRequest(host: Host, skb: HostSkb, listener: Listener): void {
  const dst = skb.dst!;
  if (isMapped4(skb.packet.src) || dst.rtBroadcast || dst.rtMulticast || dst.type === 'anycast') return;
  if (host.proc.number('ipv4.tcp_syncookies') === 0) {
    // The last quarter is for those who have been here before.
    const most = host.proc.number('ipv4.tcp_max_syn_backlog');
    if (most - host.sockets.halfOpen(listener, host.now()) < most >> 2) return;
  }
  for (const [name, usual] of UNMODELLED) {
    if (!usual.includes(host.proc.get(name)!)) host.emit(skb, { type: 'not-modelled', what: `net.${name}` });
  }
  const sock = openRequest(host, skb, listener);
  host.sockets.insert(sock);
  if (!sendSynAck(host, sock) && !hasRouteTo(host, sockFlow(sock))) host.sockets.remove(sock);
}

/** Kernel: tcp_openreq_init(), tcp_openreq_init_rwin(), tcp_select_initial_window() */
function openRequest(host: Host, skb: HostSkb, listener: Listener): TcpSock {
  const { packet } = skb;
  const tcp = packet.tcp!;
  const { family } = packet;
  const mark = host.proc.number('ipv4.tcp_fwmark_accept') !== 0 ? skb.mark : 0;
  const at = { family, local: packet.dst, lport: tcp.dport, remote: packet.src, rport: tcp.sport };
  const socket = { ...at, oif: isLinkLocal(packet.src) ? realIif(skb) : '', mark };
  const flow = sockFlow(socket);
  const advMss = Math.max(advertisedMss(host, flow), 48);
  const peerMss = tcp.mss || (family === 4 ? 536 : 1220);
  const scaled = tcp.wscale !== null && host.proc.number('ipv4.tcp_window_scaling') !== 0;
  const sackOk = tcp.sackPermitted && host.proc.number('ipv4.tcp_sack') !== 0;
  const tsRecent = host.proc.number('ipv4.tcp_timestamps') !== 0 ? tcpTimestamp(packet) : null;
  const mss = advMss - (tsRecent === null ? 0 : TIMESTAMP_LENGTH);
  const space = Math.min(65536, 65535 << (scaled ? 1 : 0));
  const rcvWnd = Math.min(65535, space > mss ? space - (space % mss) : space);
  const isn = host.rng.uint32();
  const rcvIsn = tcp.seq;
  return {
    id: host.sockets.nextId++,
    ...socket,
    tos: host.proc.number('ipv4.tcp_reflect_tos') !== 0 ? replyTos(packet) : 0,
    lastOowAck: null,
    listener,
    state: 'NEW_SYN_RECV',
    expires: host.now() + HALF_OPEN,
    rcvIsn,
    sndIsn: isn,
    rcvNxt: add32(rcvIsn, 1),
    rcvWup: add32(rcvIsn, 1),
    rcvWnd,
    rcvWscale: scaled ? RCV_WSCALE : 0,
    sndUna: add32(isn, 1),
    sndNxt: add32(isn, 1),
    sndWnd: tcp.window,
    sndWl1: rcvIsn,
    maxWindow: tcp.window,
    sndWscale: scaled ? Math.min(14, tcp.wscale!) : 0,
    mss: peerMss,
    advMss,
    sackOk,
    tsRecent,
    sentStamps: null,
    ecnOk: asksEcn(packet) && host.proc.number('ipv4.tcp_ecn') !== 0,
    demandCwr: false,
    received: [],
    early: [],
    dsack: null,
    copiedSeq: add32(rcvIsn, 1),
    urgSeq: null,
    writeQueue: [],
    writeSeq: add32(isn, 1),
    pushedSeq: add32(isn, 1),
    rtxQueue: [],
    pmtuCookie: pathMtu(host, flow),
    cwnd: 10,
    inFlight: [],
    dataSegsOut: 0,
    paced: false,
    openedAt: elapsed(host),
    tsoSegs: 2,
    bytesAcked: 0,
    rcvShutdown: false,
    ackScheduled: false,
    pingpong: false,
    ackNow: false,
    accepted: false,
    dead: false,
    woken: false,
    error: false,
    cause: skb.id,
  };
}

/** What a receive buffer of tcp_rmem's largest size needs: 2^15 << 10 is 32 MB. */
const RCV_WSCALE = 10;

/** Kernel: tcp_ecn_create_request() */
function asksEcn(packet: Packet): boolean {
  const { flags, reserved } = packet.tcp!;
  const both = TCP_ECE | TCP_CWR;
  return (flags & both) === both && ((packet.tos & 3) === 0 || reserved !== 0);
}

/**
 * A segment for a half-open connection. `child`: the handshake is done, the connection takes the segment; `listener`: the
 * listener answers it (with a RST).
 *
 * Kernel: tcp_check_req(), net/ipv4/tcp_minisocks.c
 */
export function tcpCheckReq(host: Host, skb: HostSkb, request: TcpSock): 'child' | 'listener' | 'dropped' {
  const { packet } = skb;
  const tcp = packet.tcp!;
  let flags = tcp.flags & (TCP_RST | TCP_SYN | TCP_ACK);
  if (tcp.seq === request.rcvIsn && flags === TCP_SYN) {
    request.cause = skb.id;
    if (tcpOowRateLimited(host, request, packet)) return 'dropped';
    sendSynAck(host, request);
    request.expires = host.now() + HALF_OPEN;
    return 'dropped';
  }
  // A reset is taken whatever it acknowledges.
  const badAck = (flags & TCP_ACK) !== 0 && tcp.ack !== add32(request.sndIsn, 1);
  if (badAck && (flags & TCP_RST) === 0) return 'listener';
  const end = add32(tcp.seq, segmentLength(packet));
  const inWindow = tcpInWindow(tcp.seq, end, request.rcvNxt, add32(request.rcvNxt, request.rcvWnd));
  if (!inWindow || echoesForeign(packet, request)) {
    if ((flags & TCP_RST) === 0 && !tcpOowRateLimited(host, request, packet))
      sendBareAck(host, skb, request, add32(request.sndIsn, 1), replyTos(packet));
    return 'dropped';
  }
  if (tcp.seq === request.rcvIsn) flags &= ~TCP_SYN;
  if ((flags & TCP_RST) !== 0 && tcp.seq !== request.rcvNxt) {
    // RFC 5961 section 3.2
    sendBareAck(host, skb, request, add32(request.sndIsn, 1), replyTos(packet));
    return 'dropped';
  }
  if ((flags & (TCP_RST | TCP_SYN)) !== 0) {
    if ((flags & TCP_RST) === 0) tcpSendReset(host, skb, LISTENER_SOCKET);
    host.sockets.remove(request);
    return 'dropped';
  }
  return (flags & TCP_ACK) === 0 ? 'dropped' : 'child';
}

/** It echoes a timestamp that was never sent. Kernel: tsecr_reject */
function echoesForeign(packet: Packet, { sentStamps }: TcpSock): boolean {
  const at = sentStamps === null ? null : tcpTimestampAt(packet);
  const echo = at === null ? 0 : u32(packet.bytes, at + 6);
  return echo !== 0 && (before(echo, sentStamps![0]) || after(echo, sentStamps![1]));
}

/** Kernel: tcp_in_window() */
function tcpInWindow(seq: number, end: number, from: number, to: number): boolean {
  if (seq === from) return true;
  if (after(end, from) && before(seq, to)) return true;
  return seq === to && seq === end;
}
