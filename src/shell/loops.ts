/** A word, or what stands between words. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'operator'; readonly text: string };

/** Something of a shell that is not modelled, or a mistake. */
export class NotModelled extends Error {}

/** A variable's place in the text of a word; one in quotes is not split. */
const BEGIN = '\u0001';
const END = '\u0002';

/** Stands in a word for the exit code of what ran before: `$?`. */
export const EXIT_PLACE = '\u0003';

export function variablePlace(name: string, quoted: boolean): string {
  return `${BEGIN}${quoted ? '"' : ''}${name}${END}`;
}

/** How many commands a line may become. */
const MOST = 2000;

type Values = ReadonlyMap<string, string>;

/**
 * Writes out loops over words, and puts in the values of variables: both are known before anything runs, as values come
 * from the line itself.
 */
export function writtenOut(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  writeOut(tokens, new Map(), out);
  return out;
}

function writeOut(tokens: readonly Token[], given: Values, out: Token[]): void {
  let values = given;
  let begins = true;
  for (let i = 0; i < tokens.length; i++) {
    if (out.length > MOST * 8) throw new NotModelled(`a loop of more than ${MOST} commands`);
    const token = tokens[i]!;
    if (token.kind === 'operator') {
      out.push(token.text.startsWith('<<<') ? { ...token, text: filled(token.text, values) } : token);
      begins = /^(&&|\|\||;|\|)$/.test(token.text);
      continue;
    }
    const plain = begins && !token.quoted;
    if (plain && token.text === 'for') {
      const before = tokens[i - 1]?.text;
      if (before !== undefined && before !== ';') throw new NotModelled(`a loop behind ${before}`);
      i = loop(tokens, i, values, out);
      begins = true;
      continue;
    }
    const set = begins ? /^([A-Za-z_]\w*)=(.*)$/s.exec(token.text) : null;
    if (set) {
      const next = tokens[i + 1];
      if (next?.kind === 'word' || next?.text === '|')
        throw new NotModelled('a variable or substitution (=) before a command');
      const before = tokens[i - 1]?.text ?? ';';
      // Whether it is set is not known before the line runs.
      if (before === '&&' || before === '||' || before === '|')
        throw new NotModelled(`a variable that is set behind ${before}`);
      values = new Map(values).set(set[1]!, lasting(filled(set[2]!, values)));
      out.push({ kind: 'word', text: 'true', quoted: true }); // it succeeds
      continue;
    }
    out.push(...words(token, values));
    begins = token.text === '!' && begins;
  }
}

/** `for NAME in WORDS; do …; done`; the place of its `done`. */
function loop(tokens: readonly Token[], from: number, values: Values, out: Token[]): number {
  const name = tokens[from + 1];
  const within = tokens[from + 2];
  if (name?.kind !== 'word' || !/^[A-Za-z_]\w*$/.test(name.text) || within?.text !== 'in')
    throw new NotModelled('a loop that is not "for NAME in WORDS; do …; done"');
  const list: string[] = [];
  let at = from + 3;
  for (; tokens[at]?.kind === 'word'; at++) {
    list.push(...words(tokens[at] as Token & { kind: 'word' }, values).map((w) => lasting(w.text)));
  }
  while (tokens[at]?.text === ';') at++;
  if (tokens[at]?.text !== 'do') throw new NotModelled('a loop without "do"');
  const body = at + 1;
  let depth = 1;
  let begins = true;
  for (at = body; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token.kind === 'word' && begins && token.text === 'for') depth++;
    if (token.kind === 'word' && begins && token.text === 'done' && --depth === 0) break;
    begins = token.kind === 'operator' || token.text === 'do';
  }
  if (depth > 0) throw new NotModelled('a loop without "done"');
  const next = tokens[at + 1];
  if (next && next.text !== ';' && next.text !== '&&' && next.text !== '||')
    throw new NotModelled(`a loop before ${next.text}`);
  const inside = tokens.slice(body, at);
  while (inside[inside.length - 1]?.text === ';') inside.pop();
  for (const value of list) {
    writeOut(inside, new Map(values).set(name.text, value), out);
    if (value !== list[list.length - 1] || next === undefined) out.push({ kind: 'operator', text: ';' });
    if (out.length > MOST * 8) throw new NotModelled(`a loop of more than ${MOST} commands`);
  }
  return at;
}

/** What a word becomes: its variables' values, split where they are not quoted, and its braces written out. */
function words(
  token: Token & { readonly kind: 'word' },
  values: Values,
): readonly (Token & { readonly kind: 'word' })[] {
  const text = filled(token.text, values);
  if (text === token.text) return token.quoted ? [token] : braces(text).map((t) => ({ ...token, text: t }));
  const splits = new RegExp(`${BEGIN}[^"]`).test(token.text) && !token.quoted;
  const pieces = splits ? text.split(/\s+/).filter((w) => w !== '') : [text];
  return pieces.map((t) => ({ ...token, text: t }));
}

/** A value for a variable. In an exit code's place it would have that of a later command. */
function lasting(value: string): string {
  if (value.includes(EXIT_PLACE)) throw new NotModelled('a variable that keeps an exit code ($?)');
  return value;
}

function filled(text: string, values: Values): string {
  return text.replace(new RegExp(`${BEGIN}"?(=?[-\\w ]*)${END}`, 'g'), (_, name: string) => {
    if (name.startsWith('=')) return name.slice(1);
    const value = values.get(name);
    if (value === undefined) throw new NotModelled(`a variable that the line does not set ($${name})`);
    return value;
  });
}

/** `{1..5}` and `a{b,c}`, once in a word. */
function braces(text: string): readonly string[] {
  const range = /^([^{}]*)\{(-?\d+)\.\.(-?\d+)\}([^{}]*)$/.exec(text);
  if (range) {
    const [, before = '', from = '', to = '', after = ''] = range;
    const [a, b] = [Number(from), Number(to)];
    if (Math.abs(b - a) >= MOST) throw new NotModelled(`a range of more than ${MOST} numbers`);
    return Array.from({ length: Math.abs(b - a) + 1 }, (_, i) => `${before}${a < b ? a + i : a - i}${after}`);
  }
  const list = /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/.exec(text);
  return list ? list[2]!.split(',').map((piece) => `${list[1]}${piece}${list[3]}`) : [text];
}

/** The numbers of `$(seq FROM TO)`, in a place of their own; null if it is anything else. */
export function seqWords(command: string, quoted: boolean): string | null {
  const m = /^\s*seq\s+(-?\d+)(?:\s+(-?\d+))?(?:\s+(-?\d+))?\s*$/.exec(command);
  if (!m) return null;
  const given = [m[1], m[2], m[3]].filter((n) => n !== undefined).map(Number);
  const [from, step, to] =
    given.length === 1
      ? [1, 1, given[0]!]
      : given.length === 2
        ? [given[0]!, 1, given[1]!]
        : [given[0]!, given[1]!, given[2]!];
  const count = step === 0 ? 0 : Math.max(0, Math.floor((to - from) / step) + 1);
  if (count > MOST) throw new NotModelled(`a range of more than ${MOST} numbers`);
  return variablePlace(`=${Array.from({ length: count }, (_, i) => from + i * step).join(' ')}`, quoted);
}
