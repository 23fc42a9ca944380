import type { AddrType } from '../../model';
import { type Addr, addrWords, isLinkLocal, isMulticast, maskAddr, parsePrefix, prefixContains } from '../../wire';
import type { Device } from '../device';
import type { Host } from '../host';

/** Is it an address of the host (of this interface)? Kernel: ipv6_chk_addr() */
export function ipv6ChkAddr(host: Host, addr: Addr, dev?: string): boolean {
  for (const device of host.devices.values()) {
    if (!device.has(addr)) continue;
    if (dev === undefined || device.name === dev || !(isLinkLocal(addr) || addr === '::1')) return true;
  }
  return false;
}

/** The address that all routers of a network have: does an interface listen to it? Kernel: ipv6_chk_acast_addr(), addrconf_join_anycast() */
export function ipv6ChkAcast(host: Host, addr: Addr): boolean {
  for (const device of host.devices.values()) {
    if (host.proc.number(`ipv6.conf.${device.name}.forwarding`) === 0) continue;
    if (device.of(6).some((a) => a.length < 127 && maskAddr(a.addr, a.length) === addr)) return true;
  }
  return false;
}

/** Addresses whose packets must leave by the interface that they belong to. Kernel: rt6_need_strict() */
export function rt6NeedStrict(addr: Addr): boolean {
  return isMulticast(addr) || isLinkLocal(addr) || addr === '::1';
}

/** Kernel: ipv6_addr_type() and a lookup, as xt_addrtype has it */
export function ipv6AddrType(host: Host, addr: Addr, dev?: string): AddrType {
  if (addr === '::') return 'UNSPEC';
  if (isMulticast(addr)) return 'MULTICAST';
  if (dev !== undefined && dev !== '') {
    if (host.devices.get(dev)?.has(addr)) return 'LOCAL';
  } else if (ipv6ChkAddr(host, addr)) return 'LOCAL';
  for (const id of [255, 254]) {
    const table = host.fib[6].tables.get(id);
    for (const length of table?.prefixLengths() ?? []) {
      const route = table!.candidates(addr, length)[0];
      if (!route) continue;
      if (route.type === 'anycast') return 'ANYCAST';
      if (route.type === 'local') return dev ? 'UNICAST' : 'LOCAL';
      if (route.type === 'unicast' || route.type === 'multicast') return 'UNICAST';
      return 'UNREACHABLE';
    }
  }
  return 'UNREACHABLE';
}

/** Scopes by their numbers in multicast addresses. Kernel: ipv6_addr_src_scope() */
function srcScope(addr: Addr): number {
  if (isMulticast(addr)) return Number.parseInt(addr[3] ?? '0', 16);
  if (addr === '::') return -1;
  if (isLinkLocal(addr) || addr === '::1') return 2;
  return /^fe[cdef]/.test(addr) ? 5 : 14;
}

/** Labels of the default policy table. RFC 6724 section 2.1; kernel: ip6addrlbl_init_table */
const LABELS = (
  [
    ['::1/128', 0],
    ['::ffff:0:0/96', 4],
    ['::/96', 3],
    ['2001::/32', 6],
    ['2001:10::/28', 7],
    ['3ffe::/16', 12],
    ['2002::/16', 2],
    ['fec0::/10', 11],
    ['fc00::/7', 5],
  ] as const
).map(([text, label]) => ({ prefix: parsePrefix(text)!, label }));

function labelOf(addr: Addr): number {
  return LABELS.find((l) => prefixContains(l.prefix, addr))?.label ?? 1;
}

/** Bits that two addresses have in common from the front. Kernel: ipv6_addr_diff() */
function commonBits(a: Addr, b: Addr): number {
  const [x, y] = [addrWords(a), addrWords(b)];
  for (let i = 0; i < 4; i++) {
    const diff = (x[i]! ^ y[i]!) >>> 0;
    if (diff !== 0) return 32 * i + Math.clz32(diff);
  }
  return 128;
}

/**
 * Chooses the source for a destination. Kernel: ipv6_dev_get_saddr(), ipv6_get_saddr_eval(), net/ipv6/addrconf.c;
 * RFC 6724 section 5
 *
 * @param dev the interface that the packet leaves by, '' if that is not known
 */
export function ipv6DevGetSaddr(host: Host, dev: string, dst: Addr): Addr | null {
  const scope = srcScope(dst);
  const own = dev !== '' && host.proc.number(`ipv6.conf.${dev}.use_oif_addrs_only`) !== 0;
  const only = own || (dev !== '' && (isMulticast(dst) || scope <= 2));
  let best: { readonly addr: Addr; readonly score: readonly number[] } | null = null;
  for (const device of host.devices.values()) {
    if (only && device.name !== dev) continue;
    if (!host.ipv6On(device.name)) continue;
    for (const a of device.of(6)) {
      const itsScope = srcScope(a.addr);
      const score = [
        a.addr === dst ? 1 : 0,
        itsScope >= scope ? -itsScope : itsScope - 128,
        device.name === dev ? 1 : 0,
        labelOf(a.addr) === labelOf(dst) ? 1 : 0,
        Math.min(commonBits(a.addr, dst), a.length),
      ];
      if (best === null || better(score, best.score)) best = { addr: a.addr, score };
    }
  }
  return best?.addr ?? null;
}

function better(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! > b[i]!;
  return false;
}

/** The group of an address's neighbours' questions. RFC 4291 section 2.7.1 */
function solicitedNode(addr: Addr): Addr {
  const last = addrWords(addr)[3];
  const [high, low] = [(last >>> 16) & 0xff, last & 0xffff];
  return `ff02::1:ff${high.toString(16).padStart(2, '0')}:${low.toString(16)}`;
}

/**
 * Does an interface listen to the group at which neighbours ask for one of its addresses, or, on a router, for that of all
 * routers of a network? Kernel: addrconf_join_solict(), addrconf_join_anycast()
 */
export function joinedSolicited(device: Device, router: boolean, group: Addr): boolean {
  return device
    .of(6)
    .some(
      ({ addr, length }) =>
        solicitedNode(addr) === group || (router && length < 127 && solicitedNode(maskAddr(addr, length)) === group),
    );
}
