import { concat } from '../../wire';
import type { Host } from '../host';
import { answerHttp } from '../sockets/services';
import { tcpSendAck } from './output';
import { wakeReader } from './queue';
import { add32, type TcpSock } from './types';
import { pushPending, tcpQueueFin, tcpWrite } from './write';

/** The listening program takes a new connection. */
export function runAccept(host: Host, id: number): void {
  const sock = host.sockets.byId(id);
  if (!sock || sock.accepted) return;
  sock.accepted = true;
  quickack(host, sock, !readable(sock));
  if (readable(sock)) wakeReader(host, sock);
}

/** It reads what there is and answers; at the end of the data it closes, too. */
export function runRead(host: Host, id: number): void {
  const sock = host.sockets.byId(id);
  if (!sock) return;
  sock.woken = false;
  if (sock.dead) return;
  if (sock.received.length > 0) {
    const data = recv(sock);
    if (data.length === 0) {
      if (readable(sock)) wakeReader(host, sock);
      return;
    }
    quickack(host, sock, sock.received.length === 0);
    const { service } = sock.listener;
    if (service !== 'sink') tcpWrite(host, sock, service === 'http' ? answerHttp(data) : data);
    quickack(host, sock, sock.received.length === 0);
    if (readable(sock)) wakeReader(host, sock);
    return;
  }
  if (sock.rcvShutdown) closeSocket(host, sock);
}

/** What there is, but for an urgent byte, where a read ends and the next one leaves it out. Kernel: tcp_recvmsg_locked() */
function recv(sock: TcpSock): Uint8Array {
  let data = concat(...sock.received);
  sock.received.length = 0;
  const urgent = sock.urgSeq === null ? -1 : (sock.urgSeq - sock.copiedSeq) | 0;
  if (urgent === 0) {
    data = data.slice(1);
    sock.copiedSeq = add32(sock.copiedSeq, 1);
  } else if (urgent > 0 && urgent < data.length) {
    sock.received.push(data.slice(urgent));
    data = data.slice(0, urgent);
  }
  sock.copiedSeq = add32(sock.copiedSeq, data.length);
  if (urgent < data.length) sock.urgSeq = urgent > 0 ? sock.urgSeq : null;
  return data;
}

function readable(sock: TcpSock): boolean {
  return sock.received.length > 0 || sock.rcvShutdown;
}

/** An ACK that is due goes out now, unless there is still something to read. Kernel: tcp_sock_set_quickack() */
function quickack(host: Host, sock: TcpSock, emptied: boolean): void {
  sock.pingpong = false;
  const open = sock.state === 'ESTABLISHED' || sock.state === 'CLOSE_WAIT';
  if (open && sock.ackScheduled && emptied) tcpSendAck(host, sock);
}

/** Kernel: tcp_close(), tcp_close_state() */
function closeSocket(host: Host, sock: TcpSock): void {
  if (sock.listener.once) host.sockets.forget(sock.listener);
  if (sock.state === 'ESTABLISHED' || sock.state === 'CLOSE_WAIT') {
    sock.state = sock.state === 'ESTABLISHED' ? 'FIN_WAIT1' : 'LAST_ACK';
    tcpQueueFin(host, sock);
  }
  sock.dead = true;
}

/** An ACK that could wait has waited long enough. Kernel: tcp_delack_timer_handler() */
export function runDelack(host: Host, id: number, turns: number): void {
  const sock = host.sockets.byId(id);
  if (!sock?.ackScheduled || sock.state === 'TIME_WAIT') return;
  if (turns > 0) host.world.wake(host.name, { kind: 'delack', sock: id, turns: turns - 1 });
  else tcpSendAck(host, sock);
}

/** Kernel: tcp_pace_kick() */
export function runPace(host: Host, id: number): void {
  const sock = host.sockets.byId(id);
  if (!sock) return;
  sock.paced = false;
  pushPending(host, sock);
}
