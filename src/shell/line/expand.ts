import type { Host } from '../../host';
import { folderOf, readFile } from '../files';
import type { Talk } from '../net';
import { calculated } from './arithmetic';
import { NotModelled, type Part, type Script, type Word } from './tree';

/** What words are written out with. */
export interface Values {
  readonly host: Host;
  readonly variables: ReadonlyMap<string, string>;
  /** Exit code of what ran before. */
  readonly exit: number;
  /** What a script prints. */
  readonly output: (script: Script) => Talk<string>;
}

/** How many words braces may become. */
const MOST = 2000;

/** A word on its way: its text, and the same with marks for what an unquoted `*` and `?` stand for. */
interface Field {
  readonly text: string;
  readonly pattern: string;
}

const ANY = '\u0001';
const ONE = '\u0002';
const EMPTY: Field = { text: '', pattern: '' };

/** The words that a word becomes: variables and output put in and split, braces and patterns of files written out. */
export function* expandWord(word: Word, values: Values): Talk<readonly string[]> {
  const only = word.length === 1 ? word[0]! : null;
  if (only?.kind === 'text' && !only.quoted) {
    return braces(tilde(only.text)).flatMap((text) => files(added(EMPTY, text, false), values.host));
  }
  const fields: Field[] = [];
  let last: Field | null = null;
  const end = () => {
    if (last !== null) fields.push(last);
    last = null;
  };
  for (const part of word) {
    const text: string = yield* partText(part, values);
    if (part.quoted || part.kind === 'text') {
      last = added(last ?? EMPTY, text, part.quoted);
      continue;
    }
    const [first = '', ...more] = text.split(/\s+/);
    if (first !== '') last = added(last ?? EMPTY, first, false);
    for (const piece of more) {
      end();
      if (piece !== '') last = added(EMPTY, piece, false);
    }
  }
  end();
  return fields.flatMap((field) => files(field, values.host));
}

/** The text of a word that is not split: a value, a file behind `>`. */
export function* expandText(word: Word, values: Values): Talk<string> {
  let out = '';
  for (const part of word) out += yield* partText(part, values);
  return word[0]?.kind === 'text' && !word[0].quoted ? tilde(out) : out;
}

function* partText(part: Part, values: Values): Talk<string> {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'command') return (yield* values.output(part.script)).replace(/\n+$/, '');
  const variable = (name: string) => variableOf(name, values);
  return part.kind === 'calculation' ? String(calculated(part.text, variable)) : variable(part.name);
}

function variableOf(name: string, values: Values): string {
  if (name === '?') return String(values.exit);
  const given = values.variables.get(name) ?? ENVIRONMENT[name]?.(values.host);
  if (given !== undefined) return given;
  if (OTHERS.has(name) || /^\d/.test(name)) throw new NotModelled(`the variable $${name}`);
  return '';
}

/** What a shell of root has without being told; a name that is nowhere is empty. */
const ENVIRONMENT: Readonly<Record<string, (host: Host) => string>> = {
  HOME: () => '/root',
  USER: () => 'root',
  LOGNAME: () => 'root',
  PWD: () => '/root',
  SHELL: () => '/bin/bash',
  HOSTNAME: (host) => host.name,
  UID: () => '0',
  EUID: () => '0',
};
const OTHERS: ReadonlySet<string> = new Set(
  'PATH RANDOM SECONDS EPOCHSECONDS LANG TERM PPID BASHPID BASH BASH_VERSION OSTYPE HOSTTYPE MACHTYPE LINENO IFS OLDPWD SHLVL REPLY PS1'.split(
    ' ',
  ),
);

function added(field: Field, text: string, quoted: boolean): Field {
  const pattern = quoted ? text : text.replaceAll('*', ANY).replaceAll('?', ONE);
  return { text: field.text + text, pattern: field.pattern + pattern };
}

function tilde(text: string): string {
  return /^~(?=\/|$)/.test(text) ? `/root${text.slice(1)}` : text;
}

/** The files that a pattern stands for; the pattern itself if there is none. */
function files({ text, pattern }: Field, host: Host): readonly string[] {
  const isPattern = pattern.includes(ANY) || pattern.includes(ONE);
  // Nothing lies in the folder of root, nor where an address of the web would lead.
  if (!isPattern || !text.includes('/') || text.includes('://')) return [text];
  if (!/^\/(proc\/sys\/net|sys\/class\/net)\//.test(text)) throw new NotModelled(`a pattern of files (${text})`);
  let paths = [''];
  for (const piece of pattern.split('/').slice(1)) {
    const test = matcher(piece);
    paths = test
      ? paths.flatMap((path) => (folderOf(host, path) ?? []).filter((n) => test.test(n)).map((n) => `${path}/${n}`))
      : paths.map((path) => `${path}/${piece}`);
  }
  const found = paths.filter((path) => readFile(host, path) !== null || folderOf(host, path) !== null);
  return found.length > 0 ? found : [text];
}

function matcher(piece: string): RegExp | null {
  if (!piece.includes(ANY) && !piece.includes(ONE)) return null;
  const source = piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^(?!\\.)${source.replaceAll(ANY, '.*').replaceAll(ONE, '.')}$`);
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
