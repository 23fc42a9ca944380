import { type Tap, wordsOf } from '../store';

/**
 * Where a command that listens stands in the graph; null for one that is not at an interface.
 *
 * @param first the host's first interface, at which it listens if none is named
 */
export function tapOf(host: string, line: string, first: string): Tap | null {
  const words = wordsOf(line.split('|')[0] ?? '');
  const name = words[0]?.replace(/^.*\//, '');
  if (name !== 'tcpdump') return null;
  let dev = first;
  words.forEach((word, i) => {
    // `-i eth0`, `-ieth0`, `-ni eth0`, `--interface=eth0`
    const long = /^--interface(?:=(.*))?$/.exec(word);
    const short = /^-[A-Za-hj-z#]*i(.*)$/.exec(word);
    if (long !== null) dev = long[1] ?? words[i + 1] ?? '';
    else if (!word.startsWith('--') && short !== null) dev = short[1] || (words[i + 1] ?? '');
  });
  return { host, interface: dev === 'any' ? '' : dev, what: name };
}

/** What all of them begin with. */
export function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const text of others) {
    let i = 0;
    while (i < length && text[i] === first[i]) i++;
    length = i;
  }
  return first.slice(0, length);
}

/** Lines of an output, without an empty one at its end. */
export function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

/** What a screen reader says of an output: its beginning, and how much more there is. */
export function spoken(output: string, error: string, exit: number): string {
  const lines = linesOf(output + error);
  const few = lines.slice(0, 12).join('\n');
  const more = lines.length > 12 ? `\n… ${lines.length - 12} more lines` : '';
  const end = exit === 0 ? '' : `\nexit code ${exit}`;
  return lines.length === 0 && exit === 0 ? 'done, no output' : `${few}${more}${end}`.trim();
}
