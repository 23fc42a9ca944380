import type { Command, CommandOutput } from '../types';

/** The few commands that lines about other commands are made with: they read what is piped into them. */
export const textCommands: readonly Command[] = [
  { names: ['true', ':'], help: 'Succeeds', run: () => ({}) },
  { names: ['false'], help: 'Fails', run: () => ({ exit: 1 }) },
  {
    names: ['echo'],
    help: 'Prints its words',
    run: ({ args }) => {
      if (args[0] === '-e' || args[0] === '-E') return { notModelled: `echo ${args[0]}` };
      return args[0] === '-n' ? { stdout: args.slice(1).join(' ') } : { stdout: `${args.join(' ')}\n` };
    },
  },
  { names: ['printf'], help: 'Prints its words after a format', run: ({ args }) => printf(args) },
  {
    names: ['cat'],
    help: 'Prints what is piped into it, or a file of /proc/sys',
    run: ({ host, args, stdin }) => {
      if (args.length === 0) return { stdout: stdin };
      const other = args.find((a) => !a.startsWith('/proc/sys/'));
      if (other !== undefined) return { notModelled: `cat ${other}` };
      const values = args.map((a) => host.sysctl(a.slice('/proc/sys/'.length).replaceAll('/', '.')));
      const missing = args[values.indexOf(undefined)];
      if (missing !== undefined) return { stderr: `cat: ${missing}: No such file or directory\n`, exit: 1 };
      return { stdout: values.map((v) => `${v}\n`).join('') };
    },
  },
  {
    names: ['wc'],
    help: 'Counts lines (-l), words (-w) or bytes (-c)',
    run: ({ args, stdin }) => {
      const counts: Readonly<Record<string, number>> = {
        '-l': stdin.split('\n').length - 1,
        '-w': stdin.split(/\s+/).filter((w) => w !== '').length,
        '-c': new TextEncoder().encode(stdin).length,
      };
      const count = args.length === 1 ? counts[args[0]!] : undefined;
      return count === undefined ? { notModelled: `wc ${args.join(' ')}`.trim() } : { stdout: `${count}\n` };
    },
  },
  {
    names: ['grep', 'egrep', 'fgrep'],
    help: 'Prints the lines that match',
    run: ({ name, args, stdin }) => grep(name, args, stdin),
  },
  { names: ['head'], help: 'Prints the first lines', run: ({ args, stdin }) => ends('head', args, stdin) },
  { names: ['tail'], help: 'Prints the last lines', run: ({ args, stdin }) => ends('tail', args, stdin) },
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

function lines(text: string): string[] {
  const all = text.split('\n');
  if (all[all.length - 1] === '') all.pop();
  return all;
}

function joined(list: readonly string[]): string {
  return list.map((line) => `${line}\n`).join('');
}

function ends(which: 'head' | 'tail', args: readonly string[], stdin: string): CommandOutput {
  const m = /^(?:-n ?|-)?(\d+)$/.exec(args.join(' '));
  if (args.length > 0 && !m) return { notModelled: `${which} ${args.join(' ')}` };
  const n = m ? Number(m[1]) : 10;
  const all = lines(stdin);
  return { stdout: joined(which === 'head' ? all.slice(0, n) : all.slice(Math.max(0, all.length - n))) };
}

function grep(name: string, args: readonly string[], stdin: string): CommandOutput {
  const letters = args
    .filter((a) => /^-[a-zA-Z]+$/.test(a))
    .join('')
    .replaceAll('-', '');
  const rest = args.filter((a) => !/^-[a-zA-Z]+$/.test(a));
  if (/[^cviqEFow]/.test(letters) || rest.length !== 1) return { notModelled: `${name} ${args.join(' ')}` };
  const pattern = toRegExp(rest[0]!, letters, name);
  if (!pattern) return { notModelled: `${name} with the pattern ${rest[0]}` };
  const found = lines(stdin).filter((line) => pattern.test(line) !== letters.includes('v'));
  const exit = found.length > 0 ? 0 : 1;
  if (letters.includes('q')) return { exit };
  if (letters.includes('c')) return { stdout: `${found.length}\n`, exit };
  if (!letters.includes('o')) return { stdout: joined(found), exit };
  const all = new RegExp(pattern.source, `${pattern.flags}g`);
  return { stdout: joined(found.flatMap((line) => line.match(all) ?? [])), exit };
}

/** A basic or extended regular expression, where it means the same in JavaScript. */
function toRegExp(pattern: string, letters: string, name: string): RegExp | null {
  const extended = letters.includes('E') || name === 'egrep';
  let source = pattern;
  if (letters.includes('F') || name === 'fgrep') source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  else if (!extended) {
    // Basic: + ? | ( ) { } are plain unless a backslash stands before them.
    source = pattern.replace(/\\?[+?|(){}]/g, (m) => (m.length === 2 ? m[1]! : `\\${m}`));
  }
  source = source
    .replaceAll('[[:space:]]', '\\s')
    .replaceAll('[[:digit:]]', '\\d')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:space:]', '\\s');
  if (letters.includes('w')) source = `\\b(?:${source})\\b`;
  try {
    return new RegExp(source, letters.includes('i') ? 'i' : '');
  } catch {
    return null;
  }
}
