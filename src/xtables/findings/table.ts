import type { MatchUse, Rule, RuleTarget } from '../rule';
import type { TableImage } from '../text/document';
import type { Finding, XtFamily } from '../types';

/** What is found in a table. */
export type Found = Omit<Finding, 'table'>;

type Chain = TableImage['chains'][number];

/** One table, with who calls whom. */
export class TableView {
  readonly table: TableImage;
  readonly family: XtFamily;
  /** Line of `:CHAIN`, by chain. */
  readonly declared: ReadonlyMap<string, number>;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly callers = new Map<string, Rule[]>();
  /** Names of the targets that its rules have, verdicts and chains apart. */
  readonly targets = new Set<string>();
  private readonly callerChains = new Map<string, Set<string>>();

  constructor(table: TableImage, family: XtFamily, declared: ReadonlyMap<string, number>) {
    this.table = table;
    this.family = family;
    this.declared = declared;
    this.chains = new Map(table.chains.map((chain) => [chain.name, chain]));
    for (const chain of table.chains) {
      for (const rule of chain.rules) {
        if (rule.target.kind === 'extension') this.targets.add(rule.target.target.name);
        if (rule.target.kind !== 'chain') continue;
        push(this.callers, rule.target.chain, rule);
        const names = this.callerChains.get(rule.target.chain) ?? new Set();
        this.callerChains.set(rule.target.chain, names.add(chain.name));
      }
    }
  }

  /** Built-in chains from which a chain is reached. */
  hooksOf(chain: string, seen: Set<string> = new Set()): Set<string> {
    const hooks = new Set<string>();
    if (seen.has(chain)) return hooks;
    seen.add(chain);
    if (this.chains.get(chain)?.builtin === true) hooks.add(chain);
    for (const caller of this.callerChains.get(chain) ?? []) {
      for (const hook of this.hooksOf(caller, seen)) hooks.add(hook);
    }
    return hooks;
  }

  /** All rules that a packet may meet from a chain on. */
  *reached(chain: string, seen: Set<string> = new Set()): Generator<Rule> {
    if (seen.has(chain)) return;
    seen.add(chain);
    for (const rule of this.chains.get(chain)?.rules ?? []) {
      yield rule;
      if (rule.target.kind === 'chain') yield* this.reached(rule.target.chain, seen);
    }
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** A packet that this target takes meets no later rule of the chain. */
export function ends(target: RuleTarget): boolean {
  if (target.kind === 'verdict') return true;
  if (target.kind === 'chain') return target.goto;
  return target.kind === 'extension' && target.target.name === 'REJECT';
}

/** What a rule asks beside its header. */
export const tests = (rule: Rule): readonly MatchUse[] => rule.matches.filter(({ match }) => match.name !== 'comment');

/** A rule without a criterion. */
export function takesAll(rule: Rule): boolean {
  const header = rule.src ?? rule.dst ?? rule.iif ?? rule.oif;
  return header === null && rule.protocol === 0 && rule.fragment === 'any' && tests(rule).length === 0;
}
