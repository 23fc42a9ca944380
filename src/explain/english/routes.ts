/** Route lookups: kind and result. */
const where = {
  input: '{host|strong} looks up where the packet should go',
  output: '{host|strong} looks up how to reach {dst}',
  reroute: 'The packet was changed on its way out, so {host|strong} looks up its route again',
} as const;

const results = {
  local: '{dst} is an address of {host|strong} itself.',
  unicast: 'it goes on by {dev} to {dst}, on the same network.',
  gateway: 'it goes on by {dev} to the gateway {gateway}.',
  broadcast: '{dst} is a broadcast address, so the packet is for {host|strong}, too.',
  multicast: '{dst} is a multicast address.',
  unreachable: 'the route says that {dst} is unreachable.',
  prohibit: 'the route says that {dst} is forbidden.',
  blackhole: 'the route is a black hole: the packet ends without a word.',
  throw: 'the route says to look no further in this table, and no other has an answer.',
  'no-route': 'there is no route to {dst}.',
  'martian-source': 'the source {src} cannot come from there (a martian), so the packet is not taken.',
  'martian-destination': 'the destination {dst} must not be on a wire (a martian), so the packet is not taken.',
  'rp-filter': 'the way back to {src} does not lead out of {iif}, and rp_filter insists that it does.',
} as const;

/** `route.input.local`, `route.output.gateway` … */
export const routeSentences: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(where).flatMap(([kind, begin]) =>
    Object.entries(results).map(([result, end]) => [`route.${kind}.${result}`, `${begin}: ${end}`]),
  ),
);
