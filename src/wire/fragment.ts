import { concat, putU16 } from './bytes';
import { fixLength } from './edit-ip';
import { fragmentHeader } from './ipv6';
import { IPPROTO, type Packet } from './packet';
import { parsePacket } from './parse';

export interface FragmentOptions {
  /** Identification of an IPv6 fragment header; an IPv4 packet keeps its own. Default: the packet's. */
  readonly id?: number;
  /** IPv4: set DF in the fragments (kernel: IPSKB_FRAG_PMTU). Default false. */
  readonly df?: boolean;
  /**
   * Payload bytes of each fragment, as they came before they were put together: the kernel cuts such a packet at the
   * same places again if all fit. Ignored if one does not fit, is (but for the last) no multiple of 8, or they do not
   * add up.
   */
  readonly sizes?: readonly number[];
  /** IPv6: a packet that fits gets a fragment header nevertheless (RFC 6946). Default false. */
  readonly atomic?: boolean;
}

/**
 * Cuts a packet into fragments for an MTU. Whether it may be cut at all (DF) is the caller's question; one that fits is
 * given back alone, unless it has `sizes`. For a packet that was put together from fragments the kernel's MTU is at most
 * the longest of them (frag_max_size).
 *
 * Kernel: ip_do_fragment(), ip_frag_next(), net/ipv4/ip_output.c; ip6_fragment(), net/ipv6/ip6_output.c
 */
export function fragmentPacket(packet: Packet, mtu: number, options: FragmentOptions = {}): readonly Packet[] {
  const head = packet.family === 4 ? packet.l4Offset : unfragmentableLength(packet);
  const room = mtu - head - (packet.family === 4 ? 0 : 8);
  const body = packet.bytes.subarray(head);
  const given = usableSizes(options.sizes, body.length, room);
  if (given === null && packet.bytes.length <= mtu && !options.atomic) return [packet];
  const sizes = given ?? cut(body.length, room);
  const pieces: Packet[] = [];
  let at = 0;
  for (const size of sizes) {
    const data = body.subarray(at, at + size);
    const last = at + size === body.length;
    pieces.push(
      packet.family === 4 ? piece4(packet, data, at, last, options) : piece6(packet, head, data, at, last, options),
    );
    at += size;
  }
  return pieces;
}

function usableSizes(sizes: readonly number[] | undefined, total: number, room: number): readonly number[] | null {
  if (sizes === undefined || sizes.length < 2) return null;
  const fit = sizes.every((size, i) => size > 0 && size <= room && (i === sizes.length - 1 || size % 8 === 0));
  return fit && sizes.reduce((a, b) => a + b, 0) === total ? sizes : null;
}

function cut(total: number, room: number): readonly number[] {
  if (room < 8) throw new Error('no room for a fragment');
  const sizes: number[] = [];
  for (let left = total; left > 0; left -= sizes.at(-1)!) sizes.push(left <= room ? left : room & ~7);
  return sizes;
}

function piece4(packet: Packet, data: Uint8Array, at: number, last: boolean, options: FragmentOptions): Packet {
  const offset = (packet.fragment?.offset ?? 0) + at;
  const more = !last || (packet.fragment?.more ?? false);
  const bytes = concat(packet.bytes.subarray(0, packet.l4Offset), data);
  putU16(bytes, 6, (options.df ? 0x4000 : 0) | (more ? 0x2000 : 0) | (offset >> 3));
  if (at > 0) blankOptions(bytes, packet.l4Offset);
  fixLength(bytes);
  return parsePacket(bytes);
}

/** NOPs in place of the options that only the first fragment has. Kernel: ip_options_fragment() */
function blankOptions(bytes: Uint8Array, end: number): void {
  for (let i = 20; i < end; ) {
    const kind = bytes[i]!;
    if (kind === 0) return;
    if (kind === 1) {
      i++;
      continue;
    }
    const length = bytes[i + 1] ?? 0;
    if (length < 2 || i + length > end) return;
    if ((kind & 0x80) === 0) bytes.fill(1, i, i + length);
    i += length;
  }
}

function piece6(
  packet: Packet,
  head: number,
  data: Uint8Array,
  at: number,
  last: boolean,
  options: FragmentOptions,
): Packet {
  const next = nextHeaderAt(packet, head);
  const header = fragmentHeader(packet.bytes[next]!, at, !last, options.id ?? packet.id);
  const bytes = concat(packet.bytes.subarray(0, head), header, data);
  bytes[next] = IPPROTO.fragment;
  fixLength(bytes);
  return parsePacket(bytes);
}

/** Where the number of the IPv6 header at `offset` is written. */
export function nextHeaderAt(packet: Packet, offset: number): number {
  const before = packet.extensions.find((e) => e.offset + e.length === offset);
  return before?.offset ?? 6;
}

/** Length of the IPv6 header and the extension headers that every fragment repeats. Kernel: ip6_find_1stfragopt() */
function unfragmentableLength(packet: Packet): number {
  let end = 40;
  let routing = false;
  for (const { protocol, length } of packet.extensions) {
    if (protocol === IPPROTO.routing) routing = true;
    else if (protocol === IPPROTO.dstopts ? routing : protocol !== IPPROTO.hopopts) break;
    end += length;
  }
  return end;
}
