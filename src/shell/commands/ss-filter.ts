import { parsePrefix, prefixContains, serviceByName } from '../../wire';
import { fails } from '../output';
import type { SocketRow } from '../sockets';
import type { CommandOutput } from '../types';
import { SS_USAGE } from './ss-usage';

type SocketTest = (row: SocketRow) => boolean;

type Token = string;

/** Thrown and caught here: what ss says of a filter. */
class Refused {
  readonly output: CommandOutput;
  constructor(output: CommandOutput) {
    this.output = output;
  }
}

/**
 * Reads a filter: `( sport = :22 or dst 10.0.0.0/8 ) and not dport > :1023`. What stands side by side must all hold, `or`
 * and `and` bind alike, from the left. iproute2: misc/ssfilter.y
 */
export function readSocketFilter(words: readonly string[]): { readonly test: SocketTest } | CommandOutput {
  const tokens = [...words.join(' ').matchAll(/[()]|&&?|\|\|?|[=!<>]=?|[^\s()&|=<>!]+/g)].map(([text]) => text);
  if (tokens.length === 0) return { test: () => true };
  try {
    const parser = new Parser(tokens);
    const test = parser.list();
    parser.end();
    return { test };
  } catch (error) {
    if (error instanceof Refused) return error.output;
    throw error;
  }
}

const OR = ['or', '|', '||'];
const AND = ['and', '&', '&&'];
const NOT = ['not', '!'];

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};
const OPERATORS: Readonly<Record<string, string>> = {
  '==': '=',
  eq: '=',
  ne: '!=',
  neq: '!=',
  ge: '>=',
  geq: '>=',
  le: '<=',
  leq: '<=',
  gt: '>',
  lt: '<',
};

const RESERVED = new Set([')', ...OR, ...AND, ...Object.keys(COMPARE), ...Object.keys(OPERATORS)]);

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  list(): SocketTest {
    let test = this.one();
    for (let next = this.peek(); next !== undefined && next !== ')'; next = this.peek()) {
      const before = test;
      const either = OR.includes(next);
      if (either || AND.includes(next)) this.at++;
      const other = this.one();
      test = either ? (row) => before(row) || other(row) : (row) => before(row) && other(row);
    }
    return test;
  }

  end(): void {
    if (this.peek() !== undefined) throw syntaxError();
  }

  private one(): SocketTest {
    const word = this.take();
    if (NOT.includes(word)) {
      const test = this.one();
      return (row) => !test(row);
    }
    if (word === '(') {
      const test = this.list();
      if (this.take() !== ')') throw syntaxError();
      return test;
    }
    if (word === 'sport' || word === 'dport') return this.port(word);
    if (word === 'src' || word === 'dst') return this.host(word);
    if (word === 'dev') {
      const compare = this.operator() ?? '=';
      this.take();
      return () => compare === '!='; // no socket is bound to an interface
    }
    if (['fwmark', 'cgroup', 'autobound'].includes(word))
      throw new Refused({ notModelled: `ss with the filter ${word}` });
    if (!RESERVED.has(word)) hostCondition(word); // an address alone is a mistake of another kind
    throw syntaxError();
  }

  private port(word: 'sport' | 'dport'): SocketTest {
    const compare = COMPARE[this.operator() ?? '=']!;
    const text = this.take();
    const colon = text.lastIndexOf(':');
    const port = portOf(text.slice(colon + 1));
    return (row) => compare(word === 'sport' ? row.lport : row.rport, port);
  }

  private host(word: 'src' | 'dst'): SocketTest {
    if ((this.operator() ?? '=') !== '=') throw syntaxError();
    const { prefix, port } = hostCondition(this.take());
    return (row) => {
      const [addr, own] = word === 'src' ? [row.local, row.lport] : [row.remote, row.rport];
      return (port === null || own === port) && (prefix === null || (addr !== null && prefixContains(prefix, addr)));
    };
  }

  private operator(): string | undefined {
    const next = this.peek() ?? '';
    const operator = COMPARE[next] ? next : OPERATORS[next];
    if (operator !== undefined) this.at++;
    return operator;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private take(): Token {
    const token = this.tokens[this.at++];
    if (token === undefined) throw syntaxError();
    return token;
  }
}

interface HostCondition {
  readonly prefix: Exclude<ReturnType<typeof parsePrefix>, null> | null;
  readonly port: number | null;
}

/** `10.0.0.0/8`, `10.0.0.1:22`, `[::1]:22`, `:22`, `*:22`. iproute2: parse_hostcond() */
function hostCondition(text: string): HostCondition {
  const m = /^\[(.*)\](?::(.*))?$/.exec(text) ?? /^([^:]*):([^:]*)$/.exec(text);
  const [address, port] = m ? [m[1]!, m[2]] : [text, undefined];
  const any = address === '' || address === '*';
  const prefix = any ? null : parsePrefix(address);
  if (!any && prefix === null) throw cannotParse(`an inet prefix is expected rather than "${address}".`);
  return { prefix, port: port === undefined || port === '' || port === '*' ? null : portOf(port) };
}

function portOf(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : (serviceByName(text, 'tcp') ?? serviceByName(text, 'udp'));
  if (port === null) throw cannotParse(`"${text}" does not look like a port.`);
  return port;
}

function cannotParse(why: string): Refused {
  return new Refused(fails(1, `Error: ${why}\nCannot parse dst/src address.\n`));
}

function syntaxError(): Refused {
  return new Refused(fails(255, `ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n${SS_USAGE}`));
}
