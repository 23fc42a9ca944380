import type { TriedRule } from '../../src/engine';
import type { ShownRule } from '../store';

/** A row of the chain's list: a rule, or a run of rules that say the same. */
export type RuleRow =
  | { readonly kind: 'rule'; readonly rule: ShownRule }
  | {
      readonly kind: 'fold';
      readonly outcome: 'failed' | 'not-reached';
      readonly from: number;
      readonly to: number;
      readonly count: number;
    };

/** What a row is known by when others come and go. */
export const keyOf = (row: RuleRow): string | number => (row.kind === 'fold' ? `fold-${row.from}` : row.rule.number);

/** Chains up to this length are shown whole. */
export const SHOWN_WHOLE = 12;
/** Shorter runs are not worth hiding. */
const SHORTEST_FOLD = 4;

/**
 * The rows of a chain. In a long one, runs of rules that were tried in vain or not reached fold into one row, but for
 * those that `open` names (by the number of the run's first rule). Null: no packet is there, so none is.
 */
export function ruleRows(
  rules: readonly ShownRule[],
  open: ReadonlySet<number> | null = new Set(),
): readonly RuleRow[] {
  if (open === null || rules.length <= SHOWN_WHOLE) return rules.map((rule) => ({ kind: 'rule', rule }));
  const rows: RuleRow[] = [];
  let i = 0;
  while (i < rules.length) {
    const first = rules[i] as ShownRule;
    const { outcome } = first;
    let end = i + 1;
    while (end < rules.length && rules[end]?.outcome === outcome) end++;
    const count = end - i;
    if ((outcome === 'failed' || outcome === 'not-reached') && count >= SHORTEST_FOLD && !open.has(first.number)) {
      rows.push({ kind: 'fold', outcome, from: first.number, to: first.number + count - 1, count });
    } else for (const rule of rules.slice(i, end)) rows.push({ kind: 'rule', rule });
    i = end;
  }
  return rows;
}

/**
 * A rule that was not tried has no judged criteria: they are read from its text, so that it can be shown. A comment
 * matches whatever comes, and is shown as what it is.
 */
export function withCriteria(rule: TriedRule): TriedRule {
  const isComment = (text: string): boolean => /^(-m comment )?--comment\b/.test(text);
  if (rule.criteria.some((c) => isComment(c.text)))
    return { ...rule, criteria: rule.criteria.filter((c) => !isComment(c.text)) };
  if (rule.criteria.length > 0 || rule.outcome !== 'not-reached') return rule;
  const { criteria } = partsOfRule(rule.text);
  return { ...rule, criteria: criteria.map((text) => ({ text, outcome: 'not-tested', because: '' })) };
}

/** Splits a rule's text as iptables-save prints it into its criteria, its target with options, and its comment. */
export function partsOfRule(text: string): {
  readonly criteria: readonly string[];
  readonly target: string;
  readonly comment: string;
} {
  const words = wordsOf(text);
  const criteria: string[] = [];
  let target = '';
  let comment = '';
  let i = 0;
  while (i < words.length) {
    let negated = '';
    if (words[i] === '!') {
      negated = '! ';
      i++;
    }
    const option = words[i++] ?? '';
    const values: string[] = [];
    while (i < words.length && !isOption(words[i] ?? '') && words[i] !== '!') values.push(words[i++] ?? '');
    if (option === '-j' || option === '--jump' || option === '-g' || option === '--goto') {
      const rest = words.slice(i);
      target = [option.includes('g') && option !== '--jump' ? 'goto' : '', ...values, ...rest]
        .filter(Boolean)
        .join(' ');
      break;
    }
    if (option === '-m' || option === '--match') continue;
    if (option === '--comment') {
      comment = unquoted(values.join(' '));
      continue;
    }
    criteria.push(`${negated}${[option, ...values].join(' ')}`);
  }
  return { criteria, target, comment };
}

const isOption = (word: string): boolean => /^--?[A-Za-z]/.test(word);

function wordsOf(text: string): readonly string[] {
  return text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/** `DNAT --to-destination 10.0.0.5:8080` → `DNAT 10.0.0.5:8080`: the options whose name says no more than the target. */
export function shortTarget(target: string): string {
  return target
    .replace(/ --(to-destination|to-source|to-ports|to|set-xmark|reject-with|set-mark|queue-num)(?= )/g, '')
    .replace(/ --nodst$/, '');
}
