import type { Rule } from '../rule';
import { covers, type Plain, plainOf } from './covers';
import { exampleOf } from './example';
import { ends, type Found, type TableView, takesAll } from './table';

/** Rules that an earlier one of their chain makes pointless. */
export function* covered(view: TableView, rules: readonly Rule[]): Generator<Found> {
  const plain = rules.map((rule) => plainOf(rule, view.family));
  const end = rules.findIndex((rule) => takesAll(rule) && ends(rule.target));
  const last = end < 0 ? plain.length : end + 1;
  const changes = changesOf(view);
  for (let i = 1; i < last; i++) {
    for (let j = 0; j < i; j++) {
      if (asksFor(plain[j]!, changes)) continue;
      const found = coveredBy(plain[j]!, plain[i]!);
      if (found === null) continue;
      yield found;
      break;
    }
  }
}

interface Changes {
  readonly connection: boolean;
  readonly addresses: boolean;
}

/** What targets of the table change, so that a later rule may find something else than an earlier one. */
function changesOf(view: TableView): Changes {
  const used = new Set<string>();
  for (const { rules } of view.table.chains) {
    for (const { target } of rules) if (target.kind === 'extension') used.add(target.target.name);
  }
  return { connection: used.has('CT') || used.has('NOTRACK'), addresses: used.has('SNPT') || used.has('DNPT') };
}

function asksFor({ rule, matches }: Plain, { connection, addresses }: Changes): boolean {
  if (addresses && (rule.src !== null || rule.dst !== null)) return true;
  return connection && [...matches].some((text) => /^(conntrack|state)\b/.test(text));
}

function coveredBy(earlier: Plain, later: Plain): Found | null {
  const { line } = later.rule;
  const because = earlier.rule.line;
  // One line with a list of addresses is several rules.
  if (!earlier.steady || because === line) return null;
  const same = earlier.text === later.text;
  if (ends(earlier.rule.target) && covers(earlier, later)) {
    if (same)
      return { kind: 'duplicate', line, because, message: `The same as line ${because}, so it is never reached.` };
    const message = `Never matches: the rule of line ${because} takes every packet that it would take.`;
    return { kind: 'shadowed', line, because, message: `${message}${exampleOf(later.text)}` };
  }
  const { target } = later.rule;
  if (!same || target.kind !== 'extension' || target.target.name !== 'LOG') return null;
  return { kind: 'duplicate', line, because, message: `The same as line ${because}: what matches is logged twice.` };
}
