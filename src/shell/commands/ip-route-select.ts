import { printRoute, type Route, readPrefix, TABLE, tableOf } from '../../fib';
import type { Host } from '../../host';
import { type Family, type Prefix, prefixContains } from '../../wire';
import { familyRoutes } from '../routes';
import type { CommandOutput } from '../types';
import { INCOMPLETE } from './ip';

export interface Selection {
  readonly lines: readonly { readonly line: string; readonly route: Route | null }[];
  /** What was asked for is not said again. */
  readonly asked: readonly string[];
  readonly all: boolean;
}

/** Whether a route is asked for, by its line or by the route itself. */
type Test = (line: string, route: Route | null) => boolean;

interface Selectors {
  readonly tests: readonly Test[];
  readonly asked: readonly string[];
  readonly table: string | undefined;
  readonly dev: string;
}

/** The routes that the words behind `ip route show` or `flush` pick. iproute2: iproute_list_flush_or_save() */
export function select(
  host: Host,
  said: Family | null,
  family: Family,
  args: readonly string[],
  what: 'Dump' | 'Flush',
): Selection | CommandOutput {
  const selectors = readSelectors(args, said, family);
  if (!('tests' in selectors)) return selectors;
  const { tests, asked, table, dev } = selectors;
  if (dev !== '' && !host.iface(dev)) return { stderr: `Cannot find device "${dev}"\n`, exit: 1 };
  const all = table === 'all' || table === '0';
  if (!all && table !== undefined && !/^(\d+|main|local|default)$/.test(table)) {
    return { stderr: `Error: argument "${table}" is wrong: table id value is invalid\n\n`, exit: 255 };
  }
  const id = all || table === undefined ? TABLE.main : tableOf(table);
  if (id && id !== TABLE.main && id !== TABLE.local && !host.fib[family].tables.has(id)) {
    return { stderr: `Error: ipv${family}: FIB table does not exist.\n${what} terminated\n`, exit: 2 };
  }
  const families: readonly Family[] = all && said === null ? [4, 6] : [said ?? family];
  const lines = families
    .flatMap((f) => familyRoutes(host, f, table).map((route) => ({ line: printRoute(route, all), route })))
    .filter(({ line, route }) => tests.every((test) => test(line, route)));
  return { lines, asked, all };
}

function readSelectors(args: readonly string[], said: Family | null, family: Family): Selectors | CommandOutput {
  const tests: Test[] = [];
  const asked: string[] = [];
  let table: string | undefined;
  let dev = '';
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === 'to') continue;
    if (NOT_MODELLED.includes(word)) return { notModelled: `ip route show ${word}` };
    if (!WITH_VALUE.has(word)) {
      if (!prefixOf(word, said, family)) return noPrefix(word, said);
      tests.push(goesTo(word, family));
      continue;
    }
    const isLast = rest.length === 0;
    const value = rest.shift() ?? '';
    if (word === 'table' || word === 't') table = value;
    else if (word === 'type') tests.push((line) => (TYPES.exec(line)?.[1] ?? 'unicast') === value);
    else if (word === 'metric') tests.push((_, route) => String(route?.metric ?? 0) === value);
    else if (word === 'root' || word === 'match' || word === 'exact') {
      const prefix = prefixOf(value, said, family);
      if (!prefix) return noPrefix(value, said);
      tests.push((_, route) => route !== null && relates(word, route.prefix, prefix));
    } else {
      if (isLast) return INCOMPLETE;
      const fault = wrongValue(word, value, said, family);
      if (fault !== null) return fault;
      if (word === 'dev') dev = value;
      tests.push(says(word, value, family));
      asked.push(`${word} ${value} `);
    }
  }
  return { tests, asked, table, dev };
}

/** The prefix itself, as its line begins. */
function goesTo(word: string, family: Family): Test {
  const isDefault = word === '0.0.0.0/0' || word === '::/0';
  const name = isDefault ? 'default' : word.replace(family === 4 ? '/32' : '/128', '');
  return (line) => line.replace(TYPES, '').startsWith(`${name} `);
}

/** `root`: within the prefix; `match`: around it. */
function relates(how: 'root' | 'match' | 'exact', of: Prefix, prefix: Prefix): boolean {
  if (how === 'exact') return of.length === prefix.length && of.network === prefix.network;
  if (how === 'root') return of.length >= prefix.length && prefixContains(prefix, of.network);
  return of.length <= prefix.length && prefixContains(of, prefix.network);
}

function wrongValue(word: string, value: string, said: Family | null, family: Family): CommandOutput | null {
  if (word === 'dev') return null;
  if (word === 'via' || word === 'src') return prefixOf(value, said, family) ? null : noPrefix(value, said);
  if ((word === 'scope' ? SCOPE_NAMES : PROTOCOLS).test(value)) return null;
  const what = word === 'scope' ? 'scope' : 'protocol';
  return { stderr: `Error: argument "${value}" is wrong: invalid "${what}"\n\n`, exit: 255 };
}

/** The line says so, or says nothing of it where that means the same. */
function says(word: string, value: string, family: Family): Test {
  const unsaid = value === UNSAID[word] && (word !== 'scope' || family === 4);
  return (line) => ` ${line} `.includes(` ${word} ${value} `) || (unsaid && !line.includes(` ${word} `));
}

/** A prefix of the family that was said, or of either. */
function prefixOf(text: string, said: Family | null, family: Family): Prefix | null {
  return readPrefix(text, said ?? (text.includes(':') ? 6 : text.includes('.') ? 4 : family));
}

function noPrefix(text: string, said: Family | null): CommandOutput {
  const wanted = said === null ? 'any valid' : said === 4 ? 'inet' : 'inet6';
  return { stderr: `Error: ${wanted} prefix is expected rather than "${text}".\n`, exit: 1 };
}

/** Selectors of `ip route show` beyond those here. */
const NOT_MODELLED = ['tos', 'dsfield', 'iif', 'oif', 'from', 'realm', 'realms', 'cloned', 'cached', 'vrf', 'nhid'];
const SCOPE_NAMES = /^(global|link|host|site|nowhere|all|\d+)$/;
const PROTOCOLS =
  /^(redirect|kernel|boot|static|gated|ra|mrt|zebra|bird|dnrouted|xorp|ntk|dhcp|keepalived|babel|bgp|isis|ospf|rip|eigrp|all|\d+)$/;

/** What can be asked for, and the value that routes have whose line does not say it. */
const UNSAID: Readonly<Record<string, string>> = { dev: '', via: '', proto: 'boot', scope: 'global', src: '' };

const TYPES = /^(local|broadcast|multicast|anycast|unreachable|blackhole|prohibit|throw|nat) /;

const WITH_VALUE: ReadonlySet<string> = new Set([
  'table',
  't',
  'type',
  'metric',
  'root',
  'match',
  'exact',
  ...Object.keys(UNSAID),
]);
