import { Refusal } from '../refusal';

/** The words of a line of iptables-save text, and where each begins. */
export interface Words {
  readonly words: readonly string[];
  /** Index in the line of each word's first character. */
  readonly starts: readonly number[];
}

const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Splits a line as iptables-restore does: blanks separate, double quotes hold together and end the word where they close,
 * a backslash in quotes takes the next character as it is. Kernel side: add_param_to_argv()
 */
export function splitWords(line: string, from = 0): Words | Refusal {
  const words: string[] = [];
  const starts: number[] = [];
  let i = from;
  while (i < line.length) {
    const c = line.charCodeAt(i);
    if (c === SPACE || c === TAB) {
      i++;
      continue;
    }
    const start = i;
    let plain = true;
    for (; i < line.length; i++) {
      const d = line.charCodeAt(i);
      if (d === SPACE || d === TAB) break;
      if (d === QUOTE) {
        plain = false;
        break;
      }
    }
    let word = line.slice(start, i);
    if (!plain) {
      i++;
      for (; i < line.length; i++) {
        const d = line.charCodeAt(i);
        if (d === QUOTE) break;
        if (d === BACKSLASH) i++;
        if (i < line.length) word += line[i];
      }
      // A quote that is not closed runs on over the end of the line.
      if (i >= line.length) word += '\n';
      i++;
    }
    if (word.length > 1023) return new Refusal('line-too-long', 'Parameter too long!');
    words.push(word);
    starts.push(start);
  }
  if (words.length > 250) return new Refusal('line-too-long', 'Parser cannot handle more arguments');
  return { words, starts };
}
