import { nearest } from '../../base';
import type { TableName } from '../../model';
import { type Command, type Farewell, isFarewell } from '../command/command';
import { errnoText, type HandleCall, programOf } from '../command/errors';
import { CommandReader } from '../command/reader';
import { MAX_NAME } from '../command/take-command';
import { splitWords, type Words } from '../read/words';
import { Refusal } from '../refusal';
import type { Extensions } from '../registry';
import { isTableName, TABLE_NAMES } from '../rule';
import type { CheckFailure } from '../state/check';
import type { Handle, HandleErrno } from '../state/handle';
import { type XtContext, type XtFamily, ZERO_COUNTERS } from '../types';
import { policyCounters, ruleCounters } from './counters';
import type { KnownLine, LineCache } from './line-cache';

/** What is wrong with a line. Indexes count from 0. */
export interface LineProblem {
  readonly refusal: Refusal;
  readonly start: number;
  readonly end: number;
  /** Where the -p of the protocol goes that the refusal misses. */
  readonly before?: number;
  /** The tool only says "line N failed". */
  readonly silent: boolean;
  /** The kernel's refusal, at COMMIT. */
  readonly check?: CheckFailure;
}

interface ReaderOptions {
  readonly family: XtFamily;
  readonly context: XtContext;
  readonly extensions: Extensions;
  readonly noflush: boolean;
  /** -c: counters of the text are taken. */
  readonly counters: boolean;
  /** -T: only this table. */
  readonly only: string | null;
  readonly open: (table: TableName) => Handle;
  readonly commit: (handle: Handle) => CheckFailure | null;
  /** What lines were read as before. Only for text whose counters are not taken. */
  readonly cache?: LineCache | null;
}

/** What one line was, for those who build on the text's structure. */
export type LineKind = 'blank' | 'comment' | 'table' | 'chain' | 'rule' | 'commit' | 'junk';

/** Reads iptables-save text line by line and does what it says. Kernel side: ip46tables_restore_main() */
export class SaveReader {
  private readonly options: ReaderOptions;
  private readonly commands: CommandReader;
  private handle: Handle | null = null;
  private tableWord = '';
  /** Inside of a table that -T leaves out, or of one that nobody knows: its lines say nothing. */
  private skipping: 'no' | 'other-table' | 'unknown-table';
  readonly warnings: string[] = [];
  lastKind: LineKind = 'blank';
  /** All rules so far were appended, without counters, and nothing was remarked. */
  plain = true;
  /** A line asked for the version or for help, which ends the program where it stands: what is said last. */
  ended: Farewell | null = null;
  /** The words of the line that asked for help. */
  helpOf: readonly string[] | null = null;
  /** Chains whose policy the text names, with it, in the open table. */
  policies = new Map<string, 'ACCEPT' | 'DROP'>();
  /** Hears of each command before it is done. */
  onCommand: ((command: Command, handle: Handle) => void) | null = null;

  constructor(options: ReaderOptions) {
    this.options = options;
    this.skipping = options.only === null ? 'no' : 'other-table';
    this.commands = new CommandReader({
      family: options.family,
      context: options.context,
      extensions: options.extensions,
      isChain: (name) => this.handle?.isChain(name) ?? false,
      chainNames: () => this.handle?.chains.keys() ?? [],
    });
  }

  get inTable(): boolean {
    return this.handle !== null;
  }

  /** True inside of a table that there is not. */
  get inUnknownTable(): boolean {
    return this.skipping === 'unknown-table';
  }

  get table(): Handle | null {
    return this.handle;
  }

  /** Leaves the open table as it is (its structure is broken). */
  abandon(): void {
    this.handle = null;
  }

  /** One line, without its newline. `complete`: there was one. */
  line(text: string, number: number, complete: boolean): LineProblem | null {
    if (text === '' || this.ended !== null) {
      this.lastKind = 'blank';
      return null;
    }
    const first = text.charCodeAt(0);
    if (first === 35) {
      this.lastKind = 'comment';
      return null;
    }
    if (this.handle === null) return first === 42 ? this.openTable(text, number) : this.outside(text);
    if (complete && text === 'COMMIT') return this.commitTable(text);
    this.lastKind = first === 58 ? 'chain' : 'rule';
    const known = this.options.cache?.find(text) ?? null;
    if (known !== null && this.known(known, number)) return null;
    return first === 58 ? this.declareChain(text, number) : this.rule(text, number);
  }

  /** Does what a line said when it was read before. False if it is to be read again. */
  known(line: KnownLine, number: number): boolean {
    if (this.handle === null || !this.options.cache?.perform(line, this.handle, number)) return false;
    this.lastKind = line.kind;
    return true;
  }

  private outside(text: string): LineProblem | null {
    this.lastKind = 'junk';
    // Lines of a table that -T leaves out reach this place, too; the tool skips them.
    if (this.skipping !== 'no') {
      if (this.skipping === 'unknown-table' && text === 'COMMIT') this.skipping = 'no';
      return null;
    }
    return {
      refusal: new Refusal('outside-table', 'this line is in no table: a line like *filter must come first', {
        exit: 1,
      }),
      start: 0,
      end: text.length,
      silent: true,
    };
  }

  private openTable(text: string, number: number): LineProblem | null {
    this.lastKind = 'table';
    const word = /^\*[ \t]*([^ \t]*)/.exec(text)![1]!;
    const start = text.indexOf(word, 1);
    const program = `${programOf(this.options.family)}-restore`;
    this.tableWord = word;
    this.skipping = this.options.only === null || this.options.only === word || word === '' ? 'no' : 'other-table';
    if (this.skipping !== 'no') return null;
    if (!isTableName(word)) {
      const message =
        word === ''
          ? `${program}: line ${number} table name invalid`
          : `${program}: unable to initialize table '${word}'`;
      this.skipping = 'unknown-table';
      const refusal = new Refusal('unknown-table', message, { suggestion: nearest(word, TABLE_NAMES) });
      return { refusal, start, end: text.length, silent: false };
    }
    this.handle = this.options.open(word);
    this.policies = new Map();
    if (!this.options.noflush) {
      for (const name of [...this.handle.chains.keys()]) this.handle.flush(name);
      for (const chain of [...this.handle.chains.values()])
        if (chain.hook === null) this.handle.deleteChain(chain.name);
    }
    return null;
  }

  private commitTable(text: string): LineProblem | null {
    this.lastKind = 'commit';
    const handle = this.handle!;
    this.handle = null;
    const check = this.options.commit(handle);
    if (check === null) return null;
    const message = `${errnoText('commit', check.error)}: ${check.reason}`;
    const refusal = new Refusal(check.structural ? 'loop' : 'kernel-refused', message, { exit: 1 });
    return { refusal, start: 0, end: text.length, silent: true, check };
  }

  private declareChain(text: string, number: number): LineProblem | null {
    const handle = this.handle!;
    const words = text
      .slice(1)
      .split(/[ \t]+/)
      .filter((word) => word !== '');
    const problem = (code: string, message: string, word: string, exit = 2, suggestion?: string): LineProblem => {
      const start = word === '' ? text.length : Math.max(0, text.indexOf(word));
      return {
        refusal: new Refusal(code, message, { exit, suggestion }),
        start,
        end: start + Math.max(1, word.length),
        silent: false,
      };
    };
    const program = `${programOf(this.options.family)}-restore`;
    const [chain, policy, counterWord] = words;
    if (chain === undefined) return problem('chain-name', `${program}: line ${number} chain name invalid`, '');
    if (chain.length >= MAX_NAME) {
      return problem('chain-name', `Invalid chain name \`${chain}' (${MAX_NAME - 1} chars max)`, chain);
    }
    if (!handle.isBuiltin(chain)) {
      if (this.options.noflush && handle.isChain(chain)) handle.flush(chain);
      else {
        const errno = handle.create(chain);
        if (errno !== null) {
          return problem('chain-exists', `error creating chain '${chain}':${errnoText('commit', errno)}`, chain);
        }
      }
    }
    if (policy === undefined) return problem('bad-policy', `${program}: line ${number} policy invalid`, '');
    if (policy === '-') {
      if (!handle.isBuiltin(chain) && !this.options.noflush) this.options.cache?.keepChain(handle, chain);
      return null;
    }
    let counters = ZERO_COUNTERS;
    if (this.options.counters) {
      const read = policyCounters(counterWord ?? '');
      if (read === null) {
        return problem('bad-counters', `invalid policy counters for chain '${chain}'`, counterWord ?? '');
      }
      counters = read;
    }
    const errno = handle.setPolicy(chain, policy, counters);
    if (errno !== null) {
      const message = `Can't set policy \`${policy}' on \`${chain}' line ${number}: ${errnoText('set-policy', errno)}`;
      const near = errno === 'EINVAL' ? (nearest(policy, ['ACCEPT', 'DROP']) ?? 'ACCEPT') : '-';
      return problem('bad-policy', message, policy, 1, near);
    }
    this.policies.set(chain, policy as 'ACCEPT' | 'DROP');
    return null;
  }

  private rule(text: string, number: number): LineProblem | null {
    let from = 0;
    let to = text.length;
    let counters: readonly string[] = NO_WORDS;
    if (text.charCodeAt(0) === 91) {
      const read = ruleCounters(text, number);
      if (read instanceof Refusal) return { refusal: read, start: 0, end: text.length, silent: false };
      ({ from, to } = read);
      if (this.options.counters) counters = ['--set-counters', read.packets, read.bytes];
    }
    const split = splitWords(to === text.length ? text : text.slice(0, to), from);
    if (split instanceof Refusal) return { refusal: split, start: 0, end: text.length, silent: false };
    const words = counters.length === 0 ? split : withWords(counters, split);
    const command = this.commands.read(words.words, { table: this.tableWord, restore: true, line: number });
    for (const warning of command.warnings) this.warnings.push(warning);
    if ('refusal' in command) {
      const { refusal, at } = command;
      const before = refusal.protocol === undefined ? {} : { before: words.starts[beginning(words.words, at)]! };
      return { refusal, ...placeOf(text, words, at), ...before, silent: false };
    }
    if (isFarewell(command.name)) {
      this.ended = command.name;
      if (command.name === 'help') this.helpOf = words.words;
      this.handle = null;
      return null;
    }
    const errno = this.perform(command);
    if (errno === null) {
      const { name, chain, rules, warnings } = command;
      const plain = name === 'append' && rules.length > 0 && command.counters === null && warnings.length === 0;
      if (plain) this.options.cache?.keepRules(this.handle!, chain, rules);
      else this.plain = false;
      return null;
    }
    const { call, error } = errno;
    const message =
      error === 'ENOENT' && call !== 'delete' && !this.handle!.isChain(command.chain)
        ? `there is no chain ${command.chain} in table ${this.tableWord}`
        : errnoText(call, error);
    const at = words.words.indexOf(command.chain);
    const suggestion = error === 'ENOENT' ? nearest(command.chain, this.handle!.chains.keys()) : undefined;
    return {
      refusal: new Refusal('unknown-chain', message, { exit: 1, suggestion }),
      ...placeOf(text, words, Math.max(0, at)),
      silent: true,
    };
  }

  private perform(command: Command): { call: HandleCall; error: HandleErrno } | null {
    this.onCommand?.(command, this.handle!);
    return performOn(this.handle!, command);
  }
}

const NO_WORDS: readonly string[] = Object.freeze([]);

/** Words that come before those of the line, and stand at its beginning. */
function withWords(before: readonly string[], { words, starts }: Words): Words {
  return { words: [...before, ...words], starts: [...before.map(() => 0), ...starts] };
}

/** Where a word stands in its line. */
function placeOf(text: string, { starts }: Words, at: number): { start: number; end: number } {
  const after = starts[at + 1];
  return { start: starts[at] ?? 0, end: (after === undefined ? text : text.slice(0, after)).trimEnd().length };
}

/** Where what a word belongs to begins: its option, and the match or target that the option is the first of. */
function beginning(words: readonly string[], at: number): number {
  let i = at;
  while (i > 0 && !words[i]!.startsWith('-')) i--;
  if (words[i - 1] === '!') i--;
  return /^-(m|j|-match|-jump)$/.test(words[i - 2] ?? '') ? i - 2 : i;
}

/** Does what a command says to a working copy; listing apart. */
export function performOn(handle: Handle, command: Command): { call: HandleCall; error: HandleErrno } | null {
  const { chain, number, rules, counters } = command;
  switch (command.name) {
    case 'append':
      return wrap('append', handle.append(chain, rules, counters));
    case 'insert':
      return wrap('insert', handle.insert(chain, number, rules, counters));
    case 'replace':
      return wrap('replace', handle.replace(chain, number, rules[0]!, counters));
    case 'delete-number':
      return wrap('delete-number', handle.deleteNumber(chain, number));
    case 'delete':
    case 'check': {
      let failed: HandleErrno | null = null;
      for (const rule of rules) failed = handle.delete(chain, rule, command.name === 'check') ?? failed;
      return wrap('delete', failed);
    }
    case 'flush':
      return onEvery(handle, command, 'flush', (name) => handle.flush(name), true);
    case 'zero':
      return onEvery(handle, command, 'zero', (name) => handle.zero(name), true);
    case 'zero-number':
      return wrap('zero-number', handle.zeroNumber(chain, number));
    case 'new-chain':
      return wrap('create-chain', handle.create(chain));
    case 'delete-chain':
      return onEvery(handle, command, 'delete-chain', (name) => handle.deleteChain(name), false);
    case 'rename-chain':
      return wrap('rename-chain', handle.rename(chain, command.newName));
    case 'policy':
      return wrap('set-policy', handle.setPolicy(chain, command.policy, counters));
    case 'list':
    case 'list-rules':
      return wrap('flush', command.everyChain || handle.isChain(chain) ? null : 'ENOENT');
    default:
      return null;
  }
}

/** One chain, or, without a name, all of them; built-in ones too where that makes sense. */
function onEvery(
  handle: Handle,
  { chain, everyChain }: Command,
  call: HandleCall,
  one: (name: string) => HandleErrno | null,
  builtins: boolean,
): Failed | null {
  if (!everyChain) return wrap(call, one(chain));
  let failed: HandleErrno | null = null;
  for (const work of handle.order()) {
    if (builtins || work.hook === null) failed = one(work.name) ?? failed;
  }
  return wrap(call, failed);
}

interface Failed {
  readonly call: HandleCall;
  readonly error: HandleErrno;
}

function wrap(call: HandleCall, error: HandleErrno | null): { call: HandleCall; error: HandleErrno } | null {
  return error === null ? null : { call, error };
}
