import type { TableName } from '../model';
import { ruleText, targetText } from './print/rule';
import type { XtTables } from './state/tables';
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
  /** Target with its options; '' if none. */
  readonly target: string;
  readonly counters: Counters;
}

export interface ChainView {
  readonly name: string;
  /** Null for a user chain. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  readonly policyCounters: Counters;
  readonly rules: readonly RuleView[];
}

export function chainView(tables: XtTables, table: TableName, chain: string): ChainView | null {
  const data = tables.get(table);
  const found = data?.ruleset.chain(chain);
  if (data === undefined || found === undefined) return null;
  const counters = (slot: number): Counters => [data.packets[slot]!, data.bytes[slot]!];
  return {
    name: chain,
    policy: found.policy,
    policyCounters: counters(found.base + found.rules.length),
    rules: found.rules.map((rule, i) => ({
      number: i + 1,
      text: ruleText(rule, tables.family),
      line: rule.line,
      comment: rule.matches
        .filter(({ match }) => match.name === 'comment')
        .map(({ config }) => (config as { readonly comment: string }).comment)
        .join(' '),
      target: targetText(rule, tables.family)
        .trimStart()
        .replace(/^-[jg] /, ''),
      counters: counters(found.base + i),
    })),
  };
}

/** Names of the chains of a table, built-in ones first. */
export function chainNames(tables: XtTables, table: TableName): readonly string[] {
  return tables.get(table)?.ruleset.chains.map((chain) => chain.name) ?? [];
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
        if (table.packets[slot] === 0 || (i === last && chain.policy === null)) continue;
        const rule = i === last ? 'policy' : i + 1;
        found[`${prefix}${table.name} ${chain.name} ${rule}`] = [table.packets[slot]!, table.bytes[slot]!];
      }
    }
  }
  return found;
}

/** Every use of an extension, in every table. */
function* everyUse(tables: XtTables) {
  for (const table of tables.all()) {
    for (const chain of table.ruleset.chains) {
      for (const [i, rule] of chain.rules.entries()) {
        for (const [j, { match, config }] of rule.matches.entries()) {
          yield { table, chain, number: i + 1, key: (chain.base + i) * 64 + j, record: match, config };
        }
        if (rule.target.kind !== 'extension') continue;
        const { target, config } = rule.target;
        yield { table, chain, number: i + 1, key: (chain.base + i) * 64 + 63, record: target, config };
      }
    }
  }
}

/** Whether a rule, reached or not, makes conntrack active for this family. */
export function needsConntrack(tables: XtTables): boolean {
  for (const { record, config } of everyUse(tables)) if (record.conntrack(config)) return true;
  return false;
}

/** Whether a rule needs connections to be counted: the kernel turns nf_conntrack_acct on. Kernel: connbytes_mt_check() */
export function needsAccounting(tables: XtTables): boolean {
  for (const { record } of everyUse(tables)) if (record.name === 'connbytes') return true;
  return false;
}

/** Whether a rule makes fragments be put together, though conntrack is off (socket, TPROXY). */
export function needsDefrag(tables: XtTables): boolean {
  for (const { record } of everyUse(tables)) if (record.defrag) return true;
  return false;
}

/** State that matches keep, by `nat PREROUTING 1`: what `limit`, `quota`, `recent` … stand at. */
export function ruleState(
  tables: XtTables,
  now: number,
): Record<string, readonly { readonly what: string; readonly value: string }[]> {
  const found: Record<string, { what: string; value: string }[]> = {};
  for (const { table, chain, number, key, record, config } of everyUse(tables)) {
    const name = record.shares(config);
    const kept = name === null ? table.kept.get(key) : tables.shared.get(name);
    const value = record.stateText(config, kept ?? null, now);
    if (value === null) continue;
    const rule = `${table.name} ${chain.name} ${number}`;
    found[rule] ??= [];
    found[rule].push({ what: record.name, value });
  }
  return found;
}

/** How often rules use the set of this name. Kernel: ip_set_nfnl_get_byindex() */
export function setReferences(tables: XtTables, name: string): number {
  let count = 0;
  for (const use of everyUse(tables)) {
    if (use.record.name === 'set') count += Number((use.config as { readonly name: string }).name === name);
    else if (use.record.name === 'SET') {
      const { add, del, map } = use.config as Readonly<Record<'add' | 'del' | 'map', { readonly name: string } | null>>;
      for (const ref of [add, del, map]) count += Number(ref?.name === name);
    }
  }
  return count;
}
