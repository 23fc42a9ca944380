import type { Skb, SkbSocket } from '../model';
import { IPPROTO } from '../wire';

/** The socket of a packet that a program has in hand. Kernel: skb->sk->sk_socket */
export const ownedSocket = ({ socket }: Skb): SkbSocket | null => (socket?.orphan ? null : socket);

/** A SYN+ACK comes from the request for a connection, which is no full socket yet. Kernel: sk_fullsock() */
export function isFromRequest({ socket, packet }: Skb): boolean {
  return socket?.protocol === IPPROTO.tcp && packet.tcp !== undefined && (packet.tcp.flags & 0x12) === 0x12;
}
