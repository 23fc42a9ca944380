import type { TableName } from '../../model';
import type { Command } from '../command/command';
import type { Rule } from '../rule';
import type { Chain } from '../state/ruleset';
import type { XtTable, XtTables } from '../state/tables';
import type { XtFamily } from '../types';
import { ruleText, targetText } from './rule';

/** Canonical text: what `iptables-save` prints, without its comment lines. Tables come newest first, as in /proc. */
export function saveText(
  tables: XtTables,
  options: { readonly counters?: boolean; readonly table?: TableName } = {},
): string {
  const names = options.table === undefined ? [...tables.names()].reverse() : [options.table];
  return names.map((name) => tableText(tables.family, tables.get(name), options.counters ?? false)).join('');
}

/** One table, `*name` to COMMIT. */
function tableText(family: XtFamily, table: XtTable | undefined, counters: boolean): string {
  if (table === undefined) return '';
  const lines = [`*${table.name}`];
  for (const chain of table.ruleset.chains) {
    const slot = chain.base + chain.rules.length;
    const policy = chain.policy === null ? '- [0:0]' : `${chain.policy} [${table.exactCounters(slot).join(':')}]`;
    lines.push(`:${chain.name} ${policy}`);
  }
  for (const chain of table.ruleset.chains) {
    chain.rules.forEach((rule, i) => {
      const slot = chain.base + i;
      const count = counters ? `[${table.exactCounters(slot).join(':')}] ` : '';
      lines.push(`${count}${appendLine(chain, ruleText(rule, family))}`);
    });
  }
  lines.push('COMMIT', '');
  return lines.join('\n');
}

function appendLine(chain: Chain, text: string): string {
  return text === '' ? `-A ${chain.name}` : `-A ${chain.name} ${text}`;
}

/** `iptables -S`. Kernel side: list_rules() */
export function listRules(family: XtFamily, table: XtTable, command: Command): string {
  const chains = table.ruleset.chains.filter((chain) => command.everyChain || chain.name === command.chain);
  const counters = command.verbose > 0;
  const lines: string[] = [];
  const count = (slot: number): string => (counters ? ` -c ${table.exactCounters(slot).join(' ')}` : '');
  if (command.number === 0) {
    for (const chain of chains) {
      if (chain.policy === null) lines.push(`-N ${chain.name}`);
      else lines.push(`-P ${chain.name} ${chain.policy}${count(chain.base + chain.rules.length)}`);
    }
  }
  for (const chain of chains) {
    chain.rules.forEach((rule, i) => {
      if (command.number !== 0 && command.number !== i + 1) return;
      lines.push(withCounters(appendLine(chain, ruleText(rule, family)), family, rule, count(chain.base + i)));
    });
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** `-c PACKETS BYTES` stands in front of the target. */
function withCounters(line: string, family: XtFamily, rule: Rule, counters: string): string {
  if (counters === '') return line;
  const target = targetText(rule, family);
  return `${line.slice(0, line.length - target.length)}${counters}${target}`;
}
