import { type Diagnostic, errorAt, nearest } from '../base';
import { type Addr, type Family, familyOf, makePrefix, maskLength, type Prefix, parseAddr } from '../wire';

/** A word of a line, and where it stands (column from 1). */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/** Splits a line of `ip -batch`: words between blanks, quotes and backslashes as there, `#` begins a comment. */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  const pattern = /"([^"]*)"|'([^']*)'|[^\s"'#]\S*|#.*/g;
  for (const m of line.matchAll(pattern)) {
    if (m[0].startsWith('#')) break;
    words.push({ text: m[1] ?? m[2] ?? m[0], column: m.index + 1 });
  }
  return words;
}

/** What `ip` says about a line, and to which of its words. */
export class IpError {
  readonly message: string;
  /** Index of the word; -1 for the whole line. */
  readonly word: number;
  /** What the kernel refused is 2; what `ip` could not read 1 or 255. */
  readonly exit: number;
  readonly replacement: string | undefined;

  constructor(message: string, word: number, exit = 255, replacement?: string) {
    this.message = message;
    this.word = word;
    this.exit = exit;
    this.replacement = replacement;
  }

  /** As a diagnostic of a line whose words these are. */
  diagnostic(line: number, words: readonly Word[], code: string): Diagnostic {
    const word = words[this.word];
    const extra =
      this.replacement === undefined
        ? {}
        : { suggestion: { label: `Write ${this.replacement}`, replacement: this.replacement } };
    if (word) return errorAt(line, word.column, word.text.length, code, this.message, extra);
    const last = words.at(-1);
    const length = last ? last.column + last.text.length - (words[0]?.column ?? 1) : 1;
    return errorAt(line, words[0]?.column ?? 1, length, code, this.message);
  }
}

/** Reads words one after the other. What is wrong is thrown as IpError and caught where the reading began. */
export class Reader {
  readonly words: readonly string[];
  at = 0;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get done(): boolean {
    return this.at >= this.words.length;
  }

  peek(): string | undefined {
    return this.words[this.at];
  }

  /** The value that an option takes. */
  value(): string {
    const word = this.words[this.at];
    if (word === undefined) throw new IpError('Command line is not complete. Try option "help"', -1);
    this.at++;
    return word;
  }

  /** libiproute: invarg() */
  invalid(what: string, candidates: Iterable<string> = []): IpError {
    const word = this.words[this.at - 1]!;
    return new IpError(`argument "${word}" is wrong: ${what}`, this.at - 1, 255, nearest(word, candidates));
  }

  /** A word too many where `option` may be left out. libiproute: duparg2() */
  garbage(option: string): IpError {
    const word = this.words[this.at - 1]!;
    return new IpError(`either "${option}" is duplicate, or "${word}" is a garbage.`, this.at - 1);
  }

  /** libiproute: duparg() */
  duplicate(option: string): IpError {
    const word = this.words[this.at - 1]!;
    return new IpError(`duplicate "${option}": "${word}" is the second value.`, this.at - 1);
  }

  /** libiproute: parse_on_off() */
  onOff(option: string): boolean {
    const word = this.value();
    if (word === 'on' || word === 'off') return word === 'on';
    throw new IpError(`argument of "${option}" must be "on" or "off", not "${word}"`, this.at - 1, 1);
  }

  /** A value that `read` understands. */
  parsed<T>(read: (text: string) => T | null, what: string, candidates: Iterable<string> = []): T {
    const value = read(this.value());
    if (value === null) throw this.invalid(what, candidates);
    return value;
  }

  /** libiproute: get_addr() */
  addr(family: Family): Addr {
    const text = this.value();
    const addr = readAddr(text, family);
    if (addr === null) {
      throw new IpError(`${familyName(family)} address is expected rather than "${text}".`, this.at - 1, 1);
    }
    return addr;
  }

  /** libiproute: get_prefix() */
  prefix(family: Family): Prefix {
    const text = this.value();
    const prefix = readPrefix(text, family);
    if (prefix === null) {
      throw new IpError(`${familyName(family)} prefix is expected rather than "${text}".`, this.at - 1, 1);
    }
    return prefix;
  }
}

function familyName(family: Family): string {
  return family === 4 ? 'inet' : 'inet6';
}

/** An address as iproute2 reads it; null if it is none of this family. libiproute: get_addr_1() */
export function readAddr(text: string, family: Family): Addr | null {
  if (text === 'any' || text === 'all' || text === 'default') return family === 4 ? '0.0.0.0' : '::';
  const addr = parseAddr(family === 4 ? filledQuad(text) : text);
  return addr !== null && familyOf(addr) === family ? addr : null;
}

/** `10.80` is 10.80.0.0 here, 010 is 8, and 0x10 is 16. libiproute: get_addr_ipv4() */
function filledQuad(text: string): string {
  if (!/^\+?[\da-fx]+(\.\+?[\da-fx]+){0,3}$/i.test(text)) return text;
  const parts = text.split('.').map((part) => Number(part.replace('+', '').replace(/^0(?=\d)/, '0o')));
  return [...parts, 0, 0, 0].slice(0, 4).join('.');
}

/** A prefix as iproute2 reads it, `default`, `any` and `all` too; null if it is none. iproute2: get_prefix_1() */
export function readPrefix(text: string, family: Family): Prefix | null {
  if (text === 'any' || text === 'all' || text === 'default') return makePrefix(family === 4 ? '0.0.0.0' : '::', 0);
  const slash = text.indexOf('/');
  const addr = readAddr(slash < 0 ? text : text.slice(0, slash), family);
  if (addr === null || /^(any|all|default)$/.test(text.slice(0, Math.max(0, slash)))) return null;
  const bits = family === 4 ? 32 : 128;
  if (slash < 0) return makePrefix(addr, bits);
  const rest = text.slice(slash + 1);
  if (/^\d+$/.test(rest)) return Number(rest) <= bits ? makePrefix(addr, Number(rest)) : null;
  const mask = parseAddr(rest);
  const length = mask !== null && familyOf(mask) === family ? maskLength(mask) : null;
  return length === null ? null : makePrefix(addr, length);
}
