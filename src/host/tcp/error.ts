import { type Packet, u16, u32 } from '../../wire';
import type { Host } from '../host';
import { updatePmtu } from '../net/pmtu';
import type { HostSkb } from '../skb';
import { after, before, sockFlow, type TcpSock } from './types';
import { tcpMtuReduced } from './write';

/** The connection that a segment was of, by what an error quotes of it: ports and sequence number. */
function quotedSock(host: Host, inner: Packet, iif: string): { readonly sock: TcpSock; readonly seq: number } | null {
  const at = inner.l4Offset;
  if (at + 8 > inner.bytes.length) return null;
  const [sport, dport] = [u16(inner.bytes, at), u16(inner.bytes, at + 2)];
  const sock = host.sockets.lookup(inner.src, sport, inner.dst, dport, iif);
  return sock ? { sock, seq: u32(inner.bytes, at + 4) } : null;
}

/** An ICMP error about a segment of a half-open connection ends it, if it says that there is no way. Kernel: tcp_v4_err(), tcp_req_err() */
export function tcpIcmpError(host: Host, inner: Packet, type: number, code: number, iif: string): void {
  const quoted = quotedSock(host, inner, iif);
  if (quoted?.sock.state !== 'NEW_SYN_RECV' || quoted.seq !== quoted.sock.sndIsn) return;
  const fatal =
    inner.family === 4
      ? type === 12 || type === 11 || (type === 3 && (code === 0 || code === 1))
      : type === 1 || type === 3 || type === 4;
  if (fatal) host.sockets.remove(quoted.sock);
}

/**
 * A path's MTU is believed only if it is about a segment that is on its way, of a connection that is no longer half-open.
 *
 * Kernel: tcp_v4_err(), tcp_v6_err()
 */
export function tcpFragNeeded(host: Host, inner: Packet, mtu: number, skb: HostSkb): void {
  const quoted = quotedSock(host, inner, skb.iif);
  if (quoted === null || quoted.sock.state === 'NEW_SYN_RECV') return;
  const { sock, seq } = quoted;
  if (before(seq, sock.sndUna) || after(seq, sock.sndNxt)) return;
  // IPv4 notes it for the way of all ports. Kernel: build_sk_flow_key()
  updatePmtu(host, { ...sockFlow(sock), ...(sock.family === 4 ? { sport: 0, dport: 0 } : null) }, mtu);
  sock.cause = skb.id;
  tcpMtuReduced(host, sock);
}
