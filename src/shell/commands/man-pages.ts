/** What `man` adds to a command's own line: at most four lines, with what is asked for most. */
export const PAGES: Readonly<Record<string, string>> = {
  iptables: `  iptables [-t TABLE] -A|-I|-D|-R|-C CHAIN [NUMBER] MATCHES -j TARGET
  iptables [-t TABLE] -L|-S|-F|-Z [CHAIN] [-n -v -x --line-numbers]; -N|-X|-E|-P CHAIN …
  Tables: filter (without -t), nat, mangle, raw, security. "iptables -L -nv" shows rules with their counters.`,
  ip6tables: '  As iptables, for IPv6.',
  'iptables-save': '  iptables-save [-c] [-t TABLE]: -c with the counters, as iptables-restore reads them back.',
  'iptables-restore':
    '  iptables-restore [-n] [-c] [-t] << EOF: reads a ruleset; -n keeps what is there, -t only tests.',
  ipset: `  ipset create NAME TYPE; ipset add|del|test NAME ELEMENT; ipset list [NAME]
  A rule asks it with -m set --match-set NAME src.`,
  ip: `  ip [-4|-6] [-br] [-o] [-d] [-s] addr|link|route|rule|neigh [show|add|del|replace|get …]
  ip route get ADDRESS [from A] [iif IF] [mark N] asks what the host would do.
  ip -br addr is the short list.`,
  conntrack: `  conntrack -L [FILTERS] lists tracked connections, -D deletes, -F all of them, -C counts, -S statistics
  conntrack -E [-e NEW,UPDATE,DESTROY] listens to events
  Filters: -p tcp --dport 80 -s 10.0.0.2 -d … -m MARK -f ipv6 --src-nat --state ESTABLISHED`,
  sysctl: `  sysctl NAME prints, sysctl -w NAME=VALUE sets, sysctl -a lists all
  net.ipv4.ip_forward=1 lets the host route; net.netfilter.nf_conntrack_* is about connections.`,
  ss: `  ss -tln sockets that listen, ss -tan all of TCP, ss -uan of UDP; -p with the program
  ss -tan state established sport = :22`,
  netstat: '  netstat -tlnp sockets that listen, -an all, -rn routes, -i interfaces.',
  tcpdump: `  tcpdump [-i IF|any] [-nn] [-e] [-v] [-c COUNT] [-A|-X] [FILTER]
  Filters: host, net, port, portrange with src or dst; tcp udp icmp icmp6 ip ip6; and or not ( )
  tcp[tcpflags] & (tcp-syn|tcp-rst) != 0. It sees what iptables drops on the way in, and what NAT made on the way out.`,
  bridge: '  bridge link shows ports, bridge fdb where MACs are.',
  brctl: '  brctl show [BRIDGE]; brctl showmacs BRIDGE; brctl addbr|delbr BRIDGE; brctl addif|delif BRIDGE IF',
  ifconfig: '  ifconfig [-a] [IF]; ifconfig IF up|down; ifconfig IF ADDRESS netmask MASK',
  route: '  route -n; route add -net 10.1.0.0/16 gw 10.0.0.1; route add default gw ADDRESS; route del …',
  modprobe: '  modprobe br_netfilter: bridged packets then pass iptables. Others change nothing here.',
  lsmod: '  lsmod | grep nf_conntrack',
  grep: '  grep [-c] [-v] [-i] [-E] [-o] [-n] PATTERN [FILE…]: also of /proc/net/nf_conntrack',
  cat: '  cat /proc/net/nf_conntrack, /proc/sys/net/…, /proc/net/route, /sys/module/nf_conntrack/parameters/hashsize',
};
