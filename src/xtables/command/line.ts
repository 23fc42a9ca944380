import type { Match, Target } from '../record';
import { Refusal } from '../refusal';
import type { AddrTest, IfaceTest, MatchUse } from '../rule';
import type { Counters64 } from '../types';
import type { Command, CommandName } from './command';
import type { Loaded } from './loaded';

/** Options that can be given once, by letter. */
const LETTERS = 'nsdpjvxio0cf';

/** The bit of an option by its letter. `-g` counts as `-j`. */
export function letterBit(letter: string): number {
  return 1 << LETTERS.indexOf(letter === 'g' ? 'j' : letter);
}

export function lettersBits(letters: string): number {
  let bits = 0;
  for (const letter of letters) bits |= letterBit(letter);
  return bits;
}

/** The letters of some bits, in the tool's order. */
export function bitLetters(bits: number): string[] {
  return [...LETTERS].filter((letter) => (bits & letterBit(letter)) !== 0);
}

const NEGATABLE = lettersBits('sdpiof');

const NO_USES: readonly MatchUse[] = Object.freeze([]);
const ANY: readonly null[] = Object.freeze([null]);

/** One command line while it is read. */
export class LineState {
  readonly words: readonly string[];
  /** A line of iptables-restore: no -t, no -w. */
  readonly restore: boolean;
  /** Index of the word to read next, and of the word that a refusal is about. */
  next = 0;
  at = 0;
  /** Index of the last `!` that stood before an option. */
  notAt = -1;
  table: string;
  matches: Loaded<Match>[] = [];
  target: Loaded<Target> | null = null;
  /** Extensions whose options are known, the newest first. */
  known: Loaded<Match | Target>[] = [];
  given = 0;
  negated = 0;
  command: CommandName | null = null;
  zero: Command['zero'] = 'no';
  chain = '';
  everyChain = true;
  chainAt = 0;
  number = 0;
  newName = '';
  policy = '';
  jumpto = '';
  jumpAt = 0;
  goto = false;
  protocol = 0;
  protocolNegated = false;
  protocolWord = '';
  protocolUsed = false;
  srcText = '';
  srcAt = 0;
  dstText = '';
  dstAt = 0;
  iif: IfaceTest | null = null;
  oif: IfaceTest | null = null;
  verbose = 0;
  counters: Counters64 | null = null;
  warnings: string[] | null = null;
  wait = false;
  waitInterval = false;
  /** The line ended behind a `!`. */
  danglingNot = false;
  /** What comes of it, once all words are read. */
  uses: readonly MatchUse[] = NO_USES;
  config: object | null = null;
  sources: readonly (AddrTest | null)[] = ANY;
  destinations: readonly (AddrTest | null)[] = ANY;

  constructor(words: readonly string[], table: string, restore: boolean) {
    this.words = words;
    this.table = table;
    this.restore = restore;
  }

  warn(text: string): void {
    if (this.warnings === null) this.warnings = [text];
    else this.warnings.push(text);
  }

  /** The next word, if it does not look like an option. Kernel side: xs_has_arg() */
  spare(): string | null {
    const word = this.words[this.next];
    if (word === undefined || word.startsWith('-') || word.startsWith('!')) return null;
    this.at = this.next;
    this.next++;
    return word;
  }

  /** Notes that an option was given. Kernel side: set_option() */
  mark(letter: string, bit: number, invert: boolean): Refusal | null {
    if ((this.given & bit) !== 0) {
      return new Refusal('option-twice', `multiple -${letter} flags not allowed`);
    }
    this.given |= bit;
    if (invert) {
      if ((NEGATABLE & bit) === 0) return new Refusal('misplaced-not', `cannot have ! before -${letter}`);
      this.negated |= bit;
    }
    return null;
  }
}
