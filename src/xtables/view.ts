import type { TableName } from '../model';
import { ruleText, targetText } from './print/rule';
import type { ExtensionHook } from './record';
import type { Ruleset } from './state/ruleset';
import type { XtTables } from './state/tables';
import { chainsWithUses, type Use, usesOf } from './state/uses';
import type { Counters } from './types';

/** Views of the tables for page and recording: plain values. */

/** One rule of a chain, for the page. */
export interface RuleView {
  readonly number: number;
  /** As iptables-save prints it, without `-A CHAIN`. */
  readonly text: string;
  /** Line of the text that it came from, from 1; 0 if a command made it. */
  readonly line: number;
  readonly comment: string;
  /** Target with its options, `DNAT --to-destination 10.0.0.5:8080`; '' if none. */
  readonly target: string;
  readonly counters: Counters;
}

export interface ChainView {
  readonly name: string;
  /** Null for a user chain. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  /** How many rules it has. */
  readonly length: number;
  /** The line of each rule. */
  readonly lines: Int32Array;
  /** Those that were asked for. */
  readonly rules: readonly RuleView[];
}

/** A chain, with its rules of number `from` to `to`. */
export function chainView(
  tables: XtTables,
  table: TableName,
  chain: string,
  from = 1,
  to = Number.POSITIVE_INFINITY,
): ChainView | null {
  const data = tables.get(table);
  const found = data?.ruleset.chain(chain);
  if (data === undefined || found === undefined) return null;
  const { name, policy, rules, base } = found;
  const first = Math.max(1, from);
  return {
    name,
    policy,
    length: rules.length,
    lines: Int32Array.from(rules, (rule) => rule.line),
    rules: rules.slice(first - 1, Math.max(0, to)).map((rule, i) => ({
      number: first + i,
      text: ruleText(rule, tables.family),
      line: rule.line,
      comment: rule.matches
        .filter(({ match }) => match.name === 'comment')
        .map(({ config }) => (config as { readonly comment: string }).comment)
        .join(' '),
      target: targetText(rule, tables.family)
        .trimStart()
        .replace(/^-[jg] /, ''),
      counters: data.counters(base + first - 1 + i),
    })),
  };
}

/** Counters that are not 0 by the names of a recording: `nat PREROUTING 1`, `filter INPUT policy`; ip6 with `ip6 `. */
export function recordedCounters(tables: XtTables): Record<string, Counters> {
  const found: Record<string, Counters> = {};
  const prefix = tables.family === 'ip6' ? 'ip6 ' : '';
  for (const table of tables.all()) {
    for (const chain of table.ruleset.chains) {
      const last = chain.rules.length;
      for (let i = 0; i <= last; i++) {
        const slot = chain.base + i;
        const counters = table.counters(slot);
        if (counters[0] === 0 || (i === last && chain.policy === null)) continue;
        const rule = i === last ? 'policy' : i + 1;
        found[`${prefix}${table.name} ${chain.name} ${rule}`] = counters;
      }
    }
  }
  return found;
}

/** Every use of an extension that is `noticed`, in every table. */
export function* everyUse(tables: XtTables) {
  for (const table of tables.all()) {
    for (const chain of table.ruleset.derived(chainsWithUses)) {
      for (const { rule, place, record, config } of chain.derived(usesOf)) {
        yield { table, chain, number: rule + 1, key: (chain.base + rule) * 64 + place, record, config };
      }
    }
  }
}

/** Whether any table has a use that answers yes. */
function anyUse(tables: XtTables, answer: (ruleset: Ruleset) => boolean): boolean {
  for (const { ruleset } of tables.all()) if (ruleset.derived(answer)) return true;
  return false;
}

function someUse(ruleset: Ruleset, test: (use: Use) => boolean): boolean {
  return ruleset.derived(chainsWithUses).some((chain) => chain.derived(usesOf).some(test));
}

const asksConntrack = (ruleset: Ruleset): boolean => someUse(ruleset, ({ record, config }) => record.conntrack(config));
const asksAccounting = (ruleset: Ruleset): boolean => someUse(ruleset, ({ record }) => record.accounting);
const asksDefrag = (ruleset: Ruleset): boolean => someUse(ruleset, ({ record }) => record.defrag);

/** The hook functions that rules bring with them. */
export function extensionHooks(tables: XtTables): readonly ExtensionHook[] {
  return [...tables.all()].flatMap(({ ruleset }) => ruleset.derived(hooksIn));
}

function hooksIn(ruleset: Ruleset): readonly ExtensionHook[] {
  const uses = ruleset.derived(chainsWithUses).flatMap((chain) => chain.derived(usesOf));
  return uses.flatMap(({ record }) => record.functions ?? []);
}

/** Whether a rule, reached or not, makes conntrack active for this family. */
export function needsConntrack(tables: XtTables): boolean {
  return anyUse(tables, asksConntrack);
}

/** Whether a rule needs connections to be counted: the kernel turns nf_conntrack_acct on. Kernel: connbytes_mt_check() */
export function needsAccounting(tables: XtTables): boolean {
  return anyUse(tables, asksAccounting);
}

/** Whether a rule makes fragments be put together, though conntrack is off (socket, TPROXY). */
export function needsDefrag(tables: XtTables): boolean {
  return anyUse(tables, asksDefrag);
}

/** How often rules use the set of this name. Kernel: ip_set_nfnl_get_byindex() */
export function setReferences(tables: XtTables, name: string): number {
  let count = 0;
  for (const { record, config } of everyUse(tables)) {
    for (const set of record.sets?.(config) ?? []) count += Number(set === name);
  }
  return count;
}
