import { commonHead, commonTail } from '../../src/engine';
import { parseRule, type RuleLine, type RulesText, readRules, sameJump } from './model';

/** The one stretch in which two texts differ, so that cursor and marks outside of it stay; null if they are equal. */
export function changeBetween(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | null {
  if (before === after) return null;
  const from = commonHead(before, after);
  const end = commonTail(before, after, from);
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** The same as `readRules`, from a text that was read before: words that change within a rule are all that is read. */
export function rereadRules(before: RulesText, old: string, text: string): RulesText {
  return withRuleChanged(before, old, text) ?? readRules(text);
}

function withRuleChanged(before: RulesText, old: string, text: string): RulesText | null {
  const change = changeBetween(old, text);
  if (change === null) return before;
  const { from, to, insert } = change;
  if (insert.includes('\n') || old.slice(from, to).includes('\n')) return null;
  let line = 1;
  let start = 0;
  for (; start + (before.lines[line - 1] as string).length < from; line++) {
    start += (before.lines[line - 1] as string).length + 1;
  }
  const was = before.lines[line - 1] as string;
  const now = was.slice(0, from - start) + insert + was.slice(to - start);
  const rule = before.byLine[line];
  const parsed = parseRule(now);
  if (rule === undefined || parsed === null || parsed.chain !== rule.chain || parsed.off !== rule.off) return null;
  return putRule(before, now, rule, { ...rule, text: parsed.text });
}

function putRule(before: RulesText, line: string, old: RuleLine, rule: RuleLine): RulesText {
  const tables = before.tables.map((table) => {
    if (table.name !== rule.table) return table;
    const chains = table.chains.map((chain) =>
      chain.name === rule.chain ? { ...chain, rules: chain.rules.with(chain.rules.indexOf(old), rule) } : chain,
    );
    const changed = { ...table, chains };
    sameJump(table, changed, old, rule);
    return changed;
  });
  return { lines: before.lines.with(rule.line - 1, line), tables, byLine: before.byLine.with(rule.line, rule) };
}

/**
 * Ids of lines that stay with them while the text is edited: lines before and after what changed keep theirs, a changed
 * line that has the same text somewhere in the stretch keeps its own, and lines that only changed their words, too.
 */
export function keepIds(
  before: readonly string[],
  ids: readonly number[],
  after: readonly string[],
  fresh: () => number,
): readonly number[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  /** Lines of the stretch by what they say, the first of them last. */
  const left = new Map<string, number[]>();
  for (let i = before.length - tail - 1; i >= head; i--) {
    const text = plain(before[i] as string);
    const list = left.get(text);
    if (list === undefined) left.set(text, [i]);
    else list.push(i);
  }
  const found = after.slice(head, after.length - tail).map((line) => left.get(plain(line))?.pop());
  const kept = new Set(found);
  const rest: number[] = [];
  for (let i = head; i < before.length - tail; i++) if (!kept.has(i)) rest.push(i);
  const open = found.filter((i) => i === undefined).length;
  const next = (rest.length === open || rest.length === 1 ? rest : []).values();
  const middle = found.map((i) => ids[i ?? next.next().value ?? -1] ?? fresh());
  return [...ids.slice(0, head), ...middle, ...ids.slice(before.length - tail)];
}

/** A rule that is turned off, or that moves to another chain, is the same rule. */
const plain = (line: string): string => line.replace(/^#?(?:\[\d+:\d+\]\s*)?-A\s+\S+/, '-A');
