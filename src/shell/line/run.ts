import type { Host } from '../../host';
import { findCommand } from '../commands';
import type { Talk } from '../net';
import { filesWritten, opened, type Redirect, redirected } from '../redirect';
import type { CommandOutput } from '../types';
import { BUILTINS, type Input } from './builtins';
import { expandText, expandWord, type Values } from './expand';
import { goesWithTalk, isTalk, nameOf } from './names';
import { type Command as LineCommand, NotModelled, type Pipeline, type Script, type SimpleCommand } from './tree';

/** What was printed. */
export interface Sink {
  stdout: string;
  stderr: string;
  /** Both as a terminal shows them. */
  shown: string;
  /** Both as they come out of one pipe: what a program prints waits for its end, what it says of errors does not. */
  merged: string;
}

/** A shell while it runs a line. */
export interface Shell {
  readonly host: Host;
  /** Does a command of the line send packets? */
  readonly talks: boolean;
  variables: Map<string, string>;
  /** Exit code of what ran last. */
  exit: number;
  /** Why nothing more of a list runs. */
  leaving: 'exit' | 'break' | 'continue' | null;
  /** Commands so far. */
  count: number;
  /** What commands within `$(…)` said of errors, until the command around them has run. */
  aside: string;
  changed: boolean;
  readonly notModelled: string[];
}

/** How many commands a line may run. */
const MOST = 2000;

/** Runs the lists of a script one after the other; the exit code of the last is that of the shell. */
export function* runScript(shell: Shell, script: Script, sink: Sink, input: Input): Talk<void> {
  for (const pipeline of script) {
    if (pipeline.when === 'success' ? shell.exit !== 0 : pipeline.when === 'failure' && shell.exit === 0) continue;
    yield* runPipeline(shell, pipeline, sink, input);
    if (shell.leaving !== null) return;
    if (pipeline.negated) shell.exit = Number(shell.exit === 0);
  }
}

function* runPipeline(shell: Shell, { commands }: Pipeline, sink: Sink, given: Input): Talk<void> {
  let input = given;
  for (const [i, command] of commands.entries()) {
    const last = i === commands.length - 1;
    const before = shell.exit;
    const run = runCommand(shell, command, input);
    // Each of several is a shell of its own.
    const ran = commands.length > 1 ? yield* alone(shell, run) : yield* run;
    sink.stderr += ran.stderr;
    if (last) {
      sink.stdout += ran.stdout;
      sink.shown += ran.shown;
      sink.merged += ran.merged;
    } else {
      sink.shown += ran.stderr;
      sink.merged += ran.stderr;
      input = { text: ran.stdout };
      shell.exit = before;
    }
  }
}

/** What happens to the variables, and whether the list is left, stays within. */
function* alone<T>(shell: Shell, run: Talk<T>): Talk<T> {
  const { variables } = shell;
  shell.variables = new Map(variables);
  const result = yield* run;
  shell.variables = variables;
  shell.leaving = null;
  return result;
}

function* runCommand(shell: Shell, command: LineCommand, input: Input): Talk<Sink> {
  try {
    if (command.kind === 'simple') return yield* runSimple(shell, command, input);
    if (command.kind === 'redirected') return yield* runRedirected(shell, command, input);
    const sink: Sink = { stdout: '', stderr: '', shown: '', merged: '' };
    yield* runCompound(shell, command, sink, input);
    return sink;
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
    shell.notModelled.push(`shell: ${error.message}`);
    shell.exit = 127;
    shell.leaving = 'exit';
    const stderr = `hookline: ${error.message}: not modelled\n`;
    return { stdout: '', stderr, shown: stderr, merged: stderr };
  }
}

type Redirected = Extract<LineCommand, { kind: 'redirected' }>;
type Compound = Exclude<LineCommand, SimpleCommand | Redirected>;

function* runCompound(shell: Shell, command: Compound, sink: Sink, input: Input): Talk<void> {
  switch (command.kind) {
    case 'group': {
      const run = runScript(shell, command.body, sink, input);
      yield* command.subshell ? alone(shell, run) : run;
      return;
    }
    case 'if':
      for (const { test, body } of command.branches) {
        yield* runScript(shell, test, sink, input);
        if (shell.leaving !== null) return;
        if (shell.exit === 0) return yield* runScript(shell, body, sink, input);
      }
      shell.exit = 0;
      yield* runScript(shell, command.otherwise, sink, input);
      return;
    case 'for': {
      const list: string[] = [];
      for (const word of command.words) list.push(...(yield* expandWord(word, valuesOf(shell))));
      shell.exit = 0;
      for (const value of list) {
        shell.variables.set(command.name, value);
        yield* runScript(shell, command.body, sink, input);
        if (leavesLoop(shell)) return;
      }
      return;
    }
    case 'while':
      for (let exit = 0; ; exit = shell.exit) {
        yield* runScript(shell, command.test, sink, input);
        if (shell.leaving !== null) return;
        if ((shell.exit === 0) === command.until) {
          shell.exit = exit;
          return;
        }
        yield* runScript(shell, command.body, sink, input);
        if (leavesLoop(shell)) return;
      }
  }
}

/** `break` and `continue` end here. */
function leavesLoop(shell: Shell): boolean {
  const { leaving } = shell;
  if (leaving !== 'exit') shell.leaving = null;
  return leaving === 'exit' || leaving === 'break';
}

function* runSimple(shell: Shell, command: SimpleCommand, input: Input): Talk<Sink> {
  if (++shell.count > MOST) throw new NotModelled(`a loop of more than ${MOST} commands`);
  const values = valuesOf(shell);
  const words: string[] = [];
  for (const word of command.words) words.push(...(yield* expandWord(word, values)));
  const redirects = yield* expandRedirects(shell, command.redirects);
  const { stdin, ways, wrong } = opened(shell.host, redirects);
  const read = stdin === undefined ? input : { text: stdin };
  const ran = wrong ?? (yield* runWords(shell, command, words, read));
  const result = filesWritten(shell.host, nameOf(words), ways, ran);
  if (result.notModelled !== undefined) shell.notModelled.push(result.notModelled);
  shell.changed ||= result.changed ?? false;
  shell.exit = result.exit ?? 0;
  const { stdout, stderr, merged } = redirected(result, ways);
  const plain = redirects.length === 0 ? result.shown : undefined;
  const { aside } = shell;
  shell.aside = '';
  return { stdout, stderr: aside + stderr, shown: aside + (plain ?? stdout + stderr), merged: aside + merged };
}

function* expandRedirects(shell: Shell, written: SimpleCommand['redirects']): Talk<readonly Redirect[]> {
  const values = valuesOf(shell);
  const redirects: Redirect[] = [];
  for (const redirect of written) {
    if (redirect.kind === 'copy') redirects.push({ fd: redirect.fd, to: redirect.to });
    else if (redirect.kind === 'here') redirects.push({ fd: 0, text: yield* expandText(redirect.text, values) });
    else {
      const path = yield* expandText(redirect.path, values);
      const write = redirect.way === 'write';
      if (path === '/dev/null') redirects.push(write ? { fd: redirect.fd, to: 'null' } : { fd: 0, text: '' });
      else if (write && !path.startsWith('/proc/sys/')) throw new NotModelled('a file behind >');
      else redirects.push({ fd: redirect.fd, path });
    }
  }
  return redirects;
}

/** A loop, a group or `if` whose input or output goes elsewhere. */
function* runRedirected(shell: Shell, { command, redirects: written }: Redirected, input: Input): Talk<Sink> {
  const redirects = yield* expandRedirects(shell, written);
  const { stdin, ways, wrong } = opened(shell.host, redirects);
  if (wrong?.notModelled !== undefined) throw new NotModelled(wrong.notModelled);
  if (wrong) shell.exit = wrong.exit ?? 1;
  const run = (): Talk<Sink> => runCommand(shell, command, stdin === undefined ? input : { text: stdin });
  const ran: CommandOutput & Partial<Sink> = wrong ?? (yield* run());
  const result = filesWritten(shell.host, 'echo', ways, ran);
  shell.changed ||= result.changed ?? false;
  const { stdout, stderr, merged } = redirected(result, ways);
  return { stdout, stderr, shown: stdout + stderr, merged };
}

/** Commands that read what is piped in to its end. */
const READERS =
  /^(cat|cut|[ef]?grep|head|tail|sort|uniq|wc|sed|awk|tr|nc|ipset|ip6?tables(-legacy)?-restore|sysctl|telnet)$/;

function* runWords(shell: Shell, command: SimpleCommand, words: readonly string[], input: Input): Talk<CommandOutput> {
  const { host } = shell;
  if (words.length === 0) return yield* assigned(shell, command);
  const [, ...args] = words;
  const name = nameOf(words);
  if (name === 'exit' || name === 'break' || name === 'continue') return leave(shell, name, args);
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (builtin) return named(builtin({ host, args, variables: shell.variables, input }));
  const found = findCommand(name);
  if (!found) return { stderr: `hookline: ${name}: not modelled\n`, exit: 127, notModelled: `command: ${name}` };
  // Only what the line says itself is known before it runs.
  if (shell.talks ? !goesWithTalk(name) : isTalk(found)) throw new NotModelled(`${name} behind a variable`);
  const call = { host, name, args, stdin: input.text };
  if (READERS.test(name)) input.text = '';
  return named('talk' in found ? yield* found.talk(call) : found.run(call));
}

/** A refusal says so, and ends with 127. */
function named({ notModelled, changed = false, ...result }: CommandOutput): CommandOutput {
  if (notModelled === undefined) return { ...result, changed };
  return { stderr: result.stderr ?? `hookline: ${notModelled}: not modelled\n`, exit: 127, changed, notModelled };
}

function leave(shell: Shell, how: 'exit' | 'break' | 'continue', args: readonly string[]): CommandOutput {
  const [code, ...more] = args;
  if (more.length > 0 || (code !== undefined && !(how === 'exit' && /^\d+$/.test(code))))
    throw new NotModelled(`${how} ${args.join(' ')}`);
  shell.leaving = how;
  return { exit: how !== 'exit' ? 0 : code === undefined ? shell.exit : Number(code) & 255 };
}

/** Variables are set; the exit code is that of the last `$(…)`. */
function* assigned(shell: Shell, { assignments }: SimpleCommand): Talk<CommandOutput> {
  let exit = 0;
  for (const { name, value } of assignments) {
    shell.variables.set(name, yield* expandText(value, valuesOf(shell)));
    if (value.some((part) => part.kind === 'command')) exit = shell.exit;
  }
  return { exit };
}

function valuesOf(shell: Shell): Values {
  const { host, variables, exit } = shell;
  return { host, variables, exit, output: (script) => outputOf(shell, script) };
}

/** What a script prints in a shell of its own. */
function* outputOf(shell: Shell, script: Script): Talk<string> {
  const sink: Sink = { stdout: '', stderr: '', shown: '', merged: '' };
  const refused = shell.notModelled.length;
  yield* alone(shell, runScript(shell, script, sink, { text: '' }));
  if (shell.notModelled.length > refused) throw new NotModelled(`$(…) with ${shell.notModelled.pop()}`);
  shell.aside += sink.stderr;
  return sink.stdout;
}
