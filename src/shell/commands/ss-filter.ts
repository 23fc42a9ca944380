import { readPrefix } from '../../fib';
import { type Family, type Prefix, prefixContains, serviceByName } from '../../wire';
import { fails } from '../output';
import type { SocketRow } from '../sockets';
import type { CommandOutput } from '../types';
import { SS_USAGE } from './ss-usage';

/** `bits`: how many of a port's the one that asks has. The kernel is asked first, then ss looks at what it was told. */
type SocketTest = (row: SocketRow, bits: 16 | 32) => boolean;

/** Thrown and caught here: what ss says of a filter. */
class Refused {
  readonly output: CommandOutput;
  constructor(output: CommandOutput) {
    this.output = output;
  }
}

/** What of the other words of a line counts for its filter. */
export interface FilterScope {
  /** The family that was asked for last. */
  readonly family: Family | null;
  /** The protocols whose sockets are asked for: a service is known by them. */
  readonly protocols: readonly ('tcp' | 'udp')[];
}

interface SocketFilter {
  readonly test: (row: SocketRow) => boolean;
  /** The family that an address of the filter has set for all of them. */
  readonly family: Family | null;
}

/**
 * Reads a filter: `( sport = :22 or dst 10.0.0.0/8 ) and not dport > :1023`. What stands side by side must all hold, `or`
 * and `and` bind alike, from the left; words have spaces between them. iproute2: misc/ssfilter.y
 */
export function readSocketFilter(words: readonly string[], scope: FilterScope): SocketFilter | CommandOutput {
  const tokens = words.flatMap((word) => word.split(/[ \t]+/)).filter((word) => word !== '');
  if (tokens.length === 0) return { test: () => true, family: null };
  try {
    const parser = new Parser(tokens, scope);
    const test = parser.list();
    parser.end();
    return { test: (row) => test(row, 16) && test(row, 32), family: parser.family };
  } catch (error) {
    if (error instanceof Refused) return error.output;
    throw error;
  }
}

const SIGNS: Readonly<Record<string, string>> = {
  '!': '!',
  not: '!',
  '&': '&',
  '&&': '&',
  and: '&',
  '|': '|',
  '||': '|',
  or: '|',
  '(': '(',
  ')': ')',
  '>=': '>=',
  ge: '>=',
  geq: '>=',
  '<=': '<=',
  le: '<=',
  leq: '<=',
  '!=': '!=',
  ne: '!=',
  neq: '!=',
  '=': '=',
  '==': '=',
  eq: '=',
  '>': '>',
  gt: '>',
  '<': '<',
  lt: '<',
};
const FIELDS = ['src', 'dst', 'sport', 'dport', 'dev', 'fwmark', 'cgroup', 'autobound'];

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};

interface HostCondition {
  readonly prefix: Prefix | null;
  /** -1: any. */
  readonly port: number;
}

type Token = { readonly kind: string; readonly host?: HostCondition };

class Parser {
  family: Family | null;
  private at = 0;
  private readonly words: readonly string[];
  private readonly scope: FilterScope;
  /** The word that comes, once it was looked at. */
  private ahead: Token | null = null;
  /** What a word that is no sign is meant as. */
  private field = '';

  constructor(words: readonly string[], scope: FilterScope) {
    this.words = words;
    this.scope = scope;
    this.family = null;
  }

  list(): SocketTest {
    let test = this.one();
    for (let next = this.peek(); next !== 'end' && next !== ')'; next = this.peek()) {
      const before = test;
      if (next === '|' || next === '&') this.take();
      const other = this.one();
      test = next === '|' ? (...of) => before(...of) || other(...of) : (...of) => before(...of) && other(...of);
    }
    return test;
  }

  end(): void {
    if (this.peek() !== 'end') throw syntaxError();
  }

  private one(): SocketTest {
    const { kind } = this.take();
    switch (kind) {
      case '!': {
        const test = this.one();
        return (...of) => !test(...of);
      }
      case '(': {
        const test = this.list();
        if (this.take().kind !== ')') throw syntaxError();
        return test;
      }
      case 'src':
      case 'dst':
        if (this.peek() === '=') this.take();
        return equals(kind === 'src', this.host());
      case 'sport':
      case 'dport': {
        const operator = ['>=', '<=', '>', '<', '!=', '='].includes(this.peek()) ? this.take().kind : '=';
        const condition = this.host();
        if (operator !== '=' && operator !== '!=') return compared(kind === 'sport', operator, condition.port);
        const test = equals(kind === 'sport', condition);
        return operator === '=' ? test : (...of) => !test(...of);
      }
      default:
        throw syntaxError();
    }
  }

  private host(): HostCondition {
    const { host } = this.take();
    if (host === undefined) throw syntaxError();
    return host;
  }

  private peek(): string {
    this.ahead ??= this.read();
    return this.ahead.kind;
  }

  private take(): Token {
    const token = this.ahead ?? this.read();
    this.ahead = null;
    return token;
  }

  /** A word is understood as it is read, whether it may stand there or not. iproute2: yylex() */
  private read(): Token {
    const word = this.words[this.at++];
    if (word === undefined) return { kind: 'end' };
    const sign = SIGNS[word];
    if (sign !== undefined) return { kind: sign };
    if (FIELDS.includes(word)) this.field = word;
    if (['dev', 'fwmark', 'cgroup', 'autobound'].includes(this.field))
      throw new Refused({ notModelled: `ss with the filter ${this.field}` });
    return FIELDS.includes(word) ? { kind: word } : { kind: 'host', host: this.condition(word) };
  }

  /** `10.0.0.0/8`, `10.0.0.1:22`, `[::1]:22`, `:22`, `*:22`. iproute2: parse_hostcond() */
  private condition(word: string): HostCondition {
    const isPort = this.field === 'sport' || this.field === 'dport';
    if (/^(unix|link|netlink|vsock):/.test(word)) throw new Refused({ notModelled: `ss with the filter ${word}` });
    const family = word.startsWith('inet:') ? 4 : word.startsWith('inet6:') ? 6 : this.scope.family;
    let addr = word.replace(/^inet6?:/, '');
    let port = '';
    if (addr.startsWith('[')) {
      const close = addr.indexOf(']');
      if (close < 0) throw cannotParse('');
      [addr, port] = [addr.slice(1, close), addr.slice(close + 1)];
    } else if (addr.startsWith('*')) {
      if (!isPort) [addr, port] = ['*', addr.slice(1)];
    } else {
      const colon = addr.slice(Math.max(0, addr.indexOf('/'))).lastIndexOf(':');
      if (colon >= 0 && !isPort) {
        const at = colon + Math.max(0, addr.indexOf('/'));
        [addr, port] = [addr.slice(0, at), addr.slice(at)];
      }
    }
    if (isPort) port = addr;
    const number = this.port(port.replace(/^:/, ''));
    const any = isPort || addr === '' || addr.startsWith('*') || /^(any|all|default)$/.test(addr);
    const prefix = any
      ? null
      : family === null
        ? (readPrefix(addr, 4) ?? readPrefix(addr, 6))
        : readPrefix(addr, family);
    if (!any && prefix === null) throw cannotParse(`Error: an inet prefix is expected rather than "${addr}".\n`);
    this.family = family ?? this.family;
    return { prefix, port: number };
  }

  private port(text: string): number {
    if (text === '' || text.startsWith('*')) return -1;
    if (/^-?(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.test(text)) {
      return /^-?0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
    }
    const known = this.scope.protocols.map((protocol) => serviceByName(text, protocol)).find((port) => port !== null);
    if (known === undefined) throw cannotParse(`Error: "${text}" does not look like a port.\n`);
    return known!;
  }
}

function equals(local: boolean, { prefix, port }: HostCondition): SocketTest {
  return (row) => {
    const [addr, own] = local ? [row.local, row.lport] : [row.remote, row.rport];
    return (port === -1 || own === port) && (prefix === null || (addr !== null && prefixContains(prefix, addr)));
  };
}

function compared(local: boolean, operator: string, port: number): SocketTest {
  const compare = COMPARE[operator]!;
  return (row, bits) => compare(local ? row.lport : row.rport, bits === 16 ? port & 0xffff : port);
}

function cannotParse(why: string): Refused {
  return new Refused(fails(1, `${why}Cannot parse dst/src address.\n`));
}

function syntaxError(): Refused {
  return new Refused(fails(255, `ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n${SS_USAGE}`));
}
