import { type Diagnostic, errorAt, fail, ok, type Result } from '../base';

/** A value in a JSON text: where it stands, and what is in it. */
export interface JsonNode {
  /** Offset of the first character, and of the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly members: ReadonlyMap<string, JsonMember> | null;
  readonly items: readonly JsonNode[] | null;
}

interface JsonMember {
  /** Where the name stands, quotes included. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}

export type JsonPath = readonly (string | number)[];

/** Reads JSON. What is wrong is told with its place, in words that do not depend on the JavaScript engine. */
export function parseJson(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch {
    const scan = scanJson(text);
    if ('node' in scan) return fail(errorAt(1, 1, 1, 'json', 'This is not JSON.')); // scanner and parser disagree
    return fail(diagnosticAt(text, scan.offset, scan.length, 'json', scan.message, scan.suggestion));
  }
}

interface JsonFault {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly suggestion?: { readonly label: string; readonly replacement: string };
}

/** The tree of places of a JSON text, or its first mistake. */
export function scanJson(text: string): { readonly node: JsonNode } | JsonFault {
  const scanner = new Scanner(text);
  try {
    return { node: scanner.document() };
  } catch (error) {
    if (error instanceof Stop) return error.fault;
    throw error;
  }
}

/** A diagnostic that marks `length` characters from an offset of a text. */
export function diagnosticAt(
  text: string,
  offset: number,
  length: number,
  code: string,
  message: string,
  suggestion?: Diagnostic['suggestion'],
): Diagnostic {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  const rest = text.slice(offset).split('\n', 1)[0]!.length; // never past the end of the line
  return errorAt(line, column, Math.min(length, Math.max(1, rest)), code, message, suggestion ? { suggestion } : {});
}

/** Where a path leads: `key` marks the last member's name instead of its value. Stops at what is not there. */
export function locate(root: JsonNode, path: JsonPath, key: boolean): { readonly start: number; readonly end: number } {
  let node = root;
  for (let i = 0; i < path.length; i++) {
    const part = path[i]!;
    if (typeof part === 'string') {
      const member = node.members?.get(part);
      if (!member) return { start: node.start, end: node.start + 1 };
      if (key && i === path.length - 1) return { start: member.keyStart, end: member.keyEnd };
      node = member.value;
    } else {
      const item = node.items?.[part];
      if (!item) return { start: node.start, end: node.start + 1 };
      node = item;
    }
  }
  return node;
}

class Stop extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$-]*/y;
const MAX_DEPTH = 500;
const REMOVE = { label: 'Remove it', replacement: '' };

class Scanner {
  private at = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): JsonNode {
    this.space();
    if (this.at >= this.text.length) this.stop(0, 1, 'The file is empty.');
    const node = this.value();
    this.space();
    const rest = this.text.slice(this.at).trimEnd();
    if (rest !== '') this.stop(this.at, rest.length, 'There is text after the end.', REMOVE);
    return node;
  }

  private stop(offset: number, length: number, message: string, suggestion?: JsonFault['suggestion']): never {
    throw new Stop({ offset, length, message, ...(suggestion ? { suggestion } : {}) });
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at]!)) this.at++;
    const two = this.text.slice(this.at, this.at + 2);
    if (two === '//' || two === '/*')
      this.stop(this.at, 2, 'JSON has no comments; use a member "notes" or "description".');
  }

  private value(): JsonNode {
    const c = this.text[this.at];
    const start = this.at;
    if (c === undefined) this.stop(start, 1, 'The text ends here, but a value is wanted. Is a bracket not closed?');
    if (++this.depth > MAX_DEPTH) this.stop(start, 1, 'This is nested too deeply.');
    const node = c === '{' ? this.object() : c === '[' ? this.array() : this.scalar(c);
    this.depth--;
    return node;
  }

  private scalar(c: string): JsonNode {
    const start = this.at;
    if (c === '"') this.string();
    else if (c === '-' || (c >= '0' && c <= '9')) this.number();
    else this.word();
    return { start, end: this.at, members: null, items: null };
  }

  private number(): void {
    const start = this.at;
    NUMBER.lastIndex = start;
    const m = NUMBER.exec(this.text);
    const all = /^[-+\w.]+/.exec(this.text.slice(start, start + 60))?.[0] ?? '';
    if (!m || m[0].length < all.length) {
      this.stop(
        start,
        Math.max(1, all.length),
        `"${all}" is not a JSON number (they are decimal, without leading zeros).`,
      );
    }
    this.at += m[0].length;
  }

  private word(): void {
    const start = this.at;
    WORD.lastIndex = start;
    const word = WORD.exec(this.text)?.[0];
    if (word === 'true' || word === 'false' || word === 'null') {
      this.at += word.length;
      return;
    }
    if (word) {
      this.stop(start, word.length, `"${word}" is not a JSON value; a text needs double quotes.`, quoted(word));
    }
    if (this.text[start] === "'") this.stop(start, 1, 'JSON texts have double quotes, not single ones.');
    this.stop(start, 1, `A value is wanted here, not "${this.text[start]}".`);
  }

  private string(): void {
    const start = this.at++;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined || c === '\n') this.stop(start, this.at - start, 'This text has no closing double quote.');
      if (c === '"') break;
      if (c < ' ')
        this.stop(this.at, 1, 'A control character inside a text must be written as \\u00XX (a tab as \\t).');
      if (c === '\\') {
        const sequence = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 6))?.[0];
        if (!sequence) {
          this.stop(
            this.at,
            2,
            `"${this.text.slice(this.at, this.at + 2)}" is no JSON escape; a backslash is written \\\\.`,
          );
        }
        this.at += sequence.length;
      } else this.at++;
    }
    this.at++;
  }

  private object(): JsonNode {
    const start = this.at++;
    const members = new Map<string, JsonMember>();
    this.space();
    while (this.text[this.at] !== '}') {
      const keyStart = this.at;
      this.key(start);
      const keyEnd = this.at;
      const key = JSON.parse(this.text.slice(keyStart, keyEnd)) as string;
      this.space();
      if (this.text[this.at] !== ':') this.stop(this.at, 1, `A ":" is missing after "${key}".`);
      this.at++;
      this.space();
      members.set(key, { keyStart, keyEnd, value: this.value() });
      this.separator('}', 'member', start);
    }
    this.at++;
    return { start, end: this.at, members, items: null };
  }

  private key(open: number): void {
    const c = this.text[this.at];
    if (c === undefined) this.stop(open, 1, 'This "{" is never closed.');
    if (c === '"') {
      this.string();
      return;
    }
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)?.[0];
    if (word) this.stop(this.at, word.length, `The name of a member needs double quotes: "${word}".`, quoted(word));
    this.stop(this.at, 1, `The name of a member is wanted here, not "${c}".`);
  }

  private array(): JsonNode {
    const start = this.at++;
    const items: JsonNode[] = [];
    this.space();
    while (this.text[this.at] !== ']') {
      if (this.at >= this.text.length) this.stop(start, 1, 'This "[" is never closed.');
      items.push(this.value());
      this.separator(']', 'item', start);
    }
    this.at++;
    return { start, end: this.at, members: null, items };
  }

  /** After a member or an item: a comma and another one, or the end. */
  private separator(close: string, what: string, open: number): void {
    const after = this.at;
    this.space();
    const c = this.text[this.at];
    if (c === close) return;
    if (c === undefined) this.stop(open, 1, `This "${this.text[open]}" is never closed.`);
    if (c !== ',') {
      this.stop(after, 1, `A comma or "${close}" is missing after this ${what}.`, {
        label: 'Add a comma',
        replacement: ',',
      });
    }
    const comma = this.at++;
    this.space();
    if (this.text[this.at] === close) {
      this.stop(comma, 1, `There is a comma after the last ${what}.`, REMOVE);
    }
  }
}

function quoted(word: string): { label: string; replacement: string } {
  return { label: `"${word}"`, replacement: `"${word}"` };
}
