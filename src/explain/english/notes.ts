/** Remarks that explain a silence. */
export const noteSentences = {
  'note.other': 'Note: {note|plain}.',
  'note.conntrack-chain-too-long':
    'The bucket {bucket} of the table of connections is too full, so the flow is not entered.',
  'note.ftp-partial-command': 'The FTP helper saw only a part of a command, and waits for the rest.',
  'note.ftp-foreign-address':
    'The FTP command names {addr}, which is not who sent it, so the helper does not believe it.',
  'note.masquerade-no-address': 'MASQUERADE finds no address on {dev}, so the packet is dropped.',
  'note.redirect-no-address': 'REDIRECT finds no address on {dev}, so the packet is dropped.',
  'note.icmp-echo-ignore-all': '{host|strong} does not answer echo requests (icmp_echo_ignore_all).',
  'note.icmp-echo-ignore-broadcasts':
    '{host|strong} does not answer echo requests to a broadcast address (icmp_echo_ignore_broadcasts).',
  'note.icmp-no-way-back': '{host|strong} has no route back to who asked, so there is no answer.',
  'note.icmp-limited': '{host|strong} has sent this sender too many answers or errors lately (icmp_ratelimit).',
  'note.icmp-busy': '{host|strong} sends a packet of ICMP itself just now, and cannot send an error as well.',
  'note.queue-shared-flow':
    'The packet shares its flow with one that is still under way, and the flow is not confirmed yet: the kernel does not queue such a packet, but drops it.',
  'note.discovery-not-played':
    'Neighbours are known from the start, so neighbour discovery and MLD are not played: the packet goes no further.',
  'note.synproxy-cookie':
    '{host|strong} answers in the place of the server and keeps nothing of this SYN: what it has to know goes into the sequence number of its answer, the *cookie*. Only who really gets the answer can send it back, so SYNs from forged addresses fill no table.',
  'note.synproxy-cookie-back':
    'The number that this ACK acknowledges is a cookie of {host|strong}, so the client is real; hidden in it is the client’s MSS, {mss}. Now the server is asked, with the number that the client began with. The ACK itself ends here.',
  'note.synproxy-no-cookie':
    'The number that this ACK acknowledges is no cookie of {host|strong}, or one that is older than a minute or two: the packet is dropped.',
  'note.synproxy-broken': 'The checksum or the TCP header is wrong, so SYNPROXY drops the packet.',
  'note.synproxy-passes':
    'This is neither a SYN nor an ACK of a handshake: SYNPROXY leaves it, and the next rule is asked.',
  'note.synproxy-remembers':
    'The SYN proxy notes with the flow which number the client was answered with ({isn}), for the server will choose another one.',
  'note.synproxy-answered':
    'The server answers with the number {server}, where the client knows {client}: from now on {host|strong} shifts the server’s numbers by {offset}. Both get an ACK; the client’s opens its window, which was 0 until now. The server’s SYN-ACK ends here.',
  'note.synproxy-refused':
    'The server refuses. The client knows only the numbers of the SYN proxy, so those of the RST are shifted to fit.',
  'note.reject-silent': 'REJECT stays silent here: {why|plain}.',
} as const;
