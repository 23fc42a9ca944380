import { Lexer, type Token } from './lexer';
import { type Command, NotModelled, type Pipeline, plainText, type Redirect, type Script, type Word } from './tree';

export type Parsed =
  | { readonly ok: true; readonly script: Script }
  /** A construct that is not modelled, or a mistake. */
  | { readonly ok: false; readonly construct: string };

/**
 * Reads a line for a shell: quotes, `;`, `&&`, `||`, `|`, `!`, comments, variables, `$(…)`, here-documents, redirections, `if`,
 * `for`, `while`, `until`, `{ }` and `( )`. All else is not modelled, and said to be so.
 */
export function parseLine(line: string): Parsed {
  try {
    return { ok: true, script: read(line) };
  } catch (error) {
    if (error instanceof NotModelled) return { ok: false, construct: error.message };
    throw error;
  }
}

function read(text: string): Script {
  const parser = new Parser(new Lexer(text, read).tokens());
  const script = parser.script();
  parser.end();
  return script;
}

/** Words that a shell knows where a command may begin; those that end a list. */
const BEYOND = new Set(['case', 'esac', 'function', 'select', 'time', 'coproc', '[[', ']]']);
const ENDS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', '}']);

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  end(): void {
    const token = this.tokens[this.at];
    if (token === undefined) return;
    throw new NotModelled(this.reserved() ? `the shell's "${this.reserved()}"` : 'a bracket that nothing opens');
  }

  /** Up to a word that ends a list, or a bracket. */
  script(): Script {
    const out: Pipeline[] = [];
    let when: Pipeline['when'] = 'always';
    for (;;) {
      const before = this.operator();
      if (before === ';' || before === '\n') {
        if (when !== 'always' && before === ';') throw new NotModelled('nothing behind && or ||');
        this.at++;
        continue;
      }
      if (before === '&&' || before === '||' || before === '|') throw new NotModelled(`nothing before ${before}`);
      if (before === ';;') throw new NotModelled('the shell\'s "case"');
      if (this.at >= this.tokens.length || before === ')' || ENDS.has(this.reserved() ?? '')) {
        if (when !== 'always') throw new NotModelled('nothing behind && or ||');
        return out;
      }
      out.push(this.pipeline(when));
      const after = this.operator();
      when = after === '&&' ? 'success' : after === '||' ? 'failure' : 'always';
      if (after === '&&' || after === '||') this.at++;
    }
  }

  private pipeline(when: Pipeline['when']): Pipeline {
    let negated = false;
    while (this.reserved() === '!') {
      negated = !negated;
      this.at++;
    }
    const commands = [this.command()];
    while (this.operator() === '|') {
      this.at++;
      while (this.operator() === '\n') this.at++;
      if (this.tokens[this.at] === undefined || this.operator() === '|') throw new NotModelled('nothing behind |');
      commands.push(this.command());
    }
    return { commands, negated, when };
  }

  private command(): Command {
    const word = this.reserved();
    if (word === 'if') return this.compound(() => this.branches());
    if (word === 'for') return this.compound(() => this.loop());
    if (word === 'while' || word === 'until')
      return this.compound(() => {
        this.at++;
        const test = this.script();
        return { kind: 'while', until: word === 'until', test, body: this.body() };
      });
    if (word === '{') return this.compound(() => this.group('}'));
    if (this.operator() === '(') return this.compound(() => this.group(')'));
    if (word !== null && (BEYOND.has(word) || ENDS.has(word))) throw new NotModelled(`the shell's "${word}"`);
    return this.simple();
  }

  private compound(parse: () => Command): Command {
    const command = parse();
    const redirects: Redirect[] = [];
    for (
      let next = this.tokens[this.at];
      next?.kind === 'redirect' || next?.kind === 'here';
      next = this.tokens[this.at]
    ) {
      redirects.push(
        ...(next.kind === 'here' ? [{ kind: 'here', text: next.text } as const] : this.redirect(next.text)),
      );
      this.at++;
    }
    if (this.word(this.at) && !ENDS.has(this.reserved() ?? '')) throw new NotModelled('a word behind a group');
    return redirects.length === 0 ? command : { kind: 'redirected', command, redirects };
  }

  private branches(): Command {
    const branches: { test: Script; body: Script }[] = [];
    do {
      this.at++;
      const test = this.script();
      this.take('then');
      branches.push({ test, body: this.script() });
    } while (this.reserved() === 'elif');
    let otherwise: Script = [];
    if (this.reserved() === 'else') {
      this.at++;
      otherwise = this.script();
    }
    this.take('fi');
    return { kind: 'if', branches, otherwise };
  }

  private loop(): Command {
    const name = plainText(this.word(this.at + 1));
    if (name === null || !/^[A-Za-z_]\w*$/.test(name) || plainText(this.word(this.at + 2)) !== 'in')
      throw new NotModelled('a loop that is not "for NAME in WORDS; do …; done"');
    const words: Word[] = [];
    for (this.at += 3; this.word(this.at); this.at++) words.push(this.word(this.at)!);
    while (this.operator() === ';' || this.operator() === '\n') this.at++;
    return { kind: 'for', name, words, body: this.body() };
  }

  private body(): Script {
    this.take('do');
    const body = this.script();
    this.take('done');
    return body;
  }

  private group(close: '}' | ')'): Command {
    this.at++;
    const body = this.script();
    if (close === '}') this.take('}');
    else if (this.operator() === ')') this.at++;
    else throw new NotModelled('a bracket that is not closed');
    if (body.length === 0) throw new NotModelled('an empty group');
    return { kind: 'group', body, subshell: close === ')' };
  }

  private simple(): Command {
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    const assignments: { name: string; value: Word }[] = [];
    for (; ; this.at++) {
      const token = this.tokens[this.at];
      if (token === undefined || token.kind === 'operator') break;
      if (token.kind === 'here') redirects.push({ kind: 'here', text: token.text });
      else if (token.kind === 'redirect') redirects.push(...this.redirect(token.text));
      else {
        const assignment = words.length === 0 ? assignmentOf(token.parts) : null;
        if (assignment) assignments.push(assignment);
        else words.push(token.parts);
      }
    }
    if (this.operator() === '(') throw new NotModelled('a function, or a bracket behind a word');
    if (assignments.length > 0 && words.length > 0) throw new NotModelled('a variable before a command');
    // Everybody is root here.
    const next = plainText(words[1]);
    if (plainText(words[0]) === 'sudo' && words[1] && !next?.startsWith('-')) words.shift();
    return { kind: 'simple', assignments, words, redirects };
  }

  private redirect(text: string): readonly Redirect[] {
    const copy = /^(\d*)>&(\d)$/.exec(text);
    if (copy) return [{ kind: 'copy', fd: Number(copy[1] || 1), to: Number(copy[2]) }];
    const path = this.word(++this.at);
    if (!path) throw new NotModelled(`a file behind ${text}`);
    if (text.endsWith('<')) return [{ kind: 'file', fd: 0, path, way: 'read' }];
    const both = text.startsWith('&');
    const fd = /^\d+/.exec(text);
    const file = { kind: 'file', fd: fd ? Number(fd[0]) : 1, path, way: 'write' } as const;
    const known = plainText(path);
    if (known !== null && known !== '/dev/null' && !known.startsWith('/proc/sys/'))
      throw new NotModelled(`a file behind ${text}`);
    return both ? [file, { kind: 'copy', fd: 2, to: 1 }] : [file];
  }

  private take(word: string): void {
    if (this.reserved() !== word) throw new NotModelled(missing(word));
    this.at++;
  }

  /** The text of an operator that comes next. */
  private operator(): string | null {
    const token = this.tokens[this.at];
    return token?.kind === 'operator' ? token.text : null;
  }

  private word(at: number): Word | undefined {
    const token = this.tokens[at];
    return token?.kind === 'word' ? token.parts : undefined;
  }

  /** The next word, if nothing of it is quoted. */
  private reserved(): string | null {
    const word = this.word(this.at);
    return word?.every((part) => !part.quoted) ? plainText(word) : null;
  }
}

function missing(word: string): string {
  const of = word === 'done' || word === 'do' ? 'a loop' : word === '}' ? 'a group' : '"if"';
  return `${of} without "${word}"`;
}

function assignmentOf(word: Word): { name: string; value: Word } | null {
  const [first, ...rest] = word;
  const m = first?.kind === 'text' && !first.quoted ? /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text) : null;
  if (!m) return null;
  const begin: Word = m[2] === '' ? [] : [{ kind: 'text', text: m[2]!, quoted: false }];
  return { name: m[1]!, value: [...begin, ...rest] };
}
