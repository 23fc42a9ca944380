/** Names of numbers in headers. */
export const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'hop-by-hop options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IP in IP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'routing header',
  44: 'fragment header',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  59: 'nothing',
  60: 'destination options',
  132: 'SCTP',
  135: 'mobility header',
  136: 'UDPlite',
};
export const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  8: 'echo request',
  9: 'router advertisement',
  10: 'router solicitation',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'timestamp request',
  14: 'timestamp reply',
  15: 'information request',
  16: 'information reply',
  17: 'address mask request',
  18: 'address mask reply',
};
/** By type, in the order of the codes. */
export const ICMP_CODES: Readonly<Record<number, readonly string[]>> = {
  3: [
    'network unreachable',
    'host unreachable',
    'protocol unreachable',
    'port unreachable',
    'fragmentation needed',
    'source route failed',
    'network unknown',
    'host unknown',
    'source host isolated',
    'network prohibited',
    'host prohibited',
    'network unreachable for this TOS',
    'host unreachable for this TOS',
    'communication prohibited',
    'host precedence violation',
    'precedence cutoff',
  ],
  5: ['for the network', 'for the host', 'for TOS and network', 'for TOS and host'],
  11: ['TTL used up on the way', 'pieces did not come in time'],
  12: ['a pointer says where', 'an option is missing', 'bad length'],
};
export const ICMP6_TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
  143: 'multicast listener report, version 2',
};
export const ICMP6_CODES: Readonly<Record<number, readonly string[]>> = {
  1: [
    'no route',
    'administratively prohibited',
    'beyond the scope of the source',
    'address unreachable',
    'port unreachable',
    'failed ingress or egress policy',
    'reject route',
  ],
  3: ['hop limit used up on the way', 'pieces did not come in time'],
  4: ['erroneous header field', 'unknown next header', 'unknown option', 'incomplete first piece'],
};
export const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;

export const SCTP_CHUNKS: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN ACK',
  9: 'ERROR',
  10: 'COOKIE ECHO',
  11: 'COOKIE ACK',
  12: 'ECN ECHO',
  13: 'CWR',
  14: 'SHUTDOWN COMPLETE',
};
export const DCCP_TYPES = [
  'REQUEST',
  'RESPONSE',
  'DATA',
  'ACK',
  'DATAACK',
  'CLOSEREQ',
  'CLOSE',
  'RESET',
  'SYNC',
  'SYNCACK',
] as const;
export const IP_OPTIONS: Readonly<Record<number, string>> = {
  7: 'record route',
  68: 'timestamps',
  130: 'security',
  131: 'loose source route',
  136: 'stream id',
  137: 'strict source route',
  148: 'router alert',
};
export const IP6_OPTIONS: Readonly<Record<number, string>> = {
  5: 'router alert',
  194: 'jumbo payload',
  201: 'home address',
};

const CLASSES: Readonly<Record<number, string>> = { 46: 'EF', 44: 'VA', 1: 'LE' };

/** A DSCP by the name that `-m dscp --dscp-class` knows; '' if it has none. */
export function dscpName(dscp: number): string {
  if (CLASSES[dscp] !== undefined) return CLASSES[dscp];
  if (dscp === 0) return '';
  if (dscp % 8 === 0) return `CS${dscp / 8}`;
  const [high, low] = [dscp >> 3, dscp & 7];
  return high >= 1 && high <= 4 && (low === 2 || low === 4 || low === 6) ? `AF${high}${low / 2}` : '';
}

/** The TOS byte in words: its DSCP and ECN. */
export function tosNote(tos: number): string {
  const ecn = ['', 'ECT(1)', 'ECT(0)', 'CE'][tos & 3] ?? '';
  const dscp = tos >> 2;
  const name = dscp === 0 ? '' : dscpName(dscp) || `DSCP ${dscp}`;
  return [name, ecn].filter(Boolean).join(' ');
}
