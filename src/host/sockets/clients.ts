import { invariant } from '../../base';
import type { Errno } from '../../model';
import { familyOf, IPPROTO } from '../../wire';
import type { Host } from '../host';
import { advertisedMss, hasRouteTo } from '../net/to-peer';
import { TcpClient } from '../tcp/client';
import type { ConnectRequest } from '../types';

type Opened = { readonly ok: true; readonly client: number } | { readonly ok: false; readonly errno: Errno };

/**
 * Opens the client side of a connection. Nothing is sent: ask the client for its `next` segment when all is quiet, and
 * send it. So a connection is the plain sends that its expansion has.
 */
export function openClient(host: Host, request: ConnectRequest): Opened {
  const { to } = request;
  const source = request.src === undefined ? host.sourceFor(to) : ({ ok: true, src: request.src } as const);
  if (!source.ok) return source;
  const flow = { family: familyOf(to), dst: to, src: source.src, protocol: IPPROTO.tcp, dport: request.port };
  if (!hasRouteTo(host, flow)) return { ok: false, errno: 'ENETUNREACH' };
  const sport = request.sport ?? host.freePort('tcp');
  const client = new TcpClient({
    src: source.src,
    dst: to,
    sport,
    dport: request.port,
    data: request.data ?? '',
    close: request.close ?? true,
    mss: advertisedMss(host, { ...flow, sport }),
  });
  host.ownPorts.clients.set(`tcp ${source.src} ${sport}`, client);
  host.ownPorts.opened.push(client);
  return { ok: true, client: host.ownPorts.opened.length - 1 };
}

/** The client of this number. */
export function clientFor(host: Host, id: number): TcpClient {
  const client = host.ownPorts.opened[id];
  invariant(client, `no client ${id}`);
  return client;
}

/** All ports that are taken, by whomever. */
export function portsInUse(host: Host, protocol: 'tcp' | 'udp'): ReadonlySet<number> {
  const used = new Set<number>();
  const add = (key: string) => {
    if (key.startsWith(protocol)) used.add(Number(key.slice(key.lastIndexOf(' ') + 1)));
  };
  host.ownPorts.taken.forEach(add);
  for (const key of host.ownPorts.clients.keys()) add(key);
  for (const l of host.sockets.listeners) if (l.protocol === protocol) used.add(l.port);
  return used;
}
