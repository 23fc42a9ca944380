import { nearest } from '../../base';
import { readAddresses } from '../read/address';
import { unknownProtocol } from '../read/kinds';
import { protocolByName, protocolName } from '../read/names';
import { readUint, scanUint64 } from '../read/numbers';
import type { Match, Target } from '../record';
import { Refusal } from '../refusal';
import { type OptionEntry, type Registry, registryOf } from '../registry';
import {
  type AddrTest,
  type IfaceTest,
  type MatchUse,
  NO_TARGET,
  type Rule,
  type RuleTarget,
  type StandardVerdict,
} from '../rule';
import type { Counters, XtContext, XtFamily } from '../types';
import type { Command, CommandName } from './command';
import { type Call, Loaded } from './loaded';
import { BASE_BY_LETTER, BASE_BY_NAME, BASE_LONG, type BaseOption, COMMANDS, ILLEGAL } from './options';

/** A command, or why there is none and the index of the word that is to blame. */
export type ReadCommand = Command | { readonly refusal: Refusal; readonly at: number };

/** What the reader must know of the table that the command is for. */
export interface ReaderWorld {
  readonly family: XtFamily;
  readonly context: XtContext;
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

const STANDARD: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']);
const VERDICTS: Readonly<Record<StandardVerdict, RuleTarget>> = {
  ACCEPT: Object.freeze({ kind: 'verdict', verdict: 'ACCEPT' }),
  DROP: Object.freeze({ kind: 'verdict', verdict: 'DROP' }),
  QUEUE: Object.freeze({ kind: 'verdict', verdict: 'QUEUE' }),
  RETURN: Object.freeze({ kind: 'verdict', verdict: 'RETURN' }),
};
const TAKES_RULE: ReadonlySet<string> = new Set(['append', 'delete', 'check', 'insert', 'replace']);
const NO_MATCHES: readonly MatchUse[] = Object.freeze([]);
const ANY: readonly null[] = [null];

/** Longest name of a chain, match or target, with its end. Kernel: XT_EXTENSION_MAXNAMELEN */
export const MAX_NAME = 29;

/**
 * Reads one command line of iptables, word by word, as getopt_long() and do_parse() of iptables 1.8.9 do.
 *
 * One reader serves many lines: what lines have in common (targets, interfaces) is made once.
 */
export class CommandReader {
  private readonly world: ReaderWorld;
  private readonly registry: Registry;
  private readonly chainTargets = new Map<string, RuleTarget>();
  private readonly gotoTargets = new Map<string, RuleTarget>();
  private readonly ifaces = new Map<string, IfaceTest>();
  private readonly call: Call;

  // The line that is being read.
  private words: readonly string[] = [];
  private next = 0;
  private at = 0;
  private matches: Loaded<Match>[] = [];
  private target: Loaded<Target> | null = null;
  /** Extensions whose options are known, the newest first. */
  private known: Loaded<Match | Target>[] = [];
  private given = '';
  private negated = '';
  private command: CommandName | null = null;
  private zero: Command['zero'] = 'no';
  private chain = '';
  private number = 0;
  private newName = '';
  private policy = '';
  private table = 'filter';
  private jumpto = '';
  private goto = false;
  private protocol = 0;
  private protocolNegated = false;
  private protocolWord = '';
  private protocolUsed = false;
  private srcText = '';
  private dstText = '';
  private srcAt = 0;
  private dstAt = 0;
  private iif: IfaceTest | null = null;
  private oif: IfaceTest | null = null;
  private chainAt = 0;
  private jumpAt = 0;
  private verbose = 0;
  private counters: Counters | null = null;
  private warnings: string[] = [];
  private wait = false;
  private waitInterval = false;

  constructor(world: ReaderWorld) {
    this.world = world;
    this.call = {
      extension: '',
      flag: '',
      negated: false,
      second: '',
      family: world.family,
      protocol: 0,
      protocolNegated: false,
      context: world.context,
    };
    this.registry = registryOf(world.family);
  }

  read(words: readonly string[], parameters: Parameters): ReadCommand {
    this.words = words;
    this.next = 0;
    this.at = 0;
    this.matches = [];
    this.target = null;
    this.known = [];
    this.given = '';
    this.negated = '';
    this.command = null;
    this.zero = 'no';
    this.chain = '';
    this.number = 0;
    this.newName = '';
    this.policy = '';
    this.table = parameters.table;
    this.jumpto = '';
    this.goto = false;
    this.protocol = 0;
    this.protocolNegated = false;
    this.protocolWord = '';
    this.protocolUsed = false;
    this.srcText = '';
    this.dstText = '';
    this.iif = null;
    this.oif = null;
    this.verbose = 0;
    this.counters = null;
    this.warnings = [];
    this.wait = false;
    this.waitInterval = false;
    const done = this.scan(parameters.restore);
    if (done === 'ignore') return this.result([]);
    const refusal = done ?? this.checkAll();
    if (refusal instanceof Refusal) return { refusal, at: this.at };
    return this.build(parameters.line);
  }

  // --- getopt_long() ---------------------------------------------------------------------------------------------

  private scan(restore: boolean): Refusal | 'ignore' | null {
    let invert = false;
    while (this.next < this.words.length) {
      const word = this.words[this.next]!;
      this.at = this.next;
      if (word.length < 2 || word.charCodeAt(0) !== 45) {
        this.next++;
        if (word !== '!') return new Refusal('bad-argument', `Bad argument \`${word}'`, { bare: true });
        if (invert) return new Refusal('double-negation', 'multiple consecutive ! not allowed');
        invert = true;
        continue;
      }
      if (word === '--') {
        this.next++;
        break;
      }
      const taken =
        word.charCodeAt(1) === 45 ? this.takeLong(word, invert, restore) : this.takeShort(word, invert, restore);
      if (taken !== null) return taken;
      invert = false;
    }
    this.danglingNot = invert;
    return null;
  }
  private danglingNot = false;

  private takeLong(word: string, invert: boolean, restore: boolean): Refusal | 'ignore' | null {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const attached = equals < 0 ? null : word.slice(equals + 1);
    const base = BASE_BY_NAME.get(name);
    if (base !== undefined) return this.takeBase(base, attached, invert, restore);
    for (const set of this.known) {
      const entry = set.loadable.options.byName.get(name);
      if (entry !== undefined) return this.takeOption(set, entry, attached, invert);
    }
    const found = this.abbreviated(name);
    if (found !== null && 'letter' in found) return this.takeBase(found, attached, invert, restore);
    if (found !== null) return this.takeOption(found.set, found.entry, attached, invert);
    if (this.loadProtocol()) return this.takeLong(word, invert, restore);
    return this.unknownOption(word, name);
  }

  /** The one option that begins so; null if there is none, or several. */
  private abbreviated(name: string): BaseOption | { set: Loaded<Match | Target>; entry: OptionEntry } | null {
    let found: BaseOption | { set: Loaded<Match | Target>; entry: OptionEntry } | null = null;
    for (const option of BASE_LONG) {
      if (!option.name.startsWith(name)) continue;
      if (found !== null && 'letter' in found && found.letter === option.letter) continue;
      if (found !== null) return null;
      found = option;
    }
    for (const set of this.known) {
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
    for (const set of this.known) for (const entry of set.loadable.options.entries) candidates.push(entry.name);
    for (const option of BASE_LONG) candidates.push(option.name);
    const near = nearest(name, candidates);
    return new Refusal('unknown-option', `unknown option "${word}"`, {
      suggestion: near === undefined ? undefined : `--${near}`,
    });
  }

  private takeShort(word: string, invert: boolean, restore: boolean): Refusal | 'ignore' | null {
    const at = this.next;
    for (let i = 1; i < word.length; i++) {
      const option = BASE_BY_LETTER.get(word[i]!);
      if (option === undefined) {
        this.next = at + 1;
        this.loadProtocol();
        return new Refusal('unknown-option', `unknown option "${word}"`);
      }
      const rest = word.slice(i + 1);
      if (option.argument !== 'no') return this.takeBase(option, rest === '' ? null : rest, invert, restore);
      const taken = this.takeBase(option, null, invert, restore);
      if (taken !== null) return taken;
      invert = false;
      this.next = at;
    }
    this.next = at + 1;
    return null;
  }

  /** The next word, if it does not look like an option. Kernel side: xs_has_arg() */
  private spare(): string | null {
    const word = this.words[this.next];
    if (word === undefined || word.startsWith('-') || word.startsWith('!')) return null;
    this.at = this.next;
    this.next++;
    return word;
  }

  private takeBase(
    option: BaseOption,
    attached: string | null,
    invert: boolean,
    restore: boolean,
  ): Refusal | 'ignore' | null {
    this.next++;
    let argument = '';
    if (option.argument === 'yes') {
      if (attached !== null) argument = attached;
      else {
        if (this.next >= this.words.length) {
          return new Refusal('argument-missing', `option "${this.words[this.next - 1]}" requires an argument`);
        }
        this.at = this.next;
        argument = this.words[this.next++]!;
      }
    } else if (option.argument === 'attached' && attached !== null) argument = attached;
    if (option.letter in COMMANDS) return this.takeCommand(option.letter as keyof typeof COMMANDS, argument, invert);
    return this.takeParameter(option.letter, argument, invert, restore);
  }

  // --- commands --------------------------------------------------------------------------------------------------

  private takeCommand(letter: keyof typeof COMMANDS, argument: string, invert: boolean): Refusal | null {
    const name = COMMANDS[letter];
    if (name === 'new-chain') {
      const bad = this.badChainName(argument);
      if (bad !== null) return bad;
    }
    if (invert) return new Refusal('misplaced-not', "unexpected '!' flag");
    const before = this.command;
    if (before !== null) {
      const listing = (n: CommandName): boolean => n === 'list' || n === 'list-rules';
      const zeroing = (n: CommandName): boolean => n === 'zero' || n === 'zero-number';
      const fits = (listing(name) && zeroing(before)) || (name === 'zero' && listing(before));
      if (!fits) {
        const old = this.commandLetter(before);
        return new Refusal('two-commands', `Cannot use -${letter} with -${old}`);
      }
    }
    if (argument !== '') {
      this.chain = argument;
      this.chainAt = this.at;
    } else if (letter === 'L' || letter === 'S' || letter === 'F' || letter === 'Z' || letter === 'X') {
      const chain = this.spare();
      if (chain !== null) {
        this.chain = chain;
        this.chainAt = this.at;
      }
    }
    let result: CommandName = name;
    if (letter === 'E' || letter === 'P') {
      const word = this.spare();
      if (word === null) {
        const wants = letter === 'E' ? 'old-chain-name and new-chain-name' : 'a chain and a policy';
        return new Refusal('argument-missing', `-${letter} requires ${wants}`);
      }
      if (letter === 'E') this.newName = word;
      else this.policy = word;
    }
    if ('DRILSZ'.includes(letter)) {
      const word = this.spare();
      if (word !== null) {
        const number = readUint(word, 1, 0x7fff_ffff);
        if (number === null) return new Refusal('bad-number', `Invalid rule number \`${word}'`);
        this.number = number;
        if (letter === 'D') result = 'delete-number';
        if (letter === 'Z') result = 'zero-number';
      } else if (letter === 'R') return new Refusal('argument-missing', '-R requires a rule number');
      else if (letter === 'I') this.number = 1;
    }
    if (before !== null && (before === 'list' || before === 'list-rules')) {
      this.zero = result === 'zero-number' ? 'number' : 'all';
      return null;
    }
    if (before !== null) this.zero = before === 'zero-number' ? 'number' : 'all';
    this.command = result;
    return null;
  }

  private commandLetter(name: CommandName): string {
    if (name === 'delete-number') return 'D';
    if (name === 'zero-number') return 'Z';
    return Object.entries(COMMANDS).find(([, n]) => n === name)?.[0] ?? '?';
  }

  /** Kernel side: assert_valid_chain_name() */
  private badChainName(name: string): Refusal | null {
    if (name.length >= MAX_NAME) {
      return new Refusal('chain-name', `chain name \`${name}' too long (must be under ${MAX_NAME} chars)`);
    }
    if (name.startsWith('-') || name.startsWith('!')) {
      return new Refusal('chain-name', `chain name not allowed to start with \`${name[0]}'`);
    }
    if (STANDARD.has(name) || name === '' || this.registry.targets.has(name)) {
      return new Refusal('chain-name', 'chain name may not clash with target name');
    }
    if (/\s/.test(name)) return new Refusal('chain-name', `Invalid chain name \`${name}'`);
    return null;
  }

  // --- what a rule tests -----------------------------------------------------------------------------------------

  /** Kernel side: set_option() */
  private mark(letter: string, invert: boolean): Refusal | null {
    if (this.given.includes(letter)) {
      return new Refusal('option-twice', `multiple -${letter === 'g' ? 'j' : letter} flags not allowed`);
    }
    this.given += letter;
    if (invert) {
      if (!'sdpiof'.includes(letter)) return new Refusal('misplaced-not', `cannot have ! before -${letter}`);
      this.negated += letter;
      if (letter === 'p') this.protocolNegated = true;
    }
    return null;
  }

  private takeParameter(
    letter: string,
    argument: string,
    invert: boolean,
    restore: boolean,
  ): Refusal | 'ignore' | null {
    switch (letter) {
      case 'p':
        return this.mark('p', invert) ?? this.takeProtocol(argument);
      case 's':
        this.srcText = argument;
        this.srcAt = this.at;
        return this.mark('s', invert);
      case 'd':
        this.dstText = argument;
        this.dstAt = this.at;
        return this.mark('d', invert);
      case 'i':
      case 'o': {
        if (argument === '') return new Refusal('bad-interface', 'Empty interface is likely to be undesired');
        const twice = this.mark(letter, invert);
        if (twice !== null) return twice;
        const iface = this.interfaceTest(argument, invert);
        if (iface instanceof Refusal) return iface;
        if (letter === 'i') this.iif = iface;
        else this.oif = iface;
        return null;
      }
      case 'f':
        if (this.world.family === 'ip6') {
          return new Refusal('not-in-ipv6', "`-f' is not supported in IPv6, use -m frag instead");
        }
        return this.mark('f', invert);
      case 'm':
        return this.takeMatch(argument, invert);
      case 'j':
      case 'g':
        return this.takeTarget(letter, argument, invert);
      case 'v':
        this.verbose++;
        return this.verbose === 1 ? this.mark('v', invert) : null;
      case 'n':
      case 'x':
      case '0':
        return this.mark(letter, invert);
      case 'c':
        return this.mark('c', invert) ?? this.takeCounters(argument);
      case 't':
        if (invert) return new Refusal('misplaced-not', 'unexpected ! flag before --table');
        if (restore) return new Refusal('no-table', `The -t option cannot be used in ${this.program()}-restore.\n`);
        this.table = argument;
        return null;
      case 'w':
      case 'W':
        return this.takeWait(letter, argument, restore);
      case '4':
      case '6':
        if ((letter === '4') === (this.world.family === 'ip')) return null;
        if (restore) return 'ignore';
        return new Refusal('wrong-family', '', { bare: true });
      case 'V':
        this.command = 'version';
        return null;
      case 'h':
        this.command = 'help';
        return null;
      default:
        return null;
    }
  }

  private program(): string {
    return this.world.family === 'ip' ? 'iptables' : 'ip6tables';
  }

  private takeWait(letter: string, argument: string, restore: boolean): Refusal | null {
    if (restore) return new Refusal('no-wait', `You cannot use \`-${letter}' from iptables-restore`);
    const word = argument !== '' ? argument : this.spare();
    if (letter === 'w') {
      this.wait = true;
      if (word !== null && !/^\s*[+-]?\d/.test(word)) return new Refusal('bad-value', 'wait seconds not numeric');
      return null;
    }
    if (word === null) return new Refusal('argument-missing', 'wait interval value required');
    const span = /^\s*\+?(\d+)/.exec(word);
    if (span === null) return new Refusal('bad-value', 'wait interval not numeric');
    if (Number(span[1]) > 999_999) {
      return new Refusal('bad-value', `too long usec wait ${Number(span[1])} > 999999 usec`);
    }
    this.waitInterval = true;
    this.warnings.push('Ignoring deprecated --wait-interval option.');
    return null;
  }

  private takeCounters(argument: string): Refusal | null {
    const comma = argument.indexOf(',', 1);
    const bytesWord = comma >= 0 ? argument.slice(comma + 1) : this.spare();
    if (bytesWord === null) return new Refusal('argument-missing', '-c requires packet and byte counter');
    const packets = scanUint64(argument);
    if (packets === null) return new Refusal('bad-value', '-c packet counter not numeric');
    const bytes = scanUint64(bytesWord);
    if (bytes === null) return new Refusal('bad-value', '-c byte counter not numeric');
    this.counters = [Number(packets.value), Number(bytes.value)];
    return null;
  }

  private takeProtocol(argument: string): Refusal | null {
    const word = argument.toLowerCase();
    const number = protocolByName(word);
    if (number === null) return unknownProtocol(word);
    if (number === 0 && this.protocolNegated) {
      return new Refusal('never-matches', 'rule would never match protocol');
    }
    this.protocol = number;
    this.protocolWord = word;
    if (this.world.family === 'ip6' && !this.protocolNegated && [43, 44, 51, 60].includes(number)) {
      this.warnings.push(`Warning: never matched protocol: ${word}. use extension match instead.`);
    }
    return null;
  }

  /** Kernel side: xtables_parse_interface() */
  private interfaceTest(text: string, negated: boolean): IfaceTest | Refusal {
    const key = negated ? `!${text}` : text;
    const known = this.ifaces.get(key);
    if (known !== undefined) return known;
    if (text.length > 15) {
      return new Refusal('bad-interface', `interface name \`${text}' must be shorter than IFNAMSIZ (15)`);
    }
    if (/[/ ]/.test(text)) {
      this.warnings.push(
        `Warning: weird character in interface \`${text}' ('/' and ' ' are not allowed by the kernel).`,
      );
    }
    const wild = text.endsWith('+');
    const test = Object.freeze({ text, name: wild ? text.slice(0, -1) : text, wild, negated });
    this.ifaces.set(key, test);
    return test;
  }

  private takeMatch(name: string, invert: boolean): Refusal | null {
    if (invert) return new Refusal('misplaced-not', 'unexpected ! flag before --match');
    if (name.length >= MAX_NAME) {
      return new Refusal('unknown-match', `Invalid match name "${name}" (${MAX_NAME - 1} chars max)`);
    }
    const loadable = this.registry.matches.get(name);
    if (loadable === undefined) {
      return new Refusal('unknown-match', `Couldn't load match \`${name}':No such file or directory\n`, {
        suggestion: nearest(name, this.registry.matches.keys()),
      });
    }
    this.loadMatch(new Loaded(loadable, this.at), false);
    return null;
  }

  private loadMatch(loaded: Loaded<Match>, implicit: boolean): void {
    let first = true;
    for (const other of this.matches) {
      if (other.record !== loaded.record) continue;
      other.completed = true;
      first = false;
    }
    this.matches.push(loaded);
    if (first || implicit) this.known.unshift(loaded);
  }

  /** `-p tcp --dport 80` loads the tcp match. Kernel side: load_proto() */
  private loadProtocol(): boolean {
    if (this.protocolUsed || this.protocolWord === '') return false;
    const number = readUint(this.protocolWord, 0, 255);
    const name = number === null ? this.protocolWord : protocolName(number);
    const loadable = name === null ? undefined : this.registry.matches.get(name);
    if (loadable === undefined) return false;
    this.protocolUsed = true;
    this.loadMatch(new Loaded(loadable, this.at), true);
    return true;
  }

  private takeTarget(letter: string, name: string, invert: boolean): Refusal | null {
    const twice = this.mark('j', invert);
    if (twice !== null) return twice;
    this.jumpAt = this.at;
    if (name === '') return new Refusal('bad-target', 'Invalid target name (too short)');
    if (name.length >= MAX_NAME) {
      return new Refusal('bad-target', `Invalid target name \`${name}' (${MAX_NAME - 1} chars max)`);
    }
    if (/\s/.test(name)) return new Refusal('bad-target', `Invalid target name \`${name}'`);
    this.jumpto = name;
    if (letter === 'g') {
      this.goto = true;
      return null;
    }
    const loadable = this.registry.targets.get(name);
    if (loadable !== undefined) {
      this.target = new Loaded(loadable, this.at);
      this.known.unshift(this.target);
    }
    return null;
  }

  private takeOption(
    set: Loaded<Match | Target>,
    entry: OptionEntry,
    attached: string | null,
    invert: boolean,
  ): Refusal | null {
    const optionAt = this.next;
    this.next++;
    let argument = '';
    let second = '';
    const kind = entry.spec.kind;
    if (kind?.optional) {
      const word = this.words[this.next];
      if (word !== undefined && !word.startsWith('-') && !word.startsWith('!')) {
        this.at = this.next++;
        argument = word;
      }
    } else if (kind !== null) {
      if (attached !== null) argument = attached;
      else {
        if (this.next >= this.words.length) {
          this.at = optionAt;
          this.loadProtocol();
          return new Refusal('argument-missing', `option "${this.words[optionAt]}" requires an argument`);
        }
        this.at = this.next;
        argument = this.words[this.next++]!;
      }
      if (kind.second !== undefined) {
        const word = this.words[this.next];
        if (word === undefined || word.startsWith('-') || word.startsWith('!')) {
          return new Refusal('argument-missing', kind.second);
        }
        second = word;
        this.next++;
      }
    }
    let user: Loaded<Match | Target> = set;
    if (set.record.type === 'match') {
      for (const loaded of this.matches) if (loaded.record === set.record && !loaded.completed) user = loaded;
    }
    const call = this.call;
    call.negated = invert;
    call.second = second;
    call.protocol = this.protocol;
    call.protocolNegated = this.protocolNegated;
    return user.take(entry, argument, call);
  }

  // --- after the last word ---------------------------------------------------------------------------------------

  private uses: MatchUse[] = [];
  private config: object | null = null;
  private sources: readonly (AddrTest | null)[] = ANY;
  private destinations: readonly (AddrTest | null)[] = ANY;

  private checkAll(): Refusal | null {
    if (this.command === 'version' || this.command === 'help') return null;
    if (this.table === 'nat' && (this.policy === 'DROP' || this.jumpto === 'DROP')) {
      this.at = this.jumpto === 'DROP' ? this.jumpAt : this.at;
      return new Refusal(
        'drop-in-nat',
        '\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n',
      );
    }
    if (!this.wait && this.waitInterval) {
      return new Refusal('options-clash', '--wait-interval only makes sense with --wait\n');
    }
    const call = {
      family: this.world.family,
      protocol: this.protocol,
      protocolNegated: this.protocolNegated,
      context: this.world.context,
    };
    this.uses = [];
    for (const loaded of this.matches) {
      const config = loaded.finish(call);
      if (config instanceof Refusal) {
        this.at = loaded.at;
        return config;
      }
      this.uses.push(Object.freeze({ match: loaded.record, config: Object.freeze(config) }));
    }
    this.config = null;
    if (this.target !== null) {
      const config = this.target.finish(call);
      if (config instanceof Refusal) {
        this.at = this.target.at;
        return config;
      }
      this.config = Object.freeze(config);
    }
    if (this.next < this.words.length) {
      this.at = this.next;
      return new Refusal('bad-argument', 'unknown arguments found on commandline');
    }
    if (this.command === null) return new Refusal('no-command', 'no command specified');
    if (this.danglingNot) return new Refusal('misplaced-not', 'nothing appropriate following !');
    return this.readBothAddresses() ?? this.checkTogether(this.command);
  }

  private readBothAddresses(): Refusal | null {
    this.sources = ANY;
    this.destinations = ANY;
    if (this.given.includes('s')) {
      const found = readAddresses(this.srcText, this.world.family, this.negated.includes('s'));
      if (found instanceof Refusal) {
        this.at = this.srcAt;
        return found;
      }
      this.sources = found;
    }
    if (this.given.includes('d')) {
      const found = readAddresses(this.dstText, this.world.family, this.negated.includes('d'));
      if (found instanceof Refusal) {
        this.at = this.dstAt;
        return found;
      }
      this.destinations = found;
    }
    const many = this.sources.length > 1 || this.destinations.length > 1;
    if (many && (this.negated.includes('s') || this.negated.includes('d'))) {
      this.at = this.sources.length > 1 ? this.srcAt : this.dstAt;
      return new Refusal('negated-list', '! not allowed with multiple source or destination IP addresses');
    }
    return null;
  }

  /** What goes with which command. Kernel side: generic_opt_check() and the end of do_parse() */
  private checkTogether(command: CommandName): Refusal | null {
    if (command === 'replace' && (this.sources.length !== 1 || this.destinations.length !== 1)) {
      return new Refusal('address-list', 'Replacement rule does not specify a unique address');
    }
    const illegal = ILLEGAL[command] ?? '';
    for (let i = 0; i < this.given.length; i++) {
      const letter = this.given[i]!;
      if (illegal.includes(letter)) {
        return new Refusal('illegal-option', `Illegal option \`-${letter}' with this command`);
      }
    }
    this.at = this.chainAt;
    if (this.chain.length >= MAX_NAME) {
      return new Refusal('chain-name', `chain name \`${this.chain}' too long (must be under ${MAX_NAME} chars)`);
    }
    if (TAKES_RULE.has(command) || command === 'delete-number') {
      const incoming = this.chain === 'PREROUTING' || this.chain === 'INPUT';
      const outgoing = this.chain === 'POSTROUTING' || this.chain === 'OUTPUT';
      if (incoming && this.oif !== null) return new Refusal('wrong-interface', `Can't use -o with ${this.chain}\n`);
      if (outgoing && this.iif !== null) return new Refusal('wrong-interface', `Can't use -i with ${this.chain}\n`);
    }
    return null;
  }

  private build(line: number): ReadCommand {
    if (!TAKES_RULE.has(this.command!)) return this.result([]);
    const target = this.resolveTarget();
    if (target instanceof Refusal) return { refusal: target, at: this.jumpAt };
    const fragment = !this.given.includes('f') ? 'any' : this.negated.includes('f') ? 'first' : 'later';
    const matches = this.uses.length === 0 ? NO_MATCHES : Object.freeze(this.uses);
    const rules: Rule[] = [];
    for (const src of this.sources) {
      for (const dst of this.destinations) {
        rules.push(
          Object.freeze({
            src,
            dst,
            iif: this.iif,
            oif: this.oif,
            protocol: this.protocol,
            protocolNegated: this.protocolNegated,
            fragment,
            matches,
            target,
            line,
          }),
        );
      }
    }
    return this.result(rules);
  }

  private resolveTarget(): RuleTarget | Refusal {
    const name = this.jumpto;
    if (name === '') return NO_TARGET;
    const isChain = this.world.isChain(name, this.table);
    if (isChain) {
      if (this.target !== null) this.warnings.push(`Warning: using chain ${name}, not extension`);
      const cache = this.goto ? this.gotoTargets : this.chainTargets;
      let target = cache.get(name);
      if (target === undefined) {
        target = Object.freeze({ kind: 'chain', chain: name, goto: this.goto });
        cache.set(name, target);
      }
      return target;
    }
    if (this.goto) {
      return new Refusal('unknown-chain', `goto '${name}' is not a chain\n`.trimEnd(), {
        suggestion: nearest(name, this.world.chainNames(this.table)),
      });
    }
    if (STANDARD.has(name)) return VERDICTS[name as StandardVerdict];
    if (this.target !== null && this.config !== null) {
      return Object.freeze({ kind: 'extension', target: this.target.record, config: this.config });
    }
    const candidates = [...STANDARD, ...this.world.chainNames(this.table), ...this.registry.targets.keys()];
    return new Refusal('unknown-target', `Couldn't load target \`${name}':No such file or directory\n`, {
      suggestion: nearest(name, candidates),
    });
  }

  private result(rules: readonly Rule[]): Command {
    return {
      name: this.command ?? 'none',
      table: this.table,
      chain: this.chain,
      number: this.number,
      newName: this.newName,
      policy: this.policy,
      zero: this.zero,
      verbose: this.verbose,
      numeric: this.given.includes('n'),
      exact: this.given.includes('x'),
      lineNumbers: this.given.includes('0'),
      counters: this.counters,
      rules,
      warnings: this.warnings,
    };
  }
}
