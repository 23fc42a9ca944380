import type { HookName, TableName } from '../../model';
import { protocolName } from '../read/names';
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
  /** The -m or -j that needs a protocol where the rule names none, and the one that would do. */
  readonly needs?: { readonly of: string; readonly protocol: string };
  /** Concerns the chains as a whole, so that leaving out a rule is a guess. */
  readonly structural: boolean;
}

/** The place of a ruleset that is to be loaded. */
interface Loading {
  readonly family: XtFamily;
  readonly table: TableName;
  readonly context: XtContext;
  /** The rulesets that are loaded already. */
  readonly others: readonly Ruleset[];
}

/**
 * Every rule that the kernel refuses, one after the other; the kernel itself stops at the first.
 * Kernel: translate_table(), net/ipv4/netfilter/ip_tables.c
 */
export function* checkRuleset(ruleset: Ruleset, at: Loading): Generator<CheckFailure, void> {
  const reach = markSourceChains(ruleset);
  if ('error' in reach) {
    yield reach;
    return;
  }
  for (const [i, chain] of ruleset.chains.entries()) {
    const hooks = reach[i] ?? NO_HOOKS;
    const before = chain.derived(checksOf);
    const place = `${at.family} ${at.table} ${hooks.join()}`;
    if (before.passed === place) continue;
    const failures = checkChain(ruleset, chain, hooks, at);
    yield* failures;
    if (before.isLasting && failures.length === 0) before.passed = place;
  }
}

function checkChain(ruleset: Ruleset, chain: Chain, hooks: readonly HookName[], at: Loading): readonly CheckFailure[] {
  const failures: CheckFailure[] = [];
  let open = true;
  for (const rule of chain.rules) {
    if (isChecked(rule)) {
      const named = (name: string) => sharedBefore(name, ruleset, rule, at.others);
      const failure = checkRule(rule, chain, callOf(rule, open ? hooks : NO_HOOKS, at, named));
      if (failure !== null) failures.push(failure);
    }
    // Rules after one that ends every packet's walk are not reached: the kernel does not hold their hooks against them.
    if (open && endsWalk(rule)) open = false;
  }
  return failures;
}

function callOf(
  { protocol, protocolNegated, matches }: Rule,
  hooks: readonly HookName[],
  { family, table, context }: Loading,
  named: CheckCall['named'],
): CheckCall {
  return { family, table, hooks, protocol, protocolNegated, context, matches, named };
}

/** Where the rules of a chain have passed the checks, if these hang on nothing but the place. */
function checksOf(rules: readonly Rule[]): { readonly isLasting: boolean; passed: string | null } {
  const isLasting = rules.every(
    ({ matches, target }) =>
      matches.every(({ match }) => !match.contextual) && !(target.kind === 'extension' && target.target.contextual),
  );
  return { isLasting, passed: null };
}

/** Whether there is anything that the kernel could refuse in a rule. */
function isChecked(rule: Rule): boolean {
  if (rule.target.kind === 'extension') return true;
  for (const { match } of rule.matches) if (match.checked) return true;
  return false;
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

/** The hooks from which each chain can be reached, by its place in the ruleset; or the loop. Kernel: mark_source_chains() */
function markSourceChains(ruleset: Ruleset): HookName[][] | CheckFailure {
  const { chains } = ruleset;
  const places = ruleset.places();
  const jumps = chains.map((chain) => {
    const known = chain.derived(jumpsAmong);
    if (known.places !== places) {
      known.jumps = jumpsOf(chain, places);
      known.places = places;
    }
    return known.jumps;
  });
  const reach: HookName[][] = chains.map(() => NO_REACH);
  for (const [i, { hook }] of chains.entries()) {
    if (hook === null) continue;
    const loop = walk(ruleset, jumps, i, hook, reach);
    if (loop !== null) return loop;
  }
  return reach;
}

/** What `jumpsOf` a chain was, among which chains. */
function jumpsAmong(): { places: ReadonlyMap<string, number> | null; jumps: readonly number[] } {
  return { places: null, jumps: NO_JUMPS };
}

/** Of a chain, the rules that jump and may be reached, each followed by the place of the chain that it jumps to. */
function jumpsOf({ rules }: Chain, places: ReadonlyMap<string, number>): readonly number[] {
  let found: number[] | null = null;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (rule.target.kind === 'chain') {
      const to = places.get(rule.target.chain);
      if (to === undefined) continue;
      if (found === null) found = [i, to];
      else found.push(i, to);
    } else if (endsWalk(rule)) break;
  }
  return found ?? NO_JUMPS;
}

const NO_JUMPS: readonly number[] = [];
/** Shared by chains that nothing reaches; never written to. */
const NO_REACH: HookName[] = [];

function walk(
  { chains }: Ruleset,
  jumps: readonly (readonly number[])[],
  start: number,
  hook: HookName,
  reach: HookName[][],
): CheckFailure | null {
  const [NEW, OPEN, DONE] = [0, 1, 2];
  const state = new Uint8Array(chains.length);
  const path = [start];
  const next = [0];
  const enter = (chain: number): void => {
    state[chain] = OPEN;
    if (reach[chain] === NO_REACH) reach[chain] = [hook];
    else reach[chain]!.push(hook);
  };
  enter(start);
  while (path.length > 0) {
    const at = path.length - 1;
    const from = path[at]!;
    const list = jumps[from]!;
    const i = next[at]!;
    if (i === list.length) {
      state[from] = DONE;
      path.pop();
      next.pop();
      continue;
    }
    next[at] = i + 2;
    const to = list[i + 1]!;
    if (state[to] === OPEN) {
      const { name, rules } = chains[from]!;
      const reason = `the jump to ${chains[to]!.name} closes a loop`;
      return { error: 'ELOOP', rule: rules[list[i]!]!, chain: name, reason, structural: true };
    }
    if (state[to] !== NEW) continue;
    enter(to);
    path.push(to);
    next.push(0);
  }
  return null;
}

function checkRule(rule: Rule, chain: Chain, call: CheckCall): CheckFailure | null {
  const fail = (limit: Pick<CheckFailure, 'error' | 'reason' | 'needs'>): CheckFailure => ({
    ...limit,
    rule,
    chain: chain.name,
    structural: false,
  });
  const print = { family: call.family, numeric: true, protocol: call.protocol };
  const refused = (written: string, error: LoadError): CheckFailure =>
    fail({ error, reason: `the kernel does not take ${written}${why(error)}` });
  for (const { match, config } of rule.matches) {
    const limit = outOfPlace(match, `-m ${match.name}`, call);
    if (limit !== null) return fail(limit);
    const error = match.check(config, call);
    if (error !== null) return refused(`-m ${match.name}${match.print(config, print)}`, error);
  }
  if (rule.target.kind !== 'extension') return null;
  const { target, config } = rule.target;
  const limit = outOfPlace(target, `-j ${target.name}`, call);
  if (limit !== null) return fail(limit);
  const error = target.check(config, call);
  return error === null ? null : refused(`-j ${target.name}${target.print(config, print)}`, error);
}

/** What the kernel's error means where it says no more. */
function why(error: LoadError): string {
  if (error === 'ENOENT') return ': what it names does not exist on this host';
  return error === 'EOPNOTSUPP' ? ': it has no such thing' : '';
}

/** Kernel: xt_check_match(), xt_check_target() */
function outOfPlace(
  record: Match | Target,
  name: string,
  call: CheckCall,
): Pick<CheckFailure, 'error' | 'reason' | 'needs'> | null {
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
    const protocol = call.protocol === 0 ? protocolName(record.protocols[0] ?? 0) : null;
    return {
      error: 'EINVAL',
      reason: `${name} needs a protocol (-p) that it fits`,
      ...(protocol === null ? {} : { needs: { of: name, protocol } }),
    };
  }
  return null;
}
