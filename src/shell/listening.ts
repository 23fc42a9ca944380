import { parseLine } from './line/parser';
import { commandsOf, plainText } from './line/tree';

/** A command that listens, in a line. */
export interface Listening {
  readonly name: 'tcpdump' | 'conntrack';
  readonly args: readonly string[];
  /** It stands in a pipe, or beside other commands: then it cannot be watched. */
  readonly piped: boolean;
  /** What goes to /dev/null. */
  readonly quiet: { readonly stdout: boolean; readonly stderr: boolean };
}

/** Is this command one that goes on until it is ended? */
export function listens(words: readonly string[]): Listening['name'] | null {
  const [called = '', ...args] = words;
  const name = called.replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
  if (name === 'tcpdump') return 'tcpdump';
  const event = args.some((a) => a === '--event' || /^-E/.test(a));
  return name === 'conntrack' && event ? 'conntrack' : null;
}

/** The command of a line that listens; null if there is none. */
export function listening(line: string): Listening | null {
  const parsed = parseLine(line);
  if (!parsed.ok) return null;
  const all = commandsOf(parsed.script).map(({ words, redirects }) => ({
    words: words.map((word) => plainText(word) ?? ''),
    redirects,
  }));
  const command = all.find((c) => listens(c.words) !== null);
  if (command === undefined) return null;
  const quiet = { stdout: false, stderr: false };
  for (const r of command.redirects) {
    const nowhere =
      r.kind === 'copy' ? r.to === 1 && quiet.stdout : r.kind === 'file' && plainText(r.path) === '/dev/null';
    if (nowhere && r.kind !== 'here') quiet[r.fd === 1 ? 'stdout' : 'stderr'] = true;
  }
  return { name: listens(command.words)!, args: command.words.slice(1), piped: all.length > 1, quiet };
}
