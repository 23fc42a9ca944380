import { assertNever } from '../../base';
import type { Host } from '../host';
import { receiveWindow, timeWait } from './established';
import { tcpSendAck } from './output';
import { after, before, type EarlySegment, type TcpSock } from './types';

/** Takes in data: in order for the program, or aside until the gap is filled. Kernel: tcp_data_queue() */
export function tcpDataQueue(host: Host, sock: TcpSock, segment: EarlySegment): void {
  const { seq, end } = segment;
  const window = receiveWindow(sock);
  if (seq === sock.rcvNxt) {
    if (window === 0 && segment.data.length > 0) {
      outOfWindow(sock);
      return;
    }
    queueAndOut(host, sock, segment);
    return;
  }
  if (!after(end, sock.rcvNxt)) {
    sock.dsack = [seq, end];
    outOfWindow(sock);
    return;
  }
  if (!before(seq, (sock.rcvNxt + window) >>> 0)) {
    outOfWindow(sock);
    return;
  }
  if (before(seq, sock.rcvNxt)) {
    sock.dsack = [seq, sock.rcvNxt];
    if (window === 0) {
      outOfWindow(sock);
      return;
    }
    queueAndOut(host, sock, segment);
    return;
  }
  tcpDataQueueOfo(sock, segment);
}

/** Nothing of it is new, or none of it fits: an ACK at once. */
function outOfWindow(sock: TcpSock): void {
  sock.pingpong = false;
  sock.ackScheduled = true;
}

function queueAndOut(host: Host, sock: TcpSock, segment: EarlySegment): void {
  take(host, sock, segment);
  if (sock.early.length > 0) {
    ofoQueue(host, sock);
    if (sock.early.length === 0) sock.ackNow = true;
  }
  wakeReader(host, sock);
}

function take(host: Host, sock: TcpSock, segment: EarlySegment): void {
  const known = (sock.rcvNxt - segment.seq) | 0;
  const fresh = segment.data.subarray(Math.max(0, known));
  sock.rcvNxt = segment.end;
  if (fresh.length > 0) {
    sock.received.push(fresh.slice());
    sock.ackScheduled = true;
  }
  if (segment.fin) tcpFin(host, sock);
}

/** What came too early and now fits. Kernel: tcp_ofo_queue() */
function ofoQueue(host: Host, sock: TcpSock): void {
  for (;;) {
    const at = sock.early.findIndex((e) => !after(e.seq, sock.rcvNxt));
    const next = sock.early[at];
    if (!next) return;
    sock.early.splice(at, 1);
    if (after(next.end, sock.rcvNxt)) take(host, sock, next);
  }
}

/** Kernel: tcp_data_queue_ofo() */
function tcpDataQueueOfo(sock: TcpSock, segment: EarlySegment): void {
  sock.ackScheduled = true;
  const twin = sock.early.find((e) => !before(segment.seq, e.seq) && !after(segment.end, e.end));
  if (twin) sock.dsack = [segment.seq, segment.end];
  else sock.early.push({ ...segment, data: segment.data.slice() });
}

/** Kernel: tcp_fin() */
function tcpFin(host: Host, sock: TcpSock): void {
  sock.ackScheduled = true;
  sock.rcvShutdown = true;
  switch (sock.state) {
    case 'ESTABLISHED':
      sock.state = 'CLOSE_WAIT';
      sock.pingpong = true;
      break;
    case 'FIN_WAIT1':
      tcpSendAck(host, sock);
      sock.state = 'CLOSING';
      break;
    case 'FIN_WAIT2':
      tcpSendAck(host, sock);
      timeWait(host, sock);
      break;
    case 'CLOSE_WAIT':
    case 'CLOSING':
    case 'LAST_ACK':
    case 'NEW_SYN_RECV':
    case 'TIME_WAIT':
    case 'CLOSE':
      break;
    default:
      assertNever(sock.state);
  }
  sock.early.length = 0;
  sock.dsack = null;
}

/** Its program is told that there is something to read. */
export function wakeReader(host: Host, sock: TcpSock): void {
  if (!sock.accepted || sock.dead || sock.woken) return;
  sock.woken = true;
  host.world.wake(host.name, { kind: 'read', sock: sock.id });
}
