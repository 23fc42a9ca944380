import type { TableName } from '../../model';
import { allExtensions } from '../extensions';
import { lineOfRule, listChains } from '../print/list';
import { listRules } from '../print/save';
import { isTableName } from '../rule';
import { commit } from '../state/commit';
import { Handle } from '../state/handle';
import { XtTable, XtTables } from '../state/tables';
import { performOn, SaveReader } from '../text/reader';
import type { CommandResult, XtContext, XtFamily } from '../types';
import { type Command, type Farewell, isFarewell } from './command';
import { failureText, programOf, refusalText, VERSION } from './errors';
import { CommandReader } from './reader';

/** `iptables` and `iptables-restore`, as the shell of a host calls them. */

/** `iptables ARGS…` (the words after the program's name): every command, -L and -S included. */
export function runCommand(tables: XtTables, args: readonly string[], context: XtContext = {}): CommandResult {
  const { family } = tables;
  const program = programOf(family);
  // The reader asks for chains of the table that -t names, wherever -t stands.
  const handles = new Map<string, Handle>();
  const open = (name: string): Handle | null => {
    if (!isTableName(name)) return null;
    let handle = handles.get(name);
    if (handle === undefined) {
      handle = new Handle(family, tables.get(name) ?? new XtTables(family).touch(name));
      handles.set(name, handle);
    }
    return handle;
  };
  const askedOf: string[] = [];
  const reader = new CommandReader({
    family,
    context,
    extensions: allExtensions,
    isChain: (name, table) => {
      askedOf.push(table);
      return open(table)?.isChain(name) ?? false;
    },
    chainNames: (table) => open(table)?.chains.keys() ?? [],
  });
  const command = reader.read(args, { table: 'filter', restore: false, line: 0 });
  const warnings = command.warnings.map((text) => `${text}\n`).join('');
  if ('refusal' in command) {
    const { refusal } = command;
    // Whether a name is that of a chain is asked of the table, which is there from then on.
    const [asked] = refusal.code === 'unknown-target' || refusal.code === 'unknown-chain' ? askedOf : [];
    if (asked !== undefined && !isTableName(asked)) return noTable(program, asked, warnings);
    const changed = asked !== undefined && !tables.has(asked);
    if (asked !== undefined) tables.touch(asked);
    return { exit: refusal.exit, stdout: '', stderr: warnings + refusalText(program, refusal, null), changed };
  }
  if (command.name === 'help') return { ...done('', false), help: args };
  if (isFarewell(command.name)) return done(versionText(program, command.name), false);
  if (command.verbose > 1) return { ...done('', false), dumps: true };
  const handle = open(command.table);
  if (handle === null || !isTableName(command.table)) {
    return noTable(program, command.table, warnings);
  }
  const result = runOn(tables, handle, command.table, command, context);
  return { ...result, stderr: warnings + result.stderr };
}

function versionText(program: string, asked: Exclude<Farewell, 'help'>): string {
  return asked === 'version' ? `${program} v${VERSION} (legacy)\n` : `Not ${VERSION} (legacy) ;-)\n`;
}

function noTable(program: string, name: string, warnings: string): CommandResult {
  const stderr = `${program} v${VERSION} (legacy): can't initialize ${program} table \`${name}': Table does not exist (do you need to insmod?)\nPerhaps ${program} or your kernel needs to be upgraded.\n`;
  return { exit: 3, stdout: '', stderr: warnings + stderr, changed: false };
}

function done(stdout: string, changed: boolean): CommandResult {
  return { exit: 0, stdout, stderr: '', changed };
}

function runOn(tables: XtTables, handle: Handle, name: TableName, command: Command, context: XtContext): CommandResult {
  const { family } = tables;
  const appeared = !tables.has(name);
  const table = tables.touch(name);
  let stdout = '';
  if (command.name === 'list' || command.name === 'list-rules') {
    const listed = listing(family, table, handle, command);
    if (listed === null)
      return { exit: 1, stdout: '', stderr: failureText(family, 'flush', 'ENOENT'), changed: appeared };
    stdout = listed;
    if (command.zero === 'no') return done(stdout, appeared);
  }
  const effect: Command =
    command.zero === 'no' ? command : { ...command, name: command.zero === 'all' ? 'zero' : 'zero-number' };
  stdout += verboseText(family, effect, handle);
  const failed = performOn(handle, effect);
  if (failed !== null) {
    // Where the rule's target had to be looked up, the library has forgotten what it was asked to delete.
    const lookedUp = command.rules.some(({ target }) => target.kind === 'chain' || target.kind === 'extension');
    const call = failed.call === 'delete' && lookedUp && handle.isChain(command.chain) ? 'flush' : failed.call;
    return { exit: 1, stdout, stderr: failureText(family, call, failed.error), changed: appeared };
  }
  const check = commit(tables, handle, context);
  if (check !== null) {
    return { exit: 1, stdout, stderr: failureText(family, 'commit', check.error), changed: appeared };
  }
  return done(stdout, handle.changed || appeared);
}

function listing(family: XtFamily, table: XtTable, handle: Handle, command: Command): string | null {
  if (!command.everyChain && !handle.isChain(command.chain)) return null;
  return command.name === 'list' ? listChains(family, table, command) : listRules(family, table, command);
}

/** What a list in the middle of a text shows: the table as it would be. */
function workingCopy(handle: Handle): XtTable {
  const table = new XtTable(handle.table);
  table.ruleset = handle.build().ruleset;
  table.packets = new Float64Array(table.ruleset.slots);
  table.bytes = new Float64Array(table.ruleset.slots);
  return table;
}

/** What `iptables-restore -v` says of a table that it empties. */
function emptyingText(handle: Handle): string {
  const chains = handle.order();
  const own = chains.filter((chain) => chain.hook === null);
  return [
    ...chains.map(({ name }) => `Flushing chain \`${name}'\n`),
    ...own.map(({ name }) => `Deleting chain \`${name}'\n`),
  ].join('');
}

/** What -v adds to commands that print nothing else. */
function verboseText(family: XtFamily, command: Command, handle: Handle): string {
  if (command.verbose === 0) return '';
  const chains = !command.everyChain ? [command.chain] : handle.order().map((chain) => chain.name);
  switch (command.name) {
    case 'flush':
      return chains.map((chain) => `Flushing chain \`${chain}'\n`).join('');
    case 'zero':
      return chains.map((chain) => `Zeroing chain \`${chain}'\n`).join('');
    case 'delete-chain':
      return chains
        .filter((chain) => !command.everyChain || !handle.isBuiltin(chain))
        .map((chain) => `Deleting chain \`${chain}'\n`)
        .join('');
    case 'append':
    case 'insert':
    case 'replace':
    case 'delete':
    case 'check':
      return command.rules.map((rule) => verboseRule(family, rule)).join('');
    default:
      return '';
  }
}

function verboseRule(family: XtFamily, rule: Command['rules'][number]): string {
  return lineOfRule(family, rule);
}

export interface RestoreOptions {
  readonly noflush?: boolean;
  readonly counters?: boolean;
  readonly test?: boolean;
  /** -T: this table only. */
  readonly table?: string;
  /** -v: says what it does. */
  readonly verbose?: boolean;
}

/** `iptables-restore`, as the real tool: stops at the first error; tables committed before it stay. */
export function restore(
  tables: XtTables,
  text: string,
  options: RestoreOptions = {},
  context: XtContext = {},
): CommandResult {
  const { family } = tables;
  const program = `${programOf(family)}-restore`;
  let changed = false;
  let stdout = '';
  let dumps = false;
  const reader = new SaveReader({
    family,
    context,
    extensions: allExtensions,
    noflush: options.noflush ?? false,
    counters: options.counters ?? false,
    only: options.table ?? null,
    open: (name) => {
      changed ||= !tables.has(name);
      const handle = new Handle(family, tables.touch(name));
      if (options.verbose && !options.noflush) stdout += emptyingText(handle);
      return handle;
    },
    commit: (handle) => {
      if (options.test) return null;
      const check = commit(tables, handle, context);
      changed ||= check === null && handle.changed;
      return check;
    },
  });
  reader.onCommand = (read, handle) => {
    const command = options.verbose ? { ...read, verbose: read.verbose + 1 } : read;
    dumps ||= command.verbose > 1;
    if (command.name === 'list' || command.name === 'list-rules') {
      stdout += listing(family, workingCopy(handle), handle, command) ?? '';
    } else stdout += verboseText(family, command, handle);
  };
  // After each line the tool hands on what it has printed.
  let [stderr, merged, handedOn] = ['', '', 0];
  const handOn = (): void => {
    const warnings = reader.warnings.splice(0).map((warning) => `${warning}\n`);
    stderr += warnings.join('');
    merged += warnings.join('') + stdout.slice(handedOn);
    handedOn = stdout.length;
  };
  const ended = (exit: number, complaint: string): CommandResult => ({
    exit,
    stdout,
    stderr: stderr + complaint,
    merged: merged + complaint + stdout.slice(handedOn),
    changed,
  });
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    number++;
    const line = text.slice(start, end);
    if (options.verbose && reader.ended === null && line.startsWith('#')) stdout += text.slice(start, end + 1);
    const problem = reader.line(line, number, newline >= 0);
    handOn();
    if (dumps) return { ...done('', changed), dumps };
    if (problem !== null) {
      const { silent, refusal } = problem;
      const complaint = silent ? `${program}: line ${number} failed\n` : refusalText(program, refusal, number);
      return { ...ended(refusal.exit, complaint), line: number };
    }
    start = end + 1;
  }
  if (reader.ended !== null && reader.ended !== 'help') stdout += versionText(program, reader.ended);
  if (reader.inTable) {
    return { ...ended(1, `${program}: COMMIT expected at line ${number + 1}\n`), line: number + 1 };
  }
  return { ...ended(0, ''), ...(reader.helpOf === null ? {} : { help: reader.helpOf }) };
}
