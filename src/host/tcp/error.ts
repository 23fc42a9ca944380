import { ICMP, ICMP_CODE, ICMPV6, ICMPV6_CODE, type Packet, u16, u32 } from '../../wire';
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

/**
 * Some ICMP errors about its SYN+ACK end a half-open connection: of IPv4 that there is no way, of IPv6 that there is none for it.
 * Kernel: tcp_v4_err(), tcp_v6_err(), tcp_req_err()
 */
export function tcpIcmpError(host: Host, inner: Packet, type: number, code: number, iif: string): void {
  const quoted = quotedSock(host, inner, iif);
  if (quoted?.sock.state !== 'NEW_SYN_RECV' || quoted.seq !== quoted.sock.sndIsn) return;
  const fatal =
    inner.family === 4
      ? type === ICMP.parameterProb ||
        type === ICMP.timeExceeded ||
        (type === ICMP.destUnreach && UNREACHABLE4.has(code))
      : isFatal6(type, code);
  if (fatal) host.sockets.remove(quoted.sock);
}

const UNREACHABLE4: ReadonlySet<number> = new Set([ICMP_CODE.netUnreach, ICMP_CODE.hostUnreach]);

/** Whether an error of ICMPv6 is more than a hint. Kernel: icmpv6_err_convert(), net/ipv6/icmp.c */
function isFatal6(type: number, code: number): boolean {
  if (type === ICMPV6.paramProb) return true;
  const { noRoute, notNeighbour, addrUnreach } = ICMPV6_CODE;
  return type === ICMPV6.destUnreach && code !== noRoute && code !== notNeighbour && code !== addrUnreach;
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
