import { addrWords, lastHeader, type Packet } from '../../wire';
import type { XtFamily } from '../types';

/** The parts of a packet that every rule is held against, as numbers. */
export interface PacketKey {
  readonly packet: Packet;
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
  readonly s3: number;
  readonly d0: number;
  readonly d1: number;
  readonly d2: number;
  readonly d3: number;
  /** -1 if the headers do not lead to one: then nothing that names a protocol matches. */
  readonly protocol: number;
  /** IPv6: an extension header is cut off, or in another fragment. A rule that names a protocol drops such a packet. */
  readonly cutOff: boolean;
  readonly fragoff: number;
  /** Where matches look for the transport header: in later fragments of IPv6 at the very front, at the IP header. */
  readonly thoff: number;
  /** Destination port of TCP and UDP, -1 if there is none to be seen. */
  readonly dport: number;
  /** A header that should be there is not: matches drop such a packet, so no rule may be skipped. */
  readonly odd: boolean;
}

/** What the walk of a table asks of every packet, taken apart once. */
export function packetKey(packet: Packet, family: XtFamily): PacketKey {
  const s = addrWords(packet.src);
  const d = addrWords(packet.dst);
  const offset = packet.fragment?.offset ?? 0;
  const ports = packet.tcp ?? packet.udp;
  const last = family === 'ip' ? packet.protocol : lastHeader(packet);
  return {
    packet,
    s0: s[0] | 0,
    s1: s[1] | 0,
    s2: s[2] | 0,
    s3: s[3] | 0,
    d0: d[0] | 0,
    d1: d[1] | 0,
    d2: d[2] | 0,
    d3: d[3] | 0,
    protocol: last ?? -1,
    cutOff: last === null,
    fragoff: family === 'ip' ? offset >>> 3 : offset,
    // Kernel: ipv6_find_hdr(), net/ipv6/exthdrs_core.c, which leaves it as ip6t_do_table() has set it
    thoff: family === 'ip6' && offset > 0 ? 0 : packet.l4Offset,
    dport: ports?.dport ?? -1,
    odd: last === null || (ports === undefined && (last === 6 || last === 17)),
  };
}
