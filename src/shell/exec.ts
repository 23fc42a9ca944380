import type { Host } from '../host';
import { findCommand } from './commands';
import { textCommands } from './commands/text';
import { listens } from './listening';
import { EXIT_PLACE } from './loops';
import type { Talk } from './net';
import { filesWritten, opened, redirected } from './redirect';
import { type Pipeline, parseLine, type SimpleCommand } from './syntax';
import type { CommandOutput, ShellResult } from './types';

interface Collected {
  stdout: string;
  stderr: string;
  shown: string;
  changed: boolean;
  readonly notModelled: string[];
}

/** Does a command of the line send packets? Then running it asks for replies. */
export function talks(line: string): boolean {
  const parsed = parseLine(line);
  return parsed.ok && parsed.pipelines.some((pipeline) => pipeline.commands.some(isTalk));
}

/**
 * Runs a line on a host, as `bash -c` would. What is not modelled is not done, is named, and ends with exit 127. Only a
 * line that `talks` asks anything of the network.
 */
export function* exec(host: Host, line: string): Talk<ShellResult> {
  const parsed = parseLine(line);
  if (!parsed.ok) {
    return refusal(`shell: ${parsed.construct}`, parsed.construct);
  }
  const commands = parsed.pipelines.flatMap((pipeline) => pipeline.commands);
  const listener = commands.map((c) => listens(c.words)).find((name) => name !== null);
  if (listener) {
    const said = `hookline: ${listener} listens until it is ended: give it in the console, alone in its line\n`;
    return { ...refusal(`${listener} in a step or a pipe`), stderr: said, shown: said };
  }
  const other = commands.some(isTalk) && commands.find((c) => !isTalk(c) && !isText(c));
  if (other) {
    const what = `shell: ${nameOf(other)} in one line with a command that sends packets`;
    return refusal(what);
  }
  const all: Collected = { stdout: '', stderr: '', shown: '', changed: false, notModelled: [] };
  let exit = 0;
  for (const pipeline of parsed.pipelines) {
    if (pipeline.when === 'success' ? exit !== 0 : pipeline.when === 'failure' && exit === 0) continue;
    const left = leaves(pipeline, exit);
    if (left !== null) return { ...all, exit: left };
    const code = yield* runPipeline(host, pipeline, all, exit);
    exit = pipeline.negated ? Number(code === 0) : code;
  }
  return { ...all, exit };
}

/** The exit code that `exit` ends the line with; null if it is another command. */
function leaves({ commands }: Pipeline, before: number): number | null {
  const [name, code, ...more] = commands.length === 1 ? withExit(commands[0]!, before).words : [];
  if (name !== 'exit' || more.length > 0) return null;
  if (code === undefined) return before;
  return /^\d+$/.test(code) ? Number(code) & 255 : null;
}

function refusal(what: string, said = what): ShellResult {
  const stderr = `hookline: ${said}: not modelled\n`;
  return { stdout: '', stderr, shown: stderr, exit: 127, changed: false, notModelled: [what] };
}

/** `before` is the exit code of the pipeline that ran last. */
function* runPipeline(host: Host, pipeline: Pipeline, all: Collected, before: number): Talk<number> {
  let stdin = '';
  let exit = 0;
  for (const [i, written] of pipeline.commands.entries()) {
    const command = withExit(written, before);
    const { stdin: read, ways, wrong } = opened(host, command.redirects);
    const ran = wrong ?? (yield* runCommand(host, command, read ?? stdin));
    const result = filesWritten(host, nameOf(command), ways, ran);
    if (result.notModelled !== undefined) all.notModelled.push(result.notModelled);
    all.changed ||= result.changed ?? false;
    const streams = redirected(result, ways);
    all.stderr += streams.stderr;
    const last = i === pipeline.commands.length - 1;
    if (last) all.stdout += streams.stdout;
    else stdin = streams.stdout;
    const plain = last && command.redirects.length === 0;
    all.shown += (plain ? result.shown : undefined) ?? (last ? streams.stdout : '') + streams.stderr;
    exit = result.exit ?? 0;
  }
  return exit;
}

function* runCommand(host: Host, command: SimpleCommand, stdin: string): Talk<CommandOutput> {
  const [called = '', ...args] = command.words;
  if (called === '') return {};
  const name = nameOf(command);
  const found = findCommand(name);
  if (!found) return { stderr: `hookline: ${name}: not modelled\n`, exit: 127, notModelled: `command: ${name}` };
  const input = { host, name, args, stdin };
  const result = 'talk' in found ? yield* found.talk(input) : found.run(input);
  if (result.notModelled === undefined) return result;
  const stderr = result.stderr ?? `hookline: ${result.notModelled}: not modelled\n`;
  return { stderr, exit: 127, notModelled: result.notModelled };
}

function withExit(command: SimpleCommand, exit: number): SimpleCommand {
  const filled = (text: string) => text.replaceAll(EXIT_PLACE, String(exit));
  const redirects = command.redirects.map((r) => ('text' in r ? { ...r, text: filled(r.text) } : r));
  return { words: command.words.map(filled), redirects };
}

/** The name of a command, without the folder of programs that it was called in. */
function nameOf(command: SimpleCommand): string {
  return (command.words[0] ?? '').replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
}

function isTalk(command: SimpleCommand): boolean {
  const found = findCommand(nameOf(command));
  return found !== undefined && 'talk' in found;
}

function isText(command: SimpleCommand): boolean {
  return textCommands.some((text) => text.names.includes(nameOf(command)));
}
