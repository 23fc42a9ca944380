import type { Packet } from '../../wire';
import { u32 } from '../../wire';
import type { Host } from '../host';

/** An ICMP error about a segment of a half-open connection ends it, if it says that there is no way. Kernel: tcp_v4_err(), tcp_req_err() */
export function tcpIcmpError(host: Host, inner: Packet, type: number, code: number): void {
  const at = inner.l4Offset;
  if (at + 8 > inner.bytes.length) return;
  const sport = (inner.bytes[at]! << 8) | inner.bytes[at + 1]!;
  const dport = (inner.bytes[at + 2]! << 8) | inner.bytes[at + 3]!;
  const sock = host.sockets.connections.get(`${inner.src} ${sport} ${inner.dst} ${dport}`);
  if (sock?.state !== 'NEW_SYN_RECV') return;
  if (u32(inner.bytes, at + 4) !== sock.sndIsn) return;
  const fatal =
    inner.family === 4
      ? type === 12 || type === 11 || (type === 3 && (code === 0 || code === 1))
      : type === 1 || type === 3 || type === 4;
  if (fatal) host.sockets.remove(sock);
}
