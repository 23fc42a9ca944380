import { checksumHolds } from '../../model';
import { IPPROTO, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, tcpIsSigned } from '../../wire';
import { consumeSkb, kfreeSkb } from '../free';
import type { Host } from '../host';
import { realIif } from '../ip6/icmp-send';
import type { HostSkb } from '../skb';
import { tcpChildProcess, tcpRcvEstablished } from './established';
import { tcpCheckReq, tcpConnRequest } from './listen';
import { LISTENER_SOCKET, tcpSendReset } from './output';
import { tcpTimewait } from './timewait';
import type { TcpSock } from './types';

/** A segment for this host. Kernel: tcp_v4_rcv(), net/ipv4/tcp_ipv4.c; tcp_v6_rcv(), net/ipv6/tcp_ipv6.c */
export function tcpRcv(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  const by = 'tcp_rcv';
  if (skb.pktType !== 'host') {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', by);
    return;
  }
  const { tcp } = packet;
  if (!tcp || tcp.headerLength < 20 || packet.l4Offset + tcp.headerLength > packet.bytes.length) {
    kfreeSkb(host, skb, 'PKT_TOO_SMALL', by);
    return;
  }
  const sock = liveSocket(host, skb);
  if (tcpIsSigned(packet) && sock?.state !== 'TIME_WAIT') {
    kfreeSkb(host, skb, 'TCP_MD5UNEXPECTED', 'tcp_inbound_hash');
    return;
  }
  if (sock?.state === 'NEW_SYN_RECV') {
    receiveRequest(host, skb, sock);
    return;
  }
  if (sock?.state === 'TIME_WAIT') {
    if (!checksumHolds(skb)) {
      kfreeSkb(host, skb, 'TCP_CSUM', by);
      return;
    }
    if (tcpTimewait(host, skb, sock) === 'done') return;
    host.sockets.remove(sock);
    receiveListener(host, skb);
    return;
  }
  if (sock) {
    if (!checksumHolds(skb)) {
      kfreeSkb(host, skb, 'TCP_CSUM', by);
      return;
    }
    deliver(host, skb, sock.lport, sock.listener.service);
    sock.cause = skb.id;
    tcpRcvEstablished(host, skb, sock);
    return;
  }
  receiveListener(host, skb);
}

function deliver(host: Host, skb: HostSkb, port: number, service: string): void {
  host.emit(skb, { type: 'deliver', to: 'listener', protocol: IPPROTO.tcp, port, service });
}

/** A connection that has had its time is gone. */
function liveSocket(host: Host, skb: HostSkb): TcpSock | undefined {
  const sock = host.sockets.find(skb.packet, realIif(skb));
  if (sock && sock.expires <= host.now()) {
    host.sockets.remove(sock);
    return undefined;
  }
  return sock;
}

function receiveRequest(host: Host, skb: HostSkb, request: TcpSock): void {
  if (!checksumHolds(skb)) {
    kfreeSkb(host, skb, 'TCP_CSUM', 'tcp_rcv');
    return;
  }
  const outcome = tcpCheckReq(host, skb, request);
  if (outcome === 'listener') {
    receiveListener(host, skb);
    return;
  }
  if (outcome === 'dropped') {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', 'tcp_check_req');
    return;
  }
  deliver(host, skb, request.lport, request.listener.service);
  request.cause = skb.id;
  tcpChildProcess(host, skb, request);
}

/** What comes for a listener, or for nobody. Kernel: tcp_rcv_state_process(), state LISTEN */
function receiveListener(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  const tcp = packet.tcp!;
  const by = 'tcp_rcv';
  const listener = host.sockets.listener('tcp', packet.family, packet.dst, tcp.dport);
  if (!checksumHolds(skb)) {
    kfreeSkb(host, skb, 'TCP_CSUM', by);
    return;
  }
  if (!listener) {
    host.emit(skb, { type: 'deliver', to: 'closed', protocol: IPPROTO.tcp, port: tcp.dport });
    tcpSendReset(host, skb, null);
    consumeSkb(skb);
    return;
  }
  deliver(host, skb, listener.port, listener.service);
  if ((tcp.flags & TCP_ACK) !== 0) {
    tcpSendReset(host, skb, LISTENER_SOCKET);
    consumeSkb(skb);
    return;
  }
  if ((tcp.flags & TCP_RST) !== 0) {
    kfreeSkb(host, skb, 'TCP_RESET', by);
    return;
  }
  if ((tcp.flags & TCP_SYN) === 0) {
    kfreeSkb(host, skb, 'TCP_FLAGS', by);
    return;
  }
  if ((tcp.flags & TCP_FIN) !== 0) {
    kfreeSkb(host, skb, 'TCP_FLAGS', by);
    return;
  }
  tcpConnRequest(host, skb, listener);
  consumeSkb(skb);
}
