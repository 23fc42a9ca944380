import { EXIT_PLACE, NotModelled, seqWords, type Token, variablePlace, writtenOut } from './loops';

/** A command with its words; where its output goes. */
export interface SimpleCommand {
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
}

export type Redirect =
  /** A descriptor goes to nowhere (`>/dev/null`), or where another one goes now (`2>&1`). */
  | { readonly fd: number; readonly to: 'null' }
  | { readonly fd: number; readonly to: number }
  /** Standard input is this text (`<<EOF`, `<<<`), or empty (`</dev/null`). */
  | { readonly fd: 0; readonly text: string }
  /** A file: read for descriptor 0, else written. */
  | { readonly fd: number; readonly path: string };

/** Commands in a row; each reads what the one before it prints. */
export interface Pipeline {
  readonly commands: readonly SimpleCommand[];
  readonly negated: boolean;
  /** When it runs: always, or by the exit of what ran before. */
  readonly when: 'always' | 'success' | 'failure';
}

type Parsed =
  | { readonly ok: true; readonly pipelines: readonly Pipeline[] }
  /** A construct that is not modelled, or a mistake. */
  | { readonly ok: false; readonly construct: string };

const OPERATORS = ['&&', '||', ';', '|', '\n'] as const;
const RESERVED = new Set([
  'if',
  'then',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'function',
  '{',
  '}',
  '[[',
]);

/**
 * Reads a line for a shell: quotes, `;`, `&&`, `||`, `|`, `!`, comments, here-documents and redirections to /dev/null, to
 * /proc/sys, from files or between descriptors. Other substitutions than those of `writtenOut`, globs and other files are
 * not modelled, and said to be so.
 */
export function parseLine(line: string): Parsed {
  try {
    return { ok: true, pipelines: pipelines(writtenOut(new Lexer(line).tokens())) };
  } catch (error) {
    if (error instanceof NotModelled) return { ok: false, construct: error.message };
    throw error;
  }
}

class Lexer {
  private at = 0;
  private readonly text: string;
  /** Here-documents whose text begins after the end of the line. */
  private readonly waiting: { readonly end: string; readonly strip: boolean; readonly token: number }[] = [];
  private readonly out: Token[] = [];

  constructor(text: string) {
    this.text = text;
  }

  tokens(): readonly Token[] {
    while (this.at < this.text.length) this.next();
    if (this.waiting.length > 0) this.hereDocuments();
    return this.out;
  }

  private next(): void {
    const rest = this.text.slice(this.at);
    const space = /^(?:[ \t\r]|\\\n)+/.exec(rest);
    if (space) {
      this.at += space[0].length;
      return;
    }
    if (rest[0] === '#') {
      this.at += /^[^\n]*/.exec(rest)![0].length;
      return;
    }
    const here = /^(<<<|<<-?)[ \t]*/.exec(rest);
    if (here) {
      this.here(here);
      return;
    }
    const redirect = /^(?:&>>?|\d*(?:>&\d|>>?|<))/.exec(rest);
    if (redirect) {
      this.at += redirect[0].length;
      this.out.push({ kind: 'operator', text: redirect[0] });
      return;
    }
    const operator = OPERATORS.find((o) => rest.startsWith(o));
    if (operator) {
      this.at += operator.length;
      this.out.push({ kind: 'operator', text: operator === '\n' ? ';' : operator });
      if (operator === '\n') this.hereDocuments();
      return;
    }
    if ('&()'.includes(rest[0]!))
      throw new NotModelled(rest[0] === '&' ? 'a command in the background (&)' : 'a subshell ( )');
    this.out.push(this.word());
  }

  private here(match: RegExpExecArray): void {
    this.at += match[0].length;
    const word = this.word();
    const token = this.out.length;
    if (match[1] === '<<<') {
      this.out.push({ kind: 'operator', text: `<<<${word.text}\n` });
      return;
    }
    this.out.push({ kind: 'operator', text: '<<<' });
    this.waiting.push({ end: word.text, strip: match[1] === '<<-', token });
  }

  private hereDocuments(): void {
    for (const { end, strip, token } of this.waiting.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        if (this.at >= this.text.length) break;
        const stop = this.text.indexOf('\n', this.at);
        const raw = this.text.slice(this.at, stop < 0 ? undefined : stop);
        this.at = stop < 0 ? this.text.length : stop + 1;
        const text = strip ? raw.replace(/^\t+/, '') : raw;
        if (text === end) break;
        lines.push(`${text}\n`);
      }
      this.out[token] = { kind: 'operator', text: `<<<${lines.join('')}` };
    }
  }

  private word(): Token & { kind: 'word' } {
    let text = '';
    let quoted = false;
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at]!;
      if (/[\s;|&<>()]/.test(c)) break;
      if (c === "'") {
        text += this.until("'", 'a quote that is not closed');
        quoted = true;
      } else if (c === '"') {
        text += this.doubleQuoted();
        quoted = true;
      } else if (c === '\\') {
        this.at++;
        text += this.text[this.at] ?? '';
      } else if (c === '$') text += this.dollar(false);
      else {
        this.refuse(c, text);
        text += c;
      }
    }
    return { kind: 'word', text, quoted };
  }

  private until(close: string, otherwise: string): string {
    const end = this.text.indexOf(close, this.at + 1);
    if (end < 0) throw new NotModelled(otherwise);
    const inside = this.text.slice(this.at + 1, end);
    this.at = end;
    return inside;
  }

  private doubleQuoted(): string {
    let text = '';
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      const c = this.text[this.at];
      if (c === undefined) throw new NotModelled('a quote that is not closed');
      if (c === '`') throw new NotModelled('a substitution (`)');
      if (c === '$') {
        text += this.dollar(true);
        continue;
      }
      if (c === '\\' && '"\\$`\n'.includes(this.text[this.at + 1] ?? '')) {
        this.at++;
        if (this.text[this.at] !== '\n') text += this.text[this.at];
      } else text += c;
    }
    return text;
  }

  /** A variable, or the numbers of seq; the place is its last character afterwards. */
  private dollar(quoted: boolean): string {
    const rest = this.text.slice(this.at);
    if (rest.startsWith('$?')) {
      this.at++;
      return EXIT_PLACE;
    }
    const variable = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*))/.exec(rest);
    if (variable) {
      this.at += variable[0].length - 1;
      return variablePlace((variable[1] ?? variable[2])!, quoted);
    }
    const command = /^\$\(([^()$`]*)\)/.exec(rest);
    const numbers = command && seqWords(command[1]!, quoted);
    if (command && numbers !== null) {
      this.at += command[0].length - 1;
      return numbers;
    }
    throw new NotModelled(command ? `a substitution ($(${command[1]}))` : 'a variable or substitution ($)');
  }

  /** What an unquoted character would mean to a shell, and does not here. */
  private refuse(c: string, before: string): void {
    if (c === '`') throw new NotModelled('a substitution (`)');
    // No file lies where an address of the web would lead, so a shell leaves the word as it is.
    if ((c === '*' || c === '?') && !before.includes('://')) throw new NotModelled(`a pattern of files (${c})`);
    if (c === '~' && before === '') throw new NotModelled('a home folder (~)');
  }
}

function pipelines(tokens: readonly Token[]): Pipeline[] {
  const out: Pipeline[] = [];
  let when: Pipeline['when'] = 'always';
  let commands: SimpleCommand[] = [];
  let negated = false;
  let words: string[] = [];
  let redirects: Redirect[] = [];
  const endCommand = () => {
    // Everybody is root here.
    if (words[0] === 'sudo' && words[1] !== undefined && !words[1].startsWith('-')) words.shift();
    if (words.length > 0 || redirects.length > 0) commands.push({ words, redirects });
    words = [];
    redirects = [];
  };
  const endPipeline = (operator: string) => {
    endCommand();
    if (commands.length > 0) out.push({ commands, negated, when });
    else if (operator !== ';' && operator !== '') throw new NotModelled(`nothing before ${operator}`);
    commands = [];
    negated = false;
    when = operator === '&&' ? 'success' : operator === '||' ? 'failure' : 'always';
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind === 'word') {
      const first = words.length === 0 && !token.quoted;
      if (first && token.text === '!' && commands.length === 0) negated = !negated;
      else if (first && RESERVED.has(token.text)) throw new NotModelled(`the shell's "${token.text}"`);
      else words.push(token.text);
    } else if (token.text === '|') {
      if (words.length === 0) throw new NotModelled('nothing before |');
      endCommand();
    } else if (OPERATORS.includes(token.text as (typeof OPERATORS)[number])) endPipeline(token.text);
    else if (token.text.startsWith('<<<')) redirects.push({ fd: 0, text: token.text.slice(3) });
    else redirects.push(...redirectTo(token.text, tokens[++i]));
    if (token.kind === 'operator' && /^\d*>&\d$/.test(token.text)) i--; // its target is part of it
  }
  endPipeline('');
  return out;
}

function redirectTo(operator: string, target: Token | undefined): Redirect[] {
  const copy = /^(\d*)>&(\d)$/.exec(operator);
  if (copy) return [{ fd: Number(copy[1] || 1), to: Number(copy[2]) }];
  if (target?.kind !== 'word') throw new NotModelled(`a file behind ${operator}`);
  const path = target.text;
  if (operator === '<') return [path === '/dev/null' ? { fd: 0, text: '' } : { fd: 0, path }];
  if (path !== '/dev/null' && !path.startsWith('/proc/sys/')) throw new NotModelled(`a file behind ${operator}`);
  const sink = path === '/dev/null' ? ({ to: 'null' } as const) : { path };
  if (operator === '&>' || operator === '&>>') {
    return [
      { fd: 1, ...sink },
      { fd: 2, to: 1 },
    ];
  }
  const fd = /^\d+/.exec(operator);
  return [{ fd: fd ? Number(fd[0]) : 1, ...sink }];
}
