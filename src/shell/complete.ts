import type { Host } from '../host';
import { commands } from './commands';

/** One way to go on with a line. */
export interface Completion {
  /** What the word becomes. */
  readonly text: string;
  /** What it is, in a few words; '' if nothing is to be said. */
  readonly help: string;
  /** Where the word begins in the line. */
  readonly from: number;
}

/**
 * What the word under the cursor may become.
 *
 * @param at index of the cursor in the line
 */
export function complete(_host: Host, line: string, at: number): readonly Completion[] {
  const before = line.slice(0, at);
  const word = /\S*$/.exec(before)![0];
  const from = at - word.length;
  const first = /(?:^|[|;&])\s*$/.test(before.slice(0, from));
  if (!first) return [];
  return commands.flatMap((c) =>
    c.names.filter((name) => name.startsWith(word)).map((text) => ({ text, help: c.help, from })),
  );
}
