/** How `all` and the value of an interface make the one that counts there. */
type Combine = 'max' | 'or' | 'and' | 'own' | 'all';

/** A sysctl that matters to packets, and what it means. */
export interface SysctlInfo {
  /** With `DEV` in place of all, default and each interface. */
  readonly key: string;
  readonly title: string;
  readonly meaning: string;
  /** At the start of a lab. */
  readonly start: string;
  readonly group: string;
  /** Values with a name, if there are few. */
  readonly choices?: readonly (readonly [value: string, meaning: string])[];
  readonly combine?: Combine;
  readonly unit?: string;
}

const ON_OFF = [
  ['0', 'off'],
  ['1', 'on'],
] as const;

type Ungrouped = Omit<SysctlInfo, 'group'>;

const group = (name: string, infos: readonly Ungrouped[]): SysctlInfo[] =>
  infos.map((info) => ({ ...info, group: name }));

const on = (key: string, title: string, start: string, meaning: string, combine?: Combine): Ungrouped => ({
  key,
  title,
  meaning,
  start,
  choices: ON_OFF,
  ...(combine === undefined ? {} : { combine }),
});
const number = (key: string, title: string, start: string, unit: string, meaning: string): Ungrouped => ({
  key,
  title,
  meaning,
  start,
  unit,
});
const timeout = (what: string, title: string, start: string, meaning: string): Ungrouped =>
  number(`net.netfilter.nf_conntrack_${what}`, title, start, 's', meaning);

/** In the order in which they are listed. */
export const SYSCTLS: readonly SysctlInfo[] = [
  ...group('Forwarding', [
    on(
      'net.ipv4.ip_forward',
      'Forward IPv4',
      '0',
      'Packets that are not for this host are sent on; writing it sets forwarding of every interface.',
    ),
    on(
      'net.ipv4.conf.DEV.forwarding',
      'Forward IPv4, by interface',
      '0',
      'Packets that come in by this interface may be sent on.',
      'own',
    ),
    on(
      'net.ipv6.conf.DEV.forwarding',
      'Forward IPv6',
      '0',
      'Makes a router for IPv6: it is all that counts, and writing it sets every interface.',
      'all',
    ),
    on(
      'net.ipv4.conf.DEV.bc_forwarding',
      'Forward broadcasts',
      '0',
      'Broadcasts to the network of another interface are sent on.',
      'and',
    ),
    on(
      'net.ipv4.ip_forward_update_priority',
      'Priority from TOS',
      '1',
      'The priority of a forwarded packet is taken from its TOS.',
    ),
    {
      key: 'net.ipv4.fib_multipath_hash_policy',
      title: 'What spreads packets over next hops',
      meaning: 'Which fields of a packet choose one of several next hops.',
      start: '0',
      choices: [
        ['0', 'addresses'],
        ['1', 'addresses, protocol and ports'],
        ['2', 'inner addresses of a tunnel'],
        ['3', 'fields of fib_multipath_hash_fields'],
      ],
    },
  ]),
  ...group('Bridges', [
    on(
      'net.bridge.bridge-nf-call-iptables',
      'Bridged IPv4 asks iptables',
      '0',
      'IPv4 that a bridge passes on goes through iptables, as with Docker and Kubernetes.',
    ),
    on(
      'net.bridge.bridge-nf-call-ip6tables',
      'Bridged IPv6 asks ip6tables',
      '0',
      'IPv6 that a bridge passes on goes through ip6tables.',
    ),
  ]),
  ...group('What is taken in', [
    {
      key: 'net.ipv4.conf.DEV.rp_filter',
      title: 'Reverse path filter',
      meaning: 'A packet is dropped if its source would not be reached by the interface that it came in by.',
      start: '0',
      choices: [
        ['0', 'off'],
        ['1', 'strict: by this very interface'],
        ['2', 'loose: by any interface'],
      ],
      combine: 'max',
    },
    on(
      'net.ipv4.conf.DEV.log_martians',
      'Log martians',
      '0',
      'Packets with impossible addresses are written to the kernel log.',
      'or',
    ),
    on(
      'net.ipv4.conf.DEV.accept_local',
      'Accept own addresses as source',
      '0',
      'Packets that come from outside with an address of this host as source are taken.',
      'or',
    ),
    on(
      'net.ipv4.conf.DEV.route_localnet',
      'Route 127.0.0.0/8',
      '0',
      'Addresses of 127.0.0.0/8 count as ordinary ones outside of lo, as DNAT to 127.0.0.1 needs it.',
      'or',
    ),
    on(
      'net.ipv4.conf.DEV.src_valid_mark',
      'Mark in the reverse path',
      '0',
      'The reverse path filter looks up with the packet’s mark.',
      'or',
    ),
    on(
      'net.ipv4.conf.DEV.accept_source_route',
      'Accept source routes',
      '1',
      'Packets with a source route option are taken; all and the interface must both allow it.',
      'and',
    ),
    on(
      'net.ipv6.conf.DEV.disable_ipv6',
      'IPv6 is off',
      '0',
      'The interface has no IPv6 at all; writing all sets every interface.',
      'own',
    ),
  ]),
  ...group('ICMP and redirects', [
    on('net.ipv4.icmp_echo_ignore_all', 'Answer no ping', '0', 'Echo requests are not answered.'),
    on(
      'net.ipv4.icmp_echo_ignore_broadcasts',
      'Answer no broadcast ping',
      '1',
      'Echo requests to a broadcast or multicast address are not answered.',
    ),
    on('net.ipv6.icmp.echo_ignore_all', 'Answer no IPv6 ping', '0', 'Echo requests over IPv6 are not answered.'),
    number(
      'net.ipv4.icmp_ratelimit',
      'ICMP errors, at least apart',
      '0',
      'ms',
      'Time between two ICMP errors to the same host; 0 is no limit.',
    ),
    on(
      'net.ipv4.icmp_errors_use_inbound_ifaddr',
      'Errors from the inbound address',
      '0',
      'ICMP errors have the address of the interface that the packet came in by.',
    ),
    on('net.ipv4.conf.DEV.send_redirects', 'Send redirects', '0', 'A router tells a neighbour of a shorter way.', 'or'),
    on(
      'net.ipv4.conf.DEV.accept_redirects',
      'Accept redirects',
      '1',
      'A shorter way that a router tells of is taken; without forwarding all or the interface will do, with it both are needed.',
    ),
    on(
      'net.ipv4.conf.DEV.secure_redirects',
      'Redirects from gateways only',
      '1',
      'Redirects are taken only if they name a gateway that is known.',
      'or',
    ),
  ]),
  ...group('What this host sends', [
    number('net.ipv4.ip_default_ttl', 'TTL', '64', '', 'The TTL of IPv4 packets of this host.'),
    number('net.ipv6.conf.DEV.hop_limit', 'Hop limit', '64', '', 'The hop limit of IPv6 packets of this host.'),
    number(
      'net.ipv4.ip_local_port_range',
      'Ports of clients',
      '32768\t60999',
      '',
      'First and last port that is given to a socket which names none.',
    ),
    number(
      'net.ipv4.ip_local_reserved_ports',
      'Ports that are kept',
      '',
      '',
      'Ports that are never given to such a socket.',
    ),
    on(
      'net.ipv4.ip_nonlocal_bind',
      'Bind to foreign addresses',
      '0',
      'Sockets may be bound to addresses that this host does not have.',
    ),
    on(
      'net.ipv4.fwmark_reflect',
      'Answer with the mark',
      '0',
      'What the kernel itself answers has the mark of the packet that it answers.',
    ),
    on('net.ipv4.tcp_sack', 'SACK', '1', 'TCP offers selective acknowledgements.'),
    on('net.ipv4.tcp_window_scaling', 'Window scaling', '1', 'TCP offers windows of more than 64 KiB.'),
    on('net.ipv4.tcp_timestamps', 'Timestamps', '1', 'TCP offers timestamps; labs play none.'),
  ]),
  ...group('Fragments and path MTU', [
    {
      key: 'net.ipv4.ip_no_pmtu_disc',
      title: 'No path MTU discovery',
      meaning: 'Packets of this host go out without DF, and what a router says about the MTU is not heard.',
      start: '0',
      choices: [
        ['0', 'discover'],
        ['1', 'never DF'],
        ['2', 'never DF for sockets that do not ask'],
        ['3', 'only errors that are about known sockets'],
      ],
    },
    on(
      'net.ipv4.ip_forward_use_pmtu',
      'Forward by learned MTU',
      '0',
      'Forwarded packets are held to a path MTU that was learned, too.',
    ),
    number(
      'net.ipv4.ipfrag_time',
      'Fragments wait',
      '30',
      's',
      'Time for which pieces of an IPv4 packet wait for the others.',
    ),
    number(
      'net.ipv6.ip6frag_time',
      'IPv6 fragments wait',
      '60',
      's',
      'Time for which pieces of an IPv6 packet wait for the others.',
    ),
    number(
      'net.ipv4.route.mtu_expires',
      'Learned MTU holds',
      '600',
      's',
      'Time for which a path MTU that was learned is kept.',
    ),
  ]),
  ...group('Conntrack', [
    number(
      'net.netfilter.nf_conntrack_max',
      'Entries at most',
      '262144',
      '',
      'How many flows fit; with more, new ones are dropped or push others out. One number for all hosts.',
    ),
    on(
      'net.netfilter.nf_conntrack_tcp_loose',
      'Pick up running TCP',
      '1',
      'A TCP flow whose SYN was not seen is tracked from its middle.',
    ),
    on(
      'net.netfilter.nf_conntrack_tcp_be_liberal',
      'Be liberal with windows',
      '0',
      'Segments outside of the window are not INVALID; only resets out of it are.',
    ),
    on(
      'net.netfilter.nf_conntrack_checksum',
      'Check checksums',
      '1',
      'Packets with a wrong checksum are INVALID on their way in.',
    ),
    on(
      'net.netfilter.nf_conntrack_acct',
      'Count packets',
      '0',
      'Entries count packets and bytes, as connbytes needs it.',
    ),
    on(
      'net.netfilter.nf_conntrack_tcp_ignore_invalid_rst',
      'Ignore bad resets',
      '0',
      'A reset outside of the window does not end a flow.',
    ),
    number(
      'net.netfilter.nf_conntrack_expect_max',
      'Expectations at most',
      '4096',
      '',
      'How many flows may be expected by helpers.',
    ),
  ]),
  ...group('Conntrack timeouts', [
    timeout(
      'tcp_timeout_established',
      'TCP established',
      '432000',
      'Silence after which an established TCP flow is forgotten: five days.',
    ),
    timeout('tcp_timeout_syn_sent', 'TCP SYN sent', '120', 'Time for the answer to a SYN.'),
    timeout('tcp_timeout_syn_recv', 'TCP SYN received', '60', 'Time for the last step of the handshake.'),
    timeout('tcp_timeout_fin_wait', 'TCP FIN wait', '120', 'Silence after the first FIN.'),
    timeout('tcp_timeout_close_wait', 'TCP close wait', '60', 'Silence after the first FIN was acknowledged.'),
    timeout('tcp_timeout_time_wait', 'TCP time wait', '120', 'Time for which a closed flow is kept.'),
    timeout('tcp_timeout_close', 'TCP close', '10', 'Time for which a flow is kept after a reset.'),
    timeout('udp_timeout', 'UDP', '30', 'Silence after which a UDP flow is forgotten.'),
    timeout('udp_timeout_stream', 'UDP stream', '120', 'The same, for a flow that has been answered and lasted.'),
    timeout('icmp_timeout', 'ICMP', '30', 'Silence after which a ping is forgotten.'),
    timeout('icmpv6_timeout', 'ICMPv6', '30', 'Silence after which an IPv6 ping is forgotten.'),
    timeout(
      'generic_timeout',
      'Other protocols',
      '600',
      'Silence after which a flow of another protocol is forgotten.',
    ),
  ]),
];

export const COMBINE_WORDS: Readonly<Record<Combine, string>> = {
  max: 'The higher of all and the interface counts.',
  or: 'It is on where all or the interface says so.',
  and: 'It is on where all and the interface both say so.',
  own: 'Only the interface’s own value counts; all and default set others when they are written.',
  all: 'Only all counts.',
};

/** The value that counts at an interface. */
export function inForce(combine: Combine, all: string, own: string): string {
  const [a, b] = [Number(all), Number(own)];
  switch (combine) {
    case 'max':
      return String(Math.max(a, b));
    case 'or':
      return a !== 0 || b !== 0 ? '1' : '0';
    case 'and':
      return a !== 0 && b !== 0 ? '1' : '0';
    case 'own':
      return own;
    case 'all':
      return all;
  }
}
