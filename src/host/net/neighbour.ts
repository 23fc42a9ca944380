import { addrBytes, BROADCAST_MAC, formatMac, isMulticast } from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import type { HostSkb, RouteDst } from '../skb';
import { inetAddrType } from './addr4';

/** Addresses of neighbours that resolve. A lab's are there from the start; nothing is ever asked on the wire. */
export class NeighTable {
  private readonly entries = new Map<string, string>();
  /** Neighbours that something was sent to, so that their header is at hand. Kernel: neigh->hh */
  private readonly used = new Set<string>();

  add(dev: string, addr: string, mac: string): void {
    this.entries.set(`${dev} ${addr}`, mac);
  }

  get(dev: string, addr: string): string | undefined {
    return this.entries.get(`${dev} ${addr}`);
  }

  /** Notes that a neighbour is sent to; true if that is the first time. */
  warm(dev: string, addr: string): boolean {
    const key = `${dev} ${addr}`;
    if (this.used.has(key)) return false;
    this.used.add(key);
    return true;
  }

  remove(dev: string, addr: string): boolean {
    return this.entries.delete(`${dev} ${addr}`);
  }

  flush(dev: string): void {
    for (const key of [...this.entries.keys()]) if (key.startsWith(`${dev} `)) this.entries.delete(key);
  }

  list(): readonly { readonly dev: string; readonly address: string; readonly mac: string }[] {
    return [...this.entries].map(([key, mac]) => {
      const [dev, address] = key.split(' ');
      return { dev: dev!, address: address!, mac };
    });
  }
}

/** The MAC that a packet goes to, or null: it is gone then. Kernel: ip_neigh_for_gw(), arp_constructor(), neigh_output() */
export function neighOutput4(host: Host, skb: HostSkb, dst: RouteDst): string | null {
  const device = host.devices.get(dst.dev)!;
  if (device.kind === 'loopback') return '00:00:00:00:00:00';
  const addr = dst.gateway ?? skb.packet.dst;
  if (addr.includes(':')) return resolve(host, skb, dst.dev, addr);
  if (isMulticast(addr)) return multicastMac(addr);
  if (device.kind === 'dummy') return noteMac(host, skb, dst.dev, addr, device.mac);
  if (dst.rtBroadcast || inetAddrType(host, addr) === 'BROADCAST')
    return host.neigh.get(dst.dev, addr) ?? BROADCAST_MAC;
  return resolve(host, skb, dst.dev, addr);
}

/** Kernel: ndisc_constructor() */
export function neighOutput6(host: Host, skb: HostSkb, dst: RouteDst): string | null {
  const device = host.devices.get(dst.dev)!;
  if (device.kind === 'loopback') return '00:00:00:00:00:00';
  const addr = dst.gateway ?? skb.packet.dst;
  if (isMulticast(addr)) return multicastMac(addr);
  if (device.kind === 'dummy') return noteMac(host, skb, dst.dev, addr, device.mac);
  return resolve(host, skb, dst.dev, addr);
}

function resolve(host: Host, skb: HostSkb, dev: string, addr: string): string | null {
  const mac = host.neigh.get(dev, addr) ?? null;
  host.emit(skb, { type: 'neighbour', dev, addr, mac });
  if (mac === null) kfreeSkb(host, skb, 'NEIGH_FAILED', 'neigh_event_send');
  else host.neigh.warm(dev, addr);
  return mac;
}

function noteMac(host: Host, skb: HostSkb, dev: string, addr: string, mac: string): string {
  host.emit(skb, { type: 'neighbour', dev, addr, mac });
  return mac;
}

/** RFC 1112 p. 7; RFC 2464 p. 6. Kernel: ip_eth_mc_map(), ipv6_eth_mc_map() */
function multicastMac(addr: string): string {
  const bytes = addrBytes(addr);
  const tail = bytes.slice(-4);
  if (bytes.length === 4) return formatMac(Uint8Array.of(1, 0, 0x5e, tail[1]! & 127, tail[2]!, tail[3]!));
  return formatMac(Uint8Array.of(0x33, 0x33, ...tail));
}
