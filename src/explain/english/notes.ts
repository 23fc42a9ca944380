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
  'note.reject-silent': 'REJECT stays silent here: {why|plain}.',
} as const;
