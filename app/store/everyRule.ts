import { TRIED_OUTCOMES, type TriedChain, type TriedRule } from '../../src/engine';

/** A rule of a long chain may be known by its number and outcome alone; `more` asks for the rest. */
export interface ShownRule extends TriedRule {
  readonly more?: () => Promise<TriedRule | undefined>;
}

/** Rules of a long chain that are asked for at once. */
const AT_ONCE = 64;

/** Every rule of a chain. `ask`: for those of number `from` to `to`. */
export function everyRule(
  chain: TriedChain,
  ask: (from: number, to: number) => Promise<TriedChain>,
): readonly ShownRule[] {
  if (chain.rules.length === chain.length) return chain.rules;
  const known = new Map(chain.rules.map((rule) => [rule.number, rule]));
  const more = function (this: TriedRule): Promise<TriedRule | undefined> {
    const from = this.number - ((this.number - 1) % AT_ONCE);
    return ask(from, from + AT_ONCE - 1).then(({ rules }) => rules.find((rule) => rule.number === this.number));
  };
  return Array.from(chain.outcomes, (code, i): ShownRule => {
    const number = i + 1;
    return (
      known.get(number) ?? { ...UNKNOWN_RULE, number, outcome: TRIED_OUTCOMES[code]!, line: chain.lines[i]!, more }
    );
  });
}

const UNKNOWN_RULE = { text: '', comment: '', criteria: [], target: '', counters: [0, 0] } as const;
