import { concat, putU16, putU32, u16, u32 } from './bytes';
import type { Packet, TcpHeader } from './packet';

export const TCP_FIN = 1;
export const TCP_SYN = 2;
export const TCP_RST = 4;
export const TCP_PSH = 8;
export const TCP_ACK = 16;
export const TCP_URG = 32;
export const TCP_ECE = 64;
export const TCP_CWR = 128;

/** Kinds of options (IANA tcp-parameters). */
export const TCPOPT = { eol: 0, nop: 1, mss: 2, wscale: 3, sackPermitted: 4, sack: 5, timestamp: 8, md5: 19 } as const;

/** Reads a TCP header (RFC 9293 section 3.1), or null if its 20 bytes are not all there. */
export function readTcp(bytes: Uint8Array, at: number): TcpHeader | null {
  if (at + 20 > bytes.length) return null;
  const headerLength = (bytes[at + 12]! >> 4) * 4;
  const sane = headerLength >= 20 && at + headerLength <= bytes.length;
  return Object.freeze({
    sport: u16(bytes, at),
    dport: u16(bytes, at + 2),
    seq: u32(bytes, at + 4),
    ack: u32(bytes, at + 8),
    headerLength,
    flags: bytes[at + 13]!,
    reserved: bytes[at + 12]! & 15,
    window: u16(bytes, at + 14),
    urgent: u16(bytes, at + 18),
    ...readOptions(bytes, at + 20, sane ? at + headerLength : at + 20),
  });
}

type Options = Pick<TcpHeader, 'mss' | 'wscale' | 'sackPermitted' | 'options'>;

const NO_OPTIONS: Options = {
  mss: null,
  wscale: null,
  sackPermitted: false,
  options: Object.freeze([]),
};

/** Kernel: tcp_parse_options(), net/ipv4/tcp_input.c (which stops at the first malformed option) */
function readOptions(bytes: Uint8Array, from: number, to: number): Options {
  if (from === to) return NO_OPTIONS;
  const options: number[] = [];
  let mss: number | null = null;
  let wscale: number | null = null;
  let sackPermitted = false;
  for (let i = from; i < to; ) {
    const kind = bytes[i]!;
    if (kind === TCPOPT.eol) break;
    if (kind === TCPOPT.nop) {
      i++;
      continue;
    }
    const length = i + 1 < to ? bytes[i + 1]! : 0;
    if (length < 2 || i + length > to) break;
    options.push(kind);
    if (kind === TCPOPT.mss && length === 4) mss = u16(bytes, i + 2);
    else if (kind === TCPOPT.wscale && length === 3) wscale = bytes[i + 2]!;
    else if (kind === TCPOPT.sackPermitted && length === 2) sackPermitted = true;
    i += length;
  }
  return { mss, wscale, sackPermitted, options: Object.freeze(options) };
}

/**
 * Whether a segment has a signature that nobody has a key for (RFC 2385), or options that do not tell whether it has one.
 *
 * Kernel: tcp_inbound_hash(), tcp_parse_auth_options()
 */
export function tcpIsSigned(packet: Packet): boolean {
  return findOption(packet, 18, (kind) => kind === TCPOPT.md5) !== null;
}

/** The value of the timestamp that a segment has, or null. RFC 7323 section 3.2 */
export function tcpTimestamp(packet: Packet): number | null {
  const at = tcpTimestampAt(packet);
  return at === null ? null : u32(packet.bytes, at + 2);
}

/** Where the timestamps of a segment begin, with their kind and length; null if it has none. */
export function tcpTimestampAt(packet: Packet): number | null {
  const at = findOption(packet, 10, (kind, size) => kind === TCPOPT.timestamp && size === 10);
  return at === null || at < 0 ? null : at;
}

/** Where an option begins, as long as `least` bytes of options are left; null if it is not there, -1 if they are malformed. */
function findOption(packet: Packet, least: number, wanted: (kind: number, size: number) => boolean): number | null {
  const { bytes, l4Offset, tcp } = packet;
  const end = l4Offset + (tcp?.headerLength ?? 0);
  for (let at = l4Offset + 20; end - at >= least && bytes[at] !== TCPOPT.eol; ) {
    const kind = bytes[at]!;
    const size = kind === TCPOPT.nop ? 1 : bytes[at + 1]!;
    if (size < 1 || (size === 1 && kind !== TCPOPT.nop) || at + size > end) return -1;
    if (wanted(kind, size)) return at;
    at += size;
  }
  return null;
}

export interface TcpOptions {
  readonly mss?: number | undefined;
  readonly sackPermitted?: boolean | undefined;
  readonly wscale?: number | undefined;
  readonly timestamps?: { readonly value: number; readonly echo: number } | undefined;
}

/**
 * The options' bytes, each padded in front with NOPs to four (timestamps: twelve). "SACK permitted" stands where the
 * timestamps would be padded, if there are some. Kernel: tcp_options_write()
 */
export function emitTcpOptions(options: TcpOptions): Uint8Array {
  const parts: Uint8Array[] = [];
  if (options.mss !== undefined) parts.push(Uint8Array.of(2, 4, options.mss >> 8, options.mss & 0xff));
  if (options.timestamps !== undefined) {
    const front = options.sackPermitted ? [4, 2] : [1, 1];
    const part = Uint8Array.of(...front, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0);
    putU32(part, 4, options.timestamps.value);
    putU32(part, 8, options.timestamps.echo);
    parts.push(part);
  } else if (options.sackPermitted) parts.push(Uint8Array.of(1, 1, 4, 2));
  if (options.wscale !== undefined) parts.push(Uint8Array.of(1, 3, 3, options.wscale));
  return concat(...parts);
}

interface TcpFields {
  readonly sport: number;
  readonly dport: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
}

/** A segment whose checksum is 0. The length of `options` must be a multiple of 4. */
export function emitTcp(fields: TcpFields, options: Uint8Array, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(20 + options.length + payload.length);
  putU16(out, 0, fields.sport);
  putU16(out, 2, fields.dport);
  putU32(out, 4, fields.seq);
  putU32(out, 8, fields.ack);
  out[12] = (5 + options.length / 4) << 4;
  out[13] = fields.flags;
  putU16(out, 14, fields.window);
  out.set(options, 20);
  out.set(payload, 20 + options.length);
  return out;
}

const FLAG_LETTERS = 'FSRPAUEC';

/** The flags as letters in the order F S R P A U E C. */
export function flagsText(flags: number): string {
  let out = '';
  for (let i = 0; i < 8; i++) if ((flags >> i) & 1) out += FLAG_LETTERS[i];
  return out;
}

/** The inverse of `flagsText`, letters in any order; null if one is unknown. */
export function flagsFromText(text: string): number | null {
  let flags = 0;
  for (const letter of text) {
    const bit = FLAG_LETTERS.indexOf(letter);
    if (bit < 0) return null;
    flags |= 1 << bit;
  }
  return flags;
}
