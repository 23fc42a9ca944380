import { assertNever } from '../../base';
import { type RulePiece, rulePieces } from '../print/rule';
import { protocolName } from '../read/names';
import { criterion, type XtAction } from '../record';
import type { Rule } from '../rule';
import type { Criterion } from '../types';
import { dstMatches, ifaceMatches, srcMatches } from './builtin';
import type { PacketKey } from './packet';

/**
 * Each criterion of a rule held against a packet, after the rule was tried. What stands after a match with a side
 * effect, or needs a header that is not there, is asked of only if the walk asked it.
 */
export function explainRule(
  rule: Rule,
  action: XtAction,
  key: PacketKey,
  matched: boolean,
  select: (use: number) => void,
): Criterion[] {
  const found: Criterion[] = [];
  // Whether the criteria of the header, which come first, were met.
  let header = true;
  let failed = false;
  for (const piece of rulePieces(rule, action.family)) {
    if (piece.kind === 'target') continue;
    if (piece.kind !== 'match') {
      const [met, because] = headerTest(piece.kind, rule, action, key);
      header &&= met;
      found.push(criterion(piece.text.trim(), met, because));
      continue;
    }
    const { match, config } = rule.matches[piece.index]!;
    const quiet = matched || (header && !failed);
    // Matches without effects are asked again; of others the walk knows only that the rule as a whole failed.
    if (!quiet || (match.sideEffect && !matched && moreAfter(rule, piece.index))) {
      found.push({ text: piece.text.trim(), outcome: 'not-tested', because: '' });
      continue;
    }
    select(piece.index);
    const met = match.sideEffect ? matched : match.match(config, action);
    found.push(...match.explain(config, action, met));
    if (met !== true) failed = true;
  }
  return found;
}

/** A criterion of the rule's own header: whether it is met, and what the packet has. */
function headerTest(
  kind: Exclude<RulePiece['kind'], 'match' | 'target'>,
  rule: Rule,
  action: XtAction,
  key: PacketKey,
): readonly [met: boolean, because: string] {
  const { packet } = key;
  switch (kind) {
    case 'src':
      return [srcMatches(rule.src!, key) !== rule.src!.negated, `the source address is ${packet.src}`];
    case 'dst':
      return [dstMatches(rule.dst!, key) !== rule.dst!.negated, `the destination address is ${packet.dst}`];
    case 'in':
    case 'out': {
      const test = kind === 'in' ? rule.iif! : rule.oif!;
      const name = action.state[kind];
      return [ifaceMatches(test, name) !== test.negated, ifaceSays(kind, name)];
    }
    case 'protocol': {
      const met = key.protocol >= 0 && (rule.protocol === key.protocol) !== rule.protocolNegated;
      return [met, `the protocol is ${protocolName(packet.protocol) ?? packet.protocol}`];
    }
    case 'fragment': {
      const later = key.fragoff !== 0;
      return [later === (rule.fragment === 'later'), later ? 'it is a later fragment' : 'it is no later fragment'];
    }
    default:
      return assertNever(kind);
  }
}

function moreAfter(rule: Rule, index: number): boolean {
  return rule.matches.slice(index + 1).some(({ match }) => match.name !== 'comment');
}

function ifaceSays(way: 'in' | 'out', name: string): string {
  if (name === '') return way === 'in' ? 'it was made on this host' : 'it has no output interface here';
  return `the ${way === 'in' ? 'input' : 'output'} interface is ${name}`;
}
