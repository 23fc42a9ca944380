/** Connection tracking. */
export const conntrackSentences = {
  'conntrack.new': 'No flow is known for {flow}: the packet begins a new one (NEW).',
  'conntrack.found.NEW': 'The packet belongs to the flow {flow}, which nobody has answered yet (NEW).',
  'conntrack.found.ESTABLISHED': 'The packet belongs to the known flow {flow} (ESTABLISHED).',
  'conntrack.found.ESTABLISHED_REPLY': 'The packet is an answer of the known flow {flow} (ESTABLISHED).',
  'conntrack.found.RELATED': 'The packet is about the known flow {flow}, but not part of it (RELATED).',
  'conntrack.found.RELATED_REPLY': 'The packet answers in a flow that {flow} was expected by (RELATED).',
  'conntrack.related': 'The packet was expected, or is an error about the flow {flow} (RELATED).',
  'conntrack.confirm': 'The flow {flow} enters the table of connections.',
  'conntrack.update':
    'The packet may pass, so programs that watch connections are told: the flow {flow} is now {state}.',
  'conntrack.update.plain':
    'The packet may pass, so programs that watch connections are told what it changed in the flow {flow}.',
  'conntrack.update.conntrack-tool': 'The conntrack tool changes what is known of the flow {flow}.',
  'conntrack.full.table-full':
    'The table of connections is full, and no entry may be thrown out, so the packet is *dropped*.',
  'conntrack.destroy': 'The flow {flow} is taken out of the table.',
  'conntrack.destroy.tcp-rst-unreplied': 'A reset ends the flow {flow} at once, because it was never answered.',
  'conntrack.timeout': 'The time of the flow {flow} is up, and it is forgotten.',
  'conntrack.flush': 'The table of connections is emptied; the flow {flow} is gone.',
  'conntrack.delete': 'The flow {flow} is deleted from the table.',
  'conntrack.expect': 'A helper reads the conversation, and expects a new connection: {expected}.',
  'conntrack.full': 'The table of connections is full, and no entry may be thrown out, so the packet is *dropped*.',
  'conntrack.early-drop':
    'The table of connections is full, so the flow {flow}, which nobody ever confirmed in both directions, is thrown out.',
  'conntrack.clash': 'Another packet entered the same flow first.',
  'conntrack.clash.clash-drop': 'Another packet entered the same flow {flow} first, so this one is *dropped*.',
  'conntrack.clash.clash-merged': 'Another packet entered the same flow {flow} first; this one joins it.',
  'conntrack.clash.clash-reply-only':
    'The flow {flow} clashes with another; only its answers can be told apart, and that is enough.',
  'conntrack.untracked': 'The packet is not tracked.',
  'conntrack.untracked.notrack': 'A rule said so in raw: connection tracking leaves this packet alone (UNTRACKED).',
  'conntrack.untracked.neighbour-discovery': 'Neighbour discovery is never tracked (UNTRACKED).',
  'conntrack.invalid': 'Connection tracking can make nothing of the packet (INVALID).',
  'conntrack.invalid.other': 'Connection tracking can make nothing of the packet (INVALID): {reason}.',
  'conntrack.invalid.bad-checksum': 'The checksum is wrong, so the packet belongs to no flow (INVALID).',
  'conntrack.invalid.tcp-truncated': 'The TCP header is cut short, so the packet belongs to no flow (INVALID).',
  'conntrack.invalid.tcp-rst-old':
    'The reset is older than what this flow has already seen, so it is not believed (INVALID).',
  'conntrack.invalid.tcp-ack-unseen-data': 'The packet acknowledges data that was never sent in this flow (INVALID).',
  'conntrack.invalid.tcp-seq-over-window': 'The packet carries data beyond what the other side allowed (INVALID).',
  'conntrack.invalid.tcp-not-a-start': 'No TCP connection begins with these flags (INVALID).',
  'conntrack.invalid.tcp-no-pickup':
    'The connection began before anybody watched, and tcp_loose = 0 forbids to join in (INVALID).',
  'conntrack.invalid.tcp-state': 'These TCP flags do not fit what this flow has come to (INVALID).',
  'conntrack.invalid.tcp-flags': 'No real TCP sends this combination of flags (INVALID).',
  'conntrack.invalid.icmp-truncated': 'The ICMP message is cut short, so it belongs to no flow (INVALID).',
  'conntrack.invalid.icmp-unknown-type': 'There is no such type of ICMP message (INVALID).',
  'conntrack.invalid.icmp-bad-redirect': 'The redirect is none that a neighbour could have sent (INVALID).',
  'conntrack.invalid.icmp-quote-unreadable': 'The error quotes too little to tell which packet it is about (INVALID).',
  'conntrack.invalid.icmp-about-no-flow': 'The error is about a packet of no flow that is known here (INVALID).',
  'conntrack.invalid.icmp-wrong-addressee':
    'The error is not addressed to who sent the packet that it quotes (INVALID).',
  'conntrack.invalid.icmp-family': 'The message belongs to the other IP version (INVALID).',
  'conntrack.invalid.icmp-not-a-request':
    'This ICMP message answers nothing that was asked, and cannot begin a flow (INVALID).',
  'conntrack.invalid.later-fragment': 'This is a later piece of a packet, which names no ports (INVALID).',
  'conntrack.invalid.no-tuple': 'The packet does not say enough to name a flow (INVALID).',
  'conntrack.invalid.sctp-chunks': 'The chunks of this SCTP packet make no sense together (INVALID).',
  'conntrack.invalid.sctp-not-a-start': 'No SCTP association begins with this packet (INVALID).',
  'conntrack.invalid.sctp-truncated': 'The SCTP header is cut short (INVALID).',
  'conntrack.invalid.sctp-vtag': 'The verification tag is not that of this association (INVALID).',
} as const;
