import { TCP_CONGESTION } from '../fib';
import { SYSCTL_TABLE } from './sysctl-table';

/** What `/proc/sys/net` says in a host, and what may be written to it. */
export class Sysctls {
  /** What differs from the start of a lab, by name without `net.` and with real interfaces in place of DEV. */
  private readonly values = new Map<string, string>();
  /**
   * Names of ipv4.conf.IFACE.* that were written themselves, so that `default` no longer moves them. An interface takes
   * this over from `default`, too, and a lab begins with these two of `default` written. Kernel: ipv4_devconf.state
   */
  private readonly own = new Set<string>(['ipv4.conf.default.rp_filter', 'ipv4.conf.default.send_redirects']);
  /** Interfaces that were ever given an IPv4 address: `default` moves nothing of them any more. Kernel: ipv4_devconf_setall() */
  private readonly settled = new Set<string>();
  /** All interfaces, in the order in which they came. */
  private readonly devices: string[] = [];
  /** Interfaces that IPv6 does not know, for their MTU is too small. Kernel: ipv6_add_dev(), addrconf_ifdown() */
  private readonly without6 = new Set<string>();
  /** What `number` found. */
  private readonly numbers = new Map<string, number>();

  /** A new interface takes what `default` says now. Kernel: inetdev_init(), addrconf's ipv6_add_dev() */
  addDevice(name: string): void {
    if (this.devices.includes(name)) return;
    this.devices.push(name);
    this.numbers.clear();
    const mine = (key: string) => key.replace('.conf.default.', `.conf.${name}.`);
    for (const key of [...this.own]) if (key.includes('.conf.default.') && name !== 'lo') this.own.add(mine(key));
    this.takeDefaults(name, '');
  }

  private takeDefaults(name: string, family: '' | 'ipv6'): void {
    for (const [key, value] of [...this.values]) {
      if (!key.startsWith(family) || !key.includes('.conf.default.')) continue;
      this.values.set(key.replace('.conf.default.', `.conf.${name}.`), value);
    }
  }

  hasIpv6(name: string): boolean {
    return !this.without6.has(name);
  }

  /** IPv6 takes an interface, which begins anew, or lets go of it. */
  setIpv6(name: string, on: boolean): void {
    if (this.hasIpv6(name) === on) return;
    this.numbers.clear();
    if (on) {
      this.without6.delete(name);
      this.takeDefaults(name, 'ipv6');
      return;
    }
    this.without6.add(name);
    for (const key of [...this.values.keys()]) {
      if (key.startsWith('ipv6.') && deviceOf(key) === name) this.values.delete(key);
    }
  }

  /** An interface gets an IPv4 address. */
  settle(name: string): void {
    this.settled.add(name);
  }

  removeDevice(name: string): void {
    this.settled.delete(name);
    this.without6.delete(name);
    const at = this.devices.indexOf(name);
    if (at >= 0) this.devices.splice(at, 1);
    this.numbers.clear();
    for (const key of [...this.values.keys()]) if (deviceOf(key) === name) this.values.delete(key);
    for (const key of [...this.own]) if (deviceOf(key) === name) this.own.delete(key);
  }

  /** The value by its name without `net.`, or undefined if there is none. */
  get(name: string): string | undefined {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const spec = this.specOf(name);
    return spec === undefined ? undefined : startValue(name, spec.value);
  }

  /** The value as a number; 0 if there is none. */
  number(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const value = Number(this.get(name) ?? 0);
    this.numbers.set(name, value);
    return value;
  }

  /** Writes a value. Null if that worked, else what the kernel says. */
  set(name: string, text: string): string | null {
    const spec = this.specOf(name);
    if (spec === undefined) return 'No such file or directory';
    if (this.isReadOnly(name)) return 'Permission denied';
    if (name === 'ipv4.tcp_congestion_control') {
      if (!TCP_CONGESTION.includes(text.trim())) return 'No such file or directory';
      const allowed = this.get('ipv4.tcp_allowed_congestion_control')?.split(' ');
      if (!allowed?.includes(text.trim())) return 'Operation not permitted';
    }
    const before = this.get(name) ?? '';
    const value = accept(spec.kind, text, before);
    if (value === null) return 'Invalid argument';
    if (name === 'ipv4.ip_local_port_range' && !this.isPortRange(value)) return 'Invalid argument';
    if (!this.isWithin(name, Number(value))) return 'Invalid argument';
    this.numbers.clear();
    this.values.set(name, value);
    this.spread(name, value, value !== before);
    return null;
  }

  /** nf_conntrack_max is one number for all namespaces, and no host may write it. What is no such number changes nothing. */
  setConntrackMax(text: string): void {
    const value = accept('0..2147483647', text, '');
    if (value === null) return;
    this.numbers.clear();
    this.put('netfilter.nf_conntrack_max', value);
  }

  /** Kernel: nf_conntrack_standalone_init_sysctl() takes the right to write in all namespaces but the first. */
  isReadOnly(name: string): boolean {
    return this.specOf(name)?.kind === 'ro';
  }

  /** All of them, by full name, sorted. */
  all(): readonly (readonly [key: string, value: string])[] {
    const list: (readonly [string, string])[] = [];
    const add = (key: string) => list.push([`net.${key}`, this.get(key)!]);
    for (const key of TEMPLATES) {
      if (!key.includes('.DEV.')) add(key);
      else {
        const devices = key.startsWith('ipv6.') ? this.devices.filter((d) => this.hasIpv6(d)) : this.devices;
        const names = key.includes('.conf.') ? ['all', 'default', ...devices] : devices;
        for (const name of names) add(key.replace('.DEV.', `.${name}.`));
      }
    }
    return list.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  }

  private specOf(name: string): Spec | undefined {
    const plain = SPECS.get(name);
    if (plain) return name.includes('.DEV.') ? undefined : plain;
    const m = CONF.exec(name);
    if (!m) return undefined;
    const [, family, what, dev, rest] = m;
    if (family === 'ipv6' && !this.hasIpv6(dev!)) return undefined;
    const known = this.devices.includes(dev!) || (what === 'conf' && (dev === 'all' || dev === 'default'));
    return known ? SPECS.get(`${family}.${what}.DEV.${rest}`) : undefined;
  }

  /** What else changes when one is written; forwarding of IPv4 only if it is another value than before. */
  private spread(name: string, value: string, changed: boolean): void {
    if (name === 'ipv4.ip_forward') this.put('ipv4.conf.all.forwarding', value);
    if (name === 'ipv4.ip_forward' || name === 'ipv4.conf.all.forwarding') {
      // Kernel: devinet_sysctl_forward(), inet_forward_change()
      if (!changed) return;
      this.put('ipv4.ip_forward', value);
      this.put('ipv4.conf.all.accept_redirects', Number(value) === 0 ? '1' : '0');
      for (const dev of ['default', ...this.devices]) this.put(`ipv4.conf.${dev}.forwarding`, value);
      return;
    }
    const m = CONF.exec(name);
    if (m?.[2] !== 'conf') return;
    const [, family, , dev, rest] = m;
    if (family === 'ipv4') {
      if (dev !== 'all') this.own.add(name);
      if (dev !== 'default') return;
      // Kernel: devinet_copy_dflt_conf()
      for (const d of this.devices)
        if (!this.settled.has(d) && !this.own.has(`ipv4.conf.${d}.${rest}`)) this.put(`ipv4.conf.${d}.${rest}`, value);
    } else if (dev === 'all') this.spread6(rest!, value, changed);
  }

  /** Kernel: addrconf_forward_change(), addrconf_force_forward_change(), addrconf_disable_change() */
  private spread6(what: string, value: string, changed: boolean): void {
    const to = (devices: readonly string[], name: string): void => {
      for (const dev of devices) if (this.hasIpv6(dev)) this.put(`ipv6.conf.${dev}.${name}`, value);
    };
    if (what === 'forwarding' || what === 'disable_ipv6' || what === 'ignore_routes_with_linkdown') {
      to(['default', ...this.devices], what);
    }
    const stops = what === 'forwarding' && Number(value) === 0;
    if (stops || (what === 'force_forwarding' && changed)) to(this.devices, 'force_forwarding');
  }

  /** Kernel: ipv4_local_port_range() */
  private isPortRange(value: string): boolean {
    const [low = 0, high = 0] = value.split('\t').map(Number);
    return low >= 1 && low >= this.number('ipv4.ip_unprivileged_port_start') && low <= high && high <= 65535;
  }

  private isWithin(name: string, value: number): boolean {
    const first = (key: string) => Number.parseInt(this.get(key) ?? '', 10);
    const [least, most] = BOUNDS.get(name) ?? [];
    return (least === undefined || value >= first(least)) && (most === undefined || value <= first(most));
  }

  private put(name: string, value: string): void {
    this.values.set(name, value);
  }
}

/** What may not become less, or more, than another is; of several words the first. */
const BOUNDS: ReadonlyMap<string, readonly [least: string | undefined, most?: string]> = new Map([
  ['ipv4.ipfrag_low_thresh', [undefined, 'ipv4.ipfrag_high_thresh']],
  ['ipv4.ipfrag_high_thresh', ['ipv4.ipfrag_low_thresh']],
  ['ipv6.ip6frag_low_thresh', [undefined, 'ipv6.ip6frag_high_thresh']],
  ['ipv6.ip6frag_high_thresh', ['ipv6.ip6frag_low_thresh']],
  ['netfilter.nf_conntrack_frag6_low_thresh', [undefined, 'netfilter.nf_conntrack_frag6_high_thresh']],
  ['netfilter.nf_conntrack_frag6_high_thresh', ['netfilter.nf_conntrack_frag6_low_thresh']],
  ['ipv4.ip_unprivileged_port_start', [undefined, 'ipv4.ip_local_port_range']],
  ['ipv4.tcp_reordering', [undefined, 'ipv4.tcp_max_reordering']],
]);

interface Spec {
  readonly kind: string;
  readonly value: string;
}

/** An interface's name may have dots: the last part is the setting. */
const CONF = /^(ipv[46])\.(conf|neigh)\.(.+)\.([^.]+)$/;

const SPECS: ReadonlyMap<string, Spec> = new Map(
  Object.entries(SYSCTL_TABLE).flatMap(([kind, text]) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): [string, Spec] => {
        const at = line.indexOf('=');
        const value = line.slice(at + 1);
        return [line.slice(0, at), { kind, value: kind === 'words' ? value.replaceAll(' ', '\t') : value }];
      }),
  ),
);

const TEMPLATES: readonly string[] = [...SPECS.keys()];

/** Where `all` and lo begin with another value. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'ipv4.conf.all.accept_source_route': '0',
  'ipv4.conf.lo.disable_policy': '1',
  'ipv4.conf.lo.disable_xfrm': '1',
  'ipv6.conf.lo.accept_dad': '-1',
  'ipv6.conf.lo.accept_ra': '1',
  'ipv6.conf.lo.autoconf': '1',
  'ipv6.conf.lo.mldv1_unsolicited_report_interval': '10000',
  'ipv6.conf.lo.mldv2_unsolicited_report_interval': '1000',
  'ipv6.conf.lo.mtu': '65536',
  'ipv6.conf.all.mtu': '1280',
  'ipv6.conf.default.mtu': '1280',
  'ipv6.conf.lo.router_solicitations': '-1',
  'ipv6.conf.lo.use_tempaddr': '-1',
  'ipv4.neigh.lo.mcast_solicit': '3',
  'ipv4.neigh.lo.ucast_solicit': '3',
  'ipv6.neigh.lo.mcast_solicit': '3',
  'ipv6.neigh.lo.ucast_solicit': '3',
};

function startValue(name: string, value: string): string {
  return EXCEPTIONS[name] ?? value;
}

function deviceOf(key: string): string | undefined {
  return CONF.exec(key)?.[3];
}

/** `net.ipv4.conf.eth0/1.rp_filter`, `net/ipv4/ip_forward`, `.net.…`: the name without `net.`; null if it is another tree. */
export function sysctlName(key: string): string | null {
  const slash = key.indexOf('/');
  const dot = key.indexOf('.');
  // With a slash first, slashes part the names and dots belong to them; else the other way round (sysctl(8)). Interfaces
  // with dots in their names come out the same either way, as the names are looked up with dots.
  const path = slash >= 0 && (dot < 0 || slash < dot) ? key : key.replaceAll('/', '.');
  const name = path.replaceAll('/', '.');
  return name.startsWith('net.') ? name.slice(4) : null;
}

/** The value as it is shown after `text` was written, or null if it is refused. Kernel: proc_dointvec() and kin */
function accept(kind: string, text: string, before: string): string | null {
  if (kind === 'text') return text.trim();
  const words = text.trim().split(/\s+/);
  if (kind === 'words') return acceptWords(words, before);
  const n = /^-?(0x[0-9a-f]+|\d+)$/i.test(words[0]!) ? integer(words[0]!) : null;
  if (n === null) return null;
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(kind);
  if (range) return n >= Number(range[1]) && n <= Number(range[2]) ? String(n) : null;
  switch (kind) {
    case 'int':
      return Math.abs(n) <= 0x7fff_ffff ? String(n) : null;
    case 'sec':
      return Math.abs(n) <= Math.floor(0x7fff_ffff / 250) ? String(n) : null;
    case 'ms0':
    case 'ms1':
      return n < Number(kind[2]) || n > 0x7fff_ffff ? null : String(Math.ceil(n / 4) * 4);
    case 'ticks':
      return String(Math.floor((Math.floor((n * 250) / 100) * 100) / 250));
    case 'flag':
      return Math.abs(n) > 0x7fff_ffff ? null : n === 0 ? '0' : '1';
    case 'ulong':
      return n < 0 ? null : String(n);
    default:
      throw new Error(`no such kind of sysctl: ${kind}`);
  }
}

function integer(text: string): number {
  return text.startsWith('-')
    ? -integer(text.slice(1))
    : text !== '0' && /^0\d/.test(text)
      ? Number.parseInt(text, 8)
      : Number(text);
}

function acceptWords(words: readonly string[], before: string): string | null {
  if (!words.every((w) => /^\d+$/.test(w))) return null;
  const old = before.split(/\s+/);
  return old.map((o, i) => words[i] ?? o).join('\t');
}
