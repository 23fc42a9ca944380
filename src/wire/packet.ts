/** IP protocol numbers that Hookline knows by name (IANA protocol-numbers). */
export const IPPROTO = {
  hopopts: 0,
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  none: 59,
  dstopts: 60,
  pim: 103,
  sctp: 132,
  mh: 135,
  udplite: 136,
  raw: 255,
} as const;

/** Every link of IPv6 takes packets of this length. RFC 8200 section 5; kernel: IPV6_MIN_MTU */
export const IPV6_MIN_MTU = 1280;

export type Family = 4 | 6;

/** An IP address as text in its one canonical form: dotted quad, or RFC 5952. Two addresses are equal iff `===`. */
export type Addr = string;

export interface TcpHeader {
  readonly sport: number;
  readonly dport: number;
  readonly seq: number;
  readonly ack: number;
  /** Data offset in bytes. */
  readonly headerLength: number;
  /** The flag byte: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly flags: number;
  /** The four reserved bits, with AE/NS. */
  readonly reserved: number;
  readonly window: number;
  readonly urgent: number;
  readonly mss: number | null;
  readonly wscale: number | null;
  readonly sackPermitted: boolean;
  /** Option kinds in order; EOL ends, NOP is left out. */
  readonly options: readonly number[];
}

export interface UdpHeader {
  readonly sport: number;
  readonly dport: number;
  /** The length field. */
  readonly length: number;
}

/** ICMP and ICMPv6. `id` and `seq` are bytes 4-7 as two numbers, whatever the type makes of them. */
export interface IcmpHeader {
  readonly type: number;
  readonly code: number;
  readonly id: number;
  readonly seq: number;
}

/** An IPv6 extension header that stood before the transport header. */
export interface ExtensionHeader {
  readonly protocol: number;
  /** Offset of the header in the packet, and its length in bytes. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Why an IP header makes no sense, in the words of the kernel's drop reasons: `IP_INHDR` (version or a length field),
 * `IP_CSUM` (IPv4 header checksum), `PKT_TOO_SMALL` (fewer bytes than the header says).
 */
export type HeaderError = 'IP_INHDR' | 'IP_CSUM' | 'PKT_TOO_SMALL';

/**
 * One IP packet as it stands on a wire: its bytes, and what they say. Never changed: an edit makes a new packet.
 *
 * `tcp`, `udp`, `icmp` and `icmpv6` are there only if the packet is no later fragment and the fixed part of the header
 * (20, 8, 8 bytes) is whole. What else has ports is read with `ports()`, `sctpHeader()`, `greHeader()` and so on.
 */
export interface Packet {
  /** From the IP header to the end of the IP payload; link-layer padding is cut off. */
  readonly bytes: Uint8Array;
  readonly family: Family;
  readonly src: Addr;
  readonly dst: Addr;
  /** TTL, or hop limit. */
  readonly ttl: number;
  /** Type of service, or traffic class. */
  readonly tos: number;
  /** IPv4 identification; of an IPv6 fragment header; else 0. */
  readonly id: number;
  readonly df: boolean;
  /** Null if the packet is whole. `offset` in bytes. */
  readonly fragment: { readonly offset: number; readonly more: boolean } | null;
  /**
   * The transport protocol, behind all IPv6 extension headers. An extension header's own number (0, 43, 44, 51, 60)
   * if that header is cut short, and 59 for "no next header".
   */
  readonly protocol: number;
  /** Offset of the transport header (kernel: thoff). */
  readonly l4Offset: number;
  /** Bytes of IPv4 options; 0 if none. */
  readonly ipOptionsLength: number;
  readonly extensions: readonly ExtensionHeader[];
  readonly tcp?: TcpHeader;
  readonly udp?: UdpHeader;
  readonly icmp?: IcmpHeader;
  readonly icmpv6?: IcmpHeader;
  /** Offset of what follows the transport header that was understood; `l4Offset` if none was. */
  readonly payloadOffset: number;
  /** Set if the IP header itself makes no sense (version, lengths, header checksum): ip_rcv() drops such a packet. */
  readonly headerError: HeaderError | null;
}
