import { addrBytes, addrFromBytes } from './address';
import { putU16, putU32, u16, u32 } from './bytes';
import { emptyView, type IpView } from './ipv4';
import { type Addr, type ExtensionHeader, type HeaderError, IPPROTO } from './packet';

/**
 * The protocol after IPv6's headers, though the last of them be cut short; null if they end before it, as in a later
 * fragment of what begins with another such header.
 * Kernel: ipv6_skip_exthdr(), ipv6_find_hdr()
 */
export function lastHeader({
  bytes,
  protocol: first,
  l4Offset,
  fragment,
}: Pick<IpView, 'bytes' | 'protocol' | 'l4Offset' | 'fragment'>): number | null {
  if (fragment !== null && fragment.offset > 0) return isExtensionHeader(first) ? null : first;
  let protocol = first;
  let at = l4Offset;
  while (isExtensionHeader(protocol)) {
    if (at + (protocol === IPPROTO.fragment ? 4 : 2) > bytes.length) return null;
    const length = extensionLength(bytes, at, protocol);
    protocol = bytes[at]!;
    at += length;
  }
  return protocol;
}

/** How long the extension header at `at` says that it is. Kernel: ipv6_optlen(), ipv6_authlen() */
export function extensionLength(bytes: Uint8Array, at: number, protocol: number): number {
  if (protocol === IPPROTO.fragment) return 8;
  return protocol === IPPROTO.ah ? (bytes[at + 1]! + 2) * 4 : (bytes[at + 1]! + 1) * 8;
}

/** Whether this number is an IPv6 extension header that is walked over. Kernel: ipv6_ext_hdr() */
export function isExtensionHeader(protocol: number): boolean {
  return (
    protocol === IPPROTO.hopopts ||
    protocol === IPPROTO.routing ||
    protocol === IPPROTO.fragment ||
    protocol === IPPROTO.ah ||
    protocol === IPPROTO.dstopts
  );
}

/**
 * Reads an IPv6 header and its extension headers (RFC 8200 sections 3 and 4). `quoted`: as in `readIpv4`.
 *
 * Kernel: ip6_rcv_core(), net/ipv6/ip6_input.c; ipv6_skip_exthdr(), net/ipv6/exthdrs_core.c
 */
export function readIpv6(bytes: Uint8Array, quoted: boolean): IpView {
  if (bytes.length < 40) return { ...emptyView(bytes, 'PKT_TOO_SMALL'), family: 6, src: '::', dst: '::' };
  const total = 40 + u16(bytes, 4);
  const headerError: HeaderError | null = !quoted && total > bytes.length ? 'PKT_TOO_SMALL' : null;
  const whole = total < bytes.length ? bytes.slice(0, total) : bytes;
  const walk = walkExtensions(whole);
  return {
    bytes: whole,
    family: 6,
    src: addrFromBytes(bytes, 8, 6),
    dst: addrFromBytes(bytes, 24, 6),
    ttl: bytes[7]!,
    tos: (u16(bytes, 0) >> 4) & 0xff,
    id: walk.id,
    df: false,
    fragment: walk.fragment,
    protocol: walk.protocol,
    l4Offset: walk.offset,
    ipOptionsLength: 0,
    extensions: walk.extensions,
    headerError,
  };
}

interface Walk {
  readonly protocol: number;
  readonly offset: number;
  readonly extensions: readonly ExtensionHeader[];
  readonly fragment: IpView['fragment'];
  readonly id: number;
}

function walkExtensions(bytes: Uint8Array): Walk {
  const extensions: ExtensionHeader[] = [];
  let fragment: IpView['fragment'] = null;
  let id = 0;
  let protocol = bytes[6]!;
  let offset = 40;
  while (isExtensionHeader(protocol) && offset + 8 <= bytes.length) {
    const length = extensionLength(bytes, offset, protocol);
    if (offset + length > bytes.length) break;
    extensions.push(Object.freeze({ protocol, offset, length }));
    if (protocol === IPPROTO.fragment && fragment === null) {
      const word = u16(bytes, offset + 2);
      id = u32(bytes, offset + 4);
      fragment = Object.freeze({ offset: word & 0xfff8, more: (word & 1) === 1 });
    }
    protocol = bytes[offset]!;
    offset += length;
    if (fragment !== null && fragment.offset > 0) break;
  }
  return { protocol, offset, extensions: Object.freeze(extensions), fragment, id };
}

interface Ipv6Fields {
  readonly src: Addr;
  readonly dst: Addr;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly tos: number;
  readonly flowLabel?: number;
}

/** A header and what follows it (extension headers, if any, included). */
export function emitIpv6(fields: Ipv6Fields, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(40 + body.length);
  putU32(out, 0, 0x6000_0000 | (fields.tos << 20) | (fields.flowLabel ?? 0));
  putU16(out, 4, body.length);
  out[6] = fields.nextHeader;
  out[7] = fields.hopLimit;
  out.set(addrBytes(fields.src), 8);
  out.set(addrBytes(fields.dst), 24);
  out.set(body, 40);
  return out;
}

/** A fragment header (RFC 8200 section 4.5). `offset` in bytes, a multiple of 8. */
export function fragmentHeader(nextHeader: number, offset: number, more: boolean, id: number): Uint8Array {
  const out = new Uint8Array(8);
  out[0] = nextHeader;
  putU16(out, 2, offset | (more ? 1 : 0));
  putU32(out, 4, id);
  return out;
}
