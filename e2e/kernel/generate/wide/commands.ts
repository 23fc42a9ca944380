import type { Random } from '../random';
import type { DraftStep } from '../topology';
import type { Wide } from './context';
import { makeWideRule } from './rules';

/** Commands on the host under test; what they print is compared where no clock is in it. */
export function wideCommands(r: Random, w: Wide, names: { next: number }): DraftStep[] {
  const family = r.pick(w.families);
  const six = family === 6;
  const tool = six ? 'ip6tables' : 'iptables';
  const ip = six ? 'ip -6' : 'ip';
  const host = w.subject;
  const interfaces = w.hosts[host]?.interfaces ?? {};
  const dev = r.pick(Object.keys(interfaces));
  const table = r.pick(['filter', 'filter', 'mangle', 'raw', 'nat']);
  const chain = r.pick(
    {
      filter: ['INPUT', 'FORWARD', 'OUTPUT'],
      mangle: ['PREROUTING', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
      raw: ['PREROUTING', 'OUTPUT'],
      nat: ['PREROUTING', 'OUTPUT', 'POSTROUTING'],
    }[table as 'filter'],
  );
  const rule = makeWideRule({ r, w, family, table, hook: chain, protocol: '', names }, chain, []).slice(
    `-A ${chain}`.length,
  );
  const far = six ? '2001:db8:1::/48' : '198.51.100.0/24';
  const one = six ? '2001:db8:1::1' : '198.51.100.1';
  const near = six ? 'fd00::2' : '10.0.0.2';
  const sets = w.sets[family];
  const silent = (command: string): DraftStep => ({ run: { host, command } });
  const heard = (command: string): DraftStep => ({ run: { host, command, output: true } });
  const choices: (() => DraftStep)[] = [
    () => silent(`${tool} -t ${table} -A ${chain}${rule}`),
    () => silent(`${tool} -t ${table} -I ${chain} ${r.pick(['', '1', '2'])}${rule}`),
    () => silent(`${tool} -t ${table} -R ${chain} 1${rule}`),
    () => silent(`${tool} -t ${table} -F${r.pick(['', ` ${chain}`])}`),
    () => silent(`${tool} -t ${table} -D ${chain} 1`),
    () => silent(`${tool} -t ${table} -Z`),
    () => silent(`${tool} -P ${r.pick(['INPUT', 'FORWARD', 'OUTPUT'])} ${r.pick(['DROP', 'ACCEPT'])}`),
    () => heard(`${tool} -t ${table} -S`),
    () => heard(`${tool}-save -t ${table} -c | grep -v '^#'`),
    () => heard(`${tool} -t ${table} -L -n -v -x`),
    () => heard(`${tool} -t ${table} -vnL ${chain} --line-numbers`),
    () => heard(`conntrack -C`),
    () => silent('conntrack -F >/dev/null 2>&1'),
    () =>
      silent(
        `conntrack -D ${r.pick(['-p udp', '-p tcp', `-s ${near}`, `-d ${one}`, '-p icmp', '-m 1', '-w 1', '-g', '-n', '-p tcp --state ESTABLISHED', '-p udp --dport 53', `-r ${one}`])} -f ipv${family} >/dev/null 2>&1`,
      ),
    () =>
      silent(
        `sysctl -qw ${r.pick(six ? ['net.ipv6.conf.all.forwarding=0', 'net.ipv6.conf.all.forwarding=1', `net.ipv6.conf.${dev}.disable_ipv6=1`, `net.ipv6.conf.${dev}.forwarding=0`] : ['net.ipv4.ip_forward=0', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=1', `net.ipv4.conf.${dev}.forwarding=0`, 'net.ipv4.ip_default_ttl=40'])}`,
      ),
    () => silent('sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0'),
    () =>
      silent(
        `conntrack -I -p udp -s ${near} -d ${one} --sport 4000 --dport ${r.pick([53, 80])} -t 60 ${r.pick(['', '-m 1', '-w 1', six ? '' : '-n 203.0.113.1', six ? '' : '-g 10.0.0.3:53'])} >/dev/null 2>&1`,
      ),
    () => silent(`conntrack -U ${r.pick(['-m 2', '-m 0x10', '-t 2'])} -f ipv${family} >/dev/null 2>&1`),
    () => silent(`ip link set ${dev} type bridge_slave hairpin on 2>/dev/null`),
    () =>
      silent(
        `${ip} route ${r.pick([`add blackhole ${far}`, `add unreachable ${one}`, 'del default', `replace ${far} dev ${dev}`, `add prohibit ${one}`, 'flush cache', `add ${one} dev ${dev} metric 5`])}`,
      ),
    () =>
      heard(
        `${ip} ${r.pick(['', '-j ', '-d '])}route get ${r.pick([one, near, r.pick(w.odd[family])])}${r.pick(['', '', ' mark 1', ' tos 0x10', ` oif ${dev}`, ` from ${near} iif ${dev}`, ' fibmatch'])} 2>&1 | head -1`,
      ),
    () =>
      heard(
        `${ip} route show table ${r.pick(['main', '100', 'local', 'all'])}${six ? ' | grep -v "^fe80\\|^multicast"' : ''}`,
      ),
    () => heard(`${ip} rule`),
    () =>
      silent(
        `${ip} rule add ${r.pick([`from ${near} unreachable`, 'fwmark 1 lookup 100', `to ${one} prohibit`, `iif ${dev} lookup 101`])}`,
      ),
    () => silent(`${ip} rule del ${r.pick(['pref 100', 'pref 32766', 'pref 101'])}`),
    () => silent(`ip link set ${dev} ${r.pick(['down', 'up', 'mtu 1300', 'group 1'])}`),
    () =>
      silent(
        `ip addr ${r.pick(['add', 'del'])} ${six ? r.pick(['fd00::55/64', 'fd00::1/64', '2001:db8::1/64']) : r.pick(['10.0.0.55/24', '10.0.0.1/24', '203.0.113.1/24'])} dev ${dev}`,
      ),
    () =>
      silent(
        `printf '*filter\\n-A ${'INPUT'} -j ACCEPT\\nCOMMIT\\n' | ${tool}-restore${r.pick(['', ' --noflush', ' -c'])}`,
      ),
  ];
  if (sets.length > 0) {
    const { name } = r.pick(sets);
    choices.push(
      () => heard(`ipset save ${name} | grep ^add | grep -v timeout | sort`),
      () => heard(`ipset test ${name} ${near} 2>&1`),
      () => silent(`ipset add ${name} ${near} 2>/dev/null`),
      () => silent(`ipset del ${name} ${near} 2>/dev/null`),
      () => silent(`ipset flush ${name}`),
      () => silent(`ipset destroy ${name}`),
    );
  }
  return r.chance(70) ? [r.pick(choices)()] : [r.pick(choices)(), r.pick(choices)()];
}
