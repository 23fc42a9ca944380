/** Names of /etc/protocols, the first of a number being the one that is printed, and those that iptables adds. */
const NAMES: readonly (readonly [number: number, ...names: readonly string[]])[] = [
  [0, 'ip', 'hopopt'],
  [1, 'icmp'],
  [2, 'igmp'],
  [3, 'ggp'],
  [4, 'ipencap', 'ip-encap'],
  [5, 'st'],
  [6, 'tcp'],
  [8, 'egp'],
  [9, 'igp'],
  [12, 'pup'],
  [17, 'udp'],
  [20, 'hmp'],
  [22, 'xns-idp'],
  [27, 'rdp'],
  [29, 'iso-tp4'],
  [33, 'dccp'],
  [36, 'xtp'],
  [37, 'ddp'],
  [38, 'idpr-cmtp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [45, 'idrp'],
  [46, 'rsvp'],
  [47, 'gre'],
  [50, 'esp', 'ipsec-esp'],
  [51, 'ah', 'ipsec-ah'],
  [57, 'skip'],
  [58, 'ipv6-icmp', 'icmpv6'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [73, 'rspf'],
  [81, 'vmtp'],
  [88, 'eigrp'],
  [89, 'ospf', 'ospfigp'],
  [93, 'ax.25'],
  [94, 'ipip'],
  [97, 'etherip'],
  [98, 'encap'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [124, 'isis'],
  [132, 'sctp'],
  [133, 'fc'],
  [135, 'mobility-header', 'ipv6-mh', 'mh'],
  [136, 'udplite'],
  [137, 'mpls-in-ip'],
  [138, 'manet'],
  [139, 'hip'],
  [140, 'shim6'],
  [141, 'wesp'],
  [142, 'rohc'],
  [143, 'ethernet'],
];

const NAME_OF: ReadonlyMap<number, string> = new Map(NAMES.map(([number, name]) => [number, name!]));
const NUMBER_OF: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap(([number, ...names]) => names.map((name) => [name, number] as const)),
);

/** The name of an IP protocol, or its number as text. libc: getprotobynumber() */
export function protocolName(protocol: number): string {
  return NAME_OF.get(protocol) ?? String(protocol);
}

/** The number of a protocol given by name (any case) or as a number up to 255, or null. */
export function protocolNumber(name: string): number | null {
  if (/^\d{1,3}$/.test(name)) return Number(name) <= 255 ? Number(name) : null;
  return NUMBER_OF.get(name.toLowerCase()) ?? null;
}

/** All names that `protocolNumber` knows, for completion and suggestions. */
export function protocolNames(): readonly string[] {
  return [...NUMBER_OF.keys()];
}
