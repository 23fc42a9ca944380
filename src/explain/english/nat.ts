/** Address translation. `rule` and `chain` are those of the rule that asked for it. */
export const natSentences = {
  'nat.dst.rule.PREROUTING':
    'Rule {rule|strong} matches, so the destination changes from {before} to {after|changed} before {host|strong} decides where to send it.',
  'nat.dst.rule.OUTPUT':
    'Rule {rule|strong} matches, so the destination changes from {before} to {after|changed}, and {host|strong} will look up the route again.',
  'nat.src.rule.POSTROUTING':
    'Rule {rule|strong} matches, so the source changes from {before} to {after|changed} as the last thing before the packet leaves.',
  'nat.src.rule.INPUT':
    'Rule {rule|strong} matches, so the source changes from {before} to {after|changed} before the program on {host|strong} gets the packet.',
  'nat.dst.entry':
    'This flow is translated: as for its first packet, the destination changes from {before} to {after|changed}.',
  'nat.src.entry':
    'This flow is translated: as for its first packet, the source changes from {before} to {after|changed}.',
  'nat.dst.undo':
    'This is an answer of a translated flow: its destination changes back from {before} to {after|changed}, who really asked.',
  'nat.src.undo':
    'This is an answer of a translated flow: its source changes back from {before} to {after|changed}, which is what the other side asked.',
  'nat.dst.inner':
    'The packet that this error is about is translated, too: its destination changes from {before} to {after|changed}.',
  'nat.src.inner':
    'The packet that this error is about is translated, too: its source changes from {before} to {after|changed}.',
  'nat-setup.dst': '{target} settles for this flow: what goes to {before} will go to {after|changed}.',
  'nat-setup.src': '{target} settles for this flow: what comes from {before} will seem to come from {after|changed}.',
  'nat-setup.same': 'NAT settles that the {side|plain} of this flow stays {before}.',
  'nat-setup.collision.dst':
    '{target} settles for this flow: what goes to {before} will go to {after|changed}; the port is another one, because that pair is taken.',
  'nat-setup.collision.src':
    '{target} settles for this flow: what comes from {before} will seem to come from {after|changed}; the port is another one, because that pair is taken.',
  'nat-setup.random.dst':
    '{target} settles for this flow: what goes to {before} will go to {after|changed}; the port was drawn at random.',
  'nat-setup.random.src':
    '{target} settles for this flow: what comes from {before} will seem to come from {after|changed}; the port was drawn at random.',
  'nat-setup.range.dst':
    '{target} settles for this flow: what goes to {before} will go to {after|changed}, a port of the range that it has.',
  'nat-setup.range.src':
    '{target} settles for this flow: what comes from {before} will seem to come from {after|changed}, a port of the range that it has.',
  'nat-setup.failed': '{target} finds no free port for {before}, so this flow cannot be translated.',
} as const;
