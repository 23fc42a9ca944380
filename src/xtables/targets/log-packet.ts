import { addrFromBytes, IPPROTO, u16, u32 } from '../../wire';

/** What a line of the log shows beyond the headers. */
export interface LogDetails {
  readonly tcpSequence: boolean;
  readonly tcpOptions: boolean;
  readonly ipOptions: boolean;
}

/** Text of a header. `cut`: it ended too early for anything to be said behind it. */
interface Dumped {
  readonly text: string;
  readonly cut: boolean;
}

const whole = (text: string): Dumped => ({ text, cut: false });
const cut = (text: string): Dumped => ({ text, cut: true });

const hex2 = (n: number): string => n.toString(16).toUpperCase().padStart(2, '0');

/** The headers of a packet as they stand in its bytes. Kernel: net/netfilter/nf_log_syslog.c */
export function dumpPacket(bytes: Uint8Array, details: LogDetails): Dumped {
  return bytes[0]! >> 4 === 4 ? dumpIpv4Packet(bytes, 0, details) : dumpIpv6Packet(bytes, 0, details, true);
}

function incomplete(bytes: Uint8Array, at: number): string {
  return `INCOMPLETE [${(bytes.length - at) >>> 0} bytes] `;
}

/** Kernel: dump_ipv4_packet(); an error's inner packet stands at `start`. */
function dumpIpv4Packet(bytes: Uint8Array, start: number, details: LogDetails): Dumped {
  if (start + 20 > bytes.length) return cut('TRUNCATED');
  const [tos, flags] = [bytes[start + 1]!, u16(bytes, start + 6)];
  let out = `SRC=${quad(bytes, start + 12)} DST=${quad(bytes, start + 16)} LEN=${u16(bytes, start + 2)} `;
  out += `TOS=0x${hex2(tos & 0x1e)} PREC=0x${hex2(tos & 0xe0)} TTL=${bytes[start + 8]} ID=${u16(bytes, start + 4)} `;
  if ((flags & 0x8000) !== 0) out += 'CE ';
  if ((flags & 0x4000) !== 0) out += 'DF ';
  if ((flags & 0x2000) !== 0) out += 'MF ';
  const offset = flags & 0x1fff;
  if (offset !== 0) out += `FRAG:${offset} `;
  const at = start + (bytes[start]! & 15) * 4;
  if (details.ipOptions && at > start + 20) {
    if (at > bytes.length) return cut(`${out}TRUNCATED`);
    out += `OPT (${hexBytes(bytes, start + 20, at)}) `;
  }
  const next = ipv4Transport(bytes, at, bytes[start + 9]!, offset !== 0, start === 0, details);
  return { text: out + next.text, cut: next.cut };
}

function ipv4Transport(
  bytes: Uint8Array,
  at: number,
  protocol: number,
  later: boolean,
  outer: boolean,
  details: LogDetails,
): Dumped {
  switch (protocol) {
    case 6:
      return dumpTcpHeader(bytes, at, later, details);
    case 17:
    case 136:
      return dumpUdpHeader(bytes, at, protocol, later);
    case 1:
      return whole(`PROTO=ICMP ${later ? '' : icmpText(bytes, at, outer, details)}`);
    case 51:
      return whole(later ? '' : `PROTO=AH ${at + 12 > bytes.length ? incomplete(bytes, at) : spi(bytes, at + 4)}`);
    case 50: {
      const rest = at + 8 > bytes.length ? incomplete(bytes, at) : spi(bytes, at);
      return whole(`PROTO=ESP ${later ? '' : rest}`);
    }
    default:
      return whole(`PROTO=${protocol} `);
  }
}

const spi = (bytes: Uint8Array, at: number): string => `SPI=0x${u32(bytes, at).toString(16)} `;

/** Bytes that ICMP messages must have for more to be said of them than type and code. */
const ICMP_LENGTHS: Readonly<Record<number, number>> = {
  0: 4,
  3: 28,
  4: 28,
  5: 28,
  8: 4,
  11: 28,
  12: 28,
  13: 20,
  14: 20,
  17: 12,
  18: 12,
};

function icmpText(bytes: Uint8Array, at: number, outer: boolean, details: LogDetails): string {
  if (at + 8 > bytes.length) return incomplete(bytes, at);
  const [type, code] = [bytes[at]!, bytes[at + 1]!];
  let out = `TYPE=${type} CODE=${code} `;
  if (bytes.length - at < (ICMP_LENGTHS[type] ?? 0)) return out + incomplete(bytes, at);
  if (type === 0 || type === 8) return `${out}ID=${u16(bytes, at + 4)} SEQ=${u16(bytes, at + 6)} `;
  if (type === 12) return `${out}PARAMETER=${bytes[at + 4]} `;
  if (type === 5) out += `GATEWAY=${quad(bytes, at + 4)} `;
  if (![3, 4, 5, 11].includes(type)) return out;
  if (outer) out += `[${dumpIpv4Packet(bytes, at + 8, details).text}] `;
  return type === 3 && code === 4 ? `${out}MTU=${u16(bytes, at + 6)} ` : out;
}

const TCP_FLAGS = ['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN'];

/** Kernel: nf_log_dump_tcp_header() */
function dumpTcpHeader(bytes: Uint8Array, at: number, later: boolean, details: LogDetails): Dumped {
  if (later) return whole('PROTO=TCP ');
  if (at + 20 > bytes.length) return cut(`PROTO=TCP ${incomplete(bytes, at)}`);
  let out = `PROTO=TCP SPT=${u16(bytes, at)} DPT=${u16(bytes, at + 2)} `;
  if (details.tcpSequence) out += `SEQ=${u32(bytes, at + 4)} ACK=${u32(bytes, at + 8)} `;
  const flags = bytes[at + 13]!;
  out += `WINDOW=${u16(bytes, at + 14)} RES=0x${((bytes[at + 12]! & 14) << 2).toString(16).padStart(2, '0')} `;
  if ((bytes[at + 12]! & 1) !== 0) out += 'AE ';
  for (const [i, name] of TCP_FLAGS.entries()) if ((flags & (0x80 >> i)) !== 0) out += `${name} `;
  out += `URGP=${u16(bytes, at + 18)} `;
  const end = at + (bytes[at + 12]! >> 4) * 4;
  if (!details.tcpOptions || end <= at + 20) return whole(out);
  if (end > bytes.length) return cut(`${out}OPT (TRUNCATED)`);
  return whole(`${out}OPT (${hexBytes(bytes, at + 20, end)}) `);
}

/** Kernel: nf_log_dump_udp_header() */
function dumpUdpHeader(bytes: Uint8Array, at: number, protocol: number, later: boolean): Dumped {
  const name = `PROTO=${protocol === IPPROTO.udp ? 'UDP' : 'UDPLITE'} `;
  if (later) return whole(name);
  if (at + 8 > bytes.length) return cut(name + incomplete(bytes, at));
  return whole(`${name}SPT=${u16(bytes, at)} DPT=${u16(bytes, at + 2)} LEN=${u16(bytes, at + 4)} `);
}

const EXTENSION_HEADERS: ReadonlySet<number> = new Set([0, 43, 44, 50, 51, 60]);

/** Kernel: dump_ipv6_packet() */
function dumpIpv6Packet(bytes: Uint8Array, start: number, details: LogDetails, outer: boolean): Dumped {
  if (start + 40 > bytes.length) return cut('TRUNCATED');
  const word = u32(bytes, start);
  let out = `SRC=${groups(bytes, start + 8)} DST=${groups(bytes, start + 24)} LEN=${u16(bytes, start + 4) + 40} `;
  out += `TC=${(word >>> 20) & 255} HOPLIMIT=${bytes[start + 7]} FLOWLBL=${word & 0xfffff} `;
  let later = false;
  let at = start + 40;
  let protocol = bytes[start + 6]!;
  while (EXTENSION_HEADERS.has(protocol)) {
    if (at + 2 > bytes.length) return cut(`${out}TRUNCATED`);
    if (details.ipOptions) out += 'OPT ( ';
    const header = extensionText(bytes, at, protocol, later, details.ipOptions);
    out += header.text;
    if (header.cut) return cut(out);
    if (details.ipOptions) out += ') ';
    if (protocol === IPPROTO.fragment && (u16(bytes, at + 2) & 0xfff8) !== 0) later = true;
    const [next, length] = [bytes[at]!, bytes[at + 1]!];
    at += protocol === IPPROTO.fragment ? 8 : protocol === IPPROTO.ah ? (length + 2) * 4 : (length + 1) * 8;
    protocol = next;
  }
  const next = ipv6Transport(bytes, at, protocol, later, outer, details);
  return { text: out + next.text, cut: next.cut };
}

function extensionText(bytes: Uint8Array, at: number, protocol: number, later: boolean, options: boolean): Dumped {
  if (protocol === IPPROTO.fragment) {
    if (at + 8 > bytes.length) return cut('FRAG:TRUNCATED ');
    const field = u16(bytes, at + 2);
    const id = u32(bytes, at + 4)
      .toString(16)
      .padStart(8, '0');
    return whole(`FRAG:${field & 0xfff8} ${(field & 1) === 0 ? '' : 'INCOMPLETE '}ID:${id} `);
  }
  if (protocol !== IPPROTO.esp && protocol !== IPPROTO.ah) return later ? cut(options ? ')' : '') : whole('');
  const esp = protocol === IPPROTO.esp;
  if (!options) return esp ? cut('') : whole('');
  const name = esp ? 'ESP ' : 'AH ';
  if (later) return cut(`${name})`);
  if (at + (esp ? 8 : 12) > bytes.length) return cut(`${name}${incomplete(bytes, at)})`);
  return esp ? cut(`${name}${spi(bytes, at)})`) : whole(name + spi(bytes, at + 4));
}

function ipv6Transport(
  bytes: Uint8Array,
  at: number,
  protocol: number,
  later: boolean,
  outer: boolean,
  details: LogDetails,
): Dumped {
  if (protocol === IPPROTO.tcp) return dumpTcpHeader(bytes, at, later, details);
  if (protocol === IPPROTO.udp || protocol === IPPROTO.udplite) return dumpUdpHeader(bytes, at, protocol, later);
  if (protocol !== IPPROTO.icmpv6) return whole(`PROTO=${protocol} `);
  if (later) return whole('PROTO=ICMPv6 ');
  if (at + 8 > bytes.length) return cut(`PROTO=ICMPv6 ${incomplete(bytes, at)}`);
  const type = bytes[at]!;
  let out = `PROTO=ICMPv6 TYPE=${type} CODE=${bytes[at + 1]} `;
  if (type === 128 || type === 129) out += `ID=${u16(bytes, at + 4)} SEQ=${u16(bytes, at + 6)} `;
  if (type === 4)
    out += `POINTER=${u32(bytes, at + 4)
      .toString(16)
      .padStart(8, '0')} `;
  if (type >= 1 && type <= 4 && outer) out += `[${dumpIpv6Packet(bytes, at + 8, details, false).text}] `;
  if (type === 2) out += `MTU=${u32(bytes, at + 4)} `;
  return whole(out);
}

const quad = (bytes: Uint8Array, at: number): string => addrFromBytes(bytes, at, 4);

function groups(bytes: Uint8Array, at: number): string {
  const words = Array.from({ length: 8 }, (_, i) => u16(bytes, at + 2 * i));
  return words.map((group) => group.toString(16).padStart(4, '0')).join(':');
}

function hexBytes(bytes: Uint8Array, from: number, to: number): string {
  return Array.from(bytes.subarray(from, to), hex2).join('');
}
