import type { Rule } from '../rule';
import type { Handle } from '../state/handle';
import type { Ruleset } from '../state/ruleset';

/** A line that was read before, and what it said. */
type KnownLine =
  | { readonly kind: 'chain'; readonly chain: string }
  | { readonly kind: 'rule'; readonly chain: string; rules: readonly [Rule] };

/**
 * What the lines of rulesets were read as, so that after an edit only the lines that are new are read. It holds lines
 * whose meaning hangs on nothing but their table and on which chains there are; that is looked up again each time.
 *
 * One cache serves one family, one set of extensions and one context.
 */
export class LineCache {
  private readonly tables = new Map<string, Map<string, KnownLine>>();
  private readonly rulesets = new Map<string, Ruleset>();

  /** Does what the line said when it was read before. False if it is not known, or would do something else now. */
  perform(handle: Handle, text: string, number: number): boolean {
    const known = this.tables.get(handle.table)?.get(text);
    if (known === undefined) return false;
    if (known.kind === 'chain') return handle.create(known.chain) === null;
    const [rule] = known.rules;
    if (!meansTheSame(rule, handle)) return false;
    // A rule knows its line: one that has moved is another rule.
    if (rule.line !== number) known.rules = [Object.freeze({ ...rule, line: number })];
    return handle.append(known.chain, known.rules, null) === null;
  }

  keepRule(handle: Handle, text: string, chain: string, rule: Rule): void {
    if (!asksSets(rule)) this.lines(handle).set(text, { kind: 'rule', chain, rules: [rule] });
  }

  keepChain(handle: Handle, text: string, chain: string): void {
    this.lines(handle).set(text, { kind: 'chain', chain });
  }

  /** The ruleset that the table had in the text read before: most of its chains are the same. */
  before(handle: Handle): Ruleset | null {
    return this.rulesets.get(handle.table) ?? null;
  }

  /** Told of every table that was read; forgets lines that are not used any more once they are many. */
  keepRuleset(handle: Handle, ruleset: Ruleset): void {
    this.rulesets.set(handle.table, ruleset);
    const lines = this.lines(handle);
    if (lines.size > 2 * ruleset.slots + 1000) lines.clear();
  }

  private lines({ table }: Handle): Map<string, KnownLine> {
    let lines = this.tables.get(table);
    if (lines === undefined) {
      lines = new Map();
      this.tables.set(table, lines);
    }
    return lines;
  }
}

/** A name behind -j is a chain if there is one, and a verdict or target if not. */
function meansTheSame({ target }: Rule, handle: Handle): boolean {
  switch (target.kind) {
    case 'none':
    case 'verdict':
      return true;
    case 'chain':
      return handle.isChain(target.chain);
    case 'extension': {
      const { name, aliases } = target.target;
      return !handle.isChain(name) && !aliases.some((alias) => handle.isChain(alias));
    }
  }
}

/** Sets may come and go between two texts. */
function asksSets({ matches, target }: Rule): boolean {
  return (
    matches.some(({ match }) => match.name === 'set') || (target.kind === 'extension' && target.target.name === 'SET')
  );
}
