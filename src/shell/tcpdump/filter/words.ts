/** The words of a filter. libpcap 1.10.3: scanner.l */

/** Frames themselves, by all names that they have. */
const LINKS = ['link', 'ether', 'ppp', 'slip', 'fddi', 'tr', 'wlan'];

/** Protocols that an IP header names by number, and the family that they are of; 0: of either. */
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

/** Protocols that no frame of a lab carries. */
const FOREIGN =
  'arp rarp atalk aarp decnet lat sca moprc mopdl iso esis isis l1 l2 iih lsp snp csnp psnp clnp stp ipx netbeui radio'.split(
    ' ',
  );

/** Protocols that can stand before what is asked, or alone; each by the one name that counts. */
export const PROTOS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...Object.keys(NUMBERS), ...FOREIGN, 'ip', 'ip6'].map((name) => [name, name])),
  ...Object.fromEntries(LINKS.map((name) => [name, 'link'])),
  'es-is': 'esis',
  'is-is': 'isis',
};

/** Which end: the words of Ethernet and IP, then those of 802.11. */
export const DIRECTIONS: Readonly<Record<string, string>> = {
  src: 'src',
  dst: 'dst',
  addr1: 'addr1',
  address1: 'addr1',
  addr2: 'addr2',
  address2: 'addr2',
  addr3: 'addr3',
  address3: 'addr3',
  addr4: 'addr4',
  address4: 'addr4',
  ra: 'ra',
  ta: 'ta',
};

/** What an id is, where a direction may be said. */
export const TYPES = ['host', 'net', 'port', 'portrange'] as const;

/** Links that a host of a lab has not: what is said of their words, and what follows such a word. */
export const OTHER_LINKS: Readonly<
  Record<string, readonly [follows: 'nothing' | 'number' | 'value' | 'id', says: string]>
> = Object.fromEntries([
  ...'lane metac bcc sc ilmic oam oamf4 connectmsg metaconnect'
    .split(' ')
    .map((name) => [name, ['nothing', `'${name}' supported only on raw ATM`]]),
  ...['oamf4ec', 'oamf4sc'].map((name) => [name, ['nothing', `'${name.replace('f', '')}' supported only on raw ATM`]]),
  ...['vpi', 'vci'].map((name) => [name, ['value', `'${name}' supported only on raw ATM`]]),
  ...['fisu', 'lssu', 'lsu', 'msu'].map((name) => [
    name,
    ['nothing', `'${name.replace('lsu', 'lssu').replace('lsssu', 'lssu')}' supported only on MTP2`],
  ]),
  ...['hfisu', 'hlssu', 'hmsu'].map((name) => [name, ['nothing', `'${name}' supported only on MTP2_HSL`]]),
  ...'sio opc dpc sls hsio hopc hdpc hsls'
    .split(' ')
    .map((name) => [name, ['value', `'${name.replace(/^h/, '')}' supported only on SS7`]]),
  ...['on', 'ifname'].map((name) => [name, ['id', 'ifname supported only on PF linktype']]),
  ...['rset', 'ruleset'].map((name) => [name, ['id', 'ruleset supported only on PF linktype']]),
  ...['rnr', 'rulenum'].map((name) => [name, ['number', 'rnr supported only on PF linktype']]),
  ...['srnr', 'subrulenum'].map((name) => [name, ['number', 'srnr supported only on PF linktype']]),
]);

/** Headers before that of IP, which no frame of a lab has: the largest number that each can have, and what that is. */
export const LAYERS: Readonly<Record<string, readonly [most: number, what: string] | null>> = {
  vlan: [4095, 'VLAN tag'],
  mpls: [1_048_575, 'MPLS label'],
  pppoed: null,
  pppoes: [65_535, 'PPPoE session number'],
  geneve: [16_777_215, 'Geneve VNI'],
};

const PLAIN =
  'host net mask port portrange proto protochain gateway type subtype dir direction less greater byte broadcast multicast and or not len length inbound outbound ifindex llc reason action';

export const KEYWORDS: ReadonlySet<string> = new Set([
  ...PLAIN.split(' '),
  ...[PROTOS, DIRECTIONS, OTHER_LINKS, LAYERS].flatMap((words) => Object.keys(words)),
]);

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
  'icmp6-multicastlistenerquery': 130,
  'icmp6-multicastlistenerreportv1': 131,
  'icmp6-multicastlistenerdone': 132,
  'icmp6-routersolicit': 133,
  'icmp6-routeradvert': 134,
  'icmp6-neighborsolicit': 135,
  'icmp6-neighboradvert': 136,
  'icmp6-redirect': 137,
  'icmp6-routerrenum': 138,
  'icmp6-nodeinformationquery': 139,
  'icmp6-nodeinformationresponse': 140,
  'icmp6-ineighbordiscoverysolicit': 141,
  'icmp6-ineighbordiscoveryadvert': 142,
  'icmp6-multicastlistenerreportv2': 143,
  'icmp6-homeagentdiscoveryrequest': 144,
  'icmp6-homeagentdiscoveryreply': 145,
  'icmp6-mobileprefixsolicit': 146,
  'icmp6-mobileprefixadvert': 147,
  'icmp6-certpathsolicit': 148,
  'icmp6-certpathadvert': 149,
  'icmp6-multicastrouteradvert': 151,
  'icmp6-multicastroutersolicit': 152,
  'icmp6-multicastrouterterm': 153,
};

export const RELATIONS = ['=', '==', '!=', '<', '>', '<=', '>='];

/** What a frame may carry, by its EtherType; other names are of what no frame of a lab is. */
export const ETHERTYPES: Readonly<Record<string, number>> = {
  ip: 0x0800,
  ip6: 0x86dd,
  arp: 0x0806,
  rarp: 0x8035,
  atalk: 0x809b,
  aarp: 0x80f3,
  decnet: 0x6003,
  lat: 0x6004,
  sca: 0x6007,
  moprc: 0x6002,
  mopdl: 0x6001,
  loopback: 0x9000,
  iso: 0xfe,
  stp: 0x42,
  ipx: 0xe0,
  netbeui: 0xf0,
};
