import type { Host } from '../../host';
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
function moduleOf(kind: 'match' | 'target', name: string, family: 'ip' | 'ip6'): string | null {
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

/** The modules that the host's use implies, and those that were loaded by hand: the newest first. */
function loaded(host: Host): readonly Module[] {
  const used = new Map<string, string[]>();
  const add = (name: string, by = '') => {
    const list = used.get(name) ?? [];
    if (by !== '' && !list.includes(by)) list.push(by);
    used.set(name, list);
  };
  if (host.bridges.size > 0) {
    add('llc', 'bridge');
    add('llc', 'stp');
    add('stp', 'bridge');
    add('bridge');
  }
  const tracked = host.ct.active.ip || host.ct.active.ip6;
  if (tracked) {
    add('libcrc32c', 'nf_conntrack');
    add('nf_defrag_ipv4', 'nf_conntrack');
    add('nf_defrag_ipv6', 'nf_conntrack');
    add('nf_conntrack');
  }
  for (const family of ['ip', 'ip6'] as const) {
    const tables = `${family === 'ip' ? 'ip' : 'ip6'}_tables`;
    for (const table of host.tables[family].all()) {
      const module = `${family === 'ip' ? 'iptable' : 'ip6table'}_${table.name}`;
      add('x_tables', tables);
      add(tables, module);
      add(module);
      if (table.name === 'nat') {
        add('nf_nat', module);
        add('nf_conntrack', 'nf_nat');
        add('libcrc32c', 'nf_nat');
      }
      for (const chain of table.ruleset.chains) {
        for (const rule of chain.rules) {
          const names = rule.matches.map(({ match }) => moduleOf('match', match.name, family));
          const target = rule.target.kind === 'extension' ? moduleOf('target', rule.target.target.name, family) : null;
          for (const name of [...names, target]) {
            if (name === null) continue;
            add(name);
            add('x_tables', name);
            if (
              /^xt_(conntrack|state|connmark|CONNMARK|connlimit|connbytes|connlabel|helper|CT|nat|MASQUERADE|REDIRECT|NETMAP)$/.test(
                name,
              )
            )
              add('nf_conntrack', name);
            if (/^xt_(nat|MASQUERADE|REDIRECT|NETMAP)$/.test(name)) add('nf_nat', name);
          }
        }
      }
    }
  }
  for (const { type } of host.sets.all()) {
    const module = `ip_set_${type.replace(':', '_').replaceAll(',', '')}`;
    add('nfnetlink', 'ip_set');
    add('ip_set', module);
    if (used.has('xt_set')) add('ip_set', 'xt_set');
    add(module);
  }
  for (const name of host.modules) add(name);
  return [...used].map(([name, by]) => ({ name, by: by.reverse() })).reverse();
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
