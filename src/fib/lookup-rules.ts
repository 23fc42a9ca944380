import { assertNever } from '../base';
import type { ConsideredRoute } from '../model';
import { considerRule } from './considered';
import type { Fib } from './fib';
import { type RuleOutcome, walkRules } from './rules';
import type { FibTable } from './table';
import type { FibDevices, FibError, FibFlow, FibResult, Nexthop, PolicyRule, Route } from './types';

export const NO_ROUTE: FibResult = Object.freeze({ ok: false, error: 'ENETUNREACH', route: null, rule: null });

/**
 * The route of the first policy rule that settles it.
 *
 * Kernel: __fib_lookup(), net/ipv4/fib_rules.c; fib6_rule_lookup(), net/ipv6/fib6_rules.c
 *
 * @param inTable looks a table up
 */
export function lookupByRules(
  fib: Fib,
  flow: FibFlow,
  devices: FibDevices,
  considered: ConsideredRoute[] | undefined,
  inTable: (table: FibTable, rule: PolicyRule) => RuleOutcome<FibResult>,
): FibResult {
  /** Kernel: fib4_rule_action(), __fib6_rule_action() */
  const act = (rule: PolicyRule): RuleOutcome<FibResult> => {
    const refuse = (error: FibError): FibResult => ({ ok: false, error, route: null, rule });
    switch (rule.action) {
      case 'unreachable':
        return refuse('ENETUNREACH');
      case 'prohibit':
        return refuse('EACCES');
      case 'goto':
      case 'nop':
        return 'again';
      case 'lookup': {
        const table = fib.tables.get(rule.table);
        if (!table || table.count === 0) {
          considered?.push({ ...considerRule(rule), outcome: 'table-empty' });
          return 'again';
        }
        const found = inTable(table, rule);
        return found !== 'again' && found.ok && suppressed(rule, found, devices) ? 'again' : found;
      }
      default:
        return refuse('EINVAL');
    }
  };
  const missed = considered && ((rule: PolicyRule) => considered.push(considerRule(rule)));
  return walkRules(fib.rules, flow, act, missed) ?? NO_ROUTE;
}

/** Whether a rule does not want the route that its table gave. Kernel: fib4_rule_suppress(), fib6_rule_suppress() */
function suppressed(
  rule: PolicyRule,
  found: { readonly route: Route; readonly nexthop: Nexthop },
  devices: FibDevices,
): boolean {
  if (found.route.prefix.length <= rule.suppressPrefixLength) return true;
  return rule.suppressGroup >= 0 && devices.fibDevice(found.nexthop.dev)?.group === rule.suppressGroup;
}

/** What a route of a type that leads nowhere answers. Kernel: fib_props[] */
export function typeError(route: Route): FibError | 'again' | null {
  switch (route.type) {
    case 'unicast':
    case 'local':
    case 'broadcast':
    case 'anycast':
    case 'multicast':
      return null;
    case 'blackhole':
    case 'nat':
      return 'EINVAL';
    case 'unreachable':
      return 'EHOSTUNREACH';
    case 'prohibit':
      return 'EACCES';
    case 'throw':
      return 'again';
    default:
      return assertNever(route.type);
  }
}
