import { addrFromBytes } from './address';
import { u16, u32 } from './bytes';
import { isIcmpError } from './icmp';
import { type Addr, type Family, IPPROTO, type Packet } from './packet';
import { type LabPayload, payloadJson } from './payload';
import { flagsText, TCP_SYN, TCPOPT } from './tcp';

export interface RecordedTcp {
  readonly sport: number;
  readonly dport: number;
  /** Absent if the header is cut short. */
  readonly flags?: string;
  /** Of segments with SYN. */
  readonly mss?: number;
  readonly payload?: LabPayload;
}

export interface RecordedUdp {
  readonly sport: number;
  readonly dport: number;
  readonly payload?: LabPayload;
}

export interface RecordedIcmp {
  readonly type: number;
  readonly code: number;
  readonly id?: number;
  readonly seq?: number;
  readonly payload?: LabPayload;
  readonly mtu?: number;
  readonly gateway?: Addr;
  readonly inner?: RecordedPacket;
}

export interface RecordedIp {
  readonly src: Addr;
  readonly dst: Addr;
  readonly ttl: number;
  readonly tos?: number;
  readonly df?: true;
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  readonly tcp?: RecordedTcp;
  readonly udp?: RecordedUdp;
  readonly icmp?: RecordedIcmp;
  readonly icmpv6?: RecordedIcmp;
  readonly protocol?: number;
  readonly payload?: LabPayload;
}

/** A packet as a recording has it; `unknown` (a length) is what has no IP header. */
export type RecordedPacket = RecordedIp | { readonly unknown: number };

export interface RecordOptions {
  /** Leave out payloads and what errors quote. */
  readonly headersOnly?: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The packet as a recording has it: without ids, checksums, sequence numbers, windows, most options. */
export function recordPacket(packet: Packet, options: RecordOptions = {}): RecordedPacket {
  return recordBytes(packet.bytes, options.headersOnly ?? false);
}

/** `recordPacket` for bytes; those of a quoted packet may be cut short. */
function recordBytes(bytes: Uint8Array, headersOnly: boolean): RecordedPacket {
  const version = bytes.length === 0 ? 0 : bytes[0]! >> 4;
  if (version === 4 && bytes.length >= 20) return recordIpv4(bytes, headersOnly);
  if (version === 6 && bytes.length >= 40) return recordIpv6(bytes, headersOnly);
  return { unknown: bytes.length };
}

function recordIpv4(bytes: Uint8Array, headersOnly: boolean): RecordedIp {
  const record: Mutable<RecordedIp> = {
    src: addrFromBytes(bytes, 12, 4),
    dst: addrFromBytes(bytes, 16, 4),
    ttl: bytes[8]!,
  };
  const word = u16(bytes, 6);
  if (bytes[1] !== 0) record.tos = bytes[1]!;
  if (word & 0x4000) record.df = true;
  if (word & 0x3fff) record.fragment = { offset: (word & 0x1fff) * 8, more: (word & 0x2000) !== 0 };
  recordBody(record, 4, bytes[9]!, bytes.subarray((bytes[0]! & 15) * 4, u16(bytes, 2)), headersOnly);
  return record;
}

function recordIpv6(bytes: Uint8Array, headersOnly: boolean): RecordedIp {
  const record: Mutable<RecordedIp> = {
    src: addrFromBytes(bytes, 8, 6),
    dst: addrFromBytes(bytes, 24, 6),
    ttl: bytes[7]!,
  };
  const tos = (u16(bytes, 0) >> 4) & 0xff;
  if (tos !== 0) record.tos = tos;
  let protocol = bytes[6]!;
  let body = bytes.subarray(40, 40 + u16(bytes, 4));
  while (isSkipped(protocol) && body.length >= 8) {
    protocol = body[0]!;
    body = body.subarray((body[1]! + 1) * 8);
  }
  if (protocol === IPPROTO.fragment && body.length >= 8) {
    const word = u16(body, 2);
    record.fragment = { offset: word & 0xfff8, more: (word & 1) === 1 };
    protocol = body[0]!;
    body = body.subarray(8);
  }
  recordBody(record, 6, protocol, body, headersOnly);
  return record;
}

/** Extension headers that a recording looks through; all others show as a protocol. */
function isSkipped(protocol: number): boolean {
  return protocol === IPPROTO.hopopts || protocol === IPPROTO.routing || protocol === IPPROTO.dstopts;
}

function recordBody(
  record: Mutable<RecordedIp>,
  family: Family,
  protocol: number,
  body: Uint8Array,
  headersOnly: boolean,
): void {
  if ((record.fragment?.offset ?? 0) === 0) {
    if (protocol === IPPROTO.tcp && body.length >= 4) {
      record.tcp = recordTcp(body, headersOnly);
      return;
    }
    if (protocol === IPPROTO.udp && body.length >= 4) {
      record.udp = { sport: u16(body, 0), dport: u16(body, 2), ...payloadMember(body.subarray(8), headersOnly) };
      return;
    }
    if ((protocol === IPPROTO.icmp || protocol === IPPROTO.icmpv6) && body.length >= 8) {
      const six = protocol === IPPROTO.icmpv6;
      record[six ? 'icmpv6' : 'icmp'] = recordIcmp(six ? 6 : 4, body, headersOnly);
      return;
    }
  }
  record.protocol = protocol;
  Object.assign(record, payloadMember(body, headersOnly));
}

function payloadMember(bytes: Uint8Array, headersOnly: boolean): { payload?: LabPayload } {
  return headersOnly || bytes.length === 0 ? {} : { payload: payloadJson(bytes) };
}

function recordTcp(body: Uint8Array, headersOnly: boolean): RecordedTcp {
  const tcp: Mutable<RecordedTcp> = { sport: u16(body, 0), dport: u16(body, 2) };
  if (body.length < 14) return tcp;
  const flags = body[13]!;
  const end = (body[12]! >> 4) * 4;
  tcp.flags = flagsText(flags);
  if (body.length < end) return tcp;
  const mss = flags & TCP_SYN ? lastMss(body.subarray(20, Math.max(20, end))) : undefined;
  if (mss !== undefined) tcp.mss = mss;
  return Object.assign(tcp, payloadMember(body.subarray(end), headersOnly));
}

function lastMss(options: Uint8Array): number | undefined {
  let mss: number | undefined;
  for (let i = 0; i < options.length && options[i] !== TCPOPT.eol; ) {
    if (options[i] === TCPOPT.nop) {
      i++;
      continue;
    }
    const length = options[i + 1] ?? 0;
    if (length < 2) break;
    if (options[i] === TCPOPT.mss && options.length - i >= 4) mss = u16(options, i + 2);
    i += length;
  }
  return mss;
}

function recordIcmp(family: Family, body: Uint8Array, headersOnly: boolean): RecordedIcmp {
  const type = body[0]!;
  const icmp: Mutable<RecordedIcmp> = { type, code: body[1]! };
  if (!isIcmpError(family, type)) {
    icmp.id = u16(body, 4);
    icmp.seq = u16(body, 6);
    return Object.assign(icmp, payloadMember(body.subarray(8), headersOnly));
  }
  if (family === 4 && type === 3 && icmp.code === 4) icmp.mtu = u16(body, 6);
  if (family === 6 && type === 2) icmp.mtu = u32(body, 4);
  if (family === 4 && type === 5) icmp.gateway = addrFromBytes(body, 4, 4);
  if (!headersOnly && body.length >= 28) icmp.inner = recordBytes(body.subarray(8), false);
  return icmp;
}
