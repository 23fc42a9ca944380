/** Edits of iptables-save text. Every one gives the whole text back; nothing else of it changes. */

import { BUILTIN, callersOf, chainIn, jumpIn, type RuleLine, type RulesText, readRules } from './model';

const joined = (lines: readonly string[]): string => lines.join('\n');

export function setLine(rules: RulesText, line: number, text: string): string {
  return joined(rules.lines.with(line - 1, text));
}

/** Another text for a rule, from `-A` on; its counters stay, and so does the `#` of one that is off. */
export function setRule(rules: RulesText, rule: RuleLine, text: string): string {
  const old = rules.lines[rule.line - 1] as string;
  return setLine(rules, rule.line, old.slice(0, old.length - rule.text.length) + text);
}

/** Turns rules off (`#-A …`) or on. */
export function switchRules(rules: RulesText, picked: readonly RuleLine[], on: boolean): string {
  const lines = [...rules.lines];
  for (const rule of picked) {
    if (rule.off !== on) continue;
    lines[rule.line - 1] = switchedLine(lines[rule.line - 1] as string, rule, on);
  }
  return joined(lines);
}

/** A line with a rule, turned off or on. */
export function switchedLine(line: string, rule: Pick<RuleLine, 'text'>, on: boolean): string {
  return on ? line.slice(1) : `#${withShortAppend(rule.text)}`;
}

/** A rule that is off is one that begins with `#-A `. */
const withShortAppend = (text: string): string => text.replace(/^(?:-A|--append)\s+/, '-A ');

export function deleteRules(rules: RulesText, picked: readonly RuleLine[]): string {
  const gone = new Set(picked.map((r) => r.line));
  return joined(rules.lines.filter((_, i) => !gone.has(i + 1)));
}

/** A copy of each below it. */
export function duplicateRules(rules: RulesText, picked: readonly RuleLine[]): string {
  const twice = new Set(picked.map((r) => r.line));
  return joined(rules.lines.flatMap((line, i) => (twice.has(i + 1) ? [line, line] : [line])));
}

/** Where a rule goes: in front of another one, or (null) to the end of the chain. */
interface Spot {
  readonly table: string;
  readonly chain: string;
  readonly before: RuleLine | null;
}

/** The text with a new rule at a place of a chain; `body` is what stands behind the chain's name. */
export function insertRule(rules: RulesText, spot: Spot, body: string): string {
  const text = `-A ${spot.chain}${body === '' ? '' : ` ${body}`}`;
  return joined(rules.lines.toSpliced(indexOf(rules, spot), 0, text));
}

/** Moves rules, in their order, to another place of the same table. */
export function moveRules(rules: RulesText, picked: readonly RuleLine[], spot: Spot): string {
  const moved = new Set(picked.map((r) => r.line));
  // In front of one that moves itself means in front of the next that does not.
  const chain = chainIn(rules, spot.table, spot.chain);
  let { before } = spot;
  while (before !== null && moved.has(before.line)) {
    const at = chain?.rules.indexOf(before) ?? -1;
    before = at < 0 ? null : (chain?.rules[at + 1] ?? null);
  }
  const at = indexOf(rules, { ...spot, before });
  const block = picked
    .toSorted((a, b) => a.line - b.line)
    .map((rule) => {
      const line = rules.lines[rule.line - 1] as string;
      const head = line.slice(0, line.length - rule.text.length);
      return rule.chain === spot.chain ? line : head + rule.text.replace(/^(\S+\s+)\S+/, `$1${spot.chain}`);
    });
  const keep = (line: string, i: number): readonly string[] => (moved.has(i + 1) ? [] : [line]);
  return joined([
    ...rules.lines.slice(0, at).flatMap(keep),
    ...block,
    ...rules.lines.slice(at).flatMap((line, i) => keep(line, i + at)),
  ]);
}

/** One place up (-1) or down (1) in their chain; null if they are at its end. */
export function shiftRules(rules: RulesText, picked: readonly RuleLine[], by: -1 | 1): string | null {
  const sorted = picked.toSorted((a, b) => a.line - b.line);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return null;
  const { table, chain } = first;
  const all = chainIn(rules, table, chain)?.rules ?? [];
  const numbers = sorted.map((r) => all.findIndex((other) => other.line === r.line));
  if (by < 0) {
    const above = all[(numbers[0] as number) - 1];
    return above === undefined ? null : moveRules(rules, sorted, { table, chain, before: above });
  }
  const end = numbers.at(-1) as number;
  if (all[end + 1] === undefined) return null;
  return moveRules(rules, sorted, { table, chain, before: all[end + 2] ?? null });
}

/** Index of the line in front of which something is put. */
function indexOf(rules: RulesText, { table, chain, before }: Spot): number {
  if (before !== null) return before.line - 1;
  const block = rules.tables.find((t) => t.name === table);
  if (block === undefined) return rules.lines.length;
  const at = block.chains.findIndex((c) => c.name === chain);
  // After the chain's own last rule, else where iptables-save would print it: after those of the chains before it.
  for (let i = at < 0 ? block.chains.length - 1 : at; i >= 0; i--) {
    const last = block.chains[i]?.rules.at(-1);
    if (last !== undefined) return last.line;
  }
  return Math.max(block.line, ...block.chains.map((c) => c.line));
}

/** The text with another policy of a built-in chain, whose line is made if there is none. */
export function setPolicy(rules: RulesText, table: string, chain: string, policy: string): string {
  const block = chainIn(rules, table, chain);
  if (block === null) return joined(rules.lines);
  if (block.line > 0) {
    const line = rules.lines[block.line - 1] as string;
    return setLine(rules, block.line, line.replace(/^(:\S+)(\s+\S+)?/, `$1 ${policy}`));
  }
  return joined(rules.lines.toSpliced(declarationsEnd(rules, table), 0, `:${chain} ${policy} [0:0]`));
}

function declarationsEnd(rules: RulesText, table: string): number {
  const block = rules.tables.find((t) => t.name === table);
  return block === undefined ? rules.lines.length : Math.max(block.line, ...block.chains.map((c) => c.line));
}

/** The text with a table more, and its built-in chains. */
export function addTable(text: string, table: string): string {
  const chains = (BUILTIN[table] ?? []).map((chain) => `:${chain} ACCEPT [0:0]`);
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${before}${[`*${table}`, ...chains, 'COMMIT'].join('\n')}\n`;
}

/** Adds a user chain, and its table if that is missing. */
export function addChain(text: string, table: string, chain: string): string {
  const start = readRules(text).tables.some((t) => t.name === table) ? text : addTable(text, table);
  const rules = readRules(start);
  return joined(rules.lines.toSpliced(declarationsEnd(rules, table), 0, `:${chain} - [0:0]`));
}

/** The text with a chain under another name, in its rules and in what jumps to it. */
export function renameChain(rules: RulesText, table: string, from: string, to: string): string {
  const block = rules.tables.find((t) => t.name === table);
  if (block === undefined) return joined(rules.lines);
  const lines = [...rules.lines];
  for (const chain of block.chains) {
    if (chain.name === from && chain.line > 0) {
      lines[chain.line - 1] = (lines[chain.line - 1] as string).replace(/^:\S+/, `:${to}`);
    }
    for (const rule of chain.rules) {
      const line = lines[rule.line - 1] as string;
      const head = line.slice(0, line.length - rule.text.length);
      let { text } = rule;
      const jump = jumpIn(text);
      if (jump?.chain === from) text = text.slice(0, jump.from) + to + text.slice(jump.from + from.length);
      if (chain.name === from) text = text.replace(/^(\S+\s+)\S+/, `$1${to}`);
      lines[rule.line - 1] = head + text;
    }
  }
  return joined(lines);
}

/** Takes a user chain away, with its rules and those that jump to it: the tools refuse a jump to no chain. */
export function deleteChain(rules: RulesText, table: string, chain: string): string {
  const block = chainIn(rules, table, chain);
  if (block === null || block.builtin) return joined(rules.lines);
  const gone = new Set([block.line, ...[...block.rules, ...callersOf(rules, table, chain)].map((r) => r.line)]);
  return joined(rules.lines.filter((_, i) => !gone.has(i + 1)));
}

/** One blank between words and none at the ends of lines; comments, what is in quotes and empty lines stay. */
export function formatRules(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*#(?!-A )/.test(line)) return line.trimEnd();
      const words = line.match(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/g) ?? [];
      return words.join(' ');
    })
    .join('\n');
}
