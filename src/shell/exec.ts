import type { Host } from '../host';
import { findCommand } from './commands';
import { type Pipeline, parseLine, type Redirect, type SimpleCommand } from './syntax';
import type { CommandOutput, ShellResult } from './types';

interface Collected {
  stdout: string;
  stderr: string;
  changed: boolean;
  readonly notModelled: string[];
}

/**
 * Runs a line on a host, as `bash -c` would. What is not modelled is not done, is named, and ends with exit 127.
 */
export function exec(host: Host, line: string): ShellResult {
  const parsed = parseLine(line);
  if (!parsed.ok) {
    const what = `shell: ${parsed.construct}`;
    return {
      stdout: '',
      stderr: `hookline: ${parsed.construct}: not modelled\n`,
      exit: 127,
      changed: false,
      notModelled: [what],
    };
  }
  const all: Collected = { stdout: '', stderr: '', changed: false, notModelled: [] };
  let exit = 0;
  for (const pipeline of parsed.pipelines) {
    if (pipeline.when === 'success' ? exit !== 0 : pipeline.when === 'failure' && exit === 0) continue;
    const code = runPipeline(host, pipeline, all);
    exit = pipeline.negated ? Number(code === 0) : code;
  }
  return { ...all, exit };
}

function runPipeline(host: Host, pipeline: Pipeline, all: Collected): number {
  let stdin = '';
  let exit = 0;
  pipeline.commands.forEach((command, i) => {
    const result = runCommand(host, command, stdin);
    if (result.notModelled !== undefined) all.notModelled.push(result.notModelled);
    all.changed ||= result.changed ?? false;
    const streams = redirect(result, command.redirects);
    all.stderr += streams.stderr;
    if (i === pipeline.commands.length - 1) all.stdout += streams.stdout;
    else stdin = streams.stdout;
    exit = result.exit ?? 0;
  });
  return exit;
}

function runCommand(host: Host, command: SimpleCommand, piped: string): CommandOutput {
  const [called = '', ...args] = command.words;
  if (called === '') return {};
  const name = called.replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
  const found = findCommand(name);
  if (!found) return { stderr: `hookline: ${name}: not modelled\n`, exit: 127, notModelled: `command: ${name}` };
  const here = command.redirects.findLast((r) => r.fd === 0 && 'text' in r);
  const stdin = here && 'text' in here ? here.text : piped;
  const result = found.run({ host, name, args, stdin });
  if (result.notModelled === undefined) return result;
  return { stderr: `hookline: ${result.notModelled}: not modelled\n`, exit: 127, notModelled: result.notModelled };
}

/** What of a command's output goes to standard output, and what to standard error. */
function redirect(result: CommandOutput, redirects: readonly Redirect[]): { stdout: string; stderr: string } {
  const goes: ('out' | 'err' | 'null')[] = ['null', 'out', 'err'];
  for (const r of redirects) {
    if ('text' in r) continue;
    goes[r.fd] = r.to === 'null' ? 'null' : (goes[r.to] ?? 'null');
  }
  const pieces = [
    [goes[2], result.stderr ?? ''],
    [goes[1], result.stdout ?? ''],
  ] as const;
  const to = (where: string) => pieces.map(([goesTo, text]) => (goesTo === where ? text : '')).join('');
  return { stdout: to('out'), stderr: to('err') };
}
