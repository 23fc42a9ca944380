import { fails, usagePage } from '../output';
import type { Command, CommandInput, CommandOutput } from '../types';
import { readFiles } from './files';
import { toRegExp } from './regexp';
import { editCommands } from './text-edit';
import { joined, lines } from './text-lines';

/** The few commands that lines about other commands are made with: they read what is piped into them. */
export const textCommands: readonly Command[] = [
  { names: ['true', ':'], help: 'Succeeds', run: () => ({}) },
  { names: ['false'], help: 'Fails', run: () => ({ exit: 1 }) },
  {
    names: ['echo'],
    help: 'Prints its words',
    run: ({ args }) => {
      const first = args.findIndex((a) => !/^-[neE]+$/.test(a));
      const flags = first < 0 ? args : args.slice(0, first);
      const text = args.slice(flags.length).join(' ');
      const letters = flags.join('');
      const said = letters.lastIndexOf('e') > letters.lastIndexOf('E') ? unescaped(text) : text;
      if (said === null) return { notModelled: `echo ${text}` };
      return { stdout: letters.includes('n') ? said : `${said}\n` };
    },
  },
  { names: ['printf'], help: 'Prints its words after a format', run: ({ args }) => printf(args) },
  {
    names: ['cat'],
    help: 'Prints files of /proc, /sys and /etc, or what is piped in',
    run: ({ host, args, stdin }) => {
      const odd = args.find((a) => a.startsWith('-') && a !== '-');
      if (odd !== undefined) return { notModelled: `cat ${odd}` };
      const read = readFiles(host, 'cat', args.length === 0 ? ['-'] : args, stdin);
      if (!('files' in read)) return read;
      return { stdout: read.files.map((f) => f.text).join(''), stderr: read.stderr, exit: read.stderr === '' ? 0 : 1 };
    },
  },
  { names: ['wc'], help: 'Counts lines (-l), words (-w) and bytes (-c)', run: wc },
  { names: ['grep', 'egrep', 'fgrep'], help: 'Prints the lines that match', run: grep },
  { names: ['head'], help: 'Prints the first lines', run: (input) => ends('head', input) },
  { names: ['tail'], help: 'Prints the last lines', run: (input) => ends('tail', input) },
  {
    names: ['uniq'],
    help: 'Prints lines that repeat once; -c with how often',
    run: ({ args, stdin }) => {
      const odd = args.find((a) => !/^-[cdu]+$/.test(a));
      if (odd !== undefined) return { notModelled: `uniq ${odd}` };
      const runs: { line: string; count: number }[] = [];
      for (const line of lines(stdin)) {
        const last = runs[runs.length - 1];
        if (last?.line === line) last.count++;
        else runs.push({ line, count: 1 });
      }
      const has = (letter: string) => args.some((a) => a.includes(letter));
      const shown = runs.filter((r) => (!has('d') || r.count > 1) && (!has('u') || r.count === 1));
      return { stdout: joined(shown.map((r) => (has('c') ? `${String(r.count).padStart(7)} ${r.line}` : r.line))) };
    },
  },
  {
    names: ['cut'],
    help: 'Prints fields (-d, -f) or characters (-c) of lines',
    run: ({ args, stdin }) => cut(args, stdin),
  },
  ...editCommands,
  {
    names: ['sort'],
    help: 'Sorts lines',
    run: ({ args, stdin }) => {
      const odd = args.find((a) => !/^-[run]+$/.test(a));
      if (odd !== undefined) return { notModelled: `sort ${odd}` };
      const has = (letter: string) => args.some((a) => a.includes(letter));
      const byNumber = (a: string, b: string) => (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0);
      let sorted = lines(stdin).sort((a, b) => (has('n') ? byNumber(a, b) : 0) || (a < b ? -1 : a > b ? 1 : 0));
      if (has('u')) sorted = sorted.filter((line, i) => line !== sorted[i - 1]);
      if (has('r')) sorted.reverse();
      return { stdout: joined(sorted) };
    },
  },
];

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

/** What `echo -e` makes of a text; null if it has an escape that is not known here. */
function unescaped(text: string): string | null {
  if (/\\[^ntr\\"']/.test(text)) return null;
  return text.replace(/\\([ntr\\])/g, (_, letter: string) => ESCAPES[letter]!);
}

/** Knows %s, %d and %%, and the escapes of a line; the format is used again while words are left. */
function printf([format = '', ...words]: readonly string[]): CommandOutput {
  const odd = /%[^sd%]|\\[^ntr\\"']/.exec(format);
  if (odd) return { notModelled: `printf with ${odd[0]}` };
  const left = [...words];
  let stdout = '';
  do {
    const before = left.length;
    stdout += format.replace(/%[sd%]|\\./g, (piece) => {
      if (piece === '%%') return '%';
      if (piece.startsWith('\\')) return ESCAPES[piece[1]!]!;
      const word = left.shift();
      return piece === '%d' ? String(Number(word ?? 0)) : (word ?? '');
    });
    if (left.length === before) break;
  } while (left.length > 0);
  return { stdout };
}

function ends(which: 'head' | 'tail', { host, args, stdin }: CommandInput): CommandOutput {
  let count = 10;
  let from = 0;
  const paths: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const said = /^-n?(\d+)$/.exec(arg)?.[1] ?? (arg === '-n' ? args[++i] : undefined);
    if (said !== undefined && /^\d+$/.test(said)) count = Number(said);
    else if (which === 'tail' && said !== undefined && /^\+\d+$/.test(said)) from = Number(said);
    else if (arg.startsWith('-') && arg !== '-') return { notModelled: `${which} ${args.join(' ')}` };
    else paths.push(arg);
  }
  const read = readFiles(host, which, paths.length === 0 ? ['-'] : paths, stdin);
  if (!('files' in read)) return read;
  const parts = read.files.map(({ path, text }) => {
    const all = lines(text);
    const kept =
      which === 'head' ? all.slice(0, count) : all.slice(from > 0 ? from - 1 : Math.max(0, all.length - count));
    return `${paths.length > 1 ? `==> ${path} <==\n` : ''}${joined(kept)}`;
  });
  return { stdout: parts.join('\n'), stderr: read.stderr, exit: read.stderr === '' ? 0 : 1 };
}

function wc({ host, args, stdin }: CommandInput): CommandOutput {
  const letters =
    args
      .filter((a) => /^-[a-zA-Z]+$/.test(a))
      .join('')
      .replaceAll('-', '') || 'lwc';
  const paths = args.filter((a) => !/^-[a-zA-Z]+$/.test(a));
  if (/[^lwcm]/.test(letters)) return { notModelled: `wc ${args.join(' ')}` };
  const read = readFiles(host, 'wc', paths.length === 0 ? ['-'] : paths, stdin);
  if (!('files' in read)) return read;
  const order = [...'lwcm'].filter((l) => letters.includes(l));
  const counted = read.files.map(({ path, text }) => ({
    name: paths.length === 0 ? '' : ` ${path}`,
    counts: order.map((l) => count(l, text)),
  }));
  if (counted.length > 1) {
    counted.push({ name: ' total', counts: order.map((_, i) => counted.reduce((sum, c) => sum + c.counts[i]!, 0)) });
  }
  // What is piped in has no size that tells how wide the numbers are.
  const width = order.length === 1 ? 1 : paths.length === 0 ? 7 : 1;
  const out = counted.map(({ name, counts }) => `${counts.map((n) => String(n).padStart(width)).join(' ')}${name}\n`);
  return { stdout: out.join(''), stderr: read.stderr, exit: read.stderr === '' ? 0 : 1 };
}

function count(letter: string, text: string): number {
  if (letter === 'l') return text.split('\n').length - 1;
  if (letter === 'w') return text.split(/\s+/).filter((w) => w !== '').length;
  return letter === 'c' ? new TextEncoder().encode(text).length : [...text].length;
}

function cut(args: readonly string[], stdin: string): CommandOutput {
  let delimiter = '\t';
  let fields: readonly (readonly [number, number])[] = [];
  for (let i = 0; i < args.length; i++) {
    const m = /^-([dfcb])(.*)$/.exec(args[i]!);
    if (!m) return { notModelled: `cut ${args.join(' ')}` };
    const value = m[2] === '' ? (args[++i] ?? '') : m[2]!;
    if (m[1] === 'd') delimiter = value;
    else {
      if (m[1] !== 'f') delimiter = '';
      fields = value.split(',').map((part) => {
        const [, from = '', dash = '', to = ''] = /^(\d*)(-?)(\d*)$/.exec(part) ?? [];
        return [Number(from || 1), dash === '' ? Number(from) : Number(to || 1e9)] as const;
      });
    }
  }
  if (fields.length === 0)
    return fails(
      1,
      "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.",
    );
  const shown = lines(stdin).map((line) => {
    const parts = line.split(delimiter);
    if (parts.length === 1 && delimiter !== '') return line;
    return parts.filter((_, i) => fields.some(([from, to]) => i + 1 >= from && i + 1 <= to)).join(delimiter);
  });
  return { stdout: joined(shown) };
}

const GREP_USAGE = usagePage(
  'grep',
  `usage: grep [OPTIONS] PATTERN [FILE]
  -v, -i, -w, -x        lines without it; any case; whole words; whole lines
  -E, -F                extended patterns; plain text
  -c, -n, -o, -l, -q    counts; numbers lines; prints what fits; names of files; nothing
  -A COUNT, -B COUNT, -C COUNT   lines after, before, around
`,
);

function grep({ name, host, args, stdin }: CommandInput): CommandOutput {
  let letters = '';
  let [before, after] = [0, 0];
  const words: string[] = [];
  const patterns: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const around = /^-([ABC])(\d*)$/.exec(arg);
    if (around) {
      const n = Number(around[2] || args[++i]);
      if (around[1] !== 'A') before = n;
      if (around[1] !== 'B') after = n;
    } else if (arg === '-e') patterns.push(args[++i] ?? '');
    else if (/^--colou?r(=\w+)?$/.test(arg)) continue;
    else if (/^-[a-zA-Z]+$/.test(arg)) letters += arg.slice(1);
    else if (arg.startsWith('--')) return { notModelled: `${name} ${arg}` };
    else words.push(arg);
  }
  if (patterns.length === 0) patterns.push(...words.splice(0, 1));
  const odd = /[^cviqEFowxnhHsl]/.exec(letters);
  if (odd) return { notModelled: `${name} -${odd[0]}` };
  if (patterns.length === 0) {
    return fails(2, GREP_USAGE);
  }
  const tests = patterns.map((p) => toRegExp(p, letters, name));
  const bad = tests.indexOf(null);
  if (bad >= 0) return { notModelled: `${name} with the pattern ${patterns[bad]}` };
  const read = readFiles(host, 'grep', words.length === 0 ? ['-'] : words, stdin);
  if (!('files' in read)) return read;
  const has = (letter: string) => letters.includes(letter);
  const named = has('H') || (words.length > 1 && !has('h'));
  let found = 0;
  let stdout = '';
  for (const { path, text } of read.files) {
    const all = lines(text);
    const hits = all.map((l) => tests.some((t) => t!.test(l)) !== has('v'));
    const n = hits.filter(Boolean).length;
    found += n;
    const prefix = named ? `${path}:` : '';
    if (has('l')) stdout += n > 0 ? `${path}\n` : '';
    else if (has('c')) stdout += `${prefix}${n}\n`;
    else stdout += matching(all, hits, { prefix, numbers: has('n'), only: has('o') ? tests[0]! : null, before, after });
  }
  const stderr = has('s') ? '' : read.stderr;
  const exit = read.stderr !== '' && !(has('q') && found > 0) ? 2 : found > 0 ? 0 : 1;
  return { stdout: has('q') ? '' : stdout, stderr, exit };
}

interface Shown {
  readonly prefix: string;
  readonly numbers: boolean;
  readonly only: RegExp | null;
  readonly before: number;
  readonly after: number;
}

function matching(all: readonly string[], hits: readonly boolean[], how: Shown): string {
  let out = '';
  let last = -1;
  const near = (i: number) => hits.slice(Math.max(0, i - how.after), i + how.before + 1).some(Boolean);
  for (const [i, line] of all.entries()) {
    if (!hits[i] && !near(i)) continue;
    if (last >= 0 && i > last + 1 && how.before + how.after > 0) out += '--\n';
    last = i;
    const sign = hits[i] ? ':' : '-';
    const head = `${hits[i] ? how.prefix : how.prefix.replace(/:$/, '-')}${how.numbers ? `${i + 1}${sign}` : ''}`;
    if (how.only) {
      const each = new RegExp(how.only.source, `${how.only.flags}g`);
      for (const piece of line.match(each) ?? []) out += piece === '' ? '' : `${head}${piece}\n`;
    } else out += `${head}${line}\n`;
  }
  return out;
}
