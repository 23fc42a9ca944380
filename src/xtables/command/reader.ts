import { nearest } from '../../base';
import { protocolName } from '../read/names';
import { readUint } from '../read/numbers';
import type { Match, Target } from '../record';
import { Refusal } from '../refusal';
import { type Extensions, findMatch, findTarget, type OptionEntry, type Registry, wholeOnly } from '../registry';
import type { XtContext, XtFamily } from '../types';
import { type Command, isFarewell } from './command';
import { programOf } from './errors';
import { buildCommand, type ChainTargets, checkLine, otherFamily } from './finish';
import { LineState, letterBit } from './line';
import { type Call, Loaded } from './loaded';
import { BASE_BY_LETTER, BASE_OPTIONS, type BaseOption, type BaseOptions, COMMANDS } from './options';
import { type CommandLetter, MAX_NAME, takeCommand } from './take-command';
import { type IfaceCache, takeParameter, takeWait } from './take-parameter';

/** A command, or why there is none. */
export type ReadCommand = Command | RefusedCommand;

interface RefusedCommand {
  readonly refusal: Refusal;
  /** Index of the word that is to blame. */
  readonly at: number;
  /** What the tool says before it gives up. */
  readonly warnings: readonly string[];
}

/** What the reader must know of the table that the command is for. */
export interface ReaderWorld {
  readonly family: XtFamily;
  readonly context: XtContext;
  readonly extensions: Extensions;
  /** Is there a chain of that name, in the table that the command names? */
  readonly isChain: (name: string, table: string) => boolean;
  /** Names of chains, for suggestions. */
  readonly chainNames: (table: string) => Iterable<string>;
}

interface Parameters {
  readonly table: string;
  /** Lines of iptables-restore: no -t, no -w. */
  readonly restore: boolean;
  readonly line: number;
}

type Extension = Loaded<Match | Target>;

/** A refusal, or that the line is for the other family; null: all is well. */
type Taken = Refusal | 'ignore' | null;

const JUMP = letterBit('j');
const WHOLE_WORD: ReadonlySet<string> = new Set(['p', 's', 'd', 'i', 'o', 'j']);

/**
 * Reads one command line of iptables, word by word, as getopt_long() and do_parse() of iptables 1.8.9 do.
 *
 * One reader serves many lines: what lines have in common (jumps to chains, interfaces) is made once.
 */
export class CommandReader {
  private readonly world: ReaderWorld;
  private readonly registry: Registry;
  private readonly targets: ChainTargets = { jump: new Map(), goto: new Map() };
  private readonly ifaces: IfaceCache = new Map();
  private readonly baseOptions: BaseOptions;
  private readonly call: Call;
  /** The line that is being read. */
  private line = new LineState([], '', false);

  constructor(world: ReaderWorld) {
    this.world = world;
    this.baseOptions = BASE_OPTIONS[world.family];
    this.call = {
      extension: '',
      flag: '',
      negated: false,
      second: '',
      absent: false,
      family: world.family,
      protocol: 0,
      protocolNegated: false,
      context: world.context,
    };
    this.registry = world.extensions[world.family];
  }

  read(words: readonly string[], parameters: Parameters): ReadCommand {
    const line = new LineState(words, parameters.table, parameters.restore);
    this.line = line;
    const taken = this.scan(line);
    if (taken === 'ignore') return otherFamily(line, this.world, this.registry);
    const refusal = taken ?? checkLine(line, this.world);
    if (refusal !== null) return { refusal, at: line.at, warnings: line.warnings ?? [] };
    return buildCommand(line, this.world, this.registry, this.targets, parameters.line);
  }

  // --- getopt_long() ---------------------------------------------------------------------------------------------

  private scan(line: LineState): Taken {
    let invert = false;
    while (line.next < line.words.length) {
      const word = line.words[line.next]!;
      line.at = line.next;
      if (word.length < 2 || word.charCodeAt(0) !== 45) {
        line.next++;
        if (word !== '!') return new Refusal('bad-argument', `Bad argument \`${word}'`, { bare: true });
        if (invert) return new Refusal('double-negation', 'multiple consecutive ! not allowed');
        invert = true;
        line.notAt = line.at;
        continue;
      }
      if (word === '--') {
        line.next++;
        break;
      }
      const taken = word.charCodeAt(1) === 45 ? this.takeLong(word, invert) : this.takeShort(word, invert);
      if (taken !== null) return taken;
      if (isFarewell(line.command)) return null;
      invert = false;
    }
    line.danglingNot = invert;
    return null;
  }

  private takeLong(word: string, invert: boolean): Taken {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const attached = equals < 0 ? null : word.slice(equals + 1);
    const base = this.baseOptions.byName.get(name);
    if (base !== undefined) {
      this.line.next++;
      return this.takeBase(base, attached, invert);
    }
    for (const set of this.line.known) {
      const entry = set.loadable.options.byName.get(name);
      if (entry !== undefined) return this.takeOption(set, entry, attached, invert);
    }
    const found = this.abbreviated(name);
    if (found !== null && 'letter' in found) {
      this.line.next++;
      return this.takeBase(found, attached, invert);
    }
    if (found !== null) return this.takeOption(found.set, found.entry, attached, invert);
    if (this.loadProtocol()) return this.takeLong(word, invert);
    return this.unknownOption(word, name);
  }

  /** The one option that begins so; null if there is none, or several. */
  private abbreviated(name: string): BaseOption | { set: Extension; entry: OptionEntry } | null {
    let found: BaseOption | { set: Extension; entry: OptionEntry } | null = null;
    for (const option of this.baseOptions.long) {
      if (!option.name.startsWith(name)) continue;
      if (found !== null && 'letter' in found && found.letter === option.letter) continue;
      if (found !== null) return null;
      found = option;
    }
    for (const set of this.line.known) {
      for (const entry of set.loadable.options.entries) {
        if (!entry.name.startsWith(name)) continue;
        if (found !== null && 'set' in found && found.set === set && found.entry.key === entry.key) continue;
        if (found !== null) return null;
        found = { set, entry };
      }
    }
    return found;
  }

  private unknownOption(word: string, name: string): Refusal {
    const candidates: string[] = [];
    for (const set of this.line.known) for (const entry of set.loadable.options.entries) candidates.push(entry.name);
    for (const option of this.baseOptions.long) candidates.push(option.name);
    const near = nearest(name, candidates);
    return new Refusal('unknown-option', `unknown option "${word}"`, {
      suggestion: near === undefined ? undefined : `--${near}`,
      protocol: this.protocolOf(name),
    });
  }

  /** The protocol whose -p would make an option known; tcp of several. Undefined if there is none, or a -p already. */
  private protocolOf(option: string): string | undefined {
    const { line, registry } = this;
    if (line.words.some((word) => word.startsWith('-p') || word.startsWith('--proto'))) return undefined;
    wholeOnly(registry);
    let found: string | undefined;
    for (const { record, options } of registry.matches.values()) {
      const name = options.byName.has(option) ? protocolName(record.protocols?.[0] ?? -1) : null;
      if (name === null || registry.matches.get(name)?.record !== record) continue;
      if (found === undefined || name === 'tcp') found = name;
    }
    return found;
  }

  private takeShort(word: string, invert: boolean): Taken {
    const { line } = this;
    for (let i = 1; i < word.length; i++) {
      const rest = i + 1 < word.length ? word.slice(i + 1) : null;
      if (rest === null) line.next++;
      const option = BASE_BY_LETTER.get(word[i]!);
      if (option === undefined) {
        const refusal = this.unknownLetter(word, i);
        if (refusal !== null) return refusal;
        continue;
      }
      if (option.argument !== 'no') {
        if (rest !== null) line.next++;
        return this.takeBase(option, rest, invert);
      }
      const taken = this.takeBase(option, null, invert);
      if (taken !== null || isFarewell(line.command)) return taken;
      invert = false;
    }
    return null;
  }

  /**
   * The first unknown one loads the protocol's match, and the tool steps back by a word to read it again; within a word
   * it is then one word behind. getopt() reads bytes, and knows a letter that do_parse() does not: -b.
   */
  private unknownLetter(word: string, at: number): Refusal | null {
    const { line } = this;
    const code = word.codePointAt(at)!;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    const last = at + 1 === word.length;
    if (bytes > 1 && last) line.next--;
    if (this.loadProtocol()) {
      line.next--;
      if (bytes === 1) return null;
      if (bytes === 2 && last) line.next++;
    }
    if (word[at] === 'b') return new Refusal('unknown-option', 'Unknown arg "(null)"');
    const before = line.words[line.next - 1] ?? (line.restore ? line.table : programOf(this.world.family));
    // It empties a ! that it has read.
    const blamed = line.next - 1 === line.notAt ? '' : before;
    return new Refusal('unknown-option', `unknown option "${blamed}"`);
  }

  private takeBase(option: BaseOption, attached: string | null, invert: boolean): Taken {
    const { line } = this;
    if (attached !== null && option.argument === 'no')
      return this.unknownOption(line.words[line.next - 1]!, option.name);
    let argument: string | null = null;
    if (option.argument !== 'no' && attached !== null) {
      // 1.8.9 takes the word before the next one for what these options are given: of `-ptcp`, the whole.
      const empty = attached === '' && (option.letter === 'i' || option.letter === 'o');
      argument = WHOLE_WORD.has(option.letter) && !empty ? line.words[line.next - 1]! : attached;
    } else if (option.argument === 'yes') {
      if (line.next >= line.words.length) {
        return new Refusal('argument-missing', `option "${line.words[line.next - 1]}" requires an argument`);
      }
      line.at = line.next;
      argument = line.words[line.next++]!;
    }
    switch (option.letter) {
      case 'm':
        return this.takeMatch(argument ?? '', invert);
      case 'j':
      case 'g':
        return this.takeTarget(option.letter, argument ?? '', invert);
      case 'w':
      case 'W':
        return takeWait(line, option.letter, argument);
      default:
        if (option.letter in COMMANDS) {
          return takeCommand(line, option.letter as CommandLetter, argument, invert, this.registry);
        }
        return takeParameter(line, option.letter, argument ?? '', invert, this.world.family, this.ifaces);
    }
  }

  // --- extensions ------------------------------------------------------------------------------------------------

  private takeMatch(name: string, invert: boolean): Refusal | null {
    if (invert) return new Refusal('misplaced-not', 'unexpected ! flag before --match');
    if (name.length >= MAX_NAME) {
      return new Refusal('unknown-match', `Invalid match name "${name}" (${MAX_NAME - 1} chars max)`);
    }
    const loadable = findMatch(this.registry, name);
    if (loadable === undefined) {
      const wanted = this.registry.aliases.get(name) ?? name;
      return new Refusal('unknown-match', `Couldn't load match \`${wanted}':No such file or directory\n`, {
        suggestion: nearest(name, this.registry.matches.keys()),
      });
    }
    this.loadMatch(new Loaded(loadable, this.line.at), false);
    return null;
  }

  private loadMatch(loaded: Loaded<Match>, implicit: boolean): void {
    const { matches, known } = this.line;
    let first = true;
    for (const other of matches) {
      if (other.record !== loaded.record) continue;
      other.completed = true;
      first = false;
    }
    matches.push(loaded);
    if (first || implicit) known.unshift(loaded);
    if (first) this.warnAbsent(loaded.record);
  }

  /** `-p tcp --dport 80` loads the tcp match. Kernel side: load_proto() */
  private loadProtocol(): boolean {
    const { line } = this;
    if (line.protocolUsed || line.protocolWord === '') return false;
    const number = readUint(line.protocolWord, 0, 255);
    const name = number === null ? line.protocolWord : protocolName(number);
    const loadable = name === null ? undefined : findMatch(this.registry, name);
    if (loadable === undefined) return false;
    line.protocolUsed = true;
    this.loadMatch(new Loaded(loadable, line.at), true);
    return true;
  }

  private takeTarget(letter: string, name: string, invert: boolean): Refusal | null {
    const { line } = this;
    const twice = line.mark('j', JUMP, invert);
    if (twice !== null) return twice;
    line.jumpAt = line.at;
    if (name === '') return new Refusal('bad-target', 'Invalid target name (too short)');
    if (name.length >= MAX_NAME) {
      return new Refusal('bad-target', `Invalid target name \`${name}' (${MAX_NAME - 1} chars max)`);
    }
    if (/\s/.test(name)) return new Refusal('bad-target', `Invalid target name \`${name}'`);
    line.jumpto = name;
    if (letter === 'g') {
      line.goto = true;
      return null;
    }
    const loadable = findTarget(this.registry, name);
    if (loadable !== undefined) {
      line.target = new Loaded(loadable, line.at);
      line.known.unshift(line.target);
      this.warnAbsent(line.target.record);
    }
    return null;
  }

  /** Kernel side: compatible_revision() */
  private warnAbsent(record: Match | Target): void {
    if (!record.absent) return;
    this.line.warn(`Warning: Extension ${record.name} revision 0 not supported, missing kernel module?`);
  }

  private takeOption(set: Extension, entry: OptionEntry, attached: string | null, invert: boolean): Refusal | null {
    const { line, call } = this;
    const { kind } = entry.spec;
    if (attached !== null && (kind === null || kind.optional)) {
      return this.unknownOption(line.words[line.next]!, entry.name);
    }
    let user = set;
    if (set.record.type === 'match') {
      for (const loaded of line.matches) if (loaded.record === set.record && !loaded.completed) user = loaded;
    }
    const optionAt = line.next++;
    let argument = '';
    call.second = '';
    if (kind?.optional) {
      const word = line.spare();
      argument = word ?? '';
      call.absent = word === null;
    } else if (kind !== null) {
      if (attached !== null) argument = attached;
      else if (line.next < line.words.length) {
        line.at = line.next;
        argument = line.words[line.next++]!;
      } else {
        line.at = optionAt;
        this.loadProtocol();
        return new Refusal('argument-missing', `option "${line.words[optionAt]}" requires an argument`);
      }
      if (kind.second !== undefined) {
        const { at } = line;
        const word = line.spare();
        line.at = at;
        if (word === null) return user.givenTwice(entry) ?? new Refusal('argument-missing', kind.second);
        call.second = word;
      }
    }
    call.negated = invert;
    call.protocol = line.protocol;
    call.protocolNegated = line.protocolNegated;
    return user.take(entry, argument, call, line);
  }
}
