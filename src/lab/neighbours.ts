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
interface StaticNeighbour {
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

/** The first neighbour that claims an address on an interface has it. */
export function staticNeighbours(lab: Lab, placed: readonly Placed[]): readonly StaticNeighbour[] {
  const owners = addressOwners(placed);
  const found = new Map<string, StaticNeighbour>();
  for (const host of Object.keys(lab.hosts)) {
    const own = placed.filter((i) => i.host === host);
    const all = [
      ...ownersNearby(own, owners),
      ...gatewaysOf(lab, host, own, owners),
      ...senders(lab, host, own, owners),
    ];
    for (const neighbour of all) {
      const key = `${host} ${neighbour.dev} ${neighbour.address}`;
      if (!found.has(key)) found.set(key, { host, ...neighbour });
    }
  }
  return [...found.values()];
}

type Owners = ReadonlyMap<string, readonly Placed[]>;
type Neighbour = Omit<StaticNeighbour, 'host'>;

/** Every address that another host owns in the same layer-2 network. */
function ownersNearby(own: readonly Placed[], owners: Owners): Neighbour[] {
  const mine = new Set(own.flatMap((i) => i.addresses.map(bare)));
  return own
    .filter((i) => i.master === '' && i.kind !== 'dummy')
    .flatMap(({ host, dev, domain }) =>
      [...owners].flatMap(([address, holders]) =>
        holders
          .filter((o) => !mine.has(address) && o.host !== host && o.domain === domain)
          .map(({ mac }) => ({ dev, address, mac })),
      ),
    );
}

/** Every gateway of `routes` and `routes6` that no host of the lab is. */
function gatewaysOf(lab: Lab, host: string, own: readonly Placed[], owners: Owners): Neighbour[] {
  const { routes = '', routes6 = '' } = lab.hosts[host]!;
  return [routes, routes6].flatMap(gateways).flatMap(({ address, dev = onLink(own, address) }) => {
    const known = dev !== undefined && own.some((i) => i.dev === dev);
    return known && !owners.has(address) ? [{ dev, address, mac: WIRE_MAC }] : [];
  });
}

/** Every on-link sender of a `receive` that no host of the lab is. */
function senders(lab: Lab, host: string, own: readonly Placed[], owners: Owners): Neighbour[] {
  return lab.steps.flatMap((step): Neighbour[] => {
    if (!('receive' in step) || step.receive.host !== host) return [];
    const { interface: port, packet, mac = WIRE_MAC } = step.receive;
    const dev = own.find((i) => i.dev === port)?.master || port;
    const address = bare(packet.src);
    if (owners.has(address) || onLink(own, address, dev) === undefined) return [];
    return [{ dev, address, mac: mac.toLowerCase() }];
  });
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
