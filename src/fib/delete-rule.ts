import { defaultPriority, fibNl2rule } from './apply-rule';
import { type ChangeError, ENOENT } from './change';
import type { Fib } from './fib';
import type { RuleRequest } from './parse-rule';

/** `ip rule del`: the first that has all that is said. Kernel: fib_nl_delrule(), rule_find() */
export function deleteRule(fib: Fib, request: RuleRequest): ChangeError {
  const { rule: asked, priority } = request;
  const wrong = fibNl2rule({ ...asked, priority: priority ?? defaultPriority(fib) });
  if (wrong !== null) return wrong;
  const victim = fib.rules.find((r) => {
    if (priority !== null && r.priority !== priority) return false;
    if (request.actionGiven && r.action !== asked.action) return false;
    if (request.tableGiven && r.table !== asked.table) return false;
    if (asked.not !== r.not && asked.not) return false;
    if (asked.iif !== '' && asked.iif !== r.iif) return false;
    if (asked.oif !== '' && asked.oif !== r.oif) return false;
    if (asked.mark !== 0 && asked.mark !== r.mark) return false;
    if (asked.markMask !== 0 && asked.markMask !== r.markMask) return false;
    if (asked.tos !== 0 && asked.tos !== r.tos) return false;
    if (asked.protocol !== 0 && asked.protocol !== r.protocol) return false;
    if (asked.suppressPrefixLength >= 0 && asked.suppressPrefixLength !== r.suppressPrefixLength) return false;
    return (
      sameIfAsked(asked.from, r.from) &&
      sameIfAsked(asked.to, r.to) &&
      sameIfAsked(asked.sport, r.sport) &&
      sameIfAsked(asked.dport, r.dport) &&
      sameIfAsked(asked.uid, r.uid)
    );
  });
  if (victim === undefined) return ENOENT;
  if (victim.madeBy === 2 && victim.priority === 0 && fib.family === 4 && request.priority === null) return ENOENT;
  fib.rules = fib.rules.filter((r) => r !== victim);
  if (fib.family === 4) fib.customRules = true; // fib4_rule_delete(); IPv6 takes no note
  return null;
}

function sameIfAsked(asked: object | null, has: object | null): boolean {
  return asked === null || JSON.stringify(asked) === JSON.stringify(has);
}

/** `ip rule flush`: all but the first, priority 0. */
export function flushRules(fib: Fib): void {
  fib.rules = fib.rules.filter((r) => r.priority === 0);
  if (fib.family === 4) fib.customRules = true; // fib4_rule_delete(); IPv6 takes no note
}
