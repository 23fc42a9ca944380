import {
  addImplied,
  forgetAddress,
  IpError,
  type OwnInterface,
  Reader,
  readPrefix,
  syncImplied,
  unsigned,
} from '../fib';
import { natForgetInterface } from '../nat';
import { type Addr, broadcastOf, type Family, isLinkLocal, isMulticast, type Prefix, parseAddr } from '../wire';
import type { Device, HostAddr } from './device';
import type { Host } from './host';
import { forgetLostHops } from './net/pmtu';

export type AddrVerb = 'add' | 'change' | 'replace' | 'del';

/** Brings the routes that an interface implies up to date, in both families. */
export function syncDevice(host: Host, device: Device): void {
  const own = ownInterface(host, device);
  syncImplied(host.fib[4], own);
  syncImplied(host.fib[6], own);
  forgetLostHops(host);
}

const ownInterface = (host: Host, device: Device): OwnInterface => ({
  name: device.name,
  up: device.up,
  loopback: device.kind === 'loopback',
  ipv6: host.ipv6On(device.name),
  forwarding6: host.proc.number(`ipv6.conf.${device.name}.forwarding`) !== 0,
  addresses: device.addresses,
  lost4: false,
});

/** The routes of an address that was added. Only an interface's first may bring others back. `same`: the others of its network. */
function syncAdded(host: Host, device: Device, address: HostAddr, same: readonly HostAddr[] = []): void {
  if (device.of(address.family).length === 1) syncDevice(host, device);
  else
    addImplied(
      host.fib[address.family],
      ownInterface(host, device),
      address,
      same.find((a) => !a.secondary),
    );
}

/** What `ip addr` says about an address: read from its words. */
interface AddrRequest {
  readonly prefix: Prefix;
  readonly dev: string;
  readonly broadcast: Addr | null;
  readonly scope: number | null;
  readonly label: string;
  readonly noPrefixRoute: boolean;
  readonly nodad: boolean;
  /** A word that asks for what an address here cannot have; '' for none. */
  readonly beyond: string;
}

/** Reads the words of `ip addr add`. Throws IpError. iproute2: ipaddr_modify(), ip/ipaddress.c */
function parseAddress(
  words: readonly string[],
  said: Family | null,
  verb: AddrVerb,
): Omit<AddrRequest, 'prefix'> & { readonly prefix: Prefix | null } {
  const r = new Reader(words);
  let prefix: Prefix | null = null;
  let dev = '';
  let broadcast: string | null = null;
  let scope: number | null = null;
  let label = '';
  let noPrefixRoute = false;
  let nodad = false;
  let beyond = '';
  while (!r.done) {
    const word = r.value();
    if (word === 'dev') dev = r.value();
    else if (word === 'brd' || (word.length > 2 && 'broadcast'.startsWith(word))) {
      const text = r.value();
      if (broadcast !== null) throw r.duplicate('broadcast');
      broadcast = text;
      if (text !== '+' && text !== '-') {
        r.at--;
        r.addr(prefix?.family ?? said ?? (text.includes(':') ? 6 : 4));
      }
    } else if (word === 'scope') {
      scope = r.parsed(readScope, 'invalid scope value.');
    } else if (word === 'label') label = r.value();
    else if (word === 'noprefixroute') noPrefixRoute = true;
    else if (word === 'nodad') nodad = true;
    else if (word === 'home' || word === 'mngtmpaddr' || word === 'optimistic') continue;
    else if (word === 'autojoin') beyond = word;
    else if (word === 'valid_lft' || word === 'preferred_lft') {
      const seconds = r.parsed((t) => (t === 'forever' ? Number.POSITIVE_INFINITY : unsigned(t)), `${word} value`);
      if (Number.isFinite(seconds)) beyond = word;
    } else if (word === 'metric') {
      r.parsed(unsigned, '"metric" value is invalid\n');
      beyond = word;
    } else if (word === 'peer' || word === 'anycast') {
      beyond = word;
      const family: Family = prefix?.family ?? said ?? 4;
      if (word === 'peer') r.prefix(family);
      else r.addr(family);
    } else {
      const text = word === 'local' ? r.value() : word;
      if (prefix !== null) throw r.garbage('local');
      if (/^(default|any|all)$/.test(text)) continue; // a prefix without an address
      const family = said ?? (text.includes(':') ? 6 : 4);
      prefix = readPrefix(text, family);
      if (prefix === null) {
        const wanted = said === null ? 'any valid' : said === 4 ? 'inet' : 'inet6';
        throw new IpError(`${wanted} prefix is expected rather than "${text}".`, r.at - 1, 1);
      }
    }
  }
  if (dev === '') throw new IpError('Not enough information: "dev" argument is required.', -1, 1);
  if (verb !== 'del' && prefix?.family === 6 && (broadcast === '+' || broadcast === '-'))
    throw new IpError('Broadcast can be set only for IPv4 addresses', -1, 1);
  return { prefix, dev, broadcast: broadcastFor(prefix, broadcast), scope, label, noPrefixRoute, nodad, beyond };
}

const SCOPES: Readonly<Record<string, number>> = {
  global: 0,
  universe: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

function broadcastFor(prefix: Prefix | null, text: string | null): Addr | null {
  if (text === null || prefix === null || prefix.family === 6) return null;
  if (text === '+' || text === '-') {
    if (prefix.length > 30) return null;
    return text === '+' ? broadcastOf(prefix) : prefix.network;
  }
  return parseAddr(text);
}

/** Does what `ip addr VERB` asks. What `ip` prints if it is refused, else null. Throws IpError. */
export function changeAddress(
  host: Host,
  verb: AddrVerb,
  words: readonly string[],
  said: Family | null = null,
): string | null {
  const { prefix, ...request } = parseAddress(words, said, verb);
  const device = host.devices.get(request.dev);
  if (!device) return `Cannot find device "${request.dev}"`;
  if (prefix === null) return 'RTNETLINK answers: Operation not supported';
  if (request.beyond !== '') throw new IpError(request.beyond, -1, 127);
  const whole = { ...request, prefix };
  if (verb === 'del') return removeAddress(host, device, prefix);
  return prefix.family === 4 ? add4(host, device, whole, verb) : add6(host, device, whole, verb);
}

/** Kernel: inet_rtm_newaddr(), __inet_insert_ifa(), net/ipv4/devinet.c */
function add4(host: Host, device: Device, request: AddrRequest, verb: AddrVerb): string | null {
  const { prefix } = request;
  if (request.label.length > 15) return 'Error: Attribute failed policy validation.';
  if (prefix.addr === '0.0.0.0') return null; // is taken, and makes nothing
  const scope = request.scope ?? (prefix.addr.startsWith('127.') ? 254 : 0);
  const own = device.of(4);
  const same = own.filter((a) => a.length === prefix.length && a.network === prefix.network);
  if (same.some((a) => a.addr === prefix.addr)) return verb === 'add' ? 'Error: ipv4: Address already assigned.' : null;
  if (same.some((a) => a.scope !== scope)) return 'Error: ipv4: Invalid scope value.';
  const address: HostAddr = Object.freeze({
    ...prefix,
    broadcast: request.broadcast,
    scope,
    secondary: same.length > 0,
    label: request.label || device.name,
    noPrefixRoute: request.noPrefixRoute,
    nodad: false,
  });
  const list = [...own];
  if (address.secondary) list.push(address);
  else {
    const lastPrimary = list.findLastIndex((a) => !a.secondary && scope <= a.scope);
    list.splice(lastPrimary + 1, 0, address);
  }
  host.proc.settle(device.name);
  device.addresses = [...list, ...device.of(6)];
  syncAdded(host, device, address, same);
  return null;
}

/** Kernel: inet6_addr_add(), ipv6_link_dev_addr(), net/ipv6/addrconf.c */
function add6(host: Host, device: Device, request: AddrRequest, verb: AddrVerb): string | null {
  const { prefix } = request;
  const loopback = prefix.addr === '::1';
  if (!host.proc.hasIpv6(device.name)) return 'RTNETLINK answers: Invalid argument';
  if (!host.ipv6On(device.name)) return 'Error: ipv6: IPv6 is disabled on this device.';
  const wrong =
    prefix.addr === '::'
      ? 'Invalid address'
      : isMulticast(prefix.addr)
        ? 'Cannot assign multicast address without "IFA_F_MCAUTOJOIN" flag'
        : loopback && device.kind !== 'loopback' && 'Cannot assign loopback address on this device';
  if (wrong) return `Error: ipv6: ${wrong}.`; // ipv6_add_addr()
  const own = device.of(6);
  if (own.some((a) => a.addr === prefix.addr)) return verb === 'add' ? 'Error: ipv6: address already assigned.' : null;
  const scope = isLinkLocal(prefix.addr) ? 253 : loopback ? 254 : 0;
  const address: HostAddr = Object.freeze({
    ...prefix,
    broadcast: null,
    scope,
    secondary: false,
    label: '',
    noPrefixRoute: request.noPrefixRoute,
    nodad: request.nodad,
  });
  const list = [...own];
  const at = list.findIndex((a) => a.scope >= scope);
  list.splice(at < 0 ? list.length : at, 0, address);
  device.addresses = [...device.of(4), ...list];
  syncAdded(host, device, address);
  return null;
}

/** Kernel: inet_rtm_deladdr(), __inet_del_ifa(); inet6_addr_del() */
function removeAddress(host: Host, device: Device, prefix: Prefix): string | null {
  const wild = prefix.family === 4 && prefix.length === 32;
  const victim = device.addresses.find((a) => a.addr === prefix.addr && (a.length === prefix.length || wild));
  if (!victim) return prefix.family === 4 ? 'Error: ipv4: Address not found.' : 'Error: ipv6: address not found.';
  dropAddresses(host, device, [victim]);
  return null;
}

/** A primary address takes its secondaries along. */
export function dropAddresses(host: Host, device: Device, victims: readonly HostAddr[]): void {
  const promote = host.confOr(device.name, 'promote_secondaries');
  const gone = new Set(victims);
  let promoted = false;
  for (const v of victims) {
    if (v.family === 6 || v.secondary) continue;
    const others = device
      .of(4)
      .filter((a) => a.secondary && a.network === v.network && a.length === v.length && !gone.has(a));
    if (promote && others[0]) {
      const first = others[0];
      promoted = true;
      device.addresses = device.addresses.map((a) => (a === first ? Object.freeze({ ...a, secondary: false }) : a));
    } else for (const a of others) gone.add(a);
  }
  device.addresses = device.addresses.filter((a) => !gone.has(a));
  const lost4 = victims.some((v) => v.family === 4) && device.of(4).length === 0;
  const left = { ...ownInterface(host, device), lost4 };
  syncImplied(host.fib[4], left, promoted);
  syncImplied(host.fib[6], left, false);
  forgetLostHops(host);
  if (lost4) host.neigh.flush(device.name, 4); // fib_disable_ip()
  for (const a of gone) {
    if ([...host.devices.values()].some((d) => d.has(a.addr))) continue;
    forgetAddress(host.fib[a.family], a.addr);
    natForgetInterface(host.ct, host, device.name, a.addr);
  }
}

export function readScope(text: string): number | null {
  return SCOPES[text] ?? unsigned(text);
}

/** IPv6 begins on an interface that is up: lo has its address. Kernel: init_loopback(), net/ipv6/addrconf.c */
export function initLoopback(host: Host, device: Device): void {
  if (device.kind !== 'loopback' || device.of(6).some((a) => a.addr === '::1')) return;
  changeAddress(host, 'add', ['::1/128', 'dev', device.name]);
}

/** A switch of IPv6 was turned: addresses, neighbours and routes come and go with it. Kernel: addrconf_ifdown() */
export function ipv6Changed(host: Host): void {
  for (const device of host.devices.values()) {
    if (host.ipv6On(device.name)) syncDevice(host, device);
    else {
      dropAddresses(host, device, device.of(6));
      host.neigh.flush(device.name, 6);
    }
  }
}
