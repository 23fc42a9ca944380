import { isIcmpError, readIcmp } from './icmp';
import { emptyView, type IpView, readIpv4 } from './ipv4';
import { readIpv6 } from './ipv6';
import { type HeaderError, IPPROTO, type Packet } from './packet';
import { readTcp } from './tcp';
import { readUdp } from './udp';

/**
 * Reads an IP packet as it comes off a wire. Never throws: what is wrong with the IP header is in `headerError`, and a
 * transport header that is cut short is left out. The bytes become the packet's and must not be changed any more.
 */
export function parsePacket(bytes: Uint8Array): Packet {
  return parse(bytes, false);
}

/** Reads a packet that an ICMP error quotes: it may be cut short anywhere, and its header is not checked. */
export function parseQuoted(bytes: Uint8Array): Packet {
  return parse(bytes, true);
}

function parse(bytes: Uint8Array, quoted: boolean): Packet {
  const version = bytes.length === 0 ? 0 : bytes[0]! >> 4;
  if (version === 6) return withTransport(readIpv6(bytes, quoted));
  if (version === 4) return withTransport(readIpv4(bytes, quoted));
  return withTransport(emptyView(bytes, bytes.length < 20 ? 'PKT_TOO_SMALL' : 'IP_INHDR'));
}

/** The packet with its bytes replaced and read again; `headerError` stays what it was. For edits. */
export function reparsed(packet: Packet, bytes: Uint8Array): Packet {
  const view = packet.family === 6 ? readIpv6(bytes, true) : readIpv4(bytes, true);
  return withTransport(view, packet.headerError);
}

type Draft = { -readonly [K in keyof Packet]: Packet[K] };

function withTransport(view: IpView, headerError: HeaderError | null = view.headerError): Packet {
  // Every member by name: a spread with further members would be ten times slower.
  const packet: Draft = {
    bytes: view.bytes,
    family: view.family,
    src: view.src,
    dst: view.dst,
    ttl: view.ttl,
    tos: view.tos,
    id: view.id,
    df: view.df,
    fragment: view.fragment,
    protocol: view.protocol,
    l4Offset: view.l4Offset,
    ipOptionsLength: view.ipOptionsLength,
    extensions: view.extensions,
    payloadOffset: view.l4Offset,
    headerError,
  };
  const { bytes, l4Offset: at } = view;
  if (view.fragment !== null && view.fragment.offset > 0) return Object.freeze(packet);
  if (view.protocol === IPPROTO.tcp) {
    const tcp = readTcp(bytes, at);
    if (tcp !== null) {
      packet.tcp = tcp;
      packet.payloadOffset = Math.min(bytes.length, at + Math.max(20, tcp.headerLength));
    }
  } else if (view.protocol === IPPROTO.udp) {
    const udp = readUdp(bytes, at);
    if (udp !== null) {
      packet.udp = udp;
      packet.payloadOffset = at + 8;
    }
  } else if (view.protocol === IPPROTO.icmp || view.protocol === IPPROTO.icmpv6) {
    const icmp = readIcmp(bytes, at);
    if (icmp !== null) {
      packet[view.protocol === IPPROTO.icmp ? 'icmp' : 'icmpv6'] = icmp;
      packet.payloadOffset = at + 8;
    }
  }
  return Object.freeze(packet);
}

/** The bytes behind the transport header; not a copy, and not to be changed. */
export function payloadOf(packet: Packet): Uint8Array {
  return packet.bytes.subarray(packet.payloadOffset);
}

/** Whether the packet is an ICMP error or an ICMPv6 error. */
export function isErrorMessage(packet: Packet): boolean {
  if (packet.icmp !== undefined && packet.family === 4) return isIcmpError(4, packet.icmp.type);
  return packet.icmpv6 !== undefined && packet.family === 6 && isIcmpError(6, packet.icmpv6.type);
}

/** The packet that an ICMP or ICMPv6 error quotes, or null if it is no error or quotes no whole IP header. */
export function innerPacket(packet: Packet): Packet | null {
  if (!isErrorMessage(packet)) return null;
  const inner = parseQuoted(packet.bytes.slice(packet.payloadOffset));
  return inner.headerError !== null || inner.family !== packet.family ? null : inner;
}
