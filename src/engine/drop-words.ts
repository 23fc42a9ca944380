/** Why the path itself drops a packet, in few words, by the kernel's names of reasons. */
const REASONS: Readonly<Record<string, string>> = {
  NEIGH_FAILED: 'nobody answers for the next hop',
  NO_SOCKET: 'nobody listens for it',
  IP_INNOROUTES: 'there is no route',
  IP_OUTNOROUTES: 'there is no route',
  IP_INADDRERRORS: 'the host does not forward',
  IP_RPFILTER: 'the reverse path filter',
  IP_LOCAL_SOURCE: 'its source is the host’s own',
  IP_INVALID_SOURCE: 'a martian source',
  IP_LOCALNET: '127.0.0.0/8 on a wire',
  IP_INVALID_DEST: 'a destination that is none',
  IP_CSUM: 'a wrong checksum',
  TCP_CSUM: 'a wrong checksum',
  UDP_CSUM: 'a wrong checksum',
  ICMP_CSUM: 'a wrong checksum',
  IP_INHDR: 'its IP header makes no sense',
  IP_NOPROTO: 'nobody knows its protocol',
  INVALID_PROTO: 'its protocol makes no sense',
  UNHANDLED_PROTO: 'nobody handles its protocol',
  OTHERHOST: 'a frame for another host',
  UNICAST_IN_L2_MULTICAST: 'for one host, in a frame for all',
  MAC_INVALID_SOURCE: 'its source is no address of a card',
  PKT_TOO_SMALL: 'shorter than its headers say',
  PKT_TOO_BIG: 'longer than the MTU',
  TTL_EXPIRED: 'its TTL is used up',
  IPV6DISABLED: 'IPv6 is off',
  IPV6_BAD_EXTHDR: 'an extension header makes no sense',
  FRAG_REASM_TIMEOUT: 'its other pieces did not come',
  FRAG_TOO_FAR: 'too far from the other pieces',
  DUP_FRAG: 'a piece that is there already',
  TCP_FLAGS: 'flags that make no sense',
  TCP_OLD_SEQUENCE: 'data that the socket has seen',
  TCP_INVALID_SEQUENCE: 'an unexpected sequence number',
  TCP_TOO_OLD_ACK: 'acknowledges what was settled',
  TCP_ACK_UNSENT_DATA: 'acknowledges data never sent',
  TCP_INVALID_SYN: 'a SYN that makes no sense here',
  TCP_INVALID_END_SEQUENCE: 'more data than there is room for',
  TCP_ABORT_ON_DATA: 'data for a closed socket',
  TCP_RESET: 'a reset ends the connection',
  TCP_MD5UNEXPECTED: 'a signature that nobody expects',
};

/** The same where the kernel's reason says nothing, by the function that drops. */
const PLACES: Readonly<Record<string, string>> = {
  tcp_rcv: 'not for this host alone',
  tcp_check_req: 'it does not finish the handshake',
  ip_forward: 'not for this host alone',
  ip6_forward: 'not for this host alone',
  ip6_input: 'the host is not in this group',
  dst_discard: 'the host is not in this group',
  br_handle_frame: 'for the other end of the cable',
  br_handle_frame_finish: 'the bridge has no other port for it',
  br_dev_xmit: 'the bridge has no port for it',
  br_nf_local_in: 'a copy whose flow is not confirmed',
};

/** Why a packet was dropped, in few words; null where whoever did it has a name of his own: a rule, a function, a queue. */
export function dropWords(reason: string, by: string): string | null {
  return REASONS[reason] ?? PLACES[by] ?? null;
}
