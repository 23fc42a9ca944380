import type { Random } from '../random';
import type { DraftHost } from '../topology';
import type { Wide } from './context';

/** Sysctls, routes and policy rules of the host under test. */

const anyFamily: Readonly<Record<string, readonly string[]>> = {
  'net.netfilter.nf_conntrack_acct': ['1'],
  'net.netfilter.nf_conntrack_checksum': ['0'],
  'net.netfilter.nf_conntrack_tcp_loose': ['0'],
  'net.netfilter.nf_conntrack_tcp_be_liberal': ['1'],
  'net.netfilter.nf_conntrack_tcp_ignore_invalid_rst': ['1'],
  'net.netfilter.nf_conntrack_tcp_max_retrans': ['0', '1', '2'],
  'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_syn_recv': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_established': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_fin_wait': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_last_ack': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_time_wait': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_close': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_max_retrans': ['2'],
  'net.netfilter.nf_conntrack_tcp_timeout_unacknowledged': ['2'],
  'net.netfilter.nf_conntrack_udp_timeout': ['2'],
  'net.netfilter.nf_conntrack_udp_timeout_stream': ['2'],
  'net.netfilter.nf_conntrack_icmp_timeout': ['2'],
  'net.netfilter.nf_conntrack_icmpv6_timeout': ['2'],
  'net.netfilter.nf_conntrack_generic_timeout': ['2'],
  'net.netfilter.nf_conntrack_gre_timeout': ['2'],
  'net.netfilter.nf_conntrack_sctp_timeout_closed': ['2'],
  'net.netfilter.nf_conntrack_sctp_timeout_established': ['2'],
  'net.netfilter.nf_conntrack_events': ['0', '1'],
  'net.ipv4.tcp_window_scaling': ['0'],
  'net.ipv4.tcp_sack': ['0'],
  'net.ipv4.tcp_timestamps': ['0'],
  'net.ipv4.tcp_ecn': ['0', '1'],
  'net.ipv4.tcp_rfc1337': ['1'],
  'net.ipv4.tcp_abort_on_overflow': ['1'],
  'net.ipv4.tcp_fwmark_accept': ['1'],
};
const four: Readonly<Record<string, readonly string[]>> = {
  'net.ipv4.conf.all.rp_filter': ['1', '2'],
  'net.ipv4.conf.DEV.rp_filter': ['1', '2'],
  'net.ipv4.conf.all.route_localnet': ['1'],
  'net.ipv4.conf.DEV.route_localnet': ['1'],
  'net.ipv4.conf.all.accept_local': ['1'],
  'net.ipv4.conf.DEV.accept_local': ['1'],
  'net.ipv4.conf.all.src_valid_mark': ['1'],
  'net.ipv4.conf.all.log_martians': ['1'],
  'net.ipv4.conf.DEV.forwarding': ['0', '1'],
  'net.ipv4.conf.all.drop_unicast_in_l2_multicast': ['1'],
  'net.ipv4.conf.all.bc_forwarding': ['1'],
  'net.ipv4.conf.DEV.bc_forwarding': ['1'],
  'net.ipv4.conf.all.accept_source_route': ['0'],
  'net.ipv4.ip_default_ttl': ['33', '255'],
  'net.ipv4.ip_forward_use_pmtu': ['1'],
  'net.ipv4.ip_no_pmtu_disc': ['1', '2', '3'],
  'net.ipv4.fwmark_reflect': ['1'],
  'net.ipv4.ip_forward_update_priority': ['0'],
  'net.ipv4.icmp_echo_ignore_all': ['1'],
  'net.ipv4.icmp_echo_ignore_broadcasts': ['0'],
  'net.ipv4.icmp_ignore_bogus_error_responses': ['0'],
  'net.ipv4.icmp_errors_use_inbound_ifaddr': ['1'],
  'net.ipv4.icmp_echo_enable_probe': ['1'],
  'net.ipv4.icmp_ratelimit': ['0', '60000'],
  'net.ipv4.icmp_ratemask': ['0', '65535'],
  'net.ipv4.tcp_base_mss': ['512'],
  'net.ipv4.tcp_min_snd_mss': ['500'],
  'net.bridge.bridge-nf-call-iptables': ['0', '1'],
};
const six: Readonly<Record<string, readonly string[]>> = {
  'net.ipv6.conf.all.hop_limit': ['9'],
  'net.ipv6.conf.default.hop_limit': ['9'],
  'net.ipv6.conf.DEV.hop_limit': ['9'],
  'net.ipv6.conf.all.forwarding': ['0', '2'],
  'net.ipv6.conf.DEV.forwarding': ['0', '1'],
  'net.ipv6.conf.DEV.force_forwarding': ['1'],
  'net.ipv6.conf.DEV.mtu': ['1280', '1400'],
  'net.ipv6.conf.all.accept_source_route': ['0', '1', '-1'],
  'net.ipv6.conf.DEV.accept_source_route': ['1'],
  'net.ipv6.conf.all.drop_unicast_in_l2_multicast': ['1'],
  'net.ipv6.icmp.ratelimit': ['0', '60000'],
  'net.ipv6.icmp.echo_ignore_all': ['1'],
  'net.ipv6.icmp.echo_ignore_multicast': ['1'],
  'net.ipv6.icmp.echo_ignore_anycast': ['1'],
  'net.ipv6.icmp.error_anycast_as_unicast': ['1'],
  'net.ipv6.anycast_src_echo_reply': ['1'],
  'net.ipv6.fwmark_reflect': ['1'],
  'net.ipv6.ip_nonlocal_bind': ['1'],
  'net.bridge.bridge-nf-call-ip6tables': ['0', '1'],
};

export function tune(r: Random, w: Wide): void {
  const host = w.hosts[w.subject] as DraftHost;
  const devices = Object.keys(host.interfaces);
  const known = [
    ...Object.entries(anyFamily),
    ...(w.families.includes(4) ? Object.entries(four) : []),
    ...(w.families.includes(6) ? Object.entries(six) : []),
  ].filter(([key]) => !key.includes('.bridge.') || w.bridged);
  const count = r.weighted([
    [5, 0],
    [3, 1],
    [2, 3],
    [1, 6],
  ]);
  const sysctl: Record<string, string> = { ...host.sysctl };
  for (let i = 0; i < count; i++) {
    const [key, values] = r.pick(known);
    sysctl[key.replace('DEV', r.pick(devices))] = r.pick(values);
  }
  if (Object.keys(sysctl).length > 0) host.sysctl = sysctl;
  if (w.families.includes(4)) routing(r, w, host, 4);
  if (w.families.includes(6)) routing(r, w, host, 6);
}

function routing(r: Random, w: Wide, host: DraftHost, family: 4 | 6): void {
  const dev = host.interfaces.br0 ? 'br0' : 'eth0';
  const hasLan = (host.interfaces[dev]?.addresses ?? []).length > 0;
  const [gate, far, part, one] =
    family === 4
      ? ['10.0.0.254', '198.51.100.0/24', '198.51.100.0/28', '198.51.100.1']
      : ['fd00::fe', '2001:db8:1::/48', '2001:db8:1::/64', '2001:db8:1::1'];
  const own = r.pick(w.own[family]);
  const via = hasLan ? `via ${gate} dev ${dev}` : `dev ${dev}`;
  const routes: string[] = [];
  const some = r.weighted([
    [6, 0],
    [3, 1],
    [2, 3],
  ]);
  const src =
    own !== '127.0.0.1' && own !== '::1' && !(own.startsWith('2') && !host.interfaces.eth1) ? ` src ${own}` : '';
  for (let i = 0; i < some; i++) {
    routes.push(
      r.pick([
        `${r.pick(['blackhole', 'unreachable', 'prohibit', 'throw'])} ${r.pick([far, part, one])}`,
        `${r.pick(['blackhole', 'unreachable', 'prohibit'])} default metric ${r.pick([50, 4000])}`,
        `${part} ${via} metric ${r.pick([10, 20, 1024])}`,
        `${one} ${via} mtu ${r.pick(['1300', 'lock 1290', '1400'])}`,
        hasLan ? `${part} ${via}${src}` : `${part} ${via}`,
        `${one} dev ${dev}`,
        `${part} ${via} advmss ${r.pick([1000, 1300])}`,
        `${part} ${via} hoplimit 11`,
        `local ${one} dev lo`,
        `${part} ${via} table 100`,
        `default ${via} table 101`,
        ...(family === 4
          ? [
              `${part} tos 0x10 ${via}`,
              `broadcast ${one} dev ${dev}`,
              `${far} ${via} onlink`,
              `multicast 239.0.0.0/8 dev ${dev}`,
              `${part} ${via} realm ${r.pick(['7', '2/3'])}`,
            ]
          : [`anycast ${one} dev ${dev}`, `${far} ${via} pref high`]),
      ]),
    );
  }
  if (routes.length > 0) {
    const unique = routes.filter(
      (line, at) =>
        routes.findIndex((l) => l.split(' ')[0] === line.split(' ')[0] && l.split(' ')[1] === line.split(' ')[1]) ===
        at,
    );
    const member = family === 4 ? 'routes' : 'routes6';
    host[member] = `${host[member] ?? ''}${unique.join('\n')}\n`;
  }
  if (!r.chance(30)) return;
  const rules: string[] = [];
  const selectors = [
    `from ${r.pick(w.parties[family]).address}`,
    `to ${r.pick([far, one])}`,
    `fwmark ${r.pick(['0x1', '0x2/0x2', '0x0'])}`,
    `iif ${r.pick([dev, 'lo'])}`,
    `oif ${dev}`,
    'ipproto udp',
    'ipproto tcp dport 80',
    'sport 4000',
    'dport 1-1000',
    'uidrange 0-0',
    'tos 0x10',
    'not fwmark 0x1',
    'not from all fwmark 0x2',
  ];
  const actions = [
    'lookup 100',
    'lookup 101',
    'unreachable',
    'blackhole',
    'prohibit',
    'lookup main suppress_prefixlength 0',
    ...(family === 4 ? ['lookup main realms 1/7'] : []),
    'goto 200',
    'nop',
  ];
  for (let i = 1 + r.int(2); i > 0; i--) {
    const chosen = r.pick(selectors);
    const full =
      chosen.startsWith('from') || chosen.startsWith('not from')
        ? chosen
        : chosen.startsWith('not')
          ? `not from all ${chosen.slice(4)}`
          : `from all ${chosen}`;
    rules.push(`${100 + rules.length}: ${full} ${r.pick(actions)}`);
  }
  rules.push('200: from all lookup main');
  const member = family === 4 ? 'rules' : 'rules6';
  host[member] = `${rules.join('\n')}\n`;
  const table = family === 4 ? 'routes' : 'routes6';
  if (r.chance(60)) {
    const line = `default ${via} table 100\n`;
    if (!(host[table] ?? '').includes(line)) host[table] = `${host[table] ?? ''}${line}`;
  }
}
