import {
  BROADCAST_MAC,
  broadcastOf,
  familyOf,
  isMulticast,
  multicastMac,
  parseAddr,
  parsePrefix,
  prefixContains,
} from '../wire';
import { type Placed, WIRE_MAC } from './segments';
import type { Lab } from './types';

/** A neighbour that resolves before the first step: ARP and neighbour discovery are never played. */
export interface StaticNeighbour {
  readonly host: string;
  readonly dev: string;
  readonly address: string;
  readonly mac: string;
}

/** Address without prefix length, in canonical form. */
function bare(address: string): string {
  const text = address.split('/')[0]!;
  return parseAddr(text) ?? text;
}

/** Which interfaces own an address, in the order of the lab. */
function addressOwners(placed: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const owners = new Map<string, Placed[]>();
  for (const i of placed) {
    for (const a of i.addresses) {
      const key = bare(a);
      owners.set(key, [...(owners.get(key) ?? []), i]);
    }
  }
  return owners;
}

/**
 * Who resolves: every address that another host owns in the same layer-2 network, every gateway of `routes` and
 * `routes6`, and every on-link sender of a `receive`.
 */
export function staticNeighbours(lab: Lab, placed: readonly Placed[]): readonly StaticNeighbour[] {
  const owners = addressOwners(placed);
  const found = new Map<string, StaticNeighbour>();
  const add = (host: string, dev: string, address: string, mac: string) => {
    const key = `${host} ${dev} ${address}`;
    if (!found.has(key)) found.set(key, { host, dev, address, mac });
  };
  for (const [host, spec] of Object.entries(lab.hosts)) {
    const own = placed.filter((i) => i.host === host);
    const mine = new Set(own.flatMap((i) => i.addresses.map(bare)));
    for (const i of own) {
      if (i.master !== '' || i.kind === 'dummy') continue;
      for (const [address, holders] of owners) {
        if (mine.has(address)) continue;
        for (const o of holders) if (o.host !== host && o.domain === i.domain) add(host, i.dev, address, o.mac);
      }
    }
    for (const text of [spec.routes ?? '', spec.routes6 ?? '']) {
      for (const { address, dev } of gateways(text)) {
        const via = dev ?? onLink(own, address);
        if (!owners.has(address) && own.some((i) => i.dev === via)) add(host, via!, address, WIRE_MAC);
      }
    }
    for (const step of lab.steps) {
      if (!('receive' in step) || step.receive.host !== host) continue;
      const { receive } = step;
      const dev = own.find((i) => i.dev === receive.interface)?.master || receive.interface;
      const address = bare(receive.packet.src);
      if (!owners.has(address) && onLink(own, address, dev)) {
        add(host, dev, address, (receive.mac ?? WIRE_MAC).toLowerCase());
      }
    }
  }
  return [...found.values()];
}

function gateways(text: string): { readonly address: string; readonly dev: string | undefined }[] {
  return [...text.matchAll(/via (?:inet6? )?(\S+)(?:.*? dev (\S+))?/g)].map((m) => ({
    address: bare(m[1]!),
    dev: m[2],
  }));
}

/** The interface that has this address in one of its networks. */
function onLink(own: readonly Placed[], address: string, dev?: string): string | undefined {
  if (parseAddr(address) === null) return undefined;
  for (const i of own) {
    if (dev !== undefined && dev !== i.dev) continue;
    for (const text of i.addresses) {
      const prefix = parsePrefix(text);
      if (prefix && familyOf(prefix.addr) === familyOf(address) && prefixContains(prefix, address)) return i.dev;
    }
  }
  return undefined;
}

/** The destination MAC that a packet has which arrives off the wire. Kernel's side of it: eth_type_trans(). */
export function receiveMac(placed: readonly Placed[], host: string, dev: string, dst: string): string {
  const at = placed.find((i) => i.host === host && i.dev === dev)!;
  if (isBroadcastOf(at, dst)) return BROADCAST_MAC;
  if (isMulticast(dst)) return multicastMac(dst);
  if (at.master === '') return at.mac;
  const holders = addressOwners(placed).get(dst) ?? [];
  const other = holders.findLast((i) => i.host !== host && i.domain === at.domain);
  return other?.mac ?? placed.find((i) => i.host === host && i.dev === at.master)?.mac ?? at.mac;
}

function isBroadcastOf(at: Placed, dst: string): boolean {
  if (dst === '255.255.255.255') return true;
  return at.addresses.some((text) => {
    const prefix = parsePrefix(text);
    return prefix !== null && prefix.family === 4 && broadcastOf(prefix) === dst;
  });
}
