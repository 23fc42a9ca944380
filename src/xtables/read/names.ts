import { readUint } from './numbers';

/** Protocols that iptables knows by itself, in its order. Kernel side: xtables_chain_protos */
const CHAIN_PROTOCOLS: readonly (readonly [string, number])[] = [
  ['tcp', 6],
  ['sctp', 132],
  ['udp', 17],
  ['udplite', 136],
  ['icmp', 1],
  ['ipv6-icmp', 58],
  ['icmpv6', 58],
  ['esp', 50],
  ['ah', 51],
  ['mobility-header', 135],
  ['ipv6-mh', 135],
  ['mh', 135],
  ['all', 0],
];

/** Further names of IANA's list, as a Debian system has them in /etc/protocols. */
const OTHER_PROTOCOLS: readonly (readonly [string, number])[] = [
  ['ip', 0],
  ['hopopt', 0],
  ['igmp', 2],
  ['ggp', 3],
  ['ipencap', 4],
  ['st', 5],
  ['egp', 8],
  ['igp', 9],
  ['pup', 12],
  ['hmp', 20],
  ['xns-idp', 22],
  ['rdp', 27],
  ['iso-tp4', 29],
  ['dccp', 33],
  ['xtp', 36],
  ['ddp', 37],
  ['idpr-cmtp', 38],
  ['ipv6', 41],
  ['ipv6-route', 43],
  ['ipv6-frag', 44],
  ['idrp', 45],
  ['rsvp', 46],
  ['gre', 47],
  ['skip', 57],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['rspf', 73],
  ['vmtp', 81],
  ['eigrp', 88],
  ['ospf', 89],
  ['ax.25', 93],
  ['ipip', 94],
  ['etherip', 97],
  ['encap', 98],
  ['pim', 103],
  ['ipcomp', 108],
  ['vrrp', 112],
  ['l2tp', 115],
  ['isis', 124],
  ['fc', 133],
  ['mpls-in-ip', 137],
  ['manet', 138],
  ['hip', 139],
  ['shim6', 140],
  ['wesp', 141],
  ['rohc', 142],
  ['ethernet', 143],
  ['mptcp', 262],
];

const PROTOCOL_NUMBER: ReadonlyMap<string, number> = new Map([...OTHER_PROTOCOLS, ...CHAIN_PROTOCOLS]);

/** Second names in /etc/protocols that are not the first in capitals. */
const OTHER_SECOND_NAMES: readonly (readonly [string, number])[] = [
  ['IP-ENCAP', 4],
  ['IPv6', 41],
  ['IPv6-Route', 43],
  ['IPv6-Frag', 44],
  ['IPSEC-ESP', 50],
  ['IPSEC-AH', 51],
  ['IPv6-ICMP', 58],
  ['IPv6-NoNxt', 59],
  ['IPv6-Opts', 60],
  ['IP', 0],
  ['HOPOPT', 0],
  ['RSPF', 73],
  ['CPHB', 73],
  ['OSPFIGP', 89],
  ['Mobility-Header', 135],
  ['UDPLite', 136],
  ['MPLS-in-IP', 137],
  ['Shim6', 140],
  ['Ethernet', 143],
];

/** Protocols that have no second name in capitals, but perhaps another one. */
const NOT_IN_CAPITALS: ReadonlySet<number> = new Set([0, 138, ...OTHER_SECOND_NAMES.map(([, number]) => number)]);

/** Second names in /etc/protocols: mostly the first in capitals. */
const SECOND_NAMES: ReadonlyMap<string, number> = new Map([
  ...[...OTHER_PROTOCOLS, ...CHAIN_PROTOCOLS]
    .filter(([, number]) => !NOT_IN_CAPITALS.has(number))
    .map(([name, number]) => [name.toUpperCase(), number] as const),
  ...OTHER_SECOND_NAMES,
]);

const PROTOCOL_NAME: ReadonlyMap<number, string> = new Map(
  [...OTHER_PROTOCOLS, ...CHAIN_PROTOCOLS].toReversed().map(([name, number]) => [number, name]),
);
const CHAIN_NAME: ReadonlyMap<number, string> = new Map(
  CHAIN_PROTOCOLS.toReversed().map(([name, number]) => [number, name]),
);

export const protocolNames: readonly string[] = [...PROTOCOL_NUMBER.keys()];

/** Protocol by number or name; the name must be in lower case already. */
export function protocolByName(text: string): number | null {
  return PROTOCOL_NUMBER.get(text) ?? readUint(text, 0, 255);
}

/** The same, where capitals count. libc: getprotobyname() */
export function protocolAsTyped(text: string): number | null {
  return protocolByName(text) ?? SECOND_NAMES.get(text) ?? null;
}

/** The name that iptables prints for a protocol, or null: then it prints the number. */
export function protocolName(number: number): string | null {
  return CHAIN_NAME.get(number) ?? PROTOCOL_NAME.get(number) ?? null;
}

/** The same, of those that iptables knows itself. */
export function chainProtocolName(number: number): string | null {
  return CHAIN_NAME.get(number) ?? null;
}

export { serviceByName, serviceByPort, serviceNames } from '../../wire';

/** What the tools remark of the name of an interface that is short enough. Kernel side: xtables_parse_interface() */
export function weirdInterface(name: string): string | null {
  if (name.length > 15 || !/[/ ]/.test(name)) return null;
  return `Warning: weird character in interface \`${name}' ('/' and ' ' are not allowed by the kernel).`;
}
