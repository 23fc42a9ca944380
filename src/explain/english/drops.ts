const sentences = {
  'drop.other': 'The packet is *dropped* by {by}: {reason}.',
  'drop.NETFILTER_DROP': 'The packet ends here: {by} dropped it.',
  'drop.NO_SOCKET': 'Nobody on {host|strong} listens for it, so the packet ends here.',
  'drop.IP_RPFILTER':
    'The packet ends here: the way back to its source does not lead out of the interface that it came in by (rp_filter).',
  'drop.IP_LOCAL_SOURCE': 'The packet ends here: its source is an address of {host|strong} itself.',
  'drop.IP_INVALID_SOURCE': 'The packet ends here: its source is no address that a packet may come from (a martian).',
  'drop.IP_LOCALNET': 'The packet ends here: an address of 127.0.0.0/8 must not come from or go to a wire.',
  'drop.IP_INVALID_DEST': 'The packet ends here: its destination is no address that it may go to.',
  'drop.IP_INADDRERRORS': 'The packet ends here: {host|strong} does not forward, and it is not for this host.',
  'drop.IP_INNOROUTES': 'The packet ends here: there is no route to its destination.',
  'drop.IP_OUTNOROUTES': 'The packet ends here: there is no route to its destination.',
  'drop.IP_CSUM': 'The packet ends here: the checksum of its IP header is wrong.',
  'drop.TCP_CSUM': 'The packet ends here: its TCP checksum is wrong.',
  'drop.UDP_CSUM': 'The packet ends here: its UDP checksum is wrong.',
  'drop.ICMP_CSUM': 'The packet ends here: its ICMP checksum is wrong.',
  'drop.IP_INHDR': 'The packet ends here: its IP header makes no sense.',
  'drop.IP_NOPROTO': 'The packet ends here: {host|strong} does not know this protocol.',
  'drop.INVALID_PROTO': 'The packet ends here: its protocol makes no sense here.',
  'drop.UNHANDLED_PROTO': 'The packet ends here: nothing on {host|strong} handles this protocol.',
  'drop.NOT_SPECIFIED': 'The packet ends here, at {by}.',
  'drop.OTHERHOST': 'The frame is for another host.',
  'drop.PKT_TOO_SMALL': 'The packet ends here: it is shorter than its headers say.',
  'drop.PKT_TOO_BIG': 'The packet ends here: it is longer than the MTU, and must not be cut.',
  'drop.TTL_EXPIRED': 'The packet ends here: its TTL is used up.',
  'drop.IPV6DISABLED': 'The packet ends here: IPv6 is off.',
  'drop.IPV6_BAD_EXTHDR': 'The packet ends here: an extension header makes no sense.',
  'drop.FRAG_REASM_TIMEOUT': 'The pieces end here: the others did not come in time.',
  'drop.DUP_FRAG': 'The piece ends here: it is there already.',
  'drop.FRAG_TOO_FAR': 'The piece ends here: it lies too far from the others.',
  'drop.NEIGH_FAILED': 'The packet ends here: nobody answers for the next hop.',
  'drop.TCP_FLAGS': 'The packet ends here: no socket can use these flags.',
  'drop.TCP_OLD_SEQUENCE': 'The packet ends here: the socket has seen this data already.',
  'drop.TCP_INVALID_SEQUENCE': 'The packet ends here: its sequence number is not one that the socket expects.',
  'drop.TCP_TOO_OLD_ACK': 'The packet ends here: it acknowledges what was settled long ago.',
  'drop.TCP_ACK_UNSENT_DATA': 'The packet ends here: it acknowledges data that the socket has never sent.',
  'drop.TCP_INVALID_SYN': 'The packet ends here: a SYN makes no sense in this state of the socket.',
  'drop.TCP_INVALID_END_SEQUENCE': 'The packet ends here: its data goes beyond what the socket has room for.',
  'drop.TCP_ABORT_ON_DATA': 'The packet ends here: there is data for a socket that is closed.',
  'drop.TCP_RESET': 'A reset: the connection is over.',
  'drop.UNICAST_IN_L2_MULTICAST': 'The packet ends here: it is for one host, but came in a frame for all.',
  // Drops for which the kernel has no reason's name, by the function.
  'drop.in.tcp_rcv': 'The packet ends here: it came in a frame that was not for this host alone.',
  'drop.in.tcp_check_req': 'The packet ends here: it does not finish the handshake.',
  'drop.in.ip_forward': 'The packet ends here: it came in a frame that was not for this host alone.',
  'drop.in.ip6_forward': 'The packet ends here: it came in a frame that was not for this host alone.',
  'drop.in.ip6_input': 'The packet ends here: {host|strong} is not in this group.',
  'drop.in.dst_discard': 'The packet ends here: {host|strong} is not in this group.',
  'drop.in.br_handle_frame':
    'The frame ends here: it is for the other end of the cable, and a bridge does not send it on.',
  'drop.in.br_handle_frame_finish': 'The frame ends here: the bridge has no other port for it.',
  'drop.in.br_dev_xmit': 'The frame ends here: the bridge has no port for it.',
  'send-error.EPERM': 'The program is told EPERM, operation not permitted: a rule on its own host dropped the packet.',
  'send-error.ENETUNREACH': 'The program is told ENETUNREACH, network is unreachable: there is no route.',
  'send-error.EHOSTUNREACH': 'The program is told EHOSTUNREACH, no route to host.',
  'send-error.EACCES': 'The program is told EACCES, permission denied: the route forbids it.',
  'send-error.EINVAL': 'The program is told EINVAL, invalid argument.',
  'send-error.EMSGSIZE':
    'The program is told EMSGSIZE, message too long: it does not fit the MTU, and nothing is sent.',
  'send-error.other': 'The program is told {errno}.',
} as const;

/**
 * Drops, by the names of the kernel's enum skb_drop_reason, and errors of local senders. What the kernel calls the reason
 * stands behind the words, or the function if it gives none.
 */
export const dropSentences: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(sentences).map(([key, sentence]) => [
    key,
    key.startsWith('drop.') && !sentence.includes('{reason}')
      ? `${sentence.slice(0, -1)} ({${key.startsWith('drop.in.') ? 'by' : 'reason'}}).`
      : sentence,
  ]),
);
