import type { HookName, TableName } from '../../model';
import { ruleText } from '../print/rule';
import type { Rule } from '../rule';
import type { Counters, XtFamily } from '../types';
import { Chain, Ruleset } from './ruleset';
import type { XtTable } from './tables';

/** Errors of the library that edits tables, by their C names. */
export type HandleErrno = 'ENOENT' | 'E2BIG' | 'EEXIST' | 'EINVAL' | 'EMLINK' | 'ENOTEMPTY';

interface WorkRule {
  rule: Rule;
  /** Its number in the table that was opened, to keep its counters; -1 for a new rule or zeroed counters. */
  origin: number;
  counters: Counters | null;
}

interface WorkChain {
  name: string;
  readonly hook: HookName | null;
  policy: 'ACCEPT' | 'DROP' | null;
  policyOrigin: number;
  policyCounters: Counters | null;
  rules: WorkRule[];
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

  constructor(family: XtFamily, table: XtTable) {
    this.family = family;
    this.table = table.name;
    for (const chain of table.ruleset.chains) {
      this.chains.set(chain.name, {
        name: chain.name,
        hook: chain.hook,
        policy: chain.policy,
        policyOrigin: chain.base + chain.rules.length,
        policyCounters: null,
        rules: chain.rules.map((rule, i) => ({ rule, origin: chain.base + i, counters: null })),
      });
    }
  }

  isChain(name: string): boolean {
    return this.chains.has(name);
  }

  isBuiltin(name: string): boolean {
    return this.chains.get(name)?.hook != null;
  }

  append(name: string, rules: readonly Rule[], counters: Counters | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    for (const rule of rules) {
      if (this.jumpsToBuiltin(rule)) return 'EINVAL';
      chain.rules.push({ rule, origin: -1, counters });
    }
    this.changed = true;
    return null;
  }

  /** Inserts so that the first of `rules` gets `number`. Several come out in reverse, as in the tool. */
  insert(name: string, number: number, rules: readonly Rule[], counters: Counters | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    for (const rule of rules) {
      if (number - 1 > chain.rules.length) return 'E2BIG';
      if (this.jumpsToBuiltin(rule)) return 'EINVAL';
      chain.rules.splice(number - 1, 0, { rule, origin: -1, counters });
    }
    this.changed = true;
    return null;
  }

  replace(name: string, number: number, rule: Rule, counters: Counters | null): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (number > chain.rules.length) return 'E2BIG';
    if (this.jumpsToBuiltin(rule)) return 'EINVAL';
    chain.rules[number - 1] = { rule, origin: -1, counters };
    this.changed = true;
    return null;
  }

  deleteNumber(name: string, number: number): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    if (number > chain.rules.length) return 'E2BIG';
    chain.rules.splice(number - 1, 1);
    this.changed = true;
    return null;
  }

  /** Deletes the first rule that reads the same; with `dry` only looks whether there is one. */
  delete(name: string, rule: Rule, dry: boolean): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined || this.jumpsToBuiltin(rule)) return 'ENOENT';
    const text = ruleText(rule, this.family);
    const index = chain.rules.findIndex((work) => alike(work.rule, rule) && ruleText(work.rule, this.family) === text);
    if (index < 0) return 'ENOENT';
    if (dry) return null;
    chain.rules.splice(index, 1);
    this.changed = true;
    return null;
  }

  flush(name: string): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    chain.rules = [];
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
    if (chain === undefined) return 'ENOENT';
    if (newName.length >= 32) return 'EINVAL';
    this.chains.delete(name);
    chain.name = newName;
    this.chains.set(newName, chain);
    for (const work of this.everyRule()) {
      const { target } = work.rule;
      if (target.kind !== 'chain' || target.chain !== name) continue;
      work.rule = Object.freeze({ ...work.rule, target: Object.freeze({ ...target, chain: newName }) });
    }
    this.changed = true;
    return null;
  }

  setPolicy(name: string, policy: string, counters: Counters | null): HandleErrno | null {
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
    chain.policyCounters = [0, 0];
    for (const work of chain.rules) work.counters = [0, 0];
    this.changed = true;
    return null;
  }

  zeroNumber(name: string, number: number): HandleErrno | null {
    const chain = this.chains.get(name);
    if (chain === undefined) return 'ENOENT';
    const work = chain.rules[number - 1];
    if (work === undefined) return 'E2BIG';
    work.counters = [0, 0];
    this.changed = true;
    return null;
  }

  /** How many rules jump or go to a chain. */
  references(name: string): number {
    let count = 0;
    for (const { rule } of this.everyRule()) if (rule.target.kind === 'chain' && rule.target.chain === name) count++;
    return count;
  }

  /** Built-in chains first, then by name, byte by byte. */
  order(): WorkChain[] {
    const all = [...this.chains.values()];
    const user = all.filter((chain) => chain.hook === null);
    user.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return [...all.filter((chain) => chain.hook !== null), ...user];
  }

  /** The ruleset as it stands now, and where each counter comes from. */
  build(): { ruleset: Ruleset; origins: Int32Array; set: Map<number, Counters> } {
    const chains: Chain[] = [];
    const set = new Map<number, Counters>();
    let slots = 0;
    const order = this.order();
    for (const chain of order) slots += chain.rules.length + 1;
    const origins = new Int32Array(slots);
    let base = 0;
    for (const work of order) {
      const rules: Rule[] = [];
      let i = base;
      for (const { rule, origin, counters } of work.rules) {
        rules.push(rule);
        origins[i] = origin;
        if (counters !== null) set.set(i, counters);
        i++;
      }
      origins[i] = work.policyOrigin;
      if (work.policyCounters !== null) set.set(i, work.policyCounters);
      chains.push(new Chain(work.name, work.hook, work.policy, Object.freeze(rules), base));
      base = i + 1;
    }
    return { ruleset: new Ruleset(Object.freeze(chains), slots), origins, set };
  }

  private *everyRule(): Iterable<WorkRule> {
    for (const chain of this.chains.values()) yield* chain.rules;
  }

  private jumpsToBuiltin(rule: Rule): boolean {
    return rule.target.kind === 'chain' && this.isBuiltin(rule.target.chain);
  }
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
