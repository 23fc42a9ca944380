import type { Tap } from '../store';

/** Words of a command line, as far as its options are asked for here: quotes are taken off, nothing is expanded. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'[^']*'|"[^"]*"|[^\s'"]+/g)].map(([word]) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

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

/** Options of iptables with which it still only prints. A long one may be cut short, as getopt_long() takes it. */
const ASKS = ['--list', '--list-rules', '--check'];
const HOW = [
  '--numeric',
  '--verbose',
  '--exact',
  '--line-numbers',
  '--table',
  '--wait',
  '--ipv4',
  '--ipv6',
  '--counters',
];

/** Why a command that only asks has become a step; '' for one that changes what it says, and for more than one. */
export function whyStep(line: string): string {
  return asksForTable(line) ? 'the kernel loads a table when it is first asked for' : '';
}

function asksForTable(line: string): boolean {
  if (/[;&\n<>`]|\$\(/.test(line)) return false;
  const [first = '', ...filters] = line.split('|');
  if (!filters.every((part) => /^\s*(grep|head|tail|wc|cat|less)\s/.test(`${part} `))) return false;
  const command = /^\s*(?:sudo\s+)?(?:\S*\/)?ip6?tables(-save)?(?:\s|$)/.exec(first);
  if (command === null) return false;
  const options = wordsOf(first.slice(command[0].length)).filter((word) => /^-[^\d]/.test(word));
  const isOneOf = (all: readonly string[], word: string): boolean => {
    const [name = ''] = word.split('=');
    return name.length > 2 && all.some((option) => option.startsWith(name));
  };
  // What stands beside a check is the rule that is looked for.
  if (options.some((word) => /^-[nvxw46]*C/.test(word) || (word.length > 3 && isOneOf(['--check'], word)))) return true;
  const asks = options.some((word) => /^-[nvxw46]*[LS]/.test(word) || isOneOf(ASKS, word));
  return (
    (asks || command[1] !== undefined) &&
    options.every((word) => /^-[a-z46]*[LS]?[a-z46]*$/.test(word) || isOneOf([...ASKS, ...HOW], word))
  );
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
