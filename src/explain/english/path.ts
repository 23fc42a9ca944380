/** A packet's way: steps, birth, wires, hooks, delivery. */
export const pathSentences = {
  'step.send': 'A program on {host|strong} sends a packet.',
  'step.receive': 'A packet arrives at {host|strong} from a machine that this lab does not model.',
  'step.run': 'A command is run on {host|strong}.',
  'step.wait': 'The clock moves on.',
  'step.connect': 'A program on {host|strong} opens a TCP connection.',
  'step.ping': 'A program on {host|strong} sends an echo request and waits for the answer.',
  'step.udp': 'A program on {host|strong} sends a UDP datagram.',

  'born.send': 'A program on {host|strong} sends {packet}.',
  'born.receive': '{packet} comes from outside of the lab.',
  'born.socket': 'A socket on {host|strong} sends {packet}.',
  'born.reply': '{host|strong} answers with {packet}.',
  'born.error': '{host|strong} tells the sender that something went wrong: {packet}.',
  'born.reject': 'REJECT makes an answer for the sender: {packet}.',
  'born.synproxy': 'The SYN proxy on {host|strong} makes a segment: {packet}.',
  'born.fragment': 'The packet was too long, so it goes on in pieces; this is one: {packet}.',
  'born.copy': 'A copy of the packet is made: {packet}.',
  'born.reassembled': 'All pieces are here: {host|strong} puts them together to {packet}.',

  'wire.in': 'The packet arrives at {host|strong} on {interface}. A capture there sees it now, before any rule does.',
  'wire.in.otherhost':
    'The frame reaches {interface} of {host|strong}, but its MAC is not for this host, so the stack takes no notice.',
  'wire.out': 'The packet leaves {host|strong} by {interface}. A capture there sees it as it is now, after all rules.',
  loopback: 'The packet is for the host itself: it goes out of {lo} and comes straight back in.',

  'bridge.local': 'Bridge {bridge} hands the frame up to {host|strong} itself, because its MAC is the one addressed.',
  'bridge.forward': 'Bridge {bridge} knows where that MAC is, and sends the frame on by {ports}.',
  'bridge.flood': 'Bridge {bridge} sends the frame out of several ports: {ports}.',
  'bridge.both': 'Bridge {bridge} hands the frame up to {host|strong} and sends it on by {ports}.',
  'bridge.none': 'Bridge {bridge} sends the frame nowhere: its only way is the port that it came in by.',

  'hook-enter.PREROUTING':
    'The packet reaches {hook}: it has just come in, and nobody has looked yet where it should go.',
  'hook-enter.INPUT': 'The packet reaches {hook}: it is for {host|strong} itself.',
  'hook-enter.FORWARD': 'The packet reaches {hook}: it came in by {in} and is to leave by {out}.',
  'hook-enter.OUTPUT': 'The packet reaches {hook}: it was made on {host|strong} and has a route out by {out}.',
  'hook-enter.POSTROUTING': 'The packet reaches {hook}, the last stop before it leaves by {out}.',
  'hook-enter.INGRESS': 'The packet reaches the ingress hook of {in}.',
  'hook-enter.EGRESS': 'The packet reaches the egress hook of {out}.',
  'hook-leave.accept': 'Every function at {hook} let the packet pass, so it goes on.',
  'hook-leave.drop': 'The packet does not get past {hook}.',
  'hook-leave.queue': 'The packet waits for a program behind a queue.',
  'hook-leave.stolen': 'A function at {hook} has taken the packet; the others there do not see it.',

  'function-enter.defrag': 'Pieces of packets would be collected here and put together (priority {priority}).',
  'function-enter.iptables': 'The table {name} is asked (priority {priority}).',
  'function-enter.conntrack': 'Connection tracking looks up which flow the packet belongs to (priority {priority}).',
  'function-enter.nat': 'NAT looks at the packet (priority {priority}).',
  'function-enter.synproxy':
    'The SYN proxy looks whether the packet is of a connection that it answered for (priority {priority}).',
  'function-enter.confirm': 'The flow is confirmed: only what gets this far enters the table of connections.',
  'function-enter.nft': 'The nftables chain {name} is asked (priority {priority}).',
  'function-enter.ipvs': 'IPVS looks at the packet (priority {priority}).',
  'function-enter.bpf': 'The BPF program {name} looks at the packet (priority {priority}).',
  'function-enter.user': 'The hook function {name} looks at the packet (priority {priority}).',
  'function-leave.accept': '{name} lets the packet pass.',
  'function-leave.drop': '{name} drops the packet.',
  'function-leave.queue': '{name} hands the packet to a queue.',
  'function-leave.stolen': '{name} keeps the packet.',
  'skipped.flow-known':
    'The nat chains are not asked: only the first packet of a flow is, and this flow has its mapping already.',
  'skipped.untracked': 'The nat chains are not asked, because the packet is not tracked.',
  'skipped.conntrack-off': 'The nat chains are not asked, because nothing on this host needs connection tracking.',
  'skipped.no-match': 'The condition of {name} is not met, so it lets the packet pass.',
  'skipped.invalid':
    'The nat chains are not asked, because the packet belongs to no flow (INVALID); it stays as it is.',

  'deliver.listener': 'The packet is *delivered* to the {service} service on port {port} of {host|strong}.',
  'deliver.client': 'The packet is *delivered* to the program on {host|strong} that asked, at port {port}.',
  'deliver.own-port':
    'The packet is *delivered* to the program on {host|strong} that owns port {port}; it answers only when the lab says so.',
  'deliver.icmp': 'The packet is *delivered* to {host|strong}, whose kernel handles ICMP itself.',
  'deliver.raw': 'The packet is *delivered* to a raw socket on {host|strong}.',
  'deliver.closed': 'The packet reaches {host|strong}, but nobody listens on port {port}.',
  'deliver.none': 'The packet reaches {host|strong}, and nothing there waits for this protocol.',

  'neighbour.known': 'The next machine is {addr}, at MAC {mac}, on {dev}.',
  'neighbour.waits':
    'Nobody on {dev} has answered for {addr} yet, so the packet waits; after 3 seconds its sender is told.',
  'neighbour.failed': 'Nobody on {dev} answers for {addr}, so the packet goes no further.',

  'fragment.queued': 'This piece waits for the others ({pieces} so far).',
  'fragment.reassembled': 'The {pieces} pieces are whole again.',
  'fragment.split': 'The packet is longer than the MTU of the way, and is cut into {pieces} pieces.',
  'fragment.timeout': 'The missing pieces did not come in time; those that came are thrown away.',

  'queue.accept': '{by|strong} behind queue {queue} *accepts* the packet: the next function at the hook is asked.',
  'queue.repeat.changed':
    '{by|strong} behind queue {queue} sends the packet back *changed*, and says *repeat*: the function that queued it is asked again from its start.',
  'queue.accept.changed':
    '{by|strong} behind queue {queue} sends the packet back *changed*, and accepts it: the next function at the hook is asked.',
  'queue.drop': '{by|strong} behind queue {queue} *drops* the packet. Whoever sent it is told nothing.',
  'queue.repeat':
    '{by|strong} behind queue {queue} says *repeat*: the function that queued the packet is asked again from its start.',
  'queue.queue': '{by|strong} behind queue {queue} hands the packet on to queue {to}.',
  'queue.stolen': '{by|strong} behind queue {queue} keeps the packet.',
  'queue.bypass': 'No program listens to queue {queue}; with bypass the packet goes on as if it had been accepted.',
  'queue.nobody': 'No program listens to queue {queue}, so the packet is *dropped*; --queue-bypass would let it pass.',
  command: 'The command {command} ran.',
  'command.printed': 'The command {command} ran, and printed {output}.',
  'command.failed': 'The command {command} failed with exit code {exit}.',
  wait: 'The clock moves on by {seconds} s.',
  log: 'The {target} rule writes a line to the log: {text}',
  'set.yes': 'The set {set} has {element} (probes: {probes|plain}, members: {size|plain}).',
  'set.no': 'The set {set} does not have {element} (probes: {probes|plain}, members: {size|plain}).',
  'set.add': '{element} is added to the set {set}.',
  'set.del': '{element} is taken out of the set {set}.',
  'not-modelled': '{what} is not modelled, and counts as no match; what happens from here on may differ from Linux.',
  'stopped.budget': 'The step was stopped: it went round in circles (more than a million events).',
} as const;
