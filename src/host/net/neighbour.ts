import { type SimTime, seconds } from '../../base';
import {
  type Addr,
  BROADCAST_MAC,
  type Family,
  ICMP,
  ICMP_CODE,
  ICMPV6,
  ICMPV6_CODE,
  isMulticast,
  multicastMac,
} from '../../wire';
import { kfreeSkb } from '../free';
import type { Host } from '../host';
import { icmpSend } from '../ip4/icmp-send';
import { icmp6Send } from '../ip6/icmp-send';
import type { HostSkb, RouteDst } from '../skb';
import { inetAddrType } from './addr4';

/** Packets that wait for a neighbour to answer. Kernel: neigh->arp_queue, NUD_INCOMPLETE */
interface Incomplete {
  readonly until: SimTime;
  readonly packets: HostSkb[];
}

/** An entry of the table; one that has not resolved has no MAC. Kernel: struct neighbour, its nud_state */
export interface Neighbour {
  readonly dev: string;
  readonly address: Addr;
  readonly mac: string | null;
  readonly state: 'PERMANENT' | 'INCOMPLETE' | 'FAILED';
  readonly router: boolean;
}

/** Three questions, a second apart. Kernel: mcast_solicit, retrans_time_ms */
const GIVE_UP_AFTER = 3;

/** What has failed is there until it is tidied up; how long that takes is chance. Kernel: neigh_periodic_work() */
const TIDIED_AFTER = 5;

/** The neighbours that something was sent to. Those that resolve are there from the start; nothing is ever asked on the wire. */
export class NeighTable {
  /** Packets to an address that does not resolve wait, and their senders are told; else they are gone at once. */
  fails = false;
  private readonly incomplete = new Map<string, Incomplete>();
  private readonly entries = new Map<string, string>();
  /** Those that are said to be routers. Kernel: NTF_ROUTER */
  private readonly routers = new Set<string>();
  /** Entries that were begun without a MAC; no listing has them. Kernel: NUD_NONE */
  private readonly bare = new Set<string>();
  /** Neighbours that something was sent to, so that their header is at hand. Kernel: neigh->hh */
  private readonly used = new Set<string>();
  /** Those that did not resolve, and until when that is known. Kernel: NUD_FAILED */
  private readonly failed = new Map<string, SimTime>();

  /** Gives the packets that waited for this neighbour. Kernel: neigh_update() */
  add(dev: string, addr: string, mac: string, router = false): readonly HostSkb[] {
    const key = `${dev} ${addr}`;
    const waiting = this.incomplete.get(key)?.packets ?? [];
    this.remove(dev, addr);
    this.entries.set(key, mac);
    if (router) this.routers.add(key);
    return waiting;
  }

  begin(dev: string, addr: string): void {
    this.bare.add(`${dev} ${addr}`);
  }

  begun(dev: string, addr: string): boolean {
    return this.bare.has(`${dev} ${addr}`);
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

  /** A packet waits for an answer that will not come. Kernel: __neigh_event_send() */
  wait(dev: string, addr: string, now: SimTime, skb: HostSkb): void {
    const key = `${dev} ${addr}`;
    const waiting = this.incomplete.get(key) ?? { until: now + seconds(GIVE_UP_AFTER), packets: [] };
    waiting.packets.push(skb);
    this.incomplete.set(key, waiting);
    this.failed.delete(key);
  }

  fail(dev: string, addr: string, now: SimTime): void {
    this.failed.set(`${dev} ${addr}`, now + seconds(TIDIED_AFTER));
  }

  /** Who is asked for is given up at once. */
  giveUp(dev: string, addr: string, now: SimTime): void {
    const key = `${dev} ${addr}`;
    const waiting = this.incomplete.get(key);
    if (waiting) this.incomplete.set(key, { ...waiting, until: now });
  }

  nextExpiry(): SimTime {
    let next = Number.POSITIVE_INFINITY;
    for (const { until } of this.incomplete.values()) next = Math.min(next, until);
    return next;
  }

  /** The packets whose neighbour is given up at this time. */
  givenUp(now: SimTime): readonly HostSkb[] {
    const lost: HostSkb[] = [];
    for (const [key, { until, packets }] of this.incomplete) {
      if (until > now) continue;
      this.incomplete.delete(key);
      this.failed.set(key, until + seconds(TIDIED_AFTER));
      lost.push(...packets);
    }
    return lost;
  }

  remove(dev: string, addr: string): boolean {
    const key = `${dev} ${addr}`;
    this.used.delete(key);
    this.routers.delete(key);
    return this.tables().filter((table) => table.delete(key)).length > 0;
  }

  private tables(): readonly (Map<string, unknown> | Set<string>)[] {
    return [this.entries, this.incomplete, this.failed, this.bare];
  }

  flush(dev: string, family?: Family): void {
    for (const key of [...this.tables().flatMap((table) => [...table.keys()]), ...this.used]) {
      const six = key.includes(':', dev.length + 1);
      if (!key.startsWith(`${dev} `) || (family !== undefined && six !== (family === 6))) continue;
      this.remove(dev, key.slice(dev.length + 1));
    }
  }

  list(now: SimTime): readonly Neighbour[] {
    const entry = (key: string, mac: string | null, state: Neighbour['state']): Neighbour => {
      const [dev, address] = key.split(' ');
      return { dev: dev!, address: address!, mac, state, router: this.routers.has(key) };
    };
    return [
      ...[...this.entries].map(([key, mac]) => entry(key, mac, 'PERMANENT')),
      ...[...this.incomplete.keys()].map((key) => entry(key, null, 'INCOMPLETE')),
      ...[...this.failed].filter(([, until]) => until > now).map(([key]) => entry(key, null, 'FAILED')),
    ];
  }
}

/** The MAC that a packet goes to, or null: it is gone then. Kernel: ip_neigh_for_gw(), arp_constructor(), neigh_output() */
export function neighOutput4(host: Host, skb: HostSkb, dst: RouteDst): string | null {
  const device = host.devices.get(dst.dev)!;
  if (device.kind === 'loopback') return '00:00:00:00:00:00';
  const addr = dst.gateway ?? skb.packet.dst;
  if (addr.includes(':')) return resolve(host, skb, dst.dev, addr);
  if (isMulticast(addr)) return multicastMac(addr);
  if (device.noArp) return resolve(host, skb, dst.dev, addr);
  // Not by the route that was taken. Kernel: arp_constructor()
  const type = inetAddrType(host, addr, dst.dev);
  if (type === 'BROADCAST') return host.neigh.get(dst.dev, addr) ?? BROADCAST_MAC;
  if (type === 'MULTICAST') return host.neigh.get(dst.dev, addr) ?? multicastMac(addr);
  return resolve(host, skb, dst.dev, addr);
}

/** Kernel: ndisc_constructor() */
export function neighOutput6(host: Host, skb: HostSkb, dev: string, addr: string): string | null {
  const device = host.devices.get(dev)!;
  if (device.kind === 'loopback') return '00:00:00:00:00:00';
  if (isMulticast(addr)) return multicastMac(addr);
  return resolve(host, skb, dev, addr);
}

/** The MAC of a neighbour: an interface's own where nobody is asked. Kernel: arp_constructor(), ndisc_constructor() */
export function neighbourMac(host: Host, dev: string, addr: string): string | null {
  const device = host.devices.get(dev)!;
  return host.neigh.get(dev, addr) ?? (device.noArp ? device.mac : null);
}

function resolve(host: Host, skb: HostSkb, dev: string, addr: string): string | null {
  const mac = neighbourMac(host, dev, addr);
  if (mac === null && host.neigh.fails) {
    host.emit(skb, { type: 'neighbour', dev, addr, mac, waits: true });
    host.neigh.wait(dev, addr, host.world.now(), skb);
    return null;
  }
  host.emit(skb, { type: 'neighbour', dev, addr, mac });
  if (mac === null) {
    host.neigh.fail(dev, addr, host.world.now());
    kfreeSkb(host, skb, 'NEIGH_FAILED', 'neigh_event_send');
  } else host.neigh.warm(dev, addr);
  return mac;
}

/**
 * Nobody has answered: who sent the packets that waited is told, by an ICMP error.
 * Kernel: neigh_timer_handler(), neigh_invalidate(), arp_error_report(), ndisc_error_report()
 */
export function expireNeighbours(host: Host): void {
  for (const skb of host.neigh.givenUp(host.world.now())) {
    if (skb.packet.family === 4) icmpSend(host, skb, ICMP.destUnreach, ICMP_CODE.hostUnreach, 0);
    else icmp6Send(host, skb, ICMPV6.destUnreach, ICMPV6_CODE.addrUnreach, 0);
    kfreeSkb(host, skb, 'NEIGH_FAILED', 'neigh_invalidate');
  }
}
