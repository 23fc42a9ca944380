import { type Diagnostic, errorAt, type Suggestion } from '../../base';
import type { TableName } from '../../model';
import type { Extensions } from '../registry';
import type { Rule } from '../rule';
import { type CheckFailure, checkRuleset } from '../state/check';
import { install } from '../state/commit';
import { Handle, type WorkChain } from '../state/handle';
import type { Ruleset } from '../state/ruleset';
import { XtTable, type XtTables } from '../state/tables';
import { type Counters64, type LoadReport, type XtContext, type XtFamily, ZERO_COUNTERS } from '../types';
import type { LineCache } from './line-cache';
import { type LineProblem, SaveReader } from './reader';

/** A text of iptables-save form, read line by line. Nothing of the text is lost. */
export interface SaveDocument {
  readonly family: XtFamily;
  readonly text: string;
  /** Every mistake, in the order of the lines. */
  readonly diagnostics: readonly Diagnostic[];
  /** Tables that could be read, in the order of the text. */
  readonly tables: readonly TableImage[];
  /** Lines of tables that there are not, their first line and COMMIT included. */
  readonly lost: readonly number[];
  /** Lines `#-A …` inside a table: rules that are off. */
  readonly off: readonly OffRule[];
  /** Its rules are lines `-A …` without counters or remarks of the tool: each says the same whatever the others say. */
  readonly plain: boolean;
}

/** One `*table … COMMIT` with every line that is wrong left out; a COMMIT that is missing is read as if it were there. */
export interface TableImage {
  readonly name: TableName;
  /** Lines of `*table` and COMMIT. */
  readonly line: number;
  readonly commitLine: number;
  /** Nothing of it is loaded, because of a loop. */
  readonly broken: boolean;
  /** User chains in the order of the text, and built-in ones, with their rules. */
  readonly chains: readonly { readonly name: string; readonly builtin: boolean; readonly rules: readonly Rule[] }[];
  readonly policies: ReadonlyMap<string, 'ACCEPT' | 'DROP'>;
  /** The whole as it runs in a table that was empty, if no rule of it is left out. */
  readonly ruleset: Ruleset | null;
  /** Counters that rules give themselves, with `-c`. Those in front of lines are not taken. */
  readonly counters: ReadonlyMap<Rule, Counters64>;
}

interface OffRule {
  readonly line: number;
  readonly table: TableName;
  readonly chain: string;
  /** The rule as typed, from `-A` on. */
  readonly text: string;
}

export interface ReadOptions {
  readonly family: XtFamily;
  readonly extensions: Extensions;
  readonly context?: XtContext;
}

/** `cache`: what was read before, of the same family, extensions and context. */
type CachedOptions = ReadOptions & { readonly cache?: LineCache | null };

/** Reads iptables-save text. Never fails: what is wrong is in `diagnostics`. */
export function readSave(text: string, options: CachedOptions): SaveDocument {
  return new DocumentReader(text, options).read();
}

class DocumentReader {
  private readonly text: string;
  private readonly family: XtFamily;
  private readonly context: XtContext;
  private readonly cache: LineCache | null;
  private readonly reader: SaveReader;
  private readonly problems: Diagnostic[] = [];
  private readonly tables: TableImage[] = [];
  private readonly off: OffRule[] = [];
  private readonly lost: number[] = [];
  private readonly loaded: Ruleset[] = [];
  /** Number of the line in hand, and of the one that opened the table. */
  private number = 0;
  private openLine = 0;

  constructor(text: string, { family, extensions, context = {}, cache = null }: CachedOptions) {
    this.text = text;
    this.family = family;
    this.context = context;
    this.cache = cache;
    this.reader = new SaveReader({
      family,
      context,
      extensions,
      noflush: false,
      counters: false,
      only: null,
      cache,
      open: (table) => new Handle(family, new XtTable(table)),
      commit: (handle) => {
        this.commit(handle, this.number);
        return null;
      },
    });
  }

  read(): SaveDocument {
    const { text, family, cache, reader, problems, tables, lost, off } = this;
    cache?.begin(text);
    for (let start = 0; start < text.length; ) {
      const known = cache?.at(this.number + 1, start) ?? null;
      const isKnown = known !== null && reader.known(known.line, this.number + 1);
      this.number++;
      const newline = isKnown ? -1 : text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      if (!isKnown) this.line(text.slice(start, end), newline >= 0);
      cache?.lineRead(start);
      start = isKnown ? known.next : end + 1;
    }
    cache?.end();
    if (reader.table !== null) {
      problems.push(missingCommit(text, this.number, family));
      this.commit(reader.table, this.number + 1);
    }
    problems.sort((a, b) => a.line - b.line || a.column - b.column);
    return { family, text, diagnostics: problems, tables, lost, off, plain: reader.plain };
  }

  /** `ended`: there is an end of line behind it. */
  private line(line: string, ended: boolean): void {
    const { reader, number } = this;
    const wasUnknown = reader.inUnknownTable;
    if (reader.table !== null && line.startsWith('*')) {
      this.problems.push(unclosedTable(line, number));
      this.commit(reader.table, number - 1);
      reader.abandon();
    }
    const wasInside = reader.inTable;
    const problem = reader.line(line, number, ended);
    if (!wasInside && reader.inTable) this.openLine = number;
    if (reader.inUnknownTable || (wasUnknown && !reader.inTable)) this.lost.push(number);
    const unended = !ended && line === 'COMMIT' && reader.inTable;
    if (problem !== null && !unended) this.problems.push(diagnostic(problem, number));
    else if (reader.lastKind === 'comment' && line.startsWith('#-A ') && reader.table !== null) {
      const chain = /^#-A +(\S+)/.exec(line)?.[1] ?? '';
      this.off.push({ line: number, table: reader.table.table, chain, text: line.slice(1) });
    }
  }

  private commit(handle: Handle, commitLine: number): void {
    const { family, context, cache, loaded, text } = this;
    const { ruleset } = handle.build(cache?.rulesetBefore(handle));
    cache?.keepRuleset(handle, ruleset);
    const failures = [...checkRuleset(ruleset, { family, table: handle.table, context, others: loaded })];
    loaded.push(ruleset);
    for (const failure of failures) {
      this.problems.push(kernelProblem(failure, lineAt(text, failure.rule.line), commitLine));
    }
    const bad = new Set(failures.map((failure) => failure.rule));
    this.tables.push({
      name: handle.table,
      line: this.openLine,
      commitLine,
      broken: failures.some((failure) => failure.structural),
      policies: this.reader.policies,
      ruleset: bad.size === 0 ? ruleset : null,
      counters: new Map([...handle.chains.values()].flatMap(ownCounters)),
      chains: [...handle.chains.values()].map((chain) => ({
        name: chain.name,
        builtin: chain.hook !== null,
        rules: bad.size === 0 ? chain.rules : chain.rules.filter((rule) => !bad.has(rule)),
      })),
    });
  }
}

export function diagnostic(problem: LineProblem, line: number): Diagnostic {
  const { refusal, start, end } = problem;
  const message = refusal.message.trim();
  const found = errorAt(line, start + 1, end - start, refusal.code, message, { toolLine: line });
  const { protocol } = refusal;
  if (protocol !== undefined && problem.before !== undefined)
    return { ...found, suggestion: addProtocol(protocol, problem.before) };
  if (refusal.suggestion === undefined) return found;
  return { ...found, suggestion: { label: `Did you mean ${refusal.suggestion}?`, replacement: refusal.suggestion } };
}

function kernelProblem(failure: CheckFailure, lineText: string, commitLine: number): Diagnostic {
  const line = failure.rule.line;
  const code = failure.structural ? 'loop' : 'kernel-refused';
  const found = errorAt(line, 1, lineText.length, code, failure.reason, { toolLine: commitLine });
  const { of, protocol } = failure.needs ?? {};
  const at = of === undefined ? -1 : lineText.indexOf(` ${of}`);
  return protocol === undefined || at < 0 ? found : { ...found, suggestion: addProtocol(protocol, at + 1) };
}

function addProtocol(protocol: string, before: number): Suggestion {
  return { label: `Add -p ${protocol}`, replacement: `-p ${protocol} `, before: before + 1 };
}

/** `*nat` where the table before it is still open: the tool takes it for an argument. */
function unclosedTable(line: string, number: number): Diagnostic {
  const message = `Bad argument \`${line.split(/[ \t]/, 1)[0]}' (there is no COMMIT before it)`;
  return errorAt(number, 1, line.length, 'no-commit', message, {
    toolLine: number,
    suggestion: { label: 'End the table before with COMMIT', replacement: `COMMIT\n${line}` },
  });
}

function missingCommit(text: string, lines: number, family: XtFamily): Diagnostic {
  const last = lineAt(text, lines);
  if (last === 'COMMIT') {
    const message = "Bad argument `COMMIT' (there is no newline behind it)";
    const suggestion = { label: 'End the line', replacement: 'COMMIT\n' };
    return errorAt(lines, 1, last.length, 'no-commit', message, { toolLine: lines, suggestion });
  }
  const program = family === 'ip' ? 'iptables-restore' : 'ip6tables-restore';
  const replacement = `${last}\nCOMMIT${text.endsWith('\n') ? '' : '\n'}`;
  return errorAt(lines, 1, last.length, 'no-commit', `${program}: COMMIT expected at line ${lines + 1}`, {
    toolLine: lines + 1,
    suggestion: { label: 'End the table with COMMIT', replacement },
  });
}

/** Line `number` (from 1) of a text. */
function lineAt(text: string, number: number): string {
  let start = 0;
  for (let i = 1; i < number; i++) {
    const newline = text.indexOf('\n', start);
    if (newline < 0) return '';
    start = newline + 1;
  }
  const end = text.indexOf('\n', start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

/** The bytes that were read. */
export function printSave(document: SaveDocument): string {
  return document.text;
}

/** Lines, from 1, that nothing comes of because they are wrong, or their table is. */
export function leftOutLines(document: SaveDocument): number[] {
  // A COMMIT that is missing is the mistake of no line: the table is read as if it were there.
  const wrong = document.diagnostics.filter((d) => d.code !== 'no-commit');
  const lines = new Set([...wrong.map((d) => d.line), ...document.lost]);
  for (const table of document.tables) {
    if (!table.broken) continue;
    for (let line = table.line; line <= table.commitLine; line++) lines.add(line);
  }
  return [...lines].sort((a, b) => a - b);
}

/**
 * Replaces the tables that the document names (as iptables-restore does), leaving out every line that is wrong, and says
 * what the real tool would have refused. Counters start at 0, or at what a rule itself says with `-c`. A broken table is left as it was.
 */
export function loadDocument(tables: XtTables, document: SaveDocument): LoadReport {
  for (const section of document.tables) {
    if (section.broken) continue;
    const fresh = !tables.has(section.name);
    const table = tables.touch(section.name);
    if (fresh && section.ruleset !== null) {
      install(tables, table, { ruleset: section.ruleset, origins: null, set: countersIn(section.ruleset, section) });
      continue;
    }
    const handle = new Handle(document.family, table);
    for (const chain of [...handle.chains.values()]) handle.flush(chain.name);
    for (const chain of [...handle.chains.values()]) if (chain.hook === null) handle.deleteChain(chain.name);
    for (const chain of section.chains) if (!chain.builtin) handle.create(chain.name);
    for (const chain of section.chains) handle.append(chain.name, chain.rules, null);
    for (const [chain, policy] of section.policies) handle.setPolicy(chain, policy, ZERO_COUNTERS);
    const built = handle.build();
    install(tables, table, { ...built, set: new Map([...built.set, ...countersIn(built.ruleset, section)]) });
  }
  const first = firstRefused(document);
  const refused = first === null ? null : { line: first.toolLine ?? first.line, message: first.message };
  return { refused, diagnostics: document.diagnostics, leftOut: leftOutLines(document) };
}

/** Counters by the number of the rule in its table. */
function countersIn({ chains }: Ruleset, { counters }: TableImage): ReadonlyMap<number, Counters64> {
  const set = new Map<number, Counters64>();
  if (counters.size === 0) return set;
  for (const { rules, base } of chains) {
    for (const [i, rule] of rules.entries()) {
      const own = counters.get(rule);
      if (own !== undefined) set.set(base + i, own);
    }
  }
  return set;
}

function ownCounters({ rules, counters }: WorkChain): readonly (readonly [Rule, Counters64])[] {
  return counters.flatMap((own, i) => (own === null ? [] : [[rules[i]!, own] as const]));
}

function firstRefused(document: SaveDocument): Diagnostic | null {
  let first: Diagnostic | null = null;
  for (const d of document.diagnostics) {
    if (d.severity !== 'error') continue;
    if (first === null || (d.toolLine ?? d.line) < (first.toolLine ?? first.line)) first = d;
  }
  return first;
}
