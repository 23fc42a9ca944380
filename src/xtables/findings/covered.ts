import type { Rule } from '../rule';
import { covers, type Plain, plainOf } from './covers';
import { exampleOf } from './example';
import { ends, type Found, type TableView, takesAll } from './table';

/** Rules that an earlier one of their chain makes pointless. */
export function* covered(view: TableView, rules: readonly Rule[]): Generator<Found> {
  const plain = rules.map((rule) => plainOf(rule, view.family));
  const end = rules.findIndex((rule) => takesAll(rule) && ends(rule.target));
  const last = end < 0 ? plain.length : end + 1;
  const lasting = plain.map((rule) => rule.steady && !asksForChanged(rule, view));
  for (let i = 1; i < last; i++) {
    for (let j = 0; j < i; j++) {
      if (!lasting[j]) continue;
      const found = coveredBy(plain[j]!, plain[i]!);
      if (found === null) continue;
      yield found;
      break;
    }
  }
}

/** Whether a rule asks for what targets of the table change: a later rule may find something else than it did. */
function asksForChanged({ rule, matches }: Plain, { targets }: TableView): boolean {
  if ((rule.src !== null || rule.dst !== null) && (targets.has('SNPT') || targets.has('DNPT'))) return true;
  if (!targets.has('CT') && !targets.has('NOTRACK')) return false;
  return [...matches].some((text) => /^(conntrack|state)\b/.test(text));
}

function coveredBy(earlier: Plain, later: Plain): Found | null {
  const { line } = later.rule;
  const because = earlier.rule.line;
  // One line with a list of addresses is several rules.
  if (because === line) return null;
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
