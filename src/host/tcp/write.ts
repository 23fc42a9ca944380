import { concat, TCP_ACK, TCP_ECE, TCP_FIN, TCP_PSH } from '../../wire';
import type { Host } from '../host';
import { pathMtu } from '../net/to-peer';
import { establishedOptions, transmit, windowField } from './output';
import { add32, after, type SentChunk, sockFlow, type TcpSock } from './types';

/** What the kernel puts into one skb at most. Kernel: sk_gso_max_size */
const GSO_MAX = 65216;

/** A program writes. Kernel: tcp_sendmsg_locked(), tcp_push(), net/ipv4/tcp.c */
export function tcpWrite(host: Host, sock: TcpSock, data: Uint8Array): void {
  if (sock.dead || sock.state === 'CLOSE' || data.length === 0) return;
  const mss = currentMss(host, sock);
  const goal = Math.max(mss, Math.floor(boundToHalfWindow(sock, GSO_MAX) / mss) * mss);
  for (let at = 0; at < data.length; ) {
    let chunk = sock.writeQueue.at(-1);
    if (!chunk || chunk.fin || chunk.data.length >= goal) {
      chunk = { data: new Uint8Array(0), psh: false, fin: false };
      sock.writeQueue.push(chunk);
    }
    if (at === 0) chunk.psh = false;
    const part = data.subarray(at, at + goal - chunk.data.length);
    chunk.data = concat(chunk.data, part);
    at += part.length;
    sock.writeSeq = add32(sock.writeSeq, part.length);
    if (at === data.length || chunk.data.length < goal) continue;
    if (after(sock.writeSeq, add32(sock.pushedSeq, sock.maxWindow >> 1))) markPush(sock, chunk);
    tcpWriteXmit(host, sock, mss);
  }
  const tail = sock.writeQueue.at(-1);
  if (tail) markPush(sock, tail);
  tcpWriteXmit(host, sock, mss);
}

function markPush(sock: TcpSock, chunk: { psh: boolean }): void {
  chunk.psh = true;
  sock.pushedSeq = sock.writeSeq;
}

/** The program closes its half: the FIN rides on data that still waits. Kernel: tcp_send_fin() */
export function tcpQueueFin(host: Host, sock: TcpSock): void {
  const tail = sock.writeQueue.at(-1);
  if (tail) tail.fin = true;
  else sock.writeQueue.push({ data: new Uint8Array(0), psh: false, fin: true });
  sock.writeSeq = add32(sock.writeSeq, 1);
  pushPending(host, sock);
}

/** Is there anything that was written and not acknowledged? */
export function allAcknowledged(sock: TcpSock): boolean {
  return sock.sndUna === sock.sndNxt && sock.writeQueue.length === 0;
}

/** What is acknowledged makes room for more. Kernel: tcp_clean_rtx_queue(), bbr_set_cwnd() */
export function acknowledged(sock: TcpSock): void {
  const left = sock.inFlight.findIndex((end) => after(end, sock.sndUna));
  const gone = sock.inFlight.splice(0, left < 0 ? sock.inFlight.length : left).length;
  sock.cwnd += gone;
  const waiting = sock.rtxQueue.splice(0).flatMap((chunk) => notYetAcknowledged(chunk, sock.sndUna));
  sock.rtxQueue.push(...waiting);
}

const endOf = ({ seq, data, fin }: SentChunk): number => add32(seq, data.length + (fin ? 1 : 0));

/** Kernel: tcp_trim_head() */
function notYetAcknowledged(chunk: SentChunk, sndUna: number): readonly SentChunk[] {
  if (!after(endOf(chunk), sndUna)) return [];
  if (!after(sndUna, chunk.seq)) return [chunk];
  return [{ ...chunk, seq: sndUna, data: chunk.data.slice((sndUna - chunk.seq) >>> 0) }];
}

/** Kernel: __tcp_push_pending_frames() */
export function pushPending(host: Host, sock: TcpSock): void {
  if (sock.writeQueue.length > 0) tcpWriteXmit(host, sock, currentMss(host, sock));
}

/** Sends what the peer's window and the congestion window allow. Kernel: tcp_write_xmit(), net/ipv4/tcp_output.c */
function tcpWriteXmit(host: Host, sock: TcpSock, mss: number): void {
  for (let chunk = sock.writeQueue[0]; chunk; chunk = sock.writeQueue[0]) {
    if (sock.paced) return;
    const free = sock.cwnd - sock.inFlight.length;
    if (free <= 0) return;
    const quota = Math.min(Math.max(1, sock.cwnd >> 1), free, sock.tsoSegs);
    const edge = add32(sock.sndUna, sock.sndWnd);
    const first = Math.min(mss, chunk.data.length);
    const closing = chunk.fin && chunk.data.length <= mss ? 1 : 0;
    if (after(add32(sock.sndNxt, first + closing), edge)) return;
    const window = (edge - sock.sndNxt) | 0;
    const size = chunk.data.length <= mss ? chunk.data.length : Math.min(mss * quota, chunk.data.length, window);
    if (size < chunk.data.length) {
      sendData(host, sock, mss, chunk.data.slice(0, size), false, false);
      chunk.data = chunk.data.slice(size);
    } else {
      sock.writeQueue.shift();
      sendData(host, sock, mss, chunk.data, chunk.psh, chunk.fin);
    }
  }
}

/**
 * How many segments go through the stack as one packet: two, but one on slow paths, as far as the handshake's round trip
 * tells. Kernel: tcp_tso_segs(), bbr_min_tso_segs(), bbr_init_pacing_rate_from_rtt()
 *
 * @param rtt milliseconds
 */
export function tsoSegments(mss: number, rtt: number): number {
  // 2.885 times ten segments a round trip, against 1.2 Mbit/s.
  return (28.85 * mss * 1000) / Math.max(1, rtt) >= 150_000 ? 2 : 1;
}

function sendData(host: Host, sock: TcpSock, mss: number, data: Uint8Array, psh: boolean, fin: boolean): void {
  const chunk: SentChunk = { seq: sock.sndNxt, data, psh, fin, segment: Math.min(mss, data.length) };
  sock.sndNxt = endOf(chunk);
  sock.rtxQueue.push(chunk);
  sock.inFlight.push(...segmentEnds(chunk, mss));
  sendChunk(host, sock, mss, chunk, false);
}

function segmentEnds(chunk: SentChunk, mss: number): number[] {
  const ends: number[] = [];
  for (let at = mss; at < chunk.data.length; at += mss) ends.push(add32(chunk.seq, at));
  return [...ends, endOf(chunk)];
}

/**
 * The path takes less than it did: what was sent in longer segments is lost for sure, and goes again at once.
 *
 * Kernel: tcp_v4_mtu_reduced(), tcp_v6_mtu_reduced(), tcp_simple_retransmit()
 */
export function tcpMtuReduced(host: Host, sock: TcpSock): void {
  const before = sock.pmtuCookie;
  const mss = currentMss(host, sock);
  if (sock.pmtuCookie >= before || (sock.family === 4 && !sock.listener.pmtuDisc)) return;
  const queue = sock.rtxQueue.splice(0);
  for (const chunk of queue) {
    const lost = chunk.segment > mss && !sock.paced;
    const pieces = lost ? cut(chunk, mss, mss * sock.tsoSegs) : [chunk];
    sock.rtxQueue.push(...pieces);
    if (lost) for (const piece of pieces) sendChunk(host, sock, mss, piece, true);
  }
  sock.inFlight.splice(0, sock.inFlight.length, ...sock.rtxQueue.flatMap((c) => segmentEnds(c, c.segment || mss)));
}

/** Only the last piece has PSH and FIN. Kernel: tcp_fragment() */
function cut(chunk: SentChunk, mss: number, size: number): readonly SentChunk[] {
  const pieces: SentChunk[] = [];
  for (let at = 0; at < chunk.data.length; at += size) {
    const last = at + size >= chunk.data.length;
    const data = chunk.data.slice(at, at + size);
    const segment = Math.min(mss, data.length);
    pieces.push({ seq: add32(chunk.seq, at), data, psh: last && chunk.psh, fin: last && chunk.fin, segment });
  }
  return pieces;
}

/** `again`: it was sent before. Kernel: tcp_write_xmit(), __tcp_retransmit_skb() */
function sendChunk(host: Host, sock: TcpSock, mss: number, chunk: SentChunk, again: boolean): void {
  const { seq, data: payload, psh: push, fin } = chunk;
  if (payload.length > 0) pace(host, sock, Math.ceil(payload.length / mss));
  const optionBytes = establishedOptions(host, sock);
  sock.dsack = null;
  sock.ackScheduled = false;
  sock.rcvWup = sock.rcvNxt;
  transmit(host, sock, {
    // What is cut later has PSH in any case.
    flags:
      TCP_ACK | (push || payload.length > mss ? TCP_PSH : 0) | (fin ? TCP_FIN : 0) | (sock.demandCwr ? TCP_ECE : 0),
    seq,
    ack: sock.rcvNxt,
    window: windowField(sock),
    payload,
    optionBytes,
    ecn: sock.ecnOk && payload.length > 0 && !again ? 2 : 0,
    gsoSize: payload.length > mss ? mss : 0,
  });
}

/** The next one waits for a moment, in which programs go on. Kernel: tcp_update_skb_after_send(), tcp_pacing_check() */
function pace(host: Host, sock: TcpSock, segments: number): void {
  sock.dataSegsOut += segments;
  if (sock.dataSegsOut < 10) return;
  sock.paced = true;
  host.world.wake(host.name, { kind: 'pace', sock: sock.id });
}

/** Kernel: tcp_current_mss(), __tcp_mtu_to_mss() */
export function currentMss(host: Host, sock: TcpSock): number {
  const mtu = pathMtu(host, sockFlow(sock));
  sock.pmtuCookie = mtu;
  const most = Math.min(sock.mss, mtu - (sock.family === 4 ? 40 : 60));
  const mss = Math.max(most, host.proc.number('ipv4.tcp_min_snd_mss'));
  return boundToHalfWindow(sock, mss - establishedOptions(host, sock).length);
}

/** Kernel: tcp_bound_to_half_wnd() */
function boundToHalfWindow(sock: TcpSock, size: number): number {
  const cutoff = sock.maxWindow > 536 ? sock.maxWindow >> 1 : sock.maxWindow;
  return cutoff > 0 && size > cutoff ? Math.max(cutoff, 48) : size;
}
