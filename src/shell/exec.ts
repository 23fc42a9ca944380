import type { Host } from '../host';
import { findCommand } from './commands';
import { goesWithTalk, isTalk, nameOf, staticWords } from './line/names';
import { parseLine } from './line/parser';
import { runScript, type Shell, type Sink } from './line/run';
import { commandsOf } from './line/tree';
import { listens } from './listening';
import type { Talk } from './net';
import type { ShellResult } from './types';

/** Does a command of the line send packets? Then running it asks for replies. */
export function talks(line: string): boolean {
  const parsed = parseLine(line);
  return parsed.ok && commandsOf(parsed.script).some((command) => isTalk(findCommand(nameOf(staticWords(command)))));
}

/**
 * Runs a line on a host, as `bash -c` would. What is not modelled is not done, is named, and ends with exit 127. Only a
 * line that `talks` asks anything of the network.
 */
export function* exec(host: Host, line: string): Talk<ShellResult> {
  const parsed = parseLine(line);
  if (!parsed.ok) return refusal(`shell: ${parsed.construct}`, parsed.construct);
  const commands = commandsOf(parsed.script).map(staticWords);
  const listener = commands.map(listens).find((name) => name !== null);
  if (listener) {
    const said = `hookline: ${listener} listens until it is ended: give it in the console, alone in its line\n`;
    return { ...refusal(`${listener} in a step or a pipe`), stderr: said, shown: said };
  }
  const names = commands.map(nameOf);
  const sends = names.some((name) => isTalk(findCommand(name)));
  const other = sends && names.find((name) => !goesWithTalk(name));
  if (other) return refusal(`shell: ${other} in one line with a command that sends packets`);
  const shell: Shell = {
    host,
    talks: sends,
    variables: new Map(),
    exit: 0,
    leaving: null,
    count: 0,
    aside: '',
    changed: false,
    notModelled: [],
  };
  const sink: Sink = { stdout: '', stderr: '', shown: '', merged: '' };
  yield* runScript(shell, parsed.script, sink, { text: '' });
  const { stdout, stderr, shown } = sink;
  return { stdout, stderr, shown, exit: shell.exit, changed: shell.changed, notModelled: shell.notModelled };
}

function refusal(what: string, said = what): ShellResult {
  const stderr = `hookline: ${said}: not modelled\n`;
  return { stdout: '', stderr, shown: stderr, exit: 127, changed: false, notModelled: [what] };
}
