/** Walks through chains. */
export const ruleSentences = {
  'rule.accept': 'Rule {rule|strong} of {table} {chain} matches: this table lets the packet pass.',
  'rule.drop': 'Rule {rule|strong} of {table} {chain} matches: the packet is *dropped* here, and nobody is told.',
  'rule.reject':
    'Rule {rule|strong} of {table} {chain} matches: the packet is *rejected*. It ends here, and its sender is told.',
  'rule.return': 'Rule {rule|strong} of {table} {chain} matches: the walk goes back to the chain that called {chain}.',
  'rule.return.builtin':
    'Rule {rule|strong} of {table} {chain} matches: the walk of {chain} ends, and its policy decides.',
  'rule.jump':
    'Rule {rule|strong} of {table} {chain} matches: the walk goes on in the chain {target}, and may come back.',
  'rule.goto':
    'Rule {rule|strong} of {table} {chain} matches: the walk goes on in the chain {target}, and will not come back here.',
  'rule.continue':
    'Rule {rule|strong} of {table} {chain} matches: {target} acts on the packet, and the walk goes on with the next rule.',
  'rule.count': 'Rule {rule|strong} of {table} {chain} matches. It has no target, so it only counts the packet.',
  'rule.queue': 'Rule {rule|strong} of {table} {chain} matches: a program in userspace decides about the packet.',
  'rule.stolen': 'Rule {rule|strong} of {table} {chain} matches: {target} takes the packet over.',
  'rule.nat.dst': 'Rule {rule|strong} of {table} {chain} matches: {target} chooses a new destination for this flow.',
  'rule.nat.src': 'Rule {rule|strong} of {table} {chain} matches: {target} chooses a new source for this flow.',
  'rule.notrack': 'Rule {rule|strong} of {table} {chain} matches: connection tracking will leave this packet alone.',
  'policy.accept':
    'None of the {count|plain} rules of {table} {chain} decides, so its policy does: the packet may pass.',
  'policy.drop':
    'None of the {count|plain} rules of {table} {chain} decides, so its policy does: the packet is *dropped*.',
  'policy.accept.one': 'The one rule of {table} {chain} does not decide, so the policy does: the packet may pass.',
  'policy.drop.one': 'The one rule of {table} {chain} does not decide, so the policy does: the packet is *dropped*.',
  'policy.accept.empty': '{table} {chain} had no rule to try, so its policy decides: the packet may pass.',
  'policy.drop.empty': '{table} {chain} had no rule to try, so its policy decides: the packet is *dropped*.',
  'end.return': 'No rule of {table} {chain} decides, so the walk goes back to the chain that called it.',
  'nft.rule': 'Rule {rule|strong} of the nftables chain {table} {chain} matches: {verdict}.',
  'nft.policy': 'The policy of the nftables chain {table} {chain} decides: {verdict}.',
  'nft.end': 'The nftables chain {table} {chain} ends without a verdict.',
  'change.ttl': '{by} lowers the TTL from {before} to {after|changed}.',
  'change.ttl.set': '{by} changes the TTL from {before} to {after|changed}.',
  'change.hoplimit': '{by} lowers the hop limit from {before} to {after|changed}.',
  'change.hoplimit.set': '{by} changes the hop limit from {before} to {after|changed}.',
  'change.mark': '{by} changes the mark of the packet from {before} to {after|changed}. A mark never leaves this host.',
  'change.connmark': '{by} changes the mark of the whole flow from {before} to {after|changed}.',
  'change.tos': '{by} changes the type of service from {before} to {after|changed}.',
  'change.dscp': '{by} changes the DSCP from {before} to {after|changed}.',
  'change.ecn': '{by} changes the ECN bits from {before} to {after|changed}.',
  'change.mss': '{by} changes the MSS that the SYN offers from {before} to {after|changed}.',
  'change.priority': '{by} changes the priority of the packet from {before} to {after|changed}.',
  'change.secmark': '{by} changes the security mark from {before} to {after|changed}.',
  'change.df': '{by} changes the DF bit from {before} to {after|changed}.',
  'change.tcp-options': '{by} takes TCP options out of the packet: {before} becomes {after|changed}.',
  'change.checksum': '{by} fills in the checksum: {before} becomes {after|changed}.',
  'change.label': '{by} changes the labels of the flow from {before} to {after|changed}.',
  'change.flags': '{by} changes the flags from {before} to {after|changed}.',
  'change.payload': '{by} rewrites the data of the packet: {before} becomes {after|changed}.',
} as const;
