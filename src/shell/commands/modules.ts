import type { Host } from '../../host';
import type { XtFamily, XtTable } from '../../xtables';
import { fails } from '../output';
import type { LocalCommand } from '../types';

/** Sizes of the modules in the kernel of Debian 12, where they are known; the others have the smallest. */
const SIZES: Readonly<Record<string, number>> = {
  br_netfilter: 32768,
  bridge: 311296,
  dummy: 16384,
  ip6_tables: 36864,
  ip_set: 61440,
  ip_tables: 36864,
  libcrc32c: 16384,
  llc: 16384,
  nf_conntrack: 188416,
  nf_conntrack_ftp: 24576,
  nf_defrag_ipv6: 24576,
  nf_nat: 57344,
  stp: 16384,
  veth: 40960,
  x_tables: 61440,
  xt_MASQUERADE: 20480,
  xt_tcpudp: 20480,
};

/** Modules that modprobe finds, whether they do anything here or not. */
const KNOWN =
  /^(br_netfilter|bridge|dummy|veth|8021q|tun|stp|llc|ip_?tables|ip6_?tables|x_tables|ip6?table_(filter|nat|mangle|raw|security)|nf_conntrack(_\w+)?|nf_nat(_\w+)?|nf_defrag_ipv[46]|nf_log_\w+|nf_reject_ipv[46]|nf_tables|nft_\w+|nfnetlink(_\w+)?|ip_set(_\w+)?|ip_vs(_\w+)?|xt_\w+|ip6?t_\w+|libcrc32c|overlay)$/;

interface Module {
  readonly name: string;
  readonly by: readonly string[];
}

/** Which module a match or target of a rule is in. */
function moduleOf(kind: 'match' | 'target', name: string, family: XtFamily): string | null {
  const low = name.toLowerCase();
  if (kind === 'match') {
    if (['tcp', 'udp', 'icmp', 'icmp6', 'ipv6-icmp', 'icmpv6'].includes(low))
      return low.startsWith('icmp') ? null : 'xt_tcpudp';
    return `xt_${low}`;
  }
  if (name === 'REJECT') return family === 'ip' ? 'ipt_REJECT' : 'ip6t_REJECT';
  if (name === 'DNAT' || name === 'SNAT') return 'xt_nat';
  return `xt_${name}`;
}

/** Modules that are there, in the order in which they came, each with those that use it. */
class Modules {
  private readonly used = new Map<string, string[]>();

  add(name: string, by = ''): void {
    const list = this.used.get(name) ?? [];
    if (by !== '' && !list.includes(by)) list.push(by);
    this.used.set(name, list);
  }

  has(name: string): boolean {
    return this.used.has(name);
  }

  /** The newest first. */
  list(): readonly Module[] {
    return [...this.used].map(([name, by]) => ({ name, by: by.reverse() })).reverse();
  }
}

/** The modules that the host's use implies, and those that were loaded by hand: the newest first. */
function loaded(host: Host): readonly Module[] {
  const modules = new Modules();
  if (host.bridges.size > 0) {
    modules.add('llc', 'bridge');
    modules.add('llc', 'stp');
    modules.add('stp', 'bridge');
    modules.add('bridge');
  }
  if (host.ct.active.ip || host.ct.active.ip6) {
    modules.add('libcrc32c', 'nf_conntrack');
    modules.add('nf_defrag_ipv4', 'nf_conntrack');
    modules.add('nf_defrag_ipv6', 'nf_conntrack');
    modules.add('nf_conntrack');
  }
  for (const family of ['ip', 'ip6'] as const) {
    for (const table of host.tables[family].all()) addTable(modules, family, table);
  }
  for (const { type } of host.sets.all()) {
    const module = `ip_set_${type.replace(':', '_').replaceAll(',', '')}`;
    modules.add('nfnetlink', 'ip_set');
    modules.add('ip_set', module);
    if (modules.has('xt_set')) modules.add('ip_set', 'xt_set');
    modules.add(module);
  }
  for (const name of host.modules) modules.add(name);
  return modules.list();
}

function addTable(modules: Modules, family: XtFamily, { name, ruleset }: XtTable): void {
  const tables = `${family}_tables`;
  const module = `${family}table_${name}`;
  modules.add('x_tables', tables);
  modules.add(tables, module);
  modules.add(module);
  if (name === 'nat') {
    modules.add('nf_nat', module);
    modules.add('nf_conntrack', 'nf_nat');
    modules.add('libcrc32c', 'nf_nat');
  }
  for (const { matches, target } of ruleset.chains.flatMap((chain) => chain.rules)) {
    for (const { match } of matches) addExtension(modules, moduleOf('match', match.name, family));
    if (target.kind === 'extension') addExtension(modules, moduleOf('target', target.target.name, family));
  }
}

const USES_CONNTRACK =
  /^xt_(conntrack|state|connmark|CONNMARK|connlimit|connbytes|connlabel|helper|CT|nat|MASQUERADE|REDIRECT|NETMAP)$/;
const USES_NAT = /^xt_(nat|MASQUERADE|REDIRECT|NETMAP)$/;

function addExtension(modules: Modules, name: string | null): void {
  if (name === null) return;
  modules.add(name);
  modules.add('x_tables', name);
  if (USES_CONNTRACK.test(name)) modules.add('nf_conntrack', name);
  if (USES_NAT.test(name)) modules.add('nf_nat', name);
}

/** kmod 30 */
export const lsmod: LocalCommand = {
  names: ['lsmod'],
  help: 'Shows the modules of the kernel that the host uses',
  run: ({ host, args }) => {
    if (args.length > 0) return fails(1, 'Usage: lsmod');
    return { stdout: `Module                  Size  Used by\n${loaded(host).map(line).join('')}` };
  },
};

function line({ name, by }: Module): string {
  const users = by.length === 0 ? '0' : `${by.length} ${by.join(',')}`;
  return `${name.padEnd(19)} ${String(SIZES[name] ?? 16384).padStart(8)}  ${users}\n`;
}

/** kmod 30. Loading a module changes nothing but with br_netfilter: bridged packets then pass iptables. */
export const modprobe: LocalCommand = {
  names: ['modprobe'],
  help: 'Loads a module of the kernel; with br_netfilter bridged packets pass iptables',
  run: ({ host, args }) => {
    const options = args.filter((a) => a.startsWith('-'));
    const odd = options.find((a) => !/^(-[qav]+|--quiet|--all|--verbose)$/.test(a));
    if (odd !== undefined) {
      return /^-(r|n|D|c|f|-remove)/.test(odd)
        ? { notModelled: `modprobe ${odd}` }
        : fails(1, `modprobe: invalid option -- '${odd.replace(/^-+/, '')[0] ?? ''}'`);
    }
    const words = args.filter((a) => !a.startsWith('-'));
    if (words.length === 0) return fails(1, 'modprobe: ERROR: missing parameters. See -h.');
    const all = options.some((o) => /^-\w*a|^--all/.test(o));
    const parameters = all ? [] : words.slice(1);
    if (parameters.length > 0) return { notModelled: `modprobe ${words.join(' ')} (parameters of modules)` };
    let changed = false;
    for (const word of words) {
      const name = word.replaceAll('-', '_');
      if (!KNOWN.test(name)) {
        if (options.some((o) => o.includes('q'))) return { exit: 1, changed };
        return { ...fails(1, `modprobe: FATAL: Module ${word} not found in directory /lib/modules/6.1.0`), changed };
      }
      if (host.modules.has(name)) continue;
      host.modules.add(name);
      changed = true;
      if (name === 'br_netfilter') {
        for (const tables of ['iptables', 'ip6tables', 'arptables'])
          host.setSysctl(`net.bridge.bridge-nf-call-${tables}`, '1');
      }
    }
    return { changed };
  },
};
