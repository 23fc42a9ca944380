import type { Host } from '../host';
import type { Addr, Family } from '../wire';

/** A socket as `ss`, `netstat` and /proc/net show it. */
export interface SocketRow {
  readonly protocol: 'tcp' | 'udp';
  readonly family: Family;
  /** As ss says it. */
  readonly state: string;
  readonly local: Addr;
  readonly lport: number;
  /** Null: none. */
  readonly remote: Addr | null;
  readonly rport: number;
  readonly recvQueue: number;
  readonly sendQueue: number;
  /** What it belongs to, and a number of its own. */
  readonly program: string;
  readonly id: number;
}

const STATES: Readonly<Record<string, string>> = {
  NEW_SYN_RECV: 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST-ACK',
  TIME_WAIT: 'TIME-WAIT',
};

/** What of a listening socket waits to be accepted at most. */
const BACKLOG = 64;

/** All sockets of a host: those that listen first, IPv4 before IPv6, as the kernel dumps them. */
export function socketsOf(host: Host): readonly SocketRow[] {
  const any = (family: Family): Addr => (family === 4 ? '0.0.0.0' : '::');
  const listeners = host.sockets.listeners.map((l): SocketRow => {
    const tcp = l.protocol === 'tcp';
    return {
      protocol: l.protocol,
      family: l.family,
      state: tcp ? 'LISTEN' : 'UNCONN',
      local: l.address ?? any(l.family),
      lport: l.port,
      remote: null,
      rport: 0,
      recvQueue: 0,
      sendQueue: tcp ? BACKLOG : 0,
      program: l.service,
      id: l.id,
    };
  });
  const connections = [...host.sockets.connections.values()].flatMap((s): SocketRow[] => {
    const state = STATES[s.state];
    if (state === undefined) return [];
    const sendQueue = s.state === 'TIME_WAIT' ? 0 : (s.writeSeq - s.sndUna) >>> 0;
    const { family, local, lport, remote, rport, listener } = s;
    const program = s.state === 'TIME_WAIT' ? '' : listener.service;
    return [
      {
        protocol: 'tcp',
        family,
        state,
        local,
        lport,
        remote,
        rport,
        recvQueue: 0,
        sendQueue,
        program,
        id: listener.id,
      },
    ];
  });
  const clients = host.ownPorts.opened.flatMap((client, i): SocketRow[] => {
    const state = { connecting: 'SYN-SENT', connected: 'ESTAB', answered: 'ESTAB' }[client.phase as string];
    if (state === undefined) return [];
    const { src, sport, dst, dport } = client.options;
    const family: Family = src.includes(':') ? 6 : 4;
    const at = { local: src, lport: sport, remote: dst, rport: dport };
    return [{ protocol: 'tcp', family, state, ...at, recvQueue: 0, sendQueue: 0, program: 'client', id: 1000 + i }];
  });
  const all = [...listeners, ...connections, ...clients];
  const rank = (r: SocketRow) =>
    (r.protocol === 'tcp' ? 0 : 4) + (r.family === 6 ? 2 : 0) + (r.state === 'LISTEN' ? 0 : 1);
  const udp = (r: SocketRow) => (r.protocol === 'udp' ? r.lport : 0);
  return all
    .map((r, i) => ({ r, i }))
    .sort((a, b) => rank(a.r) - rank(b.r) || udp(a.r) - udp(b.r) || a.i - b.i)
    .map(({ r }) => r);
}
