import type { HookName, TableName } from '../../model';
import type { CheckCall, Config, LoadError, Match, Target } from '../record';
import { type Rule, unconditional } from '../rule';
import type { XtContext, XtFamily } from '../types';
import type { Chain, Ruleset } from './ruleset';

/** What the kernel refuses when a table is replaced. */
export interface CheckFailure {
  readonly error: LoadError;
  /** The rule that it is about (of a loop: the jump that closes it). */
  readonly rule: Rule;
  readonly chain: string;
  /** Why, in our words: the kernel only logs it. */
  readonly reason: string;
  /** Concerns the chains as a whole, so that leaving out a rule is a guess. */
  readonly structural: boolean;
}

/**
 * Every rule that the kernel refuses; it stops at the first. `others` are the rulesets that are loaded already.
 * Kernel: translate_table(), net/ipv4/netfilter/ip_tables.c
 */
export function checkRuleset(
  ruleset: Ruleset,
  family: XtFamily,
  table: TableName,
  context: XtContext,
  all: boolean,
  others: readonly Ruleset[],
): CheckFailure[] {
  const reach = markSourceChains(ruleset);
  if ('error' in reach) return [reach];
  const failures: CheckFailure[] = [];
  for (const chain of ruleset.chains) {
    const hooks = reach.get(chain.name) ?? NO_HOOKS;
    let open = true;
    for (const rule of chain.rules) {
      const named = (name: string) => sharedBefore(name, ruleset, rule, others);
      const failure = checkRule(rule, chain, open ? hooks : NO_HOOKS, family, table, context, named);
      if (failure !== null) {
        failures.push(failure);
        if (!all) return failures;
      }
      // Rules after one that ends every packet's walk are not reached: the kernel does not hold their hooks against them.
      if (open && endsWalk(rule)) open = false;
    }
  }
  return failures;
}

const NO_HOOKS: readonly HookName[] = [];

/** The kernel sets up rule by rule: what a later rule makes is not there yet; what a table has that is loaded, is. */
function sharedBefore(name: string, ruleset: Ruleset, end: Rule, others: readonly Ruleset[]): Config | null {
  for (const other of others) {
    const found = targetSharing(name, other, null);
    if (found !== null) return found;
  }
  return targetSharing(name, ruleset, end);
}

function targetSharing(name: string, ruleset: Ruleset, end: Rule | null): Config | null {
  for (const chain of ruleset.chains) {
    for (const rule of chain.rules) {
      if (rule === end) return null;
      const { target } = rule;
      if (target.kind === 'extension' && target.target.shares(target.config) === name) return target.config;
    }
  }
  return null;
}

function endsWalk(rule: Rule): boolean {
  return rule.target.kind === 'verdict' && unconditional(rule);
}

/** The hooks from which each chain can be reached, or the loop. Kernel: mark_source_chains() */
function markSourceChains(ruleset: Ruleset): Map<string, HookName[]> | CheckFailure {
  const reach = new Map<string, HookName[]>();
  for (const start of ruleset.chains) {
    if (start.hook === null) continue;
    const loop = walk(ruleset, start, start.hook, reach);
    if (loop !== null) return loop;
  }
  return reach;
}

function walk(ruleset: Ruleset, start: Chain, hook: HookName, reach: Map<string, HookName[]>): CheckFailure | null {
  const done = new Set<string>();
  const path: { chain: Chain; next: number }[] = [{ chain: start, next: 0 }];
  const onPath = new Set([start.name]);
  reach.set(start.name, [...(reach.get(start.name) ?? []), hook]);
  while (path.length > 0) {
    const top = path[path.length - 1]!;
    const rule = top.chain.rules[top.next];
    if (rule === undefined || (top.next > 0 && endsWalk(top.chain.rules[top.next - 1]!))) {
      onPath.delete(top.chain.name);
      done.add(top.chain.name);
      path.pop();
      continue;
    }
    top.next++;
    if (rule.target.kind !== 'chain') continue;
    const name = rule.target.chain;
    if (onPath.has(name)) {
      const reason = `the jump to ${name} closes a loop`;
      return { error: 'ELOOP', rule, chain: top.chain.name, reason, structural: true };
    }
    const chain = ruleset.chain(name);
    if (done.has(name) || chain === undefined) continue;
    reach.set(name, [...(reach.get(name) ?? []), hook]);
    onPath.add(name);
    path.push({ chain, next: 0 });
  }
  return null;
}

function checkRule(
  rule: Rule,
  chain: Chain,
  hooks: readonly HookName[],
  family: XtFamily,
  table: TableName,
  context: XtContext,
  named: CheckCall['named'],
): CheckFailure | null {
  const call: CheckCall = {
    family,
    table,
    hooks,
    protocol: rule.protocol,
    protocolNegated: rule.protocolNegated,
    context,
    matches: rule.matches,
    named,
  };
  const fail = (error: LoadError, reason: string): CheckFailure => ({
    error,
    rule,
    chain: chain.name,
    reason,
    structural: false,
  });
  for (const { match, config } of rule.matches) {
    const limit = outOfPlace(match, `-m ${match.name}`, call);
    if (limit !== null) return fail(limit.error, limit.reason);
    const error = match.check(config, call);
    if (error !== null) return fail(error, `the kernel does not take this use of -m ${match.name}`);
  }
  if (rule.target.kind !== 'extension') return null;
  const { target, config } = rule.target;
  const limit = outOfPlace(target, `-j ${target.name}`, call);
  if (limit !== null) return fail(limit.error, limit.reason);
  const error = target.check(config, call);
  return error === null ? null : fail(error, `the kernel does not take this use of -j ${target.name}`);
}

/** Kernel: xt_check_match(), xt_check_target() */
function outOfPlace(
  record: Match | Target,
  name: string,
  call: CheckCall,
): { error: LoadError; reason: string } | null {
  if (record.absent) return { error: 'ENOENT', reason: `${name} is not in the kernel` };
  if (record.tables !== null && !record.tables.includes(call.table)) {
    return { error: 'EINVAL', reason: `${name} is only valid in the table ${record.tables.join(', ')}` };
  }
  const wrong = record.hooks === null ? [] : call.hooks.filter((hook) => !record.hooks!.includes(hook));
  if (wrong.length > 0) {
    const where = record.hooks!.join(', ');
    return {
      error: 'EINVAL',
      reason: `${name} is only valid in ${where}; this rule can be reached from ${wrong.join(', ')}`,
    };
  }
  if (record.protocols !== null && (call.protocolNegated || !record.protocols.includes(call.protocol))) {
    return { error: 'EINVAL', reason: `${name} needs a protocol (-p) that it fits` };
  }
  return null;
}
