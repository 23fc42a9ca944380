import { usagePage } from '../output';

const PAGES = {
  ip: `usage: ip [OPTIONS] address|link|neighbor|route|rule [COMMAND]
       ip address|link|neighbor|route|rule help
  -4, -6                   only what is of this family
  -f, -family inet|inet6   the same by name
  -br, -brief              a short line for each
  -o, -oneline             all of one thing in one line
  -s, -statistics          with counters of interfaces
  -d, -details             with what is usually left out
  -j, -json                as JSON
  -p, -pretty              JSON in lines, with -j
  -V, -Version             the version of iproute2 that is modelled
Objects, commands and options may be cut short.
`,
  address: `usage: ip address
       ip address show [dev IF] [up] [master IF] [nomaster] [type TYPE] [group NUMBER] [SELECTOR]
       ip address add|change|replace PREFIX dev IF [broadcast ADDR] [broadcast +] [label LABEL] [scope SCOPE] [noprefixroute] [nodad]
       ip address delete PREFIX dev IF
       ip address flush [dev IF] [SELECTOR]
SELECTOR: scope SCOPE, to PREFIX, label LABEL, permanent, primary, secondary
SCOPE: global, link, host, NUMBER
`,
  link: `usage: ip link
       ip link show [dev IF] [up] [master IF] [nomaster] [type TYPE] [group NUMBER]
       ip link set dev IF up|down
       ip link set dev IF [mtu BYTES] [address MAC] [txqueuelen NUMBER] [group NUMBER] [nomaster]
       ip link set dev IF [arp on|off] [multicast on|off] [allmulticast on|off] [promisc on|off]
       ip link set dev IF master BRIDGE
       ip link set dev IF type bridge_slave hairpin on|off
       ip link add NEW [address MAC] [mtu BYTES] type bridge|dummy
       ip link delete dev IF
`,
  neighbor: `usage: ip neighbor
       ip neighbor show [to PREFIX] [dev IF] [nud STATE]
       ip neighbor add|replace ADDR lladdr MAC dev IF [nud permanent]
       ip neighbor change|delete ADDR dev IF
       ip neighbor get ADDR dev IF
       ip neighbor flush [dev IF] [to ADDR] [nud STATE]
STATE: permanent, reachable, stale, noarp, incomplete, delay, probe, failed, none, all
`,
  route: `usage: ip route
       ip route show [SELECTOR]
       ip route get ADDR [from ADDR] [iif IF] [oif IF] [mark NUMBER] [tos TOS] [PROTOCOL] [uid NUMBER] [fibmatch]
       ip route add|append|prepend|replace|change|delete [TYPE] PREFIX [WAY] [ATTRIBUTE]
       ip route add PREFIX nexthop via ADDR weight NUMBER nexthop via ADDR dev IF
       ip route flush SELECTOR
       ip route flush cache
SELECTOR: table TABLE, table all, proto ORIGIN, scope SCOPE, type TYPE, dev IF, via PREFIX, src PREFIX, metric NUMBER,
          tos TOS, realms REALM, root PREFIX, match PREFIX, exact PREFIX, PREFIX
PROTOCOL: ipproto PROTO, sport PORT, dport PORT
SCOPE: global, link, host, NUMBER
TYPE: unicast, local, broadcast, multicast, blackhole, unreachable, prohibit, throw
WAY: via ADDR, dev IF, via ADDR dev IF onlink
ATTRIBUTE: table TABLE, metric NUMBER, src ADDR, scope SCOPE, proto ORIGIN, tos TOS, realms REALM, mtu BYTES, advmss BYTES,
           window BYTES, hoplimit NUMBER, rtt TIME, pref low, pref medium, pref high, expires SECONDS
`,
  rule: `usage: ip rule
       ip rule show [SELECTOR]
       ip rule add|delete [not] [SELECTOR] [pref NUMBER] ACTION
       ip rule flush [SELECTOR]
SELECTOR: from PREFIX, to PREFIX, iif IF, oif IF, fwmark MARK, tos TOS, uidrange RANGE, ipproto PROTO,
          sport PORT, sport RANGE, dport PORT, dport RANGE
ACTION: table TABLE, table TABLE suppress_prefixlength NUMBER, table TABLE suppress_ifgroup NUMBER, goto NUMBER, nop,
        blackhole, unreachable, prohibit
`,
};

/** What `ip OBJECT help` prints, and what a line that makes no sense is answered with. */
export function ipUsage(page: string): string {
  return usagePage('ip', PAGES[page as keyof typeof PAGES]);
}
