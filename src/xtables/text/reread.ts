import { commonHead, commonTail } from '../../base';
import type { Rule } from '../rule';
import { checkRuleset } from '../state/check';
import { Handle, sameRules } from '../state/handle';
import { Chain, Ruleset } from '../state/ruleset';
import { XtTable } from '../state/tables';
import { diagnostic, type ReadOptions, type SaveDocument, type TableImage } from './document';
import { SaveReader } from './reader';

/** A rule that stands alone on its line, and its place in a document. */
interface Place {
  readonly table: TableImage;
  readonly chain: string;
  /** Among the rules of its chain, from 0. */
  readonly index: number;
}

/**
 * The same as `readSave`, for a text that differs from one without mistakes in the words of one rule: nothing else is
 * read. Null if more than that is different. What was worked out of a chain of `latest`, the document that was read last,
 * is kept if it has the same rules: text that is wrong often stays so for some keys.
 */
export function rereadRule(
  before: SaveDocument,
  text: string,
  options: ReadOptions,
  latest: SaveDocument = before,
): SaveDocument | null {
  if (!before.plain || before.diagnostics.length > 0) return null;
  const changed = changedLine(before.text, text);
  if (changed === null || !changed.line.startsWith('-A ')) return null;
  const { line, number } = changed;
  const place = placeOf(before, number);
  if (place === null || declaresLater(text, changed.end)) return null;

  const { table, chain } = place;
  const { family, context = {}, extensions } = options;
  const handle = new Handle(family, new XtTable(table.name));
  for (const { name, builtin } of table.chains) if (!builtin) handle.create(name);
  const tool = { family, context, extensions, noflush: true, counters: false, only: null };
  const reader = new SaveReader({ ...tool, open: () => handle, commit: () => null });
  reader.line(`*${table.name}`, table.line, true);
  const problem = reader.line(line, number, true);
  const read = handle.chains.get(chain)!.rules;
  if (problem === null && (!reader.plain || read.length !== 1)) return null;

  const known = latest.tables.find((t) => t.name === table.name)?.ruleset?.chain(chain);
  const image = withRules(place, problem === null ? read : [], known);
  const tables = before.tables.map((other) => (other === table ? image : other));
  if (!passes(tables, image, options)) return null;
  const diagnostics = problem === null ? [] : [diagnostic(problem, number)];
  return { ...before, text, diagnostics, tables };
}

/** The one line in which two texts differ, as it is now; null if there are more. */
function changedLine(before: string, text: string) {
  const head = commonHead(before, text);
  const tail = commonTail(before, text, head);
  const start = head === 0 ? 0 : text.lastIndexOf('\n', head - 1) + 1;
  const end = text.indexOf('\n', text.length - tail);
  if (end < 0) return null;
  const line = text.slice(start, end);
  const old = before.slice(start, end - text.length + before.length);
  if (line.includes('\n') || old.includes('\n')) return null;
  let number = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) number++;
  return { line, number, end };
}

function placeOf({ tables }: SaveDocument, number: number): Place | null {
  const table = tables.find((t) => t.line < number && number < t.commitLine);
  for (const { name, rules } of table?.chains ?? []) {
    const index = rules.findIndex((rule) => rule.line === number);
    if (index >= 0 && rules[index + 1]?.line !== number) return { table: table!, chain: name, index };
    if (index >= 0) return null;
  }
  return null;
}

/** Whether a chain of the same table is declared behind a line, where the line does not know it yet. */
function declaresLater(text: string, end: number): boolean {
  const declared = text.indexOf('\n:', end);
  return declared >= 0 && declared < text.indexOf('\nCOMMIT', end);
}

function withRules({ table, chain: name, index }: Place, read: readonly Rule[], known: Chain | undefined): TableImage {
  const before = table.ruleset!;
  const place = before.places().get(name)!;
  const { hook, policy, base, rules: old } = before.chains[place]!;
  const rules = Object.freeze(old.toSpliced(index, 1, ...read));
  const missing = old.length - rules.length;
  const changed =
    known !== undefined && sameRules(known.rules, rules)
      ? known.moved(policy, base)
      : new Chain(name, hook, policy, rules, base);
  const chains = before.chains.map((chain, i) => {
    if (i === place) return changed;
    return i < place ? chain : chain.moved(chain.policy, chain.base - missing);
  });
  const ruleset = new Ruleset(Object.freeze(chains), before.slots - missing, before);
  const image = table.chains.map((chain) => (chain.name === name ? { ...chain, rules } : chain));
  return { ...table, chains: image, ruleset };
}

/** Whether the kernel would take what has changed, and all that comes after it. */
function passes(tables: readonly TableImage[], changed: TableImage, { family, context = {} }: ReadOptions): boolean {
  const loaded: Ruleset[] = [];
  for (const { name, ruleset } of tables) {
    const isChecked = tables.indexOf(changed) <= loaded.length;
    const [failure] = isChecked ? checkRuleset(ruleset!, { family, table: name, context, others: loaded }) : [];
    if (failure) return false;
    loaded.push(ruleset!);
  }
  return true;
}
