/** The words of a filter. */

/** Protocols that can stand before what is asked, or alone. */
export const PROTOS = [
  'ether',
  'link',
  'ip',
  'ip6',
  'arp',
  'rarp',
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'igmp',
  'igrp',
  'pim',
  'vrrp',
  'carp',
  'ah',
  'esp',
];
/** What an id is. */
export const TYPES = ['host', 'net', 'port', 'portrange', 'proto', 'protochain', 'gateway'];
/** Protocols by number, and the family that they are of; 0: of either. */
export const NUMBERS: Readonly<Record<string, readonly [number, 0 | 4 | 6]>> = {
  tcp: [6, 0],
  udp: [17, 0],
  sctp: [132, 0],
  icmp: [1, 4],
  icmp6: [58, 6],
  igmp: [2, 4],
  igrp: [9, 4],
  pim: [103, 0],
  vrrp: [112, 4],
  carp: [112, 4],
  ah: [51, 0],
  esp: [50, 0],
};
/** Offsets and values by name. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  tcpflags: 13,
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'tcp-urg': 32,
  'tcp-ece': 64,
  'tcp-cwr': 128,
  icmptype: 0,
  icmpcode: 1,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-sourcequench': 4,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-routeradvert': 9,
  'icmp-routersolicit': 10,
  'icmp-timxceed': 11,
  'icmp-paramprob': 12,
  'icmp-tstamp': 13,
  'icmp-tstampreply': 14,
  'icmp-ireq': 15,
  'icmp-ireqreply': 16,
  'icmp-maskreq': 17,
  'icmp-maskreply': 18,
  icmp6type: 0,
  icmp6code: 1,
  'icmp6-destinationunreach': 1,
  'icmp6-packettoobig': 2,
  'icmp6-timeexceeded': 3,
  'icmp6-parameterproblem': 4,
  'icmp6-echo': 128,
  'icmp6-echoreply': 129,
  'icmp6-routersolicit': 133,
  'icmp6-routeradvert': 134,
  'icmp6-neighborsolicit': 135,
  'icmp6-neighboradvert': 136,
  'icmp6-redirect': 137,
};
export const RELATIONS = ['=', '==', '!=', '<', '>', '<=', '>='];
/** Binary operators of numbers, the loosest first. */
export const LEVELS = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']] as const;
/** What a frame may carry, by its EtherType. */
export const ETHERTYPES: Readonly<Record<string, number>> = { ip: 0x0800, ip6: 0x86dd, arp: 0x0806, rarp: 0x8035 };
