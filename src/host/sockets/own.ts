import { IPPROTO, type Packet, ports } from '../../wire';
import type { Host } from '../host';
import type { TcpClient } from '../tcp/client';

/** Ports whose packets are taken and not answered: those that the lab itself sends from, and silent listeners. */
export class OwnPorts {
  /** `tcp 10.0.0.1 4000`; the address `*` is any. */
  readonly taken = new Set<string>();
  /** Clients of the engine by the same keys. */
  readonly clients = new Map<string, TcpClient>();
  /** All of them, by their number. */
  readonly opened: TcpClient[] = [];
}

export interface Taken {
  readonly to: 'own-port' | 'client';
  readonly port: number;
  readonly client: TcpClient | null;
}

/** Who takes this packet, if the lab does. Such packets never reach a socket. */
export function ownPortOf(host: Host, packet: Packet): Taken | null {
  const protocol = packet.protocol === IPPROTO.tcp ? 'tcp' : packet.protocol === IPPROTO.udp ? 'udp' : null;
  if (protocol === null) return null;
  const at = ports(packet);
  if (at === null) return null;
  const key = `${protocol} ${packet.dst} ${at.dport}`;
  const client = host.ownPorts.clients.get(key);
  if (client) return { to: 'client', port: at.dport, client };
  if (host.ownPorts.taken.has(key) || host.ownPorts.taken.has(`${protocol} * ${at.dport}`)) {
    return { to: 'own-port', port: at.dport, client: null };
  }
  return null;
}
