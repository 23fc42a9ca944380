import { NotModelled, type Part, type Script, type Word, wordOf } from './tree';

/** A word, or what stands between words. */
export type Token =
  | { readonly kind: 'word'; readonly parts: Word }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly text: string }
  | { readonly kind: 'here'; readonly text: Word };

const OPERATORS = ['&&', '||', ';;', ';', '|', '\n', '(', ')'] as const;

/** Splits a line for a shell. What is in `$(…)` is read by `script`. */
export class Lexer {
  private at = 0;
  private readonly text: string;
  private readonly script: (text: string) => Script;
  /** Here-documents whose text begins after the end of the line. */
  private readonly waiting: {
    readonly end: string;
    readonly strip: boolean;
    readonly plain: boolean;
    readonly token: number;
  }[] = [];
  private readonly out: Token[] = [];

  constructor(text: string, script: (text: string) => Script) {
    this.text = text;
    this.script = script;
  }

  tokens(): readonly Token[] {
    while (this.at < this.text.length) this.next();
    this.hereDocuments();
    return this.out;
  }

  /** The whole text as what stands in double quotes. */
  quotedText(): Word {
    return this.doubleQuoted('');
  }

  private next(): void {
    const rest = this.text.slice(this.at);
    const skipped = /^(?:(?:[ \t\r]|\\\n)+|#[^\n]*)/.exec(rest);
    if (skipped) {
      this.at += skipped[0].length;
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
      this.out.push({ kind: 'redirect', text: redirect[0] });
      return;
    }
    const operator = OPERATORS.find((o) => rest.startsWith(o));
    if (operator) {
      this.at += operator.length;
      this.out.push({ kind: 'operator', text: operator });
      if (operator === '\n') this.hereDocuments();
      return;
    }
    if (rest[0] === '&') throw new NotModelled('a command in the background (&)');
    this.out.push({ kind: 'word', parts: this.word() });
  }

  private here([all, kind]: RegExpExecArray): void {
    this.at += all.length;
    const word = this.word();
    if (kind === '<<<') {
      this.out.push({ kind: 'here', text: [...word.map(asQuoted), ...wordOf('\n')] });
      return;
    }
    const end = word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const plain = word.some((part) => part.quoted);
    this.waiting.push({ end, strip: kind === '<<-', plain, token: this.out.length });
    this.out.push({ kind: 'here', text: [] });
  }

  private hereDocuments(): void {
    for (const { end, strip, plain, token } of this.waiting.splice(0)) {
      let text = '';
      while (this.at < this.text.length) {
        const stop = this.text.indexOf('\n', this.at);
        const raw = this.text.slice(this.at, stop < 0 ? undefined : stop);
        this.at = stop < 0 ? this.text.length : stop + 1;
        const line = strip ? raw.replace(/^\t+/, '') : raw;
        if (line === end) break;
        text += `${line}\n`;
      }
      const word = plain ? wordOf(text) : new Lexer(text, this.script).quotedText();
      this.out[token] = { kind: 'here', text: word };
    }
  }

  private word(): Word {
    const parts: Part[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text, quoted: false });
      text = '';
    };
    for (; this.at < this.text.length; this.at++) {
      const c = this.text[this.at]!;
      if (/[\s;|&<>()]/.test(c)) break;
      if (!'\'"\\$`'.includes(c)) {
        text += c;
        continue;
      }
      flush();
      if (c === "'") parts.push({ kind: 'text', text: this.until("'"), quoted: true });
      else if (c === '"') {
        this.at++;
        parts.push(...this.doubleQuoted('"'));
      } else if (c === '\\') {
        this.at++;
        if (this.text[this.at] !== '\n') parts.push({ kind: 'text', text: this.text[this.at] ?? '', quoted: true });
      } else parts.push(this.expansion(false));
    }
    flush();
    return parts;
  }

  private until(close: string): string {
    const end = this.text.indexOf(close, this.at + 1);
    if (end < 0) throw new NotModelled('a quote that is not closed');
    const inside = this.text.slice(this.at + 1, end);
    this.at = end;
    return inside;
  }

  /** Up to the closing quote, or to the end if there is none ('' ). */
  private doubleQuoted(close: '"' | ''): Word {
    const parts: Part[] = [];
    let text = '';
    for (; close === '' ? this.at < this.text.length : this.text[this.at] !== close; this.at++) {
      const c = this.text[this.at];
      if (c === undefined) throw new NotModelled('a quote that is not closed');
      if (c === '$' || c === '`') {
        parts.push({ kind: 'text', text, quoted: true }, this.expansion(true));
        text = '';
      } else if (c === '\\' && `${close}\\$\`\n`.includes(this.text[this.at + 1] ?? ' ')) {
        this.at++;
        if (this.text[this.at] !== '\n') text += this.text[this.at];
      } else text += c;
    }
    return [...parts, { kind: 'text', text, quoted: true }];
  }

  /** What begins with `$` or a back quote; the place is its last character afterwards. */
  private expansion(quoted: boolean): Part {
    const rest = this.text.slice(this.at);
    if (rest[0] === '`') return { kind: 'command', script: this.script(this.until('`')), quoted };
    const variable = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*)|(\?))/.exec(rest);
    if (variable) {
      this.at += variable[0].length - 1;
      return { kind: 'variable', name: (variable[1] ?? variable[2] ?? variable[3])!, quoted };
    }
    if (rest.startsWith('$((')) {
      const end = closing(this.text, this.at + 2);
      const text = this.text.slice(this.at + 3, end - 1).replace(/\$\{?(\w+)\}?/g, '$1');
      this.at = end;
      return { kind: 'calculation', text, quoted };
    }
    if (rest.startsWith('$(')) {
      const end = closing(this.text, this.at + 2);
      const script = this.script(this.text.slice(this.at + 2, end));
      this.at = end;
      return { kind: 'command', script, quoted };
    }
    if (/^\$(?![\w{@*#!$'"-])/.test(rest)) return { kind: 'text', text: '$', quoted: true };
    throw new NotModelled('a variable or substitution ($)');
  }
}

function asQuoted(part: Part): Part {
  return { ...part, quoted: true };
}

/** Where the bracket closes that is open before this place. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    const c = text[at];
    if (c === '\\') at++;
    else if (c === "'" || c === '"') {
      for (at++; at < text.length && text[at] !== c; at++) if (c === '"' && text[at] === '\\') at++;
    } else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return at;
  }
  throw new NotModelled('a bracket that is not closed');
}
