import { type Family, familyOf, IPPROTO, parseAddr, protocolNumber } from '../../wire';
import type { Fault } from './conntrack-filter';
import { readTarget } from './conntrack-nat';
import { checkPairs, checkProtocol, illegalText, needText, optionsOfProtocol } from './conntrack-protocols';
import { readStatus, readWords, SCTP_STATES, TCP_STATES } from './conntrack-words';
import { readAton } from './net/names';

/** How the conntrack tool reads its words: getopt_long(), then what goes with what. conntrack-tools: do_parse() */

interface ConntrackWords {
  /** The letter of the command; null: none was given. */
  readonly verb: string | null;
  readonly table: string;
  readonly options: readonly Given[];
  /** What the tool has remarked while it read. */
  readonly said: string;
}

/** One option, by its long name without dashes. */
export interface Given {
  readonly name: string;
  /** Null: it takes none, or was given none. */
  readonly value: string | null;
}

interface Option {
  /** Its letter; those of a long name alone have signs. */
  readonly key: string;
  readonly name: string;
  readonly argument: 'none' | 'given' | 'may-be';
}

/** In the order in which the tool holds them against the command. */
const OPTIONS: readonly Option[] = (
  [
    ['s', 'src', 'given'],
    ['d', 'dst', 'given'],
    ['r', 'reply-src', 'given'],
    ['q', 'reply-dst', 'given'],
    ['p', 'protonum', 'given'],
    ['t', 'timeout', 'given'],
    ['u', 'status', 'given'],
    ['z', 'zero', 'none'],
    ['e', 'event-mask', 'given'],
    ['[', 'tuple-src', 'given'],
    [']', 'tuple-dst', 'given'],
    ['{', 'mask-src', 'given'],
    ['}', 'mask-dst', 'given'],
    ['a', 'nat-range', 'given'],
    ['m', 'mark', 'given'],
    ['i', 'id', 'given'],
    ['f', 'family', 'given'],
    ['n', 'src-nat', 'may-be'],
    ['g', 'dst-nat', 'may-be'],
    ['o', 'output', 'given'],
    ['c', 'secmark', 'given'],
    ['b', 'buffer-size', 'given'],
    ['j', 'any-nat', 'may-be'],
    ['w', 'zone', 'given'],
    ['l', 'label', 'given'],
    ['<', 'label-add', 'given'],
    ['>', 'label-del', 'given'],
    ['(', 'orig-zone', 'given'],
    [')', 'reply-zone', 'given'],
  ] as const
).map(([key, name, argument]) => ({ key, name, argument }));

const BY_KEY: ReadonlyMap<string, Option> = new Map(OPTIONS.map((option) => [option.key, option]));
const ALIASES: Readonly<Record<string, string>> = { 'orig-src': 'src', 'orig-dst': 'dst' };
const VERBS: Readonly<Record<string, string>> = {
  dump: 'L',
  create: 'I',
  delete: 'D',
  update: 'U',
  get: 'G',
  flush: 'F',
  event: 'E',
  counter: 'C',
  stats: 'S',
  add: 'A',
  version: 'V',
  help: 'h',
};

const EVERYTHING = 'sdrqptuze[]{}mifngocbjw()';
/** What a command does not take, and what it must have. conntrack-tools: commands_v_options */
const RULES: Readonly<Record<string, { readonly illegal: string; readonly needed?: string }>> = {
  L: { illegal: 'te[]ib' },
  I: { illegal: 'ze[]{}ifocbj', needed: 'pt' },
  A: { illegal: 'ze[]{}ifocbj', needed: 'pt' },
  U: { illegal: 'ze[]cbjw()' },
  D: { illegal: 'ze[]cbj' },
  G: { illegal: 'tuze[]{}mfngcbjw()', needed: 'p' },
  F: { illegal: EVERYTHING.replace('f', '') },
  E: { illegal: 'tuzi[]' },
  C: { illegal: EVERYTHING },
  S: { illegal: EVERYTHING },
  V: { illegal: EVERYTHING },
  h: { illegal: EVERYTHING.replace('p', '') },
  'L expect': { illegal: EVERYTHING.replace(/[fo]/g, '') },
  'E expect': { illegal: EVERYTHING.replace('o', '') },
  'F expect': { illegal: EVERYTHING },
  'C expect': { illegal: EVERYTHING },
  'S expect': { illegal: EVERYTHING },
  'I expect': { illegal: '', needed: 'sdpt' },
  'D expect': { illegal: '', needed: 'sdp' },
  'G expect': { illegal: '', needed: 'sdp' },
};

/** In the order in which a beginning finds them. */
const TABLES = ['expect', 'conntrack', 'dying', 'unconfirmed'];

/** Reads the words one after the other; the first mistake ends it. */
class Reader {
  readonly options: Given[] = [];
  readonly given = new Set<string>();
  verb: string | null = null;
  table = 'conntrack';
  private readonly args: readonly string[];
  private at = 0;
  protocol = 0;
  private ofProtocol: readonly string[] = [];
  private family: Family | null = null;
  /** What it has remarked so far. */
  said = '';

  constructor(args: readonly string[]) {
    this.args = args;
  }

  read(): Fault | null {
    while (this.at < this.args.length) {
      const word = this.args[this.at++]!;
      if (word === '--') break;
      if (!word.startsWith('-') || word === '-') continue;
      const fault = word.startsWith('--') ? this.readLong(word) : this.readShort(word);
      if (fault !== null) return fault;
    }
    return null;
  }

  private readLong(word: string): Fault | null {
    const [, asked = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word)!;
    const known = [...Object.keys(VERBS), ...Object.keys(ALIASES), ...OPTIONS.map((o) => o.name), ...this.ofProtocol];
    const found = known.includes(asked) ? [asked] : known.filter((name) => name.startsWith(asked));
    const name = found[0]!;
    // Two names of one option are no two options.
    if (new Set(found.map((one) => ALIASES[one] ?? one)).size !== 1) return wrong(`unknown option \`${word}'`);
    const verb = VERBS[name];
    if (verb !== undefined) return this.command(verb, attached);
    if (this.ofProtocol.includes(name)) {
      const value = attached ?? this.args[this.at++];
      if (value === undefined) return missing(word);
      this.options.push({ name, value });
      this.given.add(name);
      return name === 'state' ? this.checkState(value) : null;
    }
    const option = OPTIONS.find((o) => o.name === (ALIASES[name] ?? name))!;
    if (option.argument === 'none' && attached !== undefined) return wrong(`unknown option \`${word}'`);
    return this.option(option, word, attached);
  }

  private readShort(word: string): Fault | null {
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      const rest = i + 1 < word.length ? word.slice(i + 1) : undefined;
      if ('LIUDGEFCA'.includes(letter)) return this.command(letter, rest);
      const option = /[a-z]/.test(letter) ? BY_KEY.get(letter) : undefined;
      let fault: Fault | null;
      if ('hVS'.includes(letter)) fault = this.command(letter, undefined);
      else if (option === undefined) return wrong(`unknown option \`${word}'`);
      else if (option.argument !== 'none') return this.option(option, word, rest);
      else fault = this.option(option, word, undefined);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** The table stands behind the command, as a word of its own. */
  private command(verb: string, attached: string | undefined): Fault | null {
    if (this.verb !== null) return wrong('Invalid commands combination');
    this.verb = verb;
    const next = attached === undefined ? this.optional() : undefined;
    if (next === undefined) return null;
    const table = TABLES.find((name) => name.startsWith(next));
    if (table === undefined) return wrong(`unknown type \`${next}'`);
    this.table = table;
    const name = Object.keys(VERBS).find((long) => VERBS[long] === verb)!;
    if (table === 'expect' && 'UA'.includes(verb)) return wrong(`Can't do --${name} on expectations`);
    const listing = table === 'dying' || table === 'unconfirmed';
    return listing && verb !== 'L' ? wrong("Can't do that command with tables `dying' and `unconfirmed'") : null;
  }

  /** The next word, if it is no option. conntrack-tools: get_optional_arg() */
  private optional(): string | undefined {
    return /^[-!]/.test(this.args[this.at] ?? '-') ? undefined : this.args[this.at++];
  }

  private remark(text: string): void {
    if (!this.said.includes(text)) this.said += text;
  }

  private option({ key, name, argument }: Option, word: string, attached: string | undefined): Fault | null {
    this.given.add(key);
    let value = attached;
    if (argument === 'given') value ??= this.args[this.at++];
    else if (argument === 'may-be') value ??= this.optional();
    if (argument === 'given' && value === undefined) return missing(word);
    if ('sdrq'.includes(key)) value = value?.replace(/^[^/]+/, (addr) => readAton(addr) ?? addr);
    if (key === 'a') {
      this.remark('WARNING: ignoring -a, deprecated option.\n');
      this.given.delete(key);
      return null;
    }
    this.options.push({ name, value: value ?? null });
    if (key === 'o') return this.checkOutput();
    return value === undefined ? null : this.checkValue(key, name, value);
  }

  /** What the tool says of a value while it still reads. */
  private checkValue(key: string, name: string, value: string): Fault | null {
    if ('sdrq'.includes(key)) return this.checkAddress(key, name, value);
    if (key === 'p') {
      const protocol = /^\d+$/.test(value) ? Number(value) : protocolNumber(value.toLowerCase());
      if (protocol === null || protocol > 255) return wrong(`\`${value}' unsupported protocol`);
      this.protocol = protocol;
      this.ofProtocol = optionsOfProtocol(protocol);
    }
    if (key === 'u') return this.checkWords(readStatus(value));
    if (key === 'e') return this.checkWords(readWords(value, EVENTS));
    if ('ngj'.includes(key)) {
      const target = readTarget(name, value);
      return 'addr' in target ? this.setFamily(familyOf(target.addr)) : target;
    }
    if (key === 'f') {
      if (value !== 'ipv4' && value !== 'ipv6') return wrong(`\`${value}' unsupported protocol`);
      return this.setFamily(value === 'ipv4' ? 4 : 6);
    }
    // Names of labels would stand in a file that no host has.
    if ('l<>'.includes(key)) return wrong(`unknown label '${value.split(',')[0]}'`, NO_LABELS);
    return null;
  }

  private checkOutput(): Fault | null {
    const output = readOutput(this.options);
    if (!('kinds' in output)) return output;
    this.remark(output.said);
    if (output.kinds.has('labels')) this.remark(NO_LABELS);
    return null;
  }

  private checkWords(read: { readonly said: string } | string): Fault | null {
    if (typeof read === 'string') return wrong(read);
    this.remark(read.said);
    return null;
  }

  private checkState(value: string): Fault | null {
    const sctp = this.protocol === IPPROTO.sctp;
    if (this.protocol !== IPPROTO.tcp && !sctp) return null;
    return (sctp ? SCTP_STATES : TCP_STATES).includes(value)
      ? null
      : wrong(`unknown ${sctp ? 'SCTP' : 'TCP'} state \`${value}'`);
  }

  private checkAddress(key: string, name: string, value: string): Fault | null {
    const slash = value.indexOf('/');
    const addr = parseAddr(slash < 0 ? value : value.slice(0, slash));
    if (addr === null) return wrong(`Invalid IP address \`${slash < 0 ? value : value.slice(0, slash)}'`);
    const family = familyOf(addr);
    if (slash >= 0) {
      if ('rq'.includes(key)) return wrong(`CIDR notation unavailable for \`--${name}'`);
      const length = value.slice(slash + 1);
      if (!/^\d*$/.test(length) || Number(length) > (family === 4 ? 32 : 128)) return wrong('Invalid netmask');
      this.given.add(key === 's' ? '{' : '}');
    }
    return this.setFamily(family);
  }

  private setFamily(family: Family): Fault | null {
    if (this.family !== null && this.family !== family) return wrong('mismatched address family');
    this.family = family;
    return null;
  }
}

const NO_LABELS = 'nfct_labelmap_new: No such file or directory\n';
const wrong = (message: string, before = ''): Fault => ({ wrong: message, before });
const missing = (word: string): Fault => wrong(`option \`${word}' requires an argument`);

export function readConntrackWords(args: readonly string[]): ConntrackWords | Fault {
  const reader = new Reader(args);
  const fault = reader.read() ?? checkTogether(reader);
  if (fault !== null) return 'wrong' in fault ? { ...fault, before: reader.said + (fault.before ?? '') } : fault;
  const { verb, table, options, said } = reader;
  return { verb, table, options, said };
}

/** conntrack-tools: generic_opt_check(), and what it cannot check */
function checkTogether({ verb, table, given, protocol }: Reader): Fault | null {
  if (given.has('j') && (given.has('n') || given.has('g')))
    return wrong("cannot specify `--src-nat' or `--dst-nat' with `--any-nat'");
  const rules = verb === null ? undefined : RULES[table === 'expect' ? `${verb} expect` : verb];
  const { illegal, needed = '' } = rules ?? { illegal: EVERYTHING };
  for (const { key, name } of OPTIONS) {
    if (!given.has(key) && needed.includes(key)) return wrong(needText(name));
    if (given.has(key) && illegal.includes(key)) return wrong(illegalText(name));
  }
  if (table !== 'conntrack' || verb === null) return null;
  const described = 'IAG'.includes(verb) ? checkPairs(ADDRESS_PAIRS, (key) => given.has(key)) : null;
  const said = described ?? (verb === 'h' ? null : checkProtocol(protocol, verb, given));
  if (said !== null) return wrong(said);
  if (given.has('{') && !given.has('s')) return wrong("Can't use --mask-src without --src");
  return given.has('}') && !given.has('d') ? wrong("Can't use --mask-dst without --dst") : null;
}

const ADDRESS_PAIRS = [
  { of: ['s', 'd'], said: "`--src' and `--dst'" },
  { of: ['r', 'q'], said: "`--reply-src' and `--reply-dst'" },
] as const;

export const EVENTS = ['ALL', 'NEW', 'UPDATES', 'DESTROY'] as const;
const OUTPUTS = ['xml', 'extended', 'timestamp', 'id', 'ktimestamp', 'labels', 'userspace', 'save'] as const;
export type Output = (typeof OUTPUTS)[number];

/** The kinds of output that are asked for, by the beginnings of their names; or why they cannot be had. */
export function readOutput(
  options: readonly Given[],
): { readonly kinds: ReadonlySet<Output>; readonly said: string } | Fault {
  const kinds = new Set<Output>();
  let said = '';
  for (const { name, value } of options) {
    if (name !== 'output') continue;
    const read = readWords(value ?? '', OUTPUTS);
    if (typeof read === 'string') return { wrong: read };
    for (const word of read.words) kinds.add(word.name as Output);
    said += read.said;
  }
  if (!kinds.has('save') || kinds.size === 1) return { kinds, said };
  return { failed: 'cannot combine save output with any other output type, use -o save only' };
}
