import type { Host } from '../host';
import { folderOf, isReadOnly, readFile, writeFile } from './files';
import type { CommandOutput } from './types';

/** A redirection whose words are known. */
export type Redirect =
  /** A descriptor goes to nowhere (`>/dev/null`), or where another one goes now (`2>&1`). */
  | { readonly fd: number; readonly to: 'null' }
  | { readonly fd: number; readonly to: number }
  /** Standard input is this text. */
  | { readonly fd: 0; readonly text: string }
  /** A file: read for descriptor 0, else written. */
  | { readonly fd: number; readonly path: string };

/** Where a descriptor leads. */
type Way = 'out' | 'err' | 'null' | { readonly path: string };

/** What a command reads, if not what is piped into it, and where its descriptors lead. */
export interface Opened {
  readonly stdin: string | undefined;
  readonly ways: readonly Way[];
  /** What the shell says of a file that it cannot open; then it runs nothing. */
  readonly wrong: CommandOutput | null;
}

/** Does what redirections say, one after the other: those before a file that cannot be opened hold for what is said of it. */
export function opened(host: Host, redirects: readonly Redirect[]): Opened {
  const ways: Way[] = ['null', 'out', 'err'];
  let stdin: string | undefined;
  for (const r of redirects) {
    if ('text' in r) stdin = r.text;
    else if ('to' in r) ways[r.fd] = r.to === 'null' ? 'null' : (ways[r.to] ?? 'null');
    else if (r.fd === 0) {
      const file = readFile(host, r.path);
      if (file !== null && 'notModelled' in file)
        return { stdin, ways, wrong: { exit: 127, notModelled: `a file behind < (${r.path})` } };
      if (file === null) return { stdin, ways, wrong: cannotOpen(host, r.path) };
      stdin = file.text;
    } else {
      if (readFile(host, r.path) === null || isReadOnly(host, r.path))
        return { stdin, ways, wrong: cannotOpen(host, r.path) };
      ways[r.fd] = { path: r.path };
    }
  }
  return { stdin, ways, wrong: null };
}

function cannotOpen(host: Host, path: string): CommandOutput {
  const folder = folderOf(host, path) !== null;
  const why = folder ? 'Is a directory' : isReadOnly(host, path) ? 'Permission denied' : 'No such file or directory';
  return { stderr: `bash: line 1: ${path}: ${why}\n`, exit: 1 };
}

/**
 * The file that a command's output goes to is written. What it says of errors is no value of any: that fails, and nobody
 * hears of it.
 */
export function filesWritten(host: Host, name: string, ways: readonly Way[], result: CommandOutput): CommandOutput {
  const way = ways[1]!;
  if (typeof way === 'string' || result.stdout === undefined || result.stdout === '') return result;
  const why = writeFile(host, way.path, result.stdout);
  if (why === null) return { ...result, changed: true };
  const said = writeError(name, why);
  return said === null ? result : { ...result, stderr: (result.stderr ?? '') + said.stderr, exit: said.exit };
}

/** Programs that look whether what they print arrives. */
const CAREFUL = new Set(['cat', 'cut', 'date', 'head', 'ls', 'seq', 'sysctl', 'tail', 'tr', 'uname', 'uniq', 'wc']);

/** What a command says if its output cannot be written; null if it does not look. bash, coreutils, procps, grep, sed, mawk */
function writeError(name: string, why: string): { readonly stderr: string; readonly exit: number } | null {
  if (CAREFUL.has(name)) return { stderr: `${name}: write error: ${why}\n`, exit: 1 };
  if (name === 'echo' || name === 'printf') return { stderr: `bash: line 1: ${name}: write error: ${why}\n`, exit: 1 };
  if (/^[ef]?grep$/.test(name)) return { stderr: `grep: write error: ${why}\n`, exit: 2 };
  if (name === 'sed') return { stderr: `sed: couldn't flush stdout: ${why}\n`, exit: 4 };
  if (name === 'awk') return { stderr: `awk: close failed on file /dev/stdout (${why})\n`, exit: 2 };
  if (name !== 'sort') return null;
  return { stderr: `sort: fflush failed: 'standard output': ${why}\nsort: write error\n`, exit: 2 };
}

/** What of a command's output goes to standard output, what to standard error, and both as they come out of one pipe. */
export function redirected(
  { stdout = '', stderr = '', merged = stderr + stdout }: CommandOutput,
  [, out, err]: readonly Way[],
): {
  readonly stdout: string;
  readonly stderr: string;
  readonly merged: string;
} {
  const to = (where: Way): string => {
    if (out === where) return err === where ? merged : stdout;
    return err === where ? stderr : '';
  };
  const split = { stdout: to('out'), stderr: to('err') };
  return { ...split, merged: split.stdout !== '' && split.stderr !== '' ? merged : split.stderr + split.stdout };
}
