/**
 * iptables-save text as chains and rules. Only what a line is about is read here; what its options mean the engine says
 * (`ruleForms`).
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

/** Why a chain cannot be called so; null if it can. What extensions are called the engine knows. */
export function badChainName(name: string, taken: ReadonlySet<string>): string | null {
  if (name === '') return 'A chain needs a name.';
  if (/\s/.test(name)) return 'A chain’s name has no blanks.';
  if (name.length > 28) return 'At most 28 characters.';
  if (/^[-!]/.test(name)) return 'It cannot begin with - or !.';
  if (taken.has(name)) return `${name} is taken.`;
  return null;
}
