import type { SimTime } from '../../base';
import { type Addr, isLinkLocal, type Packet } from '../../wire';
import type { Listener, TcpSock } from '../tcp/types';

/** The sockets of a host. Kernel: inet_hashinfo, udp_table */
export class SocketTable {
  listeners: Listener[] = [];
  /** Connections by `local port remote port`, and the interface of a peer that is known on one link only. */
  readonly connections = new Map<string, TcpSock>();
  nextId = 1;

  find(packet: Packet, iif: string): TcpSock | undefined {
    const tcp = packet.tcp!;
    return this.lookup(packet.dst, tcp.dport, packet.src, tcp.sport, iif);
  }

  /** A peer of one link is another on each interface. */
  lookup(local: Addr, lport: number, remote: Addr, rport: number, iif: string): TcpSock | undefined {
    return this.connections.get(keyOf(local, lport, remote, rport, isLinkLocal(remote) ? iif : ''));
  }

  /** Connections of a listener whose handshake is not done. Kernel: inet_csk_reqsk_queue_len() */
  halfOpen(listener: Listener, now: SimTime): number {
    let count = 0;
    for (const s of this.connections.values())
      if (s.listener.id === listener.id && s.state === 'NEW_SYN_RECV' && s.expires > now) count++;
    return count;
  }

  insert(sock: TcpSock): void {
    this.connections.set(sockKey(sock), sock);
  }

  remove(sock: TcpSock): void {
    if (this.connections.get(sockKey(sock)) === sock) this.connections.delete(sockKey(sock));
  }

  /** A listener goes; its connections stay. */
  forget(listener: Listener): void {
    this.listeners = this.listeners.filter((l) => l.id !== listener.id);
  }

  byId(id: number): TcpSock | undefined {
    for (const sock of this.connections.values()) if (sock.id === id) return sock;
    return undefined;
  }

  /** One bound to the address comes before one for any. Kernel: compute_score() */
  listener(protocol: 'tcp' | 'udp', family: 4 | 6, address: Addr, port: number): Listener | undefined {
    let best: Listener | undefined;
    for (const l of this.listeners) {
      if (l.protocol !== protocol || l.port !== port || l.family !== family) continue;
      if (l.address === address) return l;
      if (l.address === null) best ??= l;
    }
    return best;
  }
}

function keyOf(local: Addr, lport: number, remote: Addr, rport: number, oif: string): string {
  return `${local} ${lport} ${remote} ${rport} ${oif}`;
}

function sockKey(sock: TcpSock): string {
  return keyOf(sock.local, sock.lport, sock.remote, sock.rport, sock.oif);
}
