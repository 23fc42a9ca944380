/** The few fields of a packet that the graph shows. The Packet panel reads the rest. */
export interface Header {
  readonly family: 4 | 6;
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  readonly protocol: number;
  /** Ports; null where there are none (ICMP, later fragments, other protocols). */
  readonly sport: number | null;
  readonly dport: number | null;
  /** "TCP", "UDP", "ICMP", or the number. */
  readonly protocolName: string;
  /** TCP: letters of the flags, `S`, `SA`; ICMP: type and code as text; else ''. */
  readonly detail: string;
}

const NAMES: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  132: 'SCTP',
};
const FLAGS = 'FSRPAUEC';
/** Extension headers of IPv6 that another header follows. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);

/** Reads the bytes of a packet, from its IP header on; null if they are none. */
export function readHeader(bytes: Uint8Array | undefined): Header | null {
  const version = (bytes?.[0] ?? 0) >>> 4;
  if (bytes === undefined) return null;
  if (version === 4 && bytes.length >= 20) {
    const first = (u16(bytes, 6) & 0x1fff) === 0;
    const rest = first ? transport(bytes, ((bytes[0] ?? 0) & 15) * 4, bytes[9] ?? 0) : nothing(bytes[9] ?? 0);
    return { family: 4, src: quad(bytes, 12), dst: quad(bytes, 16), ttl: bytes[8] ?? 0, ...rest };
  }
  if (version === 6 && bytes.length >= 40) {
    let next = bytes[6] ?? 0;
    let at = 40;
    let first = true;
    while (EXTENSIONS.has(next) || next === 44) {
      if (next === 44) first = (u16(bytes, at + 2) & 0xfff8) === 0;
      const length = next === 44 ? 8 : ((bytes[at + 1] ?? 0) + 1) * 8;
      next = bytes[at] ?? 59;
      at += length;
    }
    const rest = first ? transport(bytes, at, next) : nothing(next);
    return { family: 6, src: groups(bytes, 8), dst: groups(bytes, 24), ttl: bytes[7] ?? 0, ...rest };
  }
  return null;
}

type Rest = Pick<Header, 'protocol' | 'sport' | 'dport' | 'protocolName' | 'detail'>;

function nothing(protocol: number): Rest {
  return { protocol, sport: null, dport: null, protocolName: NAMES[protocol] ?? `protocol ${protocol}`, detail: '' };
}

function transport(bytes: Uint8Array, at: number, protocol: number): Rest {
  const none = nothing(protocol);
  if (protocol === 1 || protocol === 58) {
    return bytes.length < at + 2 ? none : { ...none, detail: `${bytes[at]}/${bytes[at + 1]}` };
  }
  if (![6, 17, 33, 132].includes(protocol) || bytes.length < at + 4) return none;
  const flags = protocol === 6 ? (bytes[at + 13] ?? 0) : 0;
  const detail = [...FLAGS].filter((_, bit) => flags & (1 << bit)).join('');
  return { ...none, sport: u16(bytes, at), dport: u16(bytes, at + 2), detail };
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function quad(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 4)].join('.');
}

/** RFC 5952: the longest run of zero groups, at least two, becomes `::`; the first of equals. */
function groups(bytes: Uint8Array, at: number): string {
  const all = Array.from({ length: 8 }, (_, i) => u16(bytes, at + 2 * i));
  let best = { from: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && all[end] === 0) end++;
    if (end - i > best.length) best = { from: i, length: end - i };
  }
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
  if (best.from < 0) return hex(all);
  return `${hex(all.slice(0, best.from))}::${hex(all.slice(best.from + best.length))}`;
}

/** `10.0.0.5:80`, `[2001:db8::5]:80`, or the address alone. */
export function endpoint(addr: string, port: number | null): string {
  if (port === null) return addr;
  return addr.includes(':') ? `[${addr}]:${port}` : `${addr}:${port}`;
}
