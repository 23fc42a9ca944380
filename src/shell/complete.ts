import type { Host } from '../host';
import { commands, findCommand } from './commands';
import { completeIp } from './complete/ip';
import { completeIptables } from './complete/iptables';
import { completeHosts, completers } from './complete/tools';
import type { Completer, Offer } from './complete/types';

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
export function complete(host: Host, line: string, at: number): readonly Completion[] {
  const before = line.slice(0, at);
  const word = /\S*$/.exec(before)![0];
  const from = at - word.length;
  const begin = commandBegin(before.slice(0, from));
  if (begin === null) return [];
  const [called, ...words] = before.slice(begin, from).trim().split(/\s+/);
  const found = called === undefined || called === '' ? commandOffers(line, begin) : after(host, called, words, word);
  const seen = new Set<string>();
  return found
    .filter(({ text }) => text.startsWith(word) && !seen.has(text) && seen.add(text))
    .map(({ text, help }) => ({ text, help, from }));
}

/** Where the command begins that the cursor stands in; null within quotes. */
function commandBegin(text: string): number | null {
  let quote = '';
  let begin = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === "'" || c === '"') quote = c;
    else if ('|;&\n'.includes(c)) begin = i + 1;
    else if (/\s/.test(c) && /(^|[\s;|&])(do|then|!)$/.test(text.slice(0, i))) begin = i + 1;
  }
  return quote === '' ? begin : null;
}

/** Behind a pipe come first those that read what is piped. */
function commandOffers(line: string, begin: number): readonly Offer[] {
  const shown = commands.filter((c) => !c.hidden);
  const piped = /\|\s*$/.test(line.slice(0, begin)) && !/\|\|\s*$/.test(line.slice(0, begin));
  const reads = ['grep', 'head', 'tail', 'wc', 'sort', 'uniq', 'cut'];
  const first = piped ? shown.filter((c) => reads.includes(c.names[0]!)) : [];
  return [...first, ...shown].flatMap((c) => c.names.map((text) => ({ text, help: c.help })));
}

function after(host: Host, called: string, words: readonly string[], word: string): readonly Offer[] {
  const name = called.replace(/^\/(usr\/)?(local\/)?s?bin\//, '');
  const command = findCommand(name);
  if (!command) return [];
  const place = { host, name, words, prev: words[words.length - 1] ?? '', word };
  const usual = command.names[0]!;
  if (usual === 'man' || usual === 'help' || usual === 'type') return commandOffers('', 0);
  return completerOf(usual, 'talk' in command)(place);
}

function completerOf(name: string, talks: boolean): Completer {
  if (name === 'iptables' || name === 'ip6tables') return completeIptables;
  if (name === 'ip') return completeIp;
  return completers[name] ?? (talks ? completeHosts : () => []);
}
