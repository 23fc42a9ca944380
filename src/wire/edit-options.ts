import { concat, putU16, u16, u32 } from './bytes';
import { fixLength } from './edit-ip';
import { withTransportBytes } from './edit-transport';
import type { Packet } from './packet';
import { reparsed } from './parse';
import { TCPOPT } from './tcp';
import { adjustTransport } from './transport';

/** Length of the option at `at`, never 0. Kernel: optlen(), net/netfilter/xt_TCPMSS.c, xt_TCPOPTSTRIP.c */
function optlen(bytes: Uint8Array, at: number): number {
  if (bytes[at]! <= TCPOPT.nop) return 1;
  return bytes[at + 1]! || 1;
}

/** Offset of the first MSS option of length 4 in the TCP header from `from` to `end`, or -1. */
function findMss(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from + 20; i <= end - 4; i += optlen(bytes, i)) {
    if (bytes[i] === TCPOPT.mss && bytes[i + 1] === 4) return i;
  }
  return -1;
}

/** The end of the TCP header that begins at `from`, or -1 if it is cut short or its length makes no sense. */
function endOfHeader(bytes: Uint8Array, from: number): number {
  if (from + 20 > bytes.length) return -1;
  const length = (bytes[from + 12]! >> 4) * 4;
  return length < 20 || from + length > bytes.length ? -1 : from + length;
}

/** The TCP header's end, or -1 if there is no TCP header or its length makes no sense. */
function headerEnd(packet: Packet): number {
  return packet.tcp === undefined ? -1 : endOfHeader(packet.bytes, packet.l4Offset);
}

/**
 * The MSS as rules look for it in the TCP header at `from`, which read on where the stack has stopped; null if there is
 * none, undefined if the header makes no sense. Kernel: tcpmss_mt(), net/netfilter/xt_tcpmss.c
 */
export function mssOption(bytes: Uint8Array, from: number): number | null | undefined {
  const end = endOfHeader(bytes, from);
  if (end < 0) return undefined;
  const at = findMss(bytes, from, end);
  return at < 0 ? null : u16(bytes, at + 2);
}

/** Another value in the MSS option that is there; a packet without one stays as it is. */
export function withTcpMss(packet: Packet, mss: number): Packet {
  const end = headerEnd(packet);
  const at = end < 0 ? -1 : findMss(packet.bytes, packet.l4Offset, end);
  return at < 0 ? packet : withTransportBytes(packet, at + 2, Uint8Array.of(mss >> 8, mss & 0xff));
}

/**
 * A new MSS option before all others. A header of 60 bytes has no room: the packet stays as it is.
 * The checksum is adjusted as by TCPMSS: for the length, the option and the data offset.
 */
export function withAddedTcpMss(packet: Packet, mss: number): Packet {
  const end = headerEnd(packet);
  const at = packet.l4Offset;
  if (end < 0 || end - at >= 60) return packet;
  const option = Uint8Array.of(TCPOPT.mss, 4, mss >> 8, mss & 0xff);
  const old = packet.bytes;
  const bytes = concat(old.subarray(0, at + 20), option, old.subarray(at + 20));
  adjustTransport(bytes, packet, old.length - at, bytes.length - at, true);
  adjustTransport(bytes, packet, 0, u32(option, 0));
  const word = u16(bytes, at + 12);
  putU16(bytes, at + 12, word + 0x1000);
  adjustTransport(bytes, packet, word, word + 0x1000);
  fixLength(bytes);
  return reparsed(packet, bytes);
}

/**
 * What the target TCPMSS does with a new MSS: it lowers the option that is there, never raises it; else it adds one
 * (at most 536, IPv6 1220) to a segment without data. Null: the packet is dropped, for its TCP header makes no sense.
 *
 * Kernel: tcpmss_mangle_packet(), net/netfilter/xt_TCPMSS.c
 */
export function tcpmssManglePacket(packet: Packet, newmss: number): Packet | null {
  if (packet.fragment !== null && packet.fragment.offset > 0) return packet;
  const end = headerEnd(packet);
  if (end < 0) return null;
  const at = findMss(packet.bytes, packet.l4Offset, end);
  if (at >= 0) return u16(packet.bytes, at + 2) <= newmss ? packet : withTcpMss(packet, newmss);
  if (packet.bytes.length > end) return packet;
  return withAddedTcpMss(packet, Math.min(newmss, packet.family === 4 ? 536 : 1220));
}

/**
 * Overwrites the options of these kinds with NOPs. Null: the packet is dropped, for its TCP header makes no sense.
 *
 * Kernel: tcpoptstrip_mangle_packet(), net/netfilter/xt_TCPOPTSTRIP.c (which does not stop at EOL)
 */
export function stripTcpOption(packet: Packet, kinds: ReadonlySet<number>): Packet | null {
  if (packet.fragment !== null && packet.fragment.offset > 0) return packet;
  const end = headerEnd(packet);
  if (end < 0) return null;
  const start = packet.l4Offset + 20;
  const options = packet.bytes.slice(start, end);
  let changed = false;
  for (let i = 0; i < options.length; ) {
    const length = optlen(options, i);
    if (i + length > options.length) break;
    if (kinds.has(options[i]!)) {
      options.fill(TCPOPT.nop, i, i + length);
      changed = true;
    }
    i += length;
  }
  return changed ? withTransportBytes(packet, start, options) : packet;
}
