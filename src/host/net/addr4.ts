import { addrType4, fibTableLookup, flowTo, type Route, TABLE } from '../../fib';
import type { AddrType } from '../../model';
import { type Addr, prefixContains } from '../../wire';
import type { Host } from '../host';

/** Does any interface have this address, or does a local route say so? Kernel: __ip_dev_find() */
export function ipDevFind(host: Host, addr: Addr): string | null {
  const dev = inetLookupIfaddr(host, addr);
  if (dev !== null) return dev;
  const fib = host.fib[4];
  const found = fibTableLookup(fib, fib.searched(TABLE.local), flowTo(addr));
  return found !== 'again' && found.ok && found.route.type === 'local' ? found.nexthop.dev : null;
}

/** Kernel: inet_lookup_ifaddr_rcu() */
export function inetLookupIfaddr(host: Host, addr: Addr): string | null {
  for (const dev of host.devices.values()) if (dev.has(addr)) return dev.name;
  return null;
}

/** Kernel: inet_addr_type_dev_table(); `dev` limits local addresses to those of one interface */
export function inetAddrType(host: Host, addr: Addr, dev = ''): AddrType {
  return addrType4(host.fib[4], addr, TABLE.local, dev).toUpperCase() as AddrType;
}

/**
 * The address that a packet out of an interface gets: one whose network the destination is in, else the first that is
 * not secondary, else one of any other interface. Kernel: inet_select_addr(), net/ipv4/devinet.c
 */
export function inetSelectAddr(host: Host, dev: string, dst: Addr | null, scope: number): Addr | null {
  const device = host.devices.get(dev);
  let first: Addr | null = null;
  // With route_localnet, addresses of scope host are as good as those of scope link.
  const localnet = host.confOr(dev, 'route_localnet') ? 253 : 254;
  for (const a of device?.of(4) ?? []) {
    if (a.secondary) continue;
    if (Math.min(a.scope, localnet) > scope) continue;
    if (dst === null || prefixContains(a, dst)) return a.addr;
    first ??= a.addr;
  }
  if (first !== null) return first;
  for (const other of host.devices.values()) {
    for (const a of other.of(4)) if (!a.secondary && a.scope !== 253 && a.scope <= scope) return a.addr;
  }
  return null;
}

/** The source that a route gives. Kernel: fib_result_prefsrc(), fib_info_update_nhc_saddr() */
export function fibPrefsrc(host: Host, route: Route, dev: string, gateway: Addr | null): Addr | null {
  return route.prefsrc ?? inetSelectAddr(host, dev, gateway, route.scope);
}
