import { BASE_BY_LETTER, BASE_BY_NAME, BASE_LONG, type BaseOption } from '../command/options';
import { allExtensions } from '../extensions';
import { protocolName } from '../read/names';
import { readUint } from '../read/numbers';
import { splitWords } from '../read/words';
import type { Match, Target } from '../record';
import { Refusal } from '../refusal';
import type { Loadable, OptionEntry } from '../registry';
import type { RuleForm, RulePart, XtFamily } from '../types';

/**
 * The options of one rule line, each with its place in the line: what a form shows and what its edits replace. It reads
 * the words as the command reader does, but goes on after what that would refuse, so that a broken line has a form, too.
 */
export function ruleForm(line: string, family: XtFamily): RuleForm {
  const from = /^\s*\[[^\]]*\]/.exec(line)?.[0].length ?? 0;
  const words = splitWords(line, from);
  if (words instanceof Refusal) return { line, command: '', chain: '', parts: [] };
  return new FormReader(line, family, words.words, words.starts).read();
}

interface Used {
  readonly type: 'match' | 'target';
  readonly loadable: Loadable<Match> | Loadable<Target>;
  readonly index: number;
}

const TAKES_RULE = 'ADCIR';

class FormReader {
  private readonly line: string;
  private readonly family: XtFamily;
  private readonly words: readonly string[];
  private readonly starts: readonly number[];
  private next = 0;
  private command = '';
  private chain = '';
  private protocol = '';
  private protocolUsed = false;
  private readonly known: Used[] = [];
  private readonly counts = new Map<string, number>();
  private readonly parts: RulePart[] = [];

  constructor(line: string, family: XtFamily, words: readonly string[], starts: readonly number[]) {
    this.line = line;
    this.family = family;
    this.words = words;
    this.starts = starts;
  }

  read(): RuleForm {
    let not = -1;
    while (this.next < this.words.length) {
      const word = this.words[this.next]!;
      if (word === '!') {
        not = this.next++;
        continue;
      }
      this.take(word, not);
      not = -1;
    }
    return { line: this.line, command: this.command, chain: this.chain, parts: this.parts };
  }

  private take(word: string, not: number): void {
    const at = this.next++;
    if (word.startsWith('--') && word.length > 2) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const attached = equals < 0 ? null : word.slice(equals + 1);
      const found = this.long(name);
      if (found === null) this.add(at, not, UNKNOWN, this.loose());
      else if ('letter' in found) this.base(found, at, not, attached);
      else this.option(found.used, found.entry, at, not, attached);
      return;
    }
    const base = word.startsWith('-') ? BASE_BY_LETTER.get(word[1] ?? '') : undefined;
    if (base === undefined) this.add(at, not, UNKNOWN, []);
    else this.base(base, at, not, word.length > 2 ? word.slice(2) : null);
  }

  private long(name: string): BaseOption | { used: Used; entry: OptionEntry } | null {
    const exact = BASE_BY_NAME.get(name);
    if (exact !== undefined) return exact;
    const whole = this.own((entry) => entry.name === name);
    if (whole.length > 0) return whole[0]!;
    const bases = BASE_LONG.filter((option) => option.name.startsWith(name));
    const begun = this.own((entry) => entry.name.startsWith(name));
    const letters = new Set(bases.map((option) => option.letter));
    const keys = new Set(begun.map(({ used, entry }) => `${used.loadable.record.name} ${entry.key}`));
    if (letters.size + keys.size === 1) return bases[0] ?? begun[0]!;
    if (letters.size + keys.size > 1) return null;
    return this.loadProtocol() ? this.long(name) : null;
  }

  private own(wanted: (entry: OptionEntry) => boolean): { used: Used; entry: OptionEntry }[] {
    return this.known.flatMap((used) => used.loadable.options.entries.filter(wanted).map((entry) => ({ used, entry })));
  }

  /** `-p tcp --dport 80` means the tcp match, though no `-m tcp` is there. */
  private loadProtocol(): boolean {
    if (this.protocolUsed || this.protocol === '') return false;
    const number = readUint(this.protocol, 0, 255);
    const name = number === null ? this.protocol : protocolName(number);
    const loadable = name === null ? undefined : allExtensions[this.family].matches.get(name);
    if (loadable === undefined) return false;
    this.protocolUsed = true;
    this.load('match', loadable);
    return true;
  }

  private load(type: Used['type'], loadable: Used['loadable']): Used {
    const { name } = loadable.record;
    const index = this.counts.get(name) ?? 0;
    this.counts.set(name, index + 1);
    const used: Used = { type, loadable, index };
    this.known.unshift(used);
    return used;
  }

  private base(option: BaseOption, at: number, not: number, attached: string | null): void {
    const value = option.argument === 'no' ? [] : this.value(attached, option.argument === 'attached');
    const [word = ''] = value;
    const { letter } = option;
    if (TAKES_RULE.includes(letter)) {
      this.command = letter;
      this.chain = word;
      if (letter !== 'A') while (/^\d+$/.test(this.words[this.next] ?? '')) this.next++;
      return;
    }
    if (letter === 'm') {
      const loadable = allExtensions[this.family].matches.get(word);
      const used = loadable === undefined ? null : this.load('match', loadable);
      const extension = loadable?.record.name ?? '';
      this.add(at, not, { type: 'match', extension, index: used?.index ?? 0, flag: '' }, value);
      return;
    }
    if (letter === 'j' || letter === 'g') {
      const loadable = letter === 'j' ? allExtensions[this.family].targets.get(word) : undefined;
      if (loadable !== undefined) this.load('target', loadable);
      this.add(at, not, { type: 'target', extension: loadable?.record.name ?? '', index: 0, flag: '' }, value);
      return;
    }
    if (letter === 'p') this.protocol = word.toLowerCase();
    this.add(at, not, { type: 'rule', extension: '', index: 0, flag: this.baseName(letter) }, value);
  }

  private baseName(letter: string): string {
    return BASE_LONG.find((option) => option.letter === letter)?.name ?? letter;
  }

  private option(used: Used, entry: OptionEntry, at: number, not: number, attached: string | null): void {
    const { kind } = entry.spec;
    const values = kind === null ? [] : [...this.value(attached, kind.optional ?? false)];
    if (kind?.second !== undefined) values.push(...this.loose(1));
    // Options of a match that is given twice belong to the newest of them.
    const { type, loadable } = used;
    const extension = loadable.record.name;
    const index = (this.counts.get(extension) ?? 1) - 1;
    this.add(at, not, { type, extension, index, flag: entry.key }, values);
  }

  private value(attached: string | null, optional: boolean): readonly string[] {
    if (attached !== null) return [attached];
    if (optional) return this.loose(1);
    const word = this.words[this.next];
    if (word === undefined) return [];
    this.next++;
    return [word];
  }

  /** Words that follow and do not look like options. */
  private loose(most = Number.POSITIVE_INFINITY): readonly string[] {
    const found: string[] = [];
    while (found.length < most) {
      const word = this.words[this.next];
      if (word === undefined || word.startsWith('-') || word.startsWith('!')) break;
      found.push(word);
      this.next++;
    }
    return found;
  }

  private add(
    at: number,
    not: number,
    what: Pick<RulePart, 'type' | 'extension' | 'index' | 'flag'>,
    values: readonly string[],
  ): void {
    const after = this.starts[this.next];
    const end = (after === undefined ? this.line : this.line.slice(0, after)).trimEnd().length;
    const start = this.starts[not < 0 ? at : not]!;
    this.parts.push({ ...what, written: this.words[at]!, values, negated: not >= 0, start, end });
  }
}

const UNKNOWN = { type: 'unknown', extension: '', index: 0, flag: '' } as const;
