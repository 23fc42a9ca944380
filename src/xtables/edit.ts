import type { TableName } from '../model';
import type { Packet } from '../wire';
import type { Rule } from './rule';
import { headerMatches } from './run/builtin';
import { portOf } from './run/index-of-rules';
import { packetKey } from './run/packet';
import type { Ruleset } from './state/ruleset';
import { usesOf } from './state/uses';
import type { SaveDocument } from './text/document';
import type { XtFamily } from './types';

/** A rule that was written anew in its place; all else in its ruleset is as it was. */
export interface RuleEdit {
  readonly family: XtFamily;
  readonly table: TableName;
  readonly chain: string;
  /** Number of the rule in its chain, from 1. */
  readonly number: number;
  readonly before: Rule;
  readonly after: Rule;
  /** The rulesets that a table has from either text. */
  readonly rulesets: { readonly before: Ruleset; readonly after: Ruleset };
}

/**
 * The one rule in which two texts differ as they are loaded; 'none' if they differ in nothing, as when a line is wrong
 * before and after. Null if more is different, or if the rules ask for different things outside of themselves: conntrack,
 * sets, names that they share.
 */
export function ruleEdit(before: SaveDocument, after: SaveDocument): RuleEdit | 'none' | null {
  const { family } = after;
  if (!isLoaded(before) || !isLoaded(after) || before.tables.length !== after.tables.length) return null;
  let found: RuleEdit | null = null;
  for (const [i, image] of after.tables.entries()) {
    const old = before.tables[i]!;
    if (old.name !== image.name || !sameChains(old.ruleset!, image.ruleset!)) return null;
    const rulesets = { before: old.ruleset!, after: image.ruleset! };
    for (const [j, { name, rules }] of rulesets.after.chains.entries()) {
      const known = rulesets.before.chains[j]!.rules;
      for (let k = 0; known !== rules && k < rules.length; k++) {
        const [was, is] = [known[k]!, rules[k]!];
        if (was === is) continue;
        if (found !== null) return null;
        found = { family, table: image.name, chain: name, number: k + 1, before: was, after: is, rulesets };
      }
    }
  }
  if (found === null) return 'none';
  return before.diagnostics.length + after.diagnostics.length === 0 && asksForTheSame(found) ? found : null;
}

/** Whether each table of a text is loaded as its image has it, but for lines that are left out. */
function isLoaded({ tables, lost, plain }: SaveDocument): boolean {
  return (
    plain &&
    lost.length === 0 &&
    tables.every(({ ruleset, broken, counters }) => ruleset !== null && !broken && counters.size === 0) &&
    new Set(tables.map((t) => t.name)).size === tables.length
  );
}

function sameChains({ chains: a }: Ruleset, { chains: b }: Ruleset): boolean {
  return (
    a.length === b.length &&
    a.every((chain, i) => {
      const { name, policy, rules } = b[i]!;
      return chain.name === name && chain.policy === policy && chain.rules.length === rules.length;
    })
  );
}

function asksForTheSame({ before, after }: RuleEdit): boolean {
  const [x, y] = [usesOf([before]), usesOf([after])];
  return (
    x.length === y.length &&
    x.every(({ record, config }, i) => {
      const other = y[i]!;
      return (
        record === other.record &&
        record.conntrack(config) === record.conntrack(other.config) &&
        record.shares(config) === null &&
        record.shares(other.config) === null &&
        (record.sets === null || record.sets(config).join() === record.sets(other.config).join())
      );
    })
  );
}

/**
 * Whether a rule fails for this packet by its addresses, interfaces, protocol or destination port alone: nothing that has
 * an effect or knows more than the packet was asked. `iif`, `oif`: names of the interfaces, '' for none.
 */
export function isPassedOver(rule: Rule, packet: Packet, family: XtFamily, iif: string, oif: string): boolean {
  const key = packetKey(packet, family);
  if (key.odd) return false;
  if (!headerMatches(rule, key, iif, oif)) return true;
  if (rule.protocolNegated || (packet.tcp === undefined && packet.udp === undefined)) return false;
  const port = portOf(rule);
  return port !== null && port !== key.dport;
}
