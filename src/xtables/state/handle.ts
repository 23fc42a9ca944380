import type { HookName, TableName } from '../../model';
import { ruleText } from '../print/rule';
import type { Rule } from '../rule';
import { type Counters64, type XtFamily, ZERO_COUNTERS } from '../types';
import { Chain, Ruleset } from './ruleset';
import type { XtTable } from './tables';

/** Errors of the library that edits tables, by their C names. */
export type HandleErrno = 'ENOENT' | 'E2BIG' | 'EEXIST' | 'EINVAL' | 'EMLINK' | 'ENOTEMPTY';

export interface WorkChain {
  name: string;
  readonly hook: HookName | null;
  policy: 'ACCEPT' | 'DROP' | null;
  policyOrigin: number;
  policyCounters: Counters64 | null;
  rules: Rule[];
  /** For each rule its number in the table that was opened, to keep its counters; -1 for a new rule. */
  origins: number[];
  /** Counters that were given outright. */
  counters: (Counters64 | null)[];
}

const STANDARD = new Set(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']);

/**
 * A working copy of a table: commands change it, `commit` (state/commit.ts) puts it in the table's place.
 * Kernel side: libiptc, struct xtc_handle
 */
export class Handle {
  readonly family: XtFamily;
  readonly table: TableName;
  readonly chains = new Map<string, WorkChain>();
  changed = false;
  /** True as long as all rules are new and none has counters: `origins` and `counters` are then left empty. */
  private plain = true;

  constructor(family: XtFamily, table: XtTable) {
    this.family = family;
    this.table = table.name;
    for (const chain of table.ruleset.chains) {
      if (chain.rules.length > 0) this.plain = false;
      this.chains.set(chain.name, {
        name: chain.name,
        hook: chain.hook,
        policy: chain.policy,
        policyOrigin: chain.base + chain.rules.length,
        policyCounters: null,
        rules: chain.rules.slice(),
        origins: chain.rules.map((_, i) => chain.base + i),
        counters: chain.rules.map(() => null),
      });
    }
  }

  isChain(name: string): boolean {
    return this.chains.has(name);
  }

  isBuiltin(name: string): boolean {
    return this.chains.get(name)?.hook != null;
  }

  append(name: string, rules: readonly Rule[], counters: Counters64 | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (counters !== null) this.unfold();
    for (const rule of rules) {
      if (this.jumpsToBuiltin(rule)) return 'EINVAL';
      chain.rules.push(rule);
      if (this.plain) continue;
      chain.origins.push(-1);
      chain.counters.push(counters);
    }
    this.changed = true;
    return null;
  }

  /** Inserts so that the first of `rules` gets `number`. Several come out in reverse, as in the tool. */
  insert(name: string, number: number, rules: readonly Rule[], counters: Counters64 | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    this.unfold();
    for (const rule of rules) {
      if (number - 1 > chain.rules.length) return 'E2BIG';
      if (this.jumpsToBuiltin(rule)) return 'EINVAL';
      chain.rules.splice(number - 1, 0, rule);
      chain.origins.splice(number - 1, 0, -1);
      chain.counters.splice(number - 1, 0, counters);
    }
    this.changed = true;
    return null;
  }

  replace(name: string, number: number, rule: Rule, counters: Counters64 | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (number > chain.rules.length) return 'E2BIG';
    if (this.jumpsToBuiltin(rule)) return 'EINVAL';
    this.unfold();
    chain.rules[number - 1] = rule;
    chain.origins[number - 1] = -1;
    chain.counters[number - 1] = counters;
    this.changed = true;
    return null;
  }

  deleteNumber(name: string, number: number): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (number > chain.rules.length) return 'E2BIG';
    this.cut(chain, number - 1);
    this.changed = true;
    return null;
  }

  /** Deletes the first rule that is the same to the tool; with `dry` only looks whether there is one. */
  delete(name: string, rule: Rule, dry: boolean): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined || this.jumpsToBuiltin(rule)) return 'ENOENT';
    const textOf = (one: Rule) => ruleText(one, this.family, 'compared');
    const text = textOf(rule);
    const index = chain.rules.findIndex((other) => alike(other, rule) && textOf(other) === text);
    if (index < 0) return 'ENOENT';
    if (dry) return null;
    this.cut(chain, index);
    this.changed = true;
    return null;
  }

  flush(name: string): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    chain.rules = [];
    chain.origins = [];
    chain.counters = [];
    this.changed = true;
    return null;
  }

  create(name: string): HandleErrno | null {
    if (this.chains.has(name) || STANDARD.has(name)) return 'EEXIST';
    this.chains.set(name, {
      name,
      hook: null,
      policy: null,
      policyOrigin: -1,
      policyCounters: null,
      rules: [],
      origins: [],
      counters: [],
    });
    this.changed = true;
    return null;
  }

  deleteChain(name: string): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (chain.hook !== null) return 'EINVAL';
    if (this.references(name) > 0) return 'EMLINK';
    if (chain.rules.length > 0) return 'ENOTEMPTY';
    this.chains.delete(name);
    this.changed = true;
    return null;
  }

  rename(name: string, newName: string): HandleErrno | null {
    if (this.chains.has(newName) || STANDARD.has(newName)) return 'EEXIST';
    const chain = this.chains.get(name);
    if (chain === undefined || chain.hook !== null) return 'ENOENT';
    if (newName.length >= 32) return 'EINVAL';
    this.chains.delete(name);
    chain.name = newName;
    this.chains.set(newName, chain);
    for (const { rules } of this.chains.values()) {
      for (const [i, rule] of rules.entries()) {
        const { target } = rule;
        if (target.kind !== 'chain' || target.chain !== name) continue;
        rules[i] = Object.freeze({ ...rule, target: Object.freeze({ ...target, chain: newName }) });
      }
    }
    this.changed = true;
    return null;
  }

  setPolicy(name: string, policy: string, counters: Counters64 | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined || chain.hook === null) return 'ENOENT';
    if (policy !== 'ACCEPT' && policy !== 'DROP') return 'EINVAL';
    chain.policy = policy;
    if (counters !== null) chain.policyCounters = counters;
    this.changed = true;
    return null;
  }

  zero(name: string): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    this.unfold();
    chain.policyCounters = ZERO_COUNTERS;
    chain.counters = chain.rules.map(() => ZERO_COUNTERS);
    this.changed = true;
    return null;
  }

  zeroNumber(name: string, number: number): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (number > chain.rules.length) return 'E2BIG';
    this.unfold();
    chain.counters[number - 1] = ZERO_COUNTERS;
    this.changed = true;
    return null;
  }

  /** How many rules jump or go to a chain. */
  references(name: string): number {
    let count = 0;
    for (const { rules } of this.chains.values()) {
      for (const { target } of rules) if (target.kind === 'chain' && target.chain === name) count++;
    }
    return count;
  }

  /** Built-in chains first, then by name, byte by byte. */
  order(before: Ruleset | null = null): WorkChain[] {
    const known = before === null ? null : this.orderOf(before);
    if (known !== null) return known;
    const builtin: WorkChain[] = [];
    const user: string[] = [];
    let sorted = true;
    for (const chain of this.chains.values()) {
      if (chain.hook !== null) builtin.push(chain);
      else {
        sorted &&= user.length === 0 || user[user.length - 1]! < chain.name;
        user.push(chain.name);
      }
    }
    if (!sorted) user.sort();
    return [...builtin, ...user.map((name) => this.chains.get(name)!)];
  }

  /** The chains in the order of a ruleset; null if it has others. */
  private orderOf({ chains }: Ruleset): WorkChain[] | null {
    if (chains.length !== this.chains.size) return null;
    const found: WorkChain[] = [];
    for (const { name } of chains) {
      const chain = this.chains.get(name);
      if (chain === undefined) return null;
      found.push(chain);
    }
    return found;
  }

  /**
   * The ruleset as it stands now, and where each counter comes from. Chains that `before` (an earlier ruleset of the same
   * table) has with the same rules are shared with it.
   */
  build(before: Ruleset | null = null): { ruleset: Ruleset; origins: Int32Array; set: Map<number, Counters64> } {
    const chains: Chain[] = [];
    const set = new Map<number, Counters64>();
    let slots = 0;
    const order = this.order(before);
    let isAlike = before?.chains.length === order.length;
    for (const chain of order) slots += chain.rules.length + 1;
    const origins = new Int32Array(slots);
    let base = 0;
    for (const work of order) {
      const { rules } = work;
      if (this.plain) origins.fill(-1, base, base + rules.length);
      else
        for (let k = 0; k < rules.length; k++) {
          origins[base + k] = work.origins[k]!;
          const counters = work.counters[k]!;
          if (counters !== null) set.set(base + k, counters);
        }
      const i = base + rules.length;
      origins[i] = work.policyOrigin;
      if (work.policyCounters !== null) set.set(i, work.policyCounters);
      let known = before?.chains[chains.length];
      if (known?.name !== work.name) {
        known = before?.chain(work.name);
        isAlike = false;
      }
      chains.push(
        known !== undefined && known.hook === work.hook && sameRules(known.rules, rules)
          ? known.moved(work.policy, base)
          : new Chain(work.name, work.hook, work.policy, Object.freeze(rules.slice()), base),
      );
      base = i + 1;
    }
    return { ruleset: new Ruleset(Object.freeze(chains), slots, isAlike ? before : null), origins, set };
  }

  /** From here on each rule has its origin and counters beside it. */
  private unfold(): void {
    if (!this.plain) return;
    this.plain = false;
    for (const chain of this.chains.values()) {
      chain.origins = chain.rules.map(() => -1);
      chain.counters = chain.rules.map(() => null);
    }
  }

  private cut(chain: WorkChain, index: number): void {
    this.unfold();
    chain.rules.splice(index, 1);
    chain.origins.splice(index, 1);
    chain.counters.splice(index, 1);
  }

  private jumpsToBuiltin(rule: Rule): boolean {
    return rule.target.kind === 'chain' && this.isBuiltin(rule.target.chain);
  }
}

/** Whether two chains have the very same rules. */
export function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A quick test that spares printing most of the rules that differ. */
function alike(a: Rule, b: Rule): boolean {
  return (
    a.protocol === b.protocol &&
    a.matches.length === b.matches.length &&
    a.target.kind === b.target.kind &&
    a.src?.a0 === b.src?.a0 &&
    a.dst?.a0 === b.dst?.a0 &&
    a.iif?.text === b.iif?.text &&
    a.oif?.text === b.oif?.text
  );
}
