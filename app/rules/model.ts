/**
 * iptables-save text as chains and rules, and its edits. Every edit gives the whole text back; nothing else of it changes.
 * Only what a line is about is read here; what its options mean the engine says (`ruleForms`).
 */

/** A line `-A CHAIN …`, or `#-A CHAIN …`: a rule that is off. */
export interface RuleLine {
  /** From 1. */
  readonly line: number;
  readonly table: string;
  readonly chain: string;
  readonly off: boolean;
  /** Counters in front and the `#` left out: from `-A` on. */
  readonly text: string;
  /** Among the chain's rules that are on, from 1; 0 for one that is off. */
  readonly number: number;
}

export interface ChainBlock {
  readonly name: string;
  readonly builtin: boolean;
  /** Null for a user chain. */
  readonly policy: string | null;
  /** Line of `:CHAIN POLICY`; 0 if there is none. */
  readonly line: number;
  readonly rules: readonly RuleLine[];
}

export interface TableBlock {
  readonly name: string;
  readonly line: number;
  /** Line of COMMIT; 0 if it is missing. */
  readonly commit: number;
  readonly chains: readonly ChainBlock[];
}

export interface RulesText {
  readonly lines: readonly string[];
  readonly tables: readonly TableBlock[];
  /** The rule of each line, by its number. */
  readonly byLine: readonly (RuleLine | undefined)[];
}

export const TABLES = ['raw', 'mangle', 'nat', 'filter', 'security'] as const;

/** Built-in chains of each table, in the order in which iptables-save prints them. */
export const BUILTIN: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

const RULE = /^(#?)(?:\[\d+:\d+\]\s*)?((?:-A|--append)\s+(\S+).*)$/;

interface Building {
  name: string;
  builtin: boolean;
  policy: string | null;
  line: number;
  rules: RuleLine[];
  on: number;
}

/** A line that is a rule: its chain, and its text from `-A` on; null for any other. */
export function parseRule(line: string): Pick<RuleLine, 'chain' | 'off' | 'text'> | null {
  const [, hash, text, chain] = RULE.exec(line) ?? [];
  return text === undefined || chain === undefined ? null : { chain, off: hash === '#', text };
}

/** The tables, chains and rules of a text. What is no line of them stays where it is. */
export function readRules(text: string): RulesText {
  const lines = text.split('\n');
  const byLine: (RuleLine | undefined)[] = new Array(lines.length + 1).fill(undefined);
  const tables = new Map<string, { name: string; line: number; commit: number; chains: Map<string, Building> }>();
  let open: { name: string; line: number; commit: number; chains: Map<string, Building> } | null = null;
  const chainOf = (table: NonNullable<typeof open>, name: string): Building => {
    let chain = table.chains.get(name);
    if (chain === undefined) {
      const builtin = BUILTIN[table.name]?.includes(name) ?? false;
      chain = { name, builtin, policy: builtin ? 'ACCEPT' : null, line: 0, rules: [], on: 0 };
      table.chains.set(name, chain);
    }
    return chain;
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const first = line[0];
    if (first === '*') {
      const name = line.slice(1).trim();
      const known = tables.get(name);
      open = known ?? { name, line: i + 1, commit: 0, chains: new Map() };
      if (known === undefined) {
        tables.set(name, open);
        for (const chain of BUILTIN[name] ?? []) chainOf(open, chain);
      }
    } else if (open === null) continue;
    else if (line === 'COMMIT') {
      open.commit = i + 1;
      open = null;
    } else if (first === ':') {
      const [, name, policy] = /^:(\S+)\s*(\S*)/.exec(line) ?? [];
      if (name === undefined) continue;
      const chain = chainOf(open, name);
      chain.line = i + 1;
      if (chain.builtin && policy !== undefined && policy !== '' && policy !== '-') chain.policy = policy;
    } else {
      const parsed = parseRule(line);
      if (parsed === null) continue;
      const chain = chainOf(open, parsed.chain);
      if (!parsed.off) chain.on++;
      const rule = { ...parsed, line: i + 1, table: open.name, number: parsed.off ? 0 : chain.on };
      chain.rules.push(rule);
      byLine[i + 1] = rule;
    }
  }
  return {
    lines,
    tables: [...tables.values()].map((t) => ({ ...t, chains: [...t.chains.values()].map(({ on: _, ...c }) => c) })),
    byLine,
  };
}

export function chainIn(rules: RulesText, table: string, chain: string): ChainBlock | null {
  return rules.tables.find((t) => t.name === table)?.chains.find((c) => c.name === chain) ?? null;
}

/** The line where a chain is to be found: its first rule, else where it is declared, else its table; 0 if nowhere. */
export function lineOfChain(rules: RulesText, table: string, chain: string): number {
  const block = chainIn(rules, table, chain);
  return block?.rules[0]?.line || block?.line || (rules.tables.find((t) => t.name === table)?.line ?? 0);
}

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
    lines[rule.line - 1] = on ? (lines[rule.line - 1] as string).slice(1) : `#${withShortAppend(rule.text)}`;
  }
  return joined(lines);
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

/** Lines of the rules that jump or go to a chain, by table and chain. */
const callers = new WeakMap<TableBlock, ReadonlyMap<string, readonly number[]>>();

/** Rules of a table that jump or go to a chain. */
export function callersOf(rules: RulesText, table: string, chain: string): readonly RuleLine[] {
  const block = rules.tables.find((t) => t.name === table);
  if (block === undefined) return [];
  let known = callers.get(block);
  if (known === undefined) {
    known = callersIn(block);
    callers.set(block, known);
  }
  return (known.get(chain) ?? []).map((line) => rules.byLine[line] as RuleLine);
}

function callersIn(table: TableBlock): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { rules } of table.chains) {
    for (const { text, line } of rules) {
      const to = jumpIn(text)?.chain;
      if (to === undefined) continue;
      const lines = found.get(to);
      if (lines === undefined) found.set(to, [line]);
      else lines.push(line);
    }
  }
  return found;
}

/** A rule of a table has changed: if it goes where it went, what calls which chain is known of the table as it is now. */
export function sameJump(before: TableBlock, after: TableBlock, old: RuleLine, rule: RuleLine): void {
  const known = callers.get(before);
  if (known !== undefined && jumpIn(old.text)?.chain === jumpIn(rule.text)?.chain) callers.set(after, known);
}

const JUMP = /(?:^|\s)(-j|-g|--jump|--goto)[ \t]+([^\s"]+)/;

/** Where a rule goes on, outside of what is in quotes. */
export function jumpIn(text: string): { readonly chain: string; readonly from: number; readonly goto: boolean } | null {
  const bare = !text.includes('"') ? text : text.replace(/"(?:\\.|[^"\\])*"/g, (quoted) => '"'.repeat(quoted.length));
  const found = JUMP.exec(bare);
  if (found === null) return null;
  const chain = found[2] as string;
  return { chain, from: found.index + found[0].length - chain.length, goto: found[1]?.includes('g') ?? false };
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

/** Why a chain cannot be called so; null if it can. What extensions are called the engine knows. */
export function badChainName(name: string, taken: ReadonlySet<string>): string | null {
  if (name === '') return 'A chain needs a name.';
  if (/\s/.test(name)) return 'A chain’s name has no blanks.';
  if (name.length > 28) return 'At most 28 characters.';
  if (/^[-!]/.test(name)) return 'It cannot begin with - or !.';
  if (taken.has(name)) return `${name} is taken.`;
  return null;
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
  const left = new Map<string, number[]>();
  for (let i = head; i < before.length - tail; i++) {
    const text = plain(before[i] as string);
    const list = left.get(text);
    if (list === undefined) left.set(text, [ids[i] as number]);
    else list.push(ids[i] as number);
  }
  const middle: (number | undefined)[] = [];
  for (let i = head; i < after.length - tail; i++) middle.push(left.get(plain(after[i] as string))?.shift());
  const rest = [...left.values()].flat().sort((a, b) => ids.indexOf(a) - ids.indexOf(b));
  const open = middle.filter((id) => id === undefined).length;
  const filled = middle.map(
    (id) => id ?? (rest.length === open || rest.length === 1 ? rest.shift() : undefined) ?? fresh(),
  );
  return [...ids.slice(0, head), ...filled, ...ids.slice(before.length - tail)];
}

/** A rule that is turned off, or that moves to another chain, is the same rule. */
const plain = (line: string): string => line.replace(/^#?(?:\[\d+:\d+\]\s*)?-A\s+\S+/, '-A');
