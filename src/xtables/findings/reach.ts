import type { Rule } from '../rule';
import { ends, type Found, type TableView, takesAll } from './table';

/** Rules and chains that no packet comes to, or that change nothing. */

/** What stands behind a rule that takes every packet. */
export function* unreachable(rules: readonly Rule[]): Generator<Found> {
  const at = rules.findIndex((rule) => takesAll(rule) && ends(rule.target));
  const cause = rules[at];
  const first = rules[at + 1];
  if (at < 0 || cause === undefined || first === undefined) return;
  const count = rules.length - at - 1;
  yield {
    kind: 'after-verdict',
    line: first.line,
    because: cause.line,
    message: `Never reached${count > 1 ? `, like the ${count - 1} after it` : ''}: the rule of line ${cause.line} takes every packet.`,
  };
}

/** Chains that no rule jumps to. */
export function* uncalled(view: TableView): Generator<Found> {
  for (const chain of view.table.chains) {
    const line = view.declared.get(chain.name);
    if (chain.builtin || line === undefined || chain.rules.length === 0 || view.callers.has(chain.name)) continue;
    yield {
      kind: 'uncalled',
      line,
      because: 0,
      message: `No rule jumps to ${chain.name}: its ${chain.rules.length === 1 ? 'rule is' : `${chain.rules.length} rules are`} never tried.`,
    };
  }
}

/** Criteria that ask for an interface where a packet has none. */
export function* wrongInterfaces(view: TableView): Generator<Found> {
  for (const chain of view.table.chains) {
    if (chain.builtin || chain.rules.length === 0) continue;
    const hooks = [...view.hooksOf(chain.name)];
    if (hooks.length === 0) continue;
    const noOut = hooks.every((hook) => hook === 'INPUT' || hook === 'PREROUTING');
    const noIn = hooks.every((hook) => hook === 'OUTPUT');
    for (const rule of chain.rules) {
      const wrong = noOut ? rule.oif : noIn ? rule.iif : null;
      if (wrong === null || wrong.negated || (wrong.wild && wrong.name === '')) continue;
      yield {
        kind: 'interface',
        line: rule.line,
        because: 0,
        message: `Never matches: ${chain.name} is reached from ${hooks.join(' and ')} only, where a packet has no ${noOut ? 'outgoing' : 'incoming'} interface.`,
      };
    }
  }
}

/** Jumps to chains without rules. */
export function* emptyJumps(view: TableView): Generator<Found> {
  for (const [name, rules] of view.callers) {
    const chain = view.chains.get(name);
    const [first] = rules;
    if (chain === undefined || chain.builtin || chain.rules.length > 0 || first === undefined) continue;
    yield {
      kind: 'empty-jump',
      line: first.line,
      because: view.declared.get(name) ?? 0,
      message: `${name} has no rules: the jump changes nothing.`,
    };
  }
}
