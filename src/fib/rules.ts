import { prefixContains } from '../wire';
import type { FibFlow, PolicyRule } from './types';

/** Whether a packet meets a rule. Kernel: fib_rule_match(), fib4_rule_match(), fib6_rule_match() */
function ruleMatches(rule: PolicyRule, flow: FibFlow): boolean {
  return meets(rule, flow) !== rule.not;
}

function meets(rule: PolicyRule, flow: FibFlow): boolean {
  if (rule.iif !== '' && rule.iif !== flow.iif) return false;
  if (rule.oif !== '' && rule.oif !== flow.oif) return false;
  if (((rule.mark ^ flow.mark) & rule.markMask) !== 0) return false;
  if (rule.tunId !== 0 || rule.l3mdev) return false;
  if (rule.uid && (flow.uid < rule.uid.from || flow.uid > rule.uid.to)) return false;
  if (rule.from && rule.from.length > 0 && (flow.src === null || !prefixContains(rule.from, flow.src))) return false;
  if (rule.to && !prefixContains(rule.to, flow.dst)) return false;
  if (rule.tos !== 0 && rule.tos !== (flow.tos & (rule.family === 4 ? 0x1c : 0xfc))) return false;
  if (rule.protocol !== 0 && rule.protocol !== flow.protocol) return false;
  if (rule.sport && (flow.sport < rule.sport.from || flow.sport > rule.sport.to)) return false;
  if (rule.dport && (flow.dport < rule.dport.from || flow.dport > rule.dport.to)) return false;
  return true;
}

/** Whether any rule asks for ports or a protocol, so that packets are dissected. Kernel: fib4_rules_early_flow_dissect() */
export function rulesNeedPorts(rules: readonly PolicyRule[]): boolean {
  return rules.some((r) => r.protocol !== 0 || r.sport !== null || r.dport !== null);
}

/** Answer of what a rule leads to: go on with the next rule, or this. */
export type RuleOutcome<T> = T | 'again';

/**
 * Walks the rules until one of them settles it. Kernel: fib_rules_lookup(), net/core/fib_rules.c
 *
 * @param act what a rule that matched brings about; `again` goes on
 */
export function walkRules<T>(
  rules: readonly PolicyRule[],
  flow: FibFlow,
  act: (rule: PolicyRule) => RuleOutcome<T>,
  missed?: (rule: PolicyRule) => void,
): T | null {
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (!ruleMatches(rule, flow)) {
      missed?.(rule);
      continue;
    }
    if (rule.action === 'goto') {
      const target = rules.findIndex((r, j) => j > i && r.priority === rule.target);
      if (target < 0) continue;
      i = target - 1;
      continue;
    }
    if (rule.action === 'nop') continue;
    const outcome = act(rule);
    if (outcome !== 'again') return outcome;
  }
  return null;
}
