import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../wire';
import { consumeSkb } from '../free';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { TIMEWAIT_LEN } from './established';
import { segmentLength, sendBareAck, tcpOowRateLimited } from './output';
import { after, type TcpSock } from './types';

/**
 * A segment for a connection that is over. `again`: it opens a new one.
 *
 * Kernel: tcp_timewait_state_process(), net/ipv4/tcp_minisocks.c
 */
export function tcpTimewait(host: Host, skb: HostSkb, sock: TcpSock): 'done' | 'again' {
  const tcp = skb.packet.tcp!;
  const length = segmentLength(skb.packet);
  const rst = (tcp.flags & TCP_RST) !== 0;
  const ack = (tcp.flags & TCP_ACK) !== 0;
  if (tcp.seq === sock.rcvNxt && (length === 0 || rst)) {
    if (rst) {
      if (host.proc.number('ipv4.tcp_rfc1337') === 0) host.sockets.remove(sock);
    } else sock.expires = host.now() + TIMEWAIT_LEN;
    consumeSkb(skb);
    return 'done';
  }
  const opens = (tcp.flags & TCP_SYN) !== 0 && !rst && !ack && (tcp.flags & TCP_FIN) === 0;
  if (opens && after(tcp.seq, sock.rcvNxt)) return 'again';
  if (!rst) {
    if (ack) sock.expires = host.now() + TIMEWAIT_LEN;
    if (!tcpOowRateLimited(host, sock, skb.packet)) sendBareAck(host, skb, sock, sock.sndNxt, 0);
  }
  consumeSkb(skb);
  return 'done';
}
