import { type ChangeError, EEXIST } from './change';
import type { Fib } from './fib';
import type { RuleRequest } from './parse-rule';
import { type NumberRange, type PolicyRule, TABLE } from './types';

/** `ip rule add`. Kernel: fib_nl_newrule(), net/core/fib_rules.c; fib4_rule_configure(), fib6_rule_configure() */
export function addRule(fib: Fib, request: RuleRequest): ChangeError {
  const asked = request.rule;
  const asksNone = asked.action !== 'lookup' || asked.l3mdev;
  let table = request.tableGiven || request.actionGiven ? asked.table : TABLE.main;
  const draft = { ...asked, table, priority: request.priority ?? defaultPriority(fib) };
  const wrong = fibNl2rule(draft);
  if (wrong !== null) return wrong;
  if ((draft.tos & 3) !== 0) return 'Error: Invalid dsfield (tos): ECN bits must be 0.';
  if (fib.family === 4 && (draft.tos & ~0x1e) !== 0) return 'Error: Invalid tos.';
  if (fib.rules.some((r) => sameRule(r, draft))) return EEXIST;
  if (table === 0 && !asksNone) {
    if (fib.family === 6) return 'Error: Invalid table.';
    while (table === 0 || fib.tables.has(table)) table++; // fib_empty_table()
    fib.table(table);
  }
  const rule: PolicyRule = Object.freeze({ ...draft, table });
  const at = fib.rules.findIndex((r) => r.priority > rule.priority);
  fib.rules = fib.rules.toSpliced(at < 0 ? fib.rules.length : at, 0, rule);
  fib.customRules = true;
  if (fib.family === 6 && rule.action === 'lookup') fib.table(rule.table); // fib6_rule_configure() makes it
  return null;
}

/** What the kernel takes in no rule, be it to add or to delete. Kernel: fib_nl2rule(), net/core/fib_rules.c */
export function fibNl2rule(rule: PolicyRule): ChangeError {
  if (rule.uid && rule.uid.from > rule.uid.to) return 'Error: Invalid uid range.';
  if (!fibRulePortRangeValid(rule.sport)) return 'Error: Invalid sport range.';
  if (!fibRulePortRangeValid(rule.dport)) return 'Error: Invalid dport range.';
  if (rule.action === 'goto' && rule.target === 0) return 'Error: Missing goto target for action goto.';
  if (rule.action === 'goto' && rule.target <= rule.priority) return 'Error: Backward goto not supported.';
  return null;
}

/** No range has port 0 or 65535. Kernel: fib_rule_port_range_valid(), include/net/fib_rules.h */
function fibRulePortRangeValid(range: NumberRange | null): boolean {
  return range === null || (range.from !== 0 && range.to !== 0 && range.to < 0xffff && range.from <= range.to);
}

/** One less than that of the rule behind the first. Kernel: fib_default_rule_pref() */
export function defaultPriority(fib: Fib): number {
  const second = fib.rules[1];
  return second && second.priority > 0 ? second.priority - 1 : 0;
}

/**
 * Whether a rule counts as there already. Prefixes and TOS that the new one does not ask for are not compared, nor is what
 * it does beyond its action and table. Kernel: rule_exists(), fib4_rule_compare(), fib6_rule_compare()
 */
function sameRule(old: PolicyRule, rule: PolicyRule): boolean {
  const same = (key: keyof PolicyRule) => JSON.stringify(old[key]) === JSON.stringify(rule[key]);
  if (!ALWAYS_COMPARED.every(same)) return false;
  return (rule.from === null || same('from')) && (rule.to === null || same('to')) && (rule.tos === 0 || same('tos'));
}

const ALWAYS_COMPARED: readonly (keyof PolicyRule)[] = [
  'action',
  'table',
  'priority',
  'iif',
  'oif',
  'mark',
  'markMask',
  'tunId',
  'suppressPrefixLength',
  'suppressGroup',
  'l3mdev',
  'uid',
  'madeBy',
  'protocol',
  'sport',
  'dport',
];
