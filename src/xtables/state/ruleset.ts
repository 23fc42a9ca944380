import type { HookName, TableName } from '../../model';
import { TABLE_HOOKS } from '../../model';
import type { Rule } from '../rule';

/**
 * A chain as it runs. Frozen, and shared by checkpoints: what is worked out from its rules (the index of a long chain)
 * is kept beside them, for it can never be wrong.
 */
export class Chain {
  readonly name: string;
  /** Null for a user chain. */
  readonly hook: HookName | null;
  readonly policy: 'ACCEPT' | 'DROP' | null;
  readonly rules: readonly Rule[];
  /** Number of its first rule among all of the table; its policy (or end) counts after its last rule. */
  readonly base: number;
  #derived: Map<object, unknown> | undefined;

  constructor(name: string, hook: HookName | null, policy: Chain['policy'], rules: readonly Rule[], base: number) {
    this.name = name;
    this.hook = hook;
    this.policy = policy;
    this.rules = rules;
    this.base = base;
    Object.freeze(this);
  }

  /** What `make` works out of the rules alone, made at the first call. */
  derived<T>(make: (rules: readonly Rule[]) => T): T {
    this.#derived ??= new Map();
    if (!this.#derived.has(make)) this.#derived.set(make, make(this.rules));
    return this.#derived.get(make) as T;
  }

  /** This chain with another policy, or at another place in its table. */
  moved(policy: Chain['policy'], base: number): Chain {
    if (policy === this.policy && base === this.base) return this;
    const chain = new Chain(this.name, this.hook, policy, this.rules, base);
    this.#derived ??= new Map();
    chain.#derived = this.#derived;
    return chain;
  }
}

/** The chains of a table: built-in ones in the order of their hooks, then the others by name. */
export class Ruleset {
  readonly chains: readonly Chain[];
  /** How many counters it needs: one for each rule, one for each chain. */
  readonly slots: number;
  /** The place of each chain in `chains`, by name. */
  readonly #places: ReadonlyMap<string, number>;
  #derived: Map<object, unknown> | undefined;

  /** `alike`: a ruleset whose chains have the same names in the same order. */
  constructor(chains: readonly Chain[], slots: number, alike: Ruleset | null = null) {
    this.chains = chains;
    this.slots = slots;
    this.#places = alike === null ? new Map(chains.map((chain, i) => [chain.name, i])) : alike.#places;
    Object.freeze(this);
  }

  chain(name: string): Chain | undefined {
    const place = this.#places.get(name);
    return place === undefined ? undefined : this.chains[place];
  }

  /** The place of each chain in `chains`, by name; rulesets with the same chains share it. */
  places(): ReadonlyMap<string, number> {
    return this.#places;
  }

  /** What `make` works out of the chains, made at the first call. */
  derived<T>(make: (ruleset: Ruleset) => T): T {
    this.#derived ??= new Map();
    if (!this.#derived.has(make)) this.#derived.set(make, make(this));
    return this.#derived.get(make) as T;
  }
}

/** A table as it is when its module comes: built-in chains that accept. Kernel: ipt_alloc_initial_table() */
export function emptyRuleset(table: TableName): Ruleset {
  const chains = TABLE_HOOKS[table].map((hook, i) => new Chain(hook, hook, 'ACCEPT', [], i));
  return new Ruleset(chains, chains.length);
}
