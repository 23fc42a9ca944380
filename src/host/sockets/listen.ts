import type { Skb } from '../../model';
import { familyOf } from '../../wire';
import type { Host } from '../host';
import type { Listener } from '../tcp/types';
import type { ListenerSpec } from '../types';

/** Opens a listening socket; without an address one for each family. A silent one only takes what comes. */
export function addListener(host: Host, spec: ListenerSpec): void {
  const any = spec.address === undefined || spec.address === '0.0.0.0' || spec.address === '::';
  if (spec.silent) {
    host.ownPort(spec.protocol, any ? null : spec.address!, spec.port);
    return;
  }
  const families = spec.address === undefined ? ([4, 6] as const) : ([familyOf(spec.address)] as const);
  for (const family of families) {
    const listener: Listener = Object.freeze({
      id: host.sockets.nextId++,
      protocol: spec.protocol,
      family,
      address: any ? null : spec.address!,
      port: spec.port,
      service: spec.serves ?? 'echo',
      pmtuDisc: host.proc.number('ipv4.ip_no_pmtu_disc') === 0,
      once: spec.once ?? false,
    });
    host.sockets.listeners.push(listener);
  }
}

/** The socket that a packet would reach. Kernel: nf_sk_lookup_slow_v4() */
export function findSocket(
  host: Host,
  skb: Skb,
): { readonly transparent: boolean; readonly wildcard: boolean; readonly mark: number } | null {
  const { packet } = skb;
  const header = packet.tcp ?? packet.udp;
  if (header === undefined) return null;
  if (packet.tcp && host.sockets.find(packet, skb.iif)) return { transparent: false, wildcard: false, mark: 0 };
  const listener = host.sockets.listener(packet.tcp ? 'tcp' : 'udp', packet.family, packet.dst, header.dport);
  return listener ? { transparent: false, wildcard: listener.address === null, mark: 0 } : null;
}
