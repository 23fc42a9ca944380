import type { Config, Match, Target } from '../record';
import type { Rule } from '../rule';
import type { Chain, Ruleset } from './ruleset';

/** A use of an extension that someone outside of its rule has to know of. */
export interface Use {
  /** Number of the rule in its chain, from 0, and place in the rule. */
  readonly rule: number;
  readonly place: number;
  readonly record: Match | Target;
  readonly config: Config;
}

const NO_USES: readonly Use[] = [];

/** Those of a chain, in the order of its rules. */
export function usesOf(rules: readonly Rule[]): readonly Use[] {
  let found: Use[] | null = null;
  const add = (rule: number, place: number, record: Match | Target, config: Config): void => {
    found ??= [];
    found.push({ rule, place, record, config });
  };
  for (let i = 0; i < rules.length; i++) {
    const { matches, target } = rules[i]!;
    for (let j = 0; j < matches.length; j++) {
      const { match, config } = matches[j]!;
      if (match.noticed) add(i, j, match, config);
    }
    if (target.kind === 'extension' && target.target.noticed) add(i, 63, target.target, target.config);
  }
  return found ?? NO_USES;
}

/** Chains with uses that someone outside has to know of. */
export function chainsWithUses({ chains }: Ruleset): readonly Chain[] {
  return chains.filter((chain) => chain.rules.length > 0 && chain.derived(usesOf).length > 0);
}
