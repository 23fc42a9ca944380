import { intToIp4, ip4ToInt } from './address4';
import { putU16, putU32, u16, u32 } from './bytes';
import { ipv4HeaderChecksum, ipv4HeaderOk, replaceSum } from './checksum';
import type { Addr, HeaderError, Packet } from './packet';

/** What the IP header says: the members of a packet that do not depend on the transport. */
export type IpView = Omit<Packet, 'tcp' | 'udp' | 'icmp' | 'icmpv6' | 'payloadOffset'>;

const NO_EXTENSIONS: readonly never[] = Object.freeze([]);

/**
 * Reads an IPv4 header (RFC 791 section 3.1). `quoted`: the header of a packet that an ICMP error quotes, which may be
 * cut short and is not checked.
 *
 * Kernel: ip_rcv_core(), net/ipv4/ip_input.c
 */
export function readIpv4(bytes: Uint8Array, quoted: boolean): IpView {
  if (bytes.length < 20) return emptyView(bytes, 'PKT_TOO_SMALL');
  const headerLength = (bytes[0]! & 15) * 4;
  const total = u16(bytes, 2);
  const headerError = quoted ? null : checkIpv4(bytes, headerLength, total);
  const whole = total < bytes.length && total >= 20 ? bytes.slice(0, total) : bytes;
  const fragment = u16(bytes, 6);
  return {
    bytes: whole,
    family: 4,
    src: intToIp4(u32(bytes, 12)),
    dst: intToIp4(u32(bytes, 16)),
    ttl: bytes[8]!,
    tos: bytes[1]!,
    id: u16(bytes, 4),
    df: (fragment & 0x4000) !== 0,
    fragment:
      (fragment & 0x3fff) === 0
        ? null
        : Object.freeze({ offset: (fragment & 0x1fff) * 8, more: (fragment & 0x2000) !== 0 }),
    protocol: bytes[9]!,
    // Of a quoted header that claims to be too short conntrack takes the ports all the same from where it says.
    l4Offset: Math.min(quoted ? headerLength : Math.max(headerLength, 20), whole.length),
    ipOptionsLength: Math.max(0, headerLength - 20),
    extensions: NO_EXTENSIONS,
    headerError,
  };
}

function checkIpv4(bytes: Uint8Array, headerLength: number, total: number): HeaderError | null {
  if (bytes[0]! >> 4 !== 4 || headerLength < 20) return 'IP_INHDR';
  if (bytes.length < headerLength) return 'PKT_TOO_SMALL';
  if (!ipv4HeaderOk(bytes, headerLength)) return 'IP_CSUM';
  if (total > bytes.length) return 'PKT_TOO_SMALL';
  return total < headerLength ? 'IP_INHDR' : null;
}

/** What stands for bytes that hold no IP header at all. */
export function emptyView(bytes: Uint8Array, headerError: HeaderError): IpView {
  return {
    bytes,
    family: 4,
    src: '0.0.0.0',
    dst: '0.0.0.0',
    ttl: 0,
    tos: 0,
    id: 0,
    df: false,
    fragment: null,
    protocol: 0,
    l4Offset: bytes.length,
    ipOptionsLength: 0,
    extensions: NO_EXTENSIONS,
    headerError,
  };
}

interface Ipv4Fields {
  readonly src: Addr;
  readonly dst: Addr;
  readonly protocol: number;
  readonly ttl: number;
  readonly tos: number;
  readonly id: number;
  readonly df: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}

/** A header without options and what follows it; length and checksum are made. */
export function emitIpv4(fields: Ipv4Fields, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(20 + body.length);
  out[0] = 0x45;
  out[1] = fields.tos;
  putU16(out, 2, out.length);
  putU16(out, 4, fields.id);
  const flags = (fields.df ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
  putU16(out, 6, flags | ((fields.fragmentOffset ?? 0) >> 3));
  out[8] = fields.ttl;
  out[9] = fields.protocol;
  putU32(out, 12, ip4ToInt(fields.src));
  putU32(out, 16, ip4ToInt(fields.dst));
  putU16(out, 10, ipv4HeaderChecksum(out, 20));
  out.set(body, 20);
  return out;
}

/** Writes one 16-bit word of the header and adjusts the header checksum. Kernel: csum_replace2() */
export function replaceIpv4Word(bytes: Uint8Array, at: number, value: number): void {
  putU16(bytes, 10, replaceSum(u16(bytes, 10), u16(bytes, at), value));
  putU16(bytes, at, value);
}
