import { commonHead, commonTail } from '../../base';
import type { Rule } from '../rule';
import type { Handle } from '../state/handle';
import type { Ruleset } from '../state/ruleset';

/** A line that was read before, and what it said. */
export type KnownLine =
  | { readonly kind: 'chain'; readonly table: string; readonly chain: string }
  | { readonly kind: 'rule'; readonly table: string; readonly chain: string; rules: readonly Rule[] };

/** What a text was read as: where its lines start (and the end of the last, plus one), and what each said. */
interface ReadText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly lines: readonly (KnownLine | null)[];
}

const NOTHING: ReadText = { text: '', starts: [0], lines: [] };

/**
 * What the lines of the text before were read as, so that after an edit only the lines that are new are read. It knows
 * lines whose meaning hangs on nothing but their table and on which chains there are; that is looked up again each time.
 *
 * One cache serves one family, one set of extensions and one context.
 */
export class LineCache {
  private before = NOTHING;
  private readonly rulesets = new Map<string, Ruleset>();
  /** The text that is being read. */
  private text = '';
  private starts: number[] = [];
  private lines: (KnownLine | null)[] = [];
  private current: KnownLine | null = null;
  /** The text begins with so many lines of the one before; from its end it is the same up to a character of the one before. */
  private same = 0;
  private sameFrom = 0;
  private shift = 0;
  /** How far behind the same line is numbered in the text before; null until it is known. */
  private lineShift: number | null = null;
  private others: Map<string, KnownLine> | null = null;

  /** A text is going to be read. */
  begin(text: string): void {
    const { before } = this;
    this.text = text;
    this.starts = [];
    this.lines = [];
    this.others = null;
    this.lineShift = null;
    const head = commonHead(before.text, text);
    let low = 0;
    let high = before.lines.length;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (before.starts[middle]! <= head) low = middle;
      else high = middle - 1;
    }
    this.same = low;
    this.shift = text.length - before.text.length;
    this.sameFrom = before.text.length - commonTail(before.text, text, head);
  }

  /** What the line of that number (from 1), which starts there, was before; null if that is not known. */
  at(number: number, start: number): { readonly line: KnownLine; readonly next: number } | null {
    const { before } = this;
    let index = number - 1;
    let shift = 0;
    if (index >= this.same) {
      shift = this.shift;
      // The line is the same if the newline before it is in the common end.
      if (start - shift <= this.sameFrom) return null;
      this.lineShift ??= number - 1 - indexOf(before.starts, start - shift);
      index -= this.lineShift;
    }
    const line = before.lines[index];
    return line == null ? null : { line, next: before.starts[index + 1]! + shift };
  }

  /** What a line was that has moved or been written again; null if that is not known. */
  find(text: string): KnownLine | null {
    this.others ??= this.changedLines();
    return this.others.get(text) ?? null;
  }

  /** Lines of the text before that are not in the common beginning and end. */
  private changedLines(): Map<string, KnownLine> {
    const { text, starts, lines } = this.before;
    const found = new Map<string, KnownLine>();
    for (let i = this.same; i < lines.length && starts[i]! <= this.sameFrom; i++) {
      const line = lines[i];
      if (line != null) found.set(text.slice(starts[i], starts[i + 1]! - 1), line);
    }
    return found;
  }

  /** Does what the line says. False if it says something else here and now. */
  perform(known: KnownLine, handle: Handle, number: number): boolean {
    if (known.table !== handle.table) return false;
    if (known.kind === 'chain') {
      if (handle.create(known.chain) !== null) return false;
    } else {
      const rule = known.rules[0]!;
      if (!meansTheSame(rule, handle)) return false;
      // A rule knows its line: one that has moved is another rule.
      if (rule.line !== number) known.rules = known.rules.map((r) => Object.freeze({ ...r, line: number }));
      if (handle.append(known.chain, known.rules, null) !== null) return false;
    }
    this.current = known;
    return true;
  }

  /** `rules`: one for each pair of addresses in the line. */
  keepRules({ table }: Handle, chain: string, rules: readonly Rule[]): void {
    if (!asksSets(rules[0]!)) this.current = { kind: 'rule', table, chain, rules };
  }

  keepChain({ table }: Handle, chain: string): void {
    this.current = { kind: 'chain', table, chain };
  }

  /** A line has been read. */
  lineRead(start: number): void {
    this.starts.push(start);
    this.lines.push(this.current);
    this.current = null;
  }

  /** The whole text has been read. */
  end(): void {
    this.starts.push(this.text.length + 1);
    this.before = { text: this.text, starts: this.starts, lines: this.lines };
    this.others = null;
  }

  /** The ruleset that the table had in the text before: most of its chains are the same. */
  rulesetBefore({ table }: Handle): Ruleset | null {
    return this.rulesets.get(table) ?? null;
  }

  keepRuleset({ table }: Handle, ruleset: Ruleset): void {
    this.rulesets.set(table, ruleset);
  }
}

function indexOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A name behind -j is a chain if there is one, and a verdict or target if not. */
function meansTheSame({ target }: Rule, handle: Handle): boolean {
  switch (target.kind) {
    case 'none':
    case 'verdict':
      return true;
    case 'chain':
      return handle.isChain(target.chain);
    case 'extension': {
      const { name, aliases } = target.target;
      return !handle.isChain(name) && !aliases.some((alias) => handle.isChain(alias));
    }
  }
}

/** Sets may come and go between two texts. */
function asksSets({ matches, target }: Rule): boolean {
  for (const { match } of matches) if (match.sets !== null) return true;
  return target.kind === 'extension' && target.target.sets !== null;
}
