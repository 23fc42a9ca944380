import { assertNever, SECOND } from '../../base';
import {
  type Packet,
  payloadOf,
  TCP_ACK,
  TCP_CWR,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
  type TcpHeader,
} from '../../wire';
import { elapsed } from '../elapsed';
import { consumeSkb, kfreeSkb } from '../free';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { segmentLength, socketOf, tcpOowRateLimited, tcpSendAck, tcpSendChallengeAck, tcpSendReset } from './output';
import { tcpDataQueue } from './queue';
import { add32, after, before, type TcpSock } from './types';
import { acknowledged, allAcknowledged, currentMss, pushPending, tsoSegments } from './write';

/** An ACK that may wait lets programs have this many turns: 40 ms are long for them. Kernel: tcp_send_delayed_ack() */
const DELACK_TURNS = 8;

/** The handshake's last segment makes the connection; what else it carries is taken, too. Kernel: tcp_child_process() */
export function tcpChildProcess(host: Host, skb: HostSkb, sock: TcpSock): void {
  const tcp = skb.packet.tcp!;
  sock.state = 'ESTABLISHED';
  sock.lastOowAck = null;
  sock.expires = Number.POSITIVE_INFINITY;
  sock.sndUna = tcp.ack;
  sock.sndWnd = tcp.window << sock.sndWscale;
  sock.maxWindow = sock.sndWnd;
  sock.sndWl1 = tcp.seq;
  sock.tsoSegs = tsoSegments(currentMss(host, sock), elapsed(host) - sock.openedAt);
  wakeAccept(host, sock);
  processSegment(host, skb, sock, false);
}

function wakeAccept(host: Host, sock: TcpSock): void {
  host.world.wake(host.name, { kind: 'accept', sock: sock.id });
}

/** Kernel: tcp_rcv_established(), tcp_rcv_state_process(), net/ipv4/tcp_input.c */
export function tcpRcvEstablished(host: Host, skb: HostSkb, sock: TcpSock): void {
  processSegment(host, skb, sock, true);
}

function processSegment(host: Host, skb: HostSkb, sock: TcpSock, checkAck: boolean): void {
  const { packet } = skb;
  const tcp = packet.tcp!;
  const by = 'tcp_rcv_established';
  if ((tcp.flags & (TCP_ACK | TCP_RST | TCP_SYN)) === 0) {
    kfreeSkb(host, skb, 'TCP_FLAGS', by);
    return;
  }
  const refused = tcpValidateIncoming(host, skb, sock);
  if (refused !== null) {
    kfreeSkb(host, skb, refused, 'tcp_validate_incoming');
    return;
  }
  if (checkAck && fastPath(sock, skb.packet)) {
    // The header was foretold: data is taken in before the ACK is looked at, and whatever that is.
    tcpDataQueue(host, sock, {
      seq: tcp.seq,
      end: add32(tcp.seq, segmentLength(packet)),
      data: payloadOf(packet),
      fin: false,
    });
    if (tcp.ack !== sock.sndUna) tcpAck(host, sock, tcp);
    consumeSkb(skb);
    pushPending(host, sock);
    ackSndCheck(host, sock);
    return;
  }
  if (checkAck) {
    const bad = tcpAck(host, sock, tcp);
    if (bad !== null) {
      kfreeSkb(host, skb, bad, 'tcp_ack');
      return;
    }
  }
  if (afterAck(host, sock)) {
    consumeSkb(skb);
    return;
  }
  const end = add32(tcp.seq, segmentLength(packet));
  const data = payloadOf(packet);
  const fin = (tcp.flags & TCP_FIN) !== 0;
  if (abortsOnData(sock, tcp.seq, end, fin)) {
    tcpReset(host, sock);
    tcpSendReset(host, skb, socketOf(sock));
    kfreeSkb(host, skb, 'TCP_ABORT_ON_DATA', by);
    return;
  }
  tcpUrg(sock, tcp);
  if ((packet.tos & 3) === 3 && sock.ecnOk) sock.demandCwr = true;
  if ((tcp.flags & TCP_CWR) !== 0) sock.demandCwr = false;
  if (tcp.seq !== end && !beyondFin(sock, tcp.seq)) tcpDataQueue(host, sock, { seq: tcp.seq, end, data, fin });
  consumeSkb(skb);
  if (sock.state === 'CLOSE' || sock.state === 'TIME_WAIT') return;
  pushPending(host, sock);
  ackSndCheck(host, sock);
}

/** Whether a segment with data is just the one that was expected. Kernel: tcp_rcv_established(), tp->pred_flags */
function fastPath(sock: TcpSock, packet: Packet): boolean {
  const tcp = packet.tcp!;
  if (sock.state !== 'ESTABLISHED' || sock.early.length > 0 || sock.urgSeq !== null) return false;
  if (
    (tcp.flags & ~TCP_PSH) !== TCP_ACK ||
    tcp.headerLength !== 20 ||
    sock.tsRecent !== null ||
    tcp.seq !== sock.rcvNxt
  )
    return false;
  const length = packet.bytes.length - packet.payloadOffset;
  if (length === 0 || length > receiveWindow(sock) || tcp.window !== sock.sndWnd >> sock.sndWscale) return false;
  return !after(tcp.ack, sock.sndNxt) && (packet.tos & 3) !== 3;
}

/** Notes which byte is urgent: the program, which does not ask for such, never gets it. Kernel: tcp_check_urg() */
function tcpUrg(sock: TcpSock, tcp: TcpHeader): void {
  if ((tcp.flags & TCP_URG) === 0) return;
  const at = add32(tcp.seq, tcp.urgent > 0 ? tcp.urgent - 1 : 0);
  if (after(sock.copiedSeq, at) || before(at, sock.rcvNxt)) return;
  if (sock.urgSeq !== null && !after(at, sock.urgSeq)) return;
  sock.urgSeq = at;
}

/** Kernel: tcp_ack_snd_check(), __tcp_ack_snd_check() */
function ackSndCheck(host: Host, sock: TcpSock): void {
  if (!sock.ackScheduled) return;
  const unacked = (sock.rcvNxt - sock.rcvWup) | 0;
  if (sock.ackNow || sock.early.length > 0 || !sock.pingpong || unacked > 536) tcpSendAck(host, sock);
  else host.world.wake(host.name, { kind: 'delack', sock: sock.id, turns: DELACK_TURNS });
}

/** Kernel: tcp_sequence(), tcp_validate_incoming(); RFC 5961. Null if the segment may go on, else why it is dropped. */
function tcpValidateIncoming(host: Host, skb: HostSkb, sock: TcpSock): string | null {
  const tcp = skb.packet.tcp!;
  const rst = (tcp.flags & TCP_RST) !== 0;
  const syn = (tcp.flags & TCP_SYN) !== 0;
  const end = add32(tcp.seq, segmentLength(skb.packet));
  const bad = tcpSequence(sock, tcp.seq, end, (tcp.flags & TCP_FIN) !== 0);
  if (bad !== null) {
    if (rst) {
      if (resetsAnyway(sock, tcp.seq)) tcpReset(host, sock);
    } else if (syn) tcpSendChallengeAck(host, sock);
    else if (!tcpOowRateLimited(host, sock, skb.packet)) sendDupack(host, sock, tcp.seq, end);
    return bad;
  }
  if (rst) {
    const edges = sock.sackOk ? sock.early.map((e) => e.end) : [];
    const edge = edges.reduce<number | null>((max, e) => (max === null || after(e, max) ? e : max), null);
    if (tcp.seq === sock.rcvNxt || tcp.seq === edge || resetsAnyway(sock, tcp.seq)) tcpReset(host, sock);
    else tcpSendChallengeAck(host, sock);
    return 'TCP_RESET';
  }
  if (syn) {
    tcpSendChallengeAck(host, sock);
    return 'TCP_INVALID_SYN';
  }
  return null;
}

function tcpSequence(sock: TcpSock, seq: number, end: number, fin: boolean): string | null {
  if (before(end, sock.rcvWup)) return 'TCP_OLD_SEQUENCE';
  const edge = add32(sock.rcvNxt, receiveWindow(sock));
  if (!after(end, edge)) return null;
  if (fin && !after(add32(end, -1), edge)) return null;
  return after(seq, edge) ? 'TCP_INVALID_SEQUENCE' : 'TCP_INVALID_END_SEQUENCE';
}

/** Bytes that the peer may still send. Kernel: tcp_receive_window() */
export function receiveWindow(sock: TcpSock): number {
  return Math.max(0, (sock.rcvWup + sock.rcvWnd - sock.rcvNxt) | 0);
}

/** Kernel: tcp_reset_check() */
function resetsAnyway(sock: TcpSock, seq: number): boolean {
  const closing = sock.state === 'CLOSE_WAIT' || sock.state === 'LAST_ACK' || sock.state === 'CLOSING';
  return closing && seq === add32(sock.rcvNxt, -1);
}

/** Kernel: tcp_send_dupack() */
function sendDupack(host: Host, sock: TcpSock, seq: number, end: number): void {
  if (end !== seq && before(seq, sock.rcvNxt)) {
    sock.dsack = [seq, after(end, sock.rcvNxt) ? sock.rcvNxt : end];
    sock.pingpong = false;
  }
  tcpSendAck(host, sock);
}

/** The peer ended it. Kernel: tcp_reset(), tcp_done() */
function tcpReset(host: Host, sock: TcpSock): void {
  sock.error = true;
  sock.state = 'CLOSE';
  sock.early.length = 0;
  host.sockets.remove(sock);
  sock.dead = true;
}

/** Kernel: tcp_ack(), tcp_ack_update_window(). Null if it is a good one (or merely old), else why it is dropped. */
function tcpAck(host: Host, sock: TcpSock, tcp: TcpHeader): string | null {
  const { ack, seq } = tcp;
  if (before(ack, sock.sndUna)) {
    const slack = Math.min(sock.maxWindow, sock.bytesAcked);
    if (!before(ack, add32(sock.sndUna, -slack))) return null;
    tcpSendChallengeAck(host, sock);
    return 'TCP_TOO_OLD_ACK';
  }
  if (after(ack, sock.sndNxt)) {
    tcpSendChallengeAck(host, sock);
    return 'TCP_ACK_UNSENT_DATA';
  }
  const window = (tcp.flags & TCP_SYN) !== 0 ? tcp.window : tcp.window << sock.sndWscale;
  const larger = seq === sock.sndWl1 && (window > sock.sndWnd || window === 0);
  if (after(ack, sock.sndUna) || after(seq, sock.sndWl1) || larger) {
    sock.sndWl1 = seq;
    sock.sndWnd = window;
    sock.maxWindow = Math.max(sock.maxWindow, window);
  }
  sock.bytesAcked += (ack - sock.sndUna) | 0;
  sock.sndUna = ack;
  acknowledged(sock);
  return null;
}

/** What an acknowledged FIN brings about. True if the connection is over. Kernel: tcp_rcv_state_process(), step 5 */
function afterAck(host: Host, sock: TcpSock): boolean {
  const all = allAcknowledged(sock);
  switch (sock.state) {
    case 'FIN_WAIT1':
      if (all) {
        sock.state = 'FIN_WAIT2';
        if (sock.dead) sock.expires = host.now() + host.proc.number('ipv4.tcp_fin_timeout') * SECOND;
      }
      return false;
    case 'CLOSING':
      if (all) timeWait(host, sock);
      return all;
    case 'LAST_ACK':
      if (all) {
        sock.state = 'CLOSE';
        host.sockets.remove(sock);
      }
      return all;
    case 'ESTABLISHED':
    case 'CLOSE_WAIT':
    case 'FIN_WAIT2':
    case 'NEW_SYN_RECV':
    case 'TIME_WAIT':
    case 'CLOSE':
      return false;
    default:
      return assertNever(sock.state);
  }
}

/** Kernel: TCP_TIMEWAIT_LEN */
export const TIMEWAIT_LEN = 60 * SECOND;

/** The connection is over, and is remembered for a while. Kernel: tcp_time_wait() */
export function timeWait(host: Host, sock: TcpSock): void {
  sock.state = 'TIME_WAIT';
  sock.lastOowAck = null;
  sock.expires = host.now() + TIMEWAIT_LEN;
}

/** After the peer's FIN nothing new can come. */
function beyondFin(sock: TcpSock, seq: number): boolean {
  const { state } = sock;
  const closed = state === 'CLOSE_WAIT' || state === 'CLOSING' || state === 'LAST_ACK';
  return closed && !before(seq, sock.rcvNxt);
}

/** Data that comes when nobody can read it any more. */
function abortsOnData(sock: TcpSock, seq: number, end: number, fin: boolean): boolean {
  if (sock.state === 'ESTABLISHED' || beyondFin(sock, seq)) return false;
  const shut = sock.rcvShutdown || sock.dead;
  return shut && end !== seq && after(add32(end, fin ? -1 : 0), sock.rcvNxt);
}
