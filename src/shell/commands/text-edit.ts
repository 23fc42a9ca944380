import type { Command, CommandInput, CommandOutput } from '../types';
import { readFiles } from './files';
import { toRegExp } from './regexp';
import { joined, lines } from './text-lines';

/** The ways in which sed, awk and tr are used to trim what other commands print; anything else is not modelled. */
export const editCommands: readonly Command[] = [
  { names: ['sed'], help: 'Changes lines: s/…/…/, d, p, q, with a line or /…/ before', run: sed },
  { names: ['awk', 'gawk', 'mawk'], help: 'Prints fields of lines: /…/ {print $1, $NF}', run: awk },
  { names: ['tr'], help: 'Deletes (-d), squeezes (-s) or replaces single characters', run: tr },
];

/** A command of sed: the lines that it is for, and what it does to them. */
interface SedCommand {
  readonly picks: (line: string, number: number, last: boolean) => boolean;
  readonly act: 'd' | 'p' | 'q' | { readonly find: RegExp; readonly put: string; readonly print: boolean };
}

function sed({ host, args, stdin }: CommandInput): CommandOutput {
  const scripts: string[] = [];
  const words: string[] = [];
  let letters = '';
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '-e') scripts.push(args[++i] ?? '');
    else if (/^-[nEr]+$/.test(arg)) letters += arg;
    else if (arg.startsWith('-') && arg !== '-') return { notModelled: `sed ${arg}` };
    else words.push(arg);
  }
  if (scripts.length === 0) scripts.push(...words.splice(0, 1));
  const commands = readSed(scripts.join('\n'), /[Er]/.test(letters));
  if (commands === null) return { notModelled: `sed ${scripts.join(' ')}` };
  const read = readFiles(host, 'sed', words.length === 0 ? ['-'] : words, stdin);
  if (!('files' in read)) return read;
  const all = read.files.flatMap((f) => lines(f.text));
  const out: string[] = [];
  for (const [i, line] of all.entries()) {
    const done = sedLine(commands, line, i + 1, i + 1 === all.length, letters.includes('n'));
    out.push(...done.out);
    if (done.quit) break;
  }
  return { stdout: joined(out), stderr: read.stderr, exit: read.stderr === '' ? 0 : 2 };
}

function sedLine(commands: readonly SedCommand[], line: string, number: number, last: boolean, silent: boolean) {
  const out: string[] = [];
  let text = line;
  let quit = false;
  for (const { picks, act } of commands) {
    if (!picks(text, number, last)) continue;
    if (act === 'd') return { out, quit };
    if (act === 'p') out.push(text);
    else if (act === 'q') {
      quit = true;
      break;
    } else if (act.find.test(text)) {
      act.find.lastIndex = 0;
      text = text.replace(act.find, act.put);
      if (act.print) out.push(text);
    }
  }
  if (!silent) out.push(text);
  return { out, quit };
}

/** The commands of a script; null if it has one that is not known here. */
function readSed(script: string, extended: boolean): readonly SedCommand[] | null {
  const out: SedCommand[] = [];
  let rest = script.trim();
  const pattern = (text: string) => toRegExp(text, extended ? 'E' : '', 'sed');
  while (rest !== '') {
    const at = /^(?:(\d+)|(\$)|\/((?:\\.|[^/\\])+)\/)?\s*/.exec(rest)!;
    rest = rest.slice(at[0].length);
    const wanted = at[3] === undefined ? null : pattern(at[3]);
    if (at[3] !== undefined && wanted === null) return null;
    const picks: SedCommand['picks'] = (line, number, last) =>
      at[1] !== undefined ? number === Number(at[1]) : at[2] !== undefined ? last : (wanted?.test(line) ?? true);
    const plain = /^([dpq])\s*(?:[;\n]\s*|$)/.exec(rest);
    if (plain) {
      out.push({ picks, act: plain[1] as 'd' | 'p' | 'q' });
      rest = rest.slice(plain[0].length);
      continue;
    }
    const substitute = readSubstitute(rest, pattern);
    if (substitute === null) return null;
    out.push({ picks, act: substitute.act });
    rest = rest.slice(substitute.length);
  }
  return out;
}

function readSubstitute(text: string, pattern: (text: string) => RegExp | null) {
  if (text[0] !== 's' || text[1] === undefined || /[\w\s\\]/.test(text[1])) return null;
  const mark = text[1].replace(/[\^\]\\-]/g, '\\$&');
  const part = `((?:\\\\[\\s\\S]|[^${mark}\\\\])*)`;
  const found = new RegExp(`^s[${mark}]${part}[${mark}]${part}[${mark}]([gpI]*)\\s*(?:[;\\n]\\s*|$)`).exec(text);
  if (!found) return null;
  const find = pattern(found[1]!.replaceAll(`\\${text[1]}`, text[1]));
  if (find === null) return null;
  const flags = found[3]!;
  const put = found[2]!
    .replaceAll('$', '$$$$')
    .replace(/\\([1-9])|\\n|\\t|\\([^1-9])|&/g, (m, group?: string, plain?: string) =>
      group !== undefined ? `$${group}` : m === '\\n' ? '\n' : m === '\\t' ? '\t' : m === '&' ? '$&' : plain!,
    );
  const regExp = new RegExp(find.source, `${flags.includes('g') ? 'g' : ''}${flags.includes('I') ? 'i' : ''}`);
  return { act: { find: regExp, put, print: flags.includes('p') }, length: found[0].length };
}

/** `/…/ {print …}`, `NR>1 {print …}`, `END {print NR}`. */
function awk({ name, host, args, stdin }: CommandInput): CommandOutput {
  let separator: RegExp | string = /\s+/;
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const split = /^-F(.*)$/.exec(args[i]!);
    if (split) separator = split[1] || (args[++i] ?? ' ');
    else if (args[i]!.startsWith('-') && args[i] !== '-') return { notModelled: `${name} ${args[i]}` };
    else words.push(args[i]!);
  }
  const program = words.shift() ?? '';
  const parts =
    /^\s*(?:(END)|\/((?:\\.|[^/\\])+)\/|NR\s*(==|>|>=|<|<=|!=)\s*(\d+))?\s*(?:\{\s*print\b\s*([^{}]*?);?\s*\})?\s*$/.exec(
      program,
    );
  const items = parts && printed(parts[5] ?? '');
  const wanted = parts?.[2] === undefined ? null : toRegExp(parts[2], 'E', 'awk');
  const unknown = !parts || items === null || program.trim() === '' || (parts[2] !== undefined && wanted === null);
  if (unknown || (typeof separator === 'string' && separator.length > 1))
    return { notModelled: `${name} '${program}'` };
  const read = readFiles(host, name, words.length === 0 ? ['-'] : words, stdin);
  if (!('files' in read)) return read;
  const all = read.files.flatMap((f) => lines(f.text));
  const say = (line: string, number: number) => {
    const fields = (
      separator === ' ' || separator instanceof RegExp ? line.trim().split(/\s+/) : line.split(separator)
    ).filter((f, i, list) => list.length > 1 || i > 0 || f !== '');
    return items!.length === 0
      ? line
      : items!.map((group) => group.map((item) => item(line, fields, number)).join('')).join(' ');
  };
  if (parts![1]) return { stdout: joined([say(all.at(-1) ?? '', all.length)]) };
  const picked = (line: string, number: number) =>
    wanted ? wanted.test(line) : parts![3] === undefined || compare(number, parts![3], Number(parts![4]));
  const out = all.flatMap((line, i) => (picked(line, i + 1) ? [say(line, i + 1)] : []));
  return { stdout: joined(out), stderr: read.stderr, exit: read.stderr === '' ? 0 : 2 };
}

function compare(a: number, operator: string, b: number): boolean {
  if (operator.startsWith('>')) return a > b || (operator === '>=' && a === b);
  if (operator.startsWith('<')) return a < b || (operator === '<=' && a === b);
  return (a === b) === (operator === '==');
}

type Item = (line: string, fields: readonly string[], number: number) => string;

/** What `print` prints: groups that a comma parts, of fields, texts, NR and NF; null if there is anything else. */
function printed(text: string): readonly (readonly Item[])[] | null {
  const groups: Item[][] = [];
  let group: Item[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const m = /^(?:\$(\d+|NF)|"((?:\\.|[^"\\])*)"|(NR|NF)|(,))\s*/.exec(rest);
    if (!m) return null;
    rest = rest.slice(m[0].length);
    if (m[4] !== undefined) {
      groups.push(group);
      group = [];
      continue;
    }
    group.push((line, fields, number) => {
      if (m[1] === '0') return line;
      if (m[1] !== undefined) return fields[m[1] === 'NF' ? fields.length - 1 : Number(m[1]) - 1] ?? '';
      if (m[2] !== undefined)
        return m[2].replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
      return String(m[3] === 'NR' ? number : fields.length);
    });
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** `tr -d SET`, `tr -s SET`, `tr SET SET`. */
function tr({ args, stdin }: CommandInput): CommandOutput {
  const flags = args.filter((a) => /^-[ds]+$/.test(a)).join('');
  const sets = args.filter((a) => !/^-[ds]+$/.test(a)).map(charactersOf);
  const [from, to] = sets;
  const unknown = { notModelled: `tr ${args.join(' ')}` };
  if (!from || sets.includes(null) || sets.length > 2 || (flags !== '' && sets.length > 1)) return unknown;
  if (flags.includes('d') && flags.includes('s')) return unknown;
  if (flags.includes('d')) return { stdout: [...stdin].filter((c) => !from.includes(c)).join('') };
  if (flags.includes('s')) {
    return { stdout: [...stdin].filter((c, i, all) => c !== all[i - 1] || !from.includes(c)).join('') };
  }
  if (!to || to.length === 0) return unknown;
  return {
    stdout: [...stdin].map((c) => (from.includes(c) ? to[Math.min(from.lastIndexOf(c), to.length - 1)]! : c)).join(''),
  };
}

/** The characters of `a-z`, `\n` and plain ones; null for classes. */
function charactersOf(set: string): readonly string[] | null {
  if (/\[:|\\[^nt\\]/.test(set)) return null;
  const plain = set.replace(/\\([nt\\])/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : '\\'));
  return [
    ...plain.replace(/(.)-(.)/gs, (_, a: string, b: string) => {
      let all = '';
      for (let c = a.charCodeAt(0); c <= b.charCodeAt(0); c++) all += String.fromCharCode(c);
      return all;
    }),
  ];
}
