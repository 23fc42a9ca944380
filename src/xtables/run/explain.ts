import { rulePieces } from '../print/rule';
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
  let header = true;
  const add = (text: string, met: boolean, because: string): void => {
    header &&= met;
    found.push(criterion(text.trim(), met, because));
  };
  const { packet } = key;
  let failed = false;
  for (const piece of rulePieces(rule, action.family)) {
    switch (piece.kind) {
      case 'src':
        add(piece.text, srcMatches(rule.src!, key) !== rule.src!.negated, `the source address is ${packet.src}`);
        break;
      case 'dst':
        add(piece.text, dstMatches(rule.dst!, key) !== rule.dst!.negated, `the destination address is ${packet.dst}`);
        break;
      case 'in':
        add(
          piece.text,
          ifaceMatches(rule.iif!, action.state.in) !== rule.iif!.negated,
          ifaceSays('in', action.state.in),
        );
        break;
      case 'out':
        add(
          piece.text,
          ifaceMatches(rule.oif!, action.state.out) !== rule.oif!.negated,
          ifaceSays('out', action.state.out),
        );
        break;
      case 'protocol':
        add(
          piece.text,
          (rule.protocol === key.protocol) !== rule.protocolNegated,
          `the protocol is ${protocolName(packet.protocol) ?? packet.protocol}`,
        );
        break;
      case 'fragment': {
        const later = key.fragoff !== 0;
        const says = later ? 'it is a later fragment' : 'it is no later fragment';
        add(piece.text, later === (rule.fragment === 'later'), says);
        break;
      }
      case 'match': {
        const { match, config } = rule.matches[piece.index]!;
        const quiet = matched || (header && !failed);
        // Matches without effects are asked again; of others the walk knows only that the rule as a whole failed.
        if (!quiet || (match.sideEffect && !matched && moreAfter(rule, piece.index))) {
          found.push({ text: piece.text.trim(), outcome: 'not-tested', because: '' });
          break;
        }
        select(piece.index);
        const met = match.sideEffect ? matched : match.match(config, action);
        const parts = match.explain(config, action, met);
        found.push(...parts);
        if (met !== true) failed = true;
        break;
      }
      case 'target':
        break;
    }
  }
  return found;
}

function moreAfter(rule: Rule, index: number): boolean {
  return rule.matches.slice(index + 1).some(({ match }) => match.name !== 'comment');
}

function ifaceSays(way: 'in' | 'out', name: string): string {
  if (name === '') return way === 'in' ? 'it was made on this host' : 'it has no output interface here';
  return `the ${way === 'in' ? 'input' : 'output'} interface is ${name}`;
}
