import { printRoute, type Route, readPrefix, TABLE, tableOf } from '../../fib';
import { flushPmtu, type Host, knowsPmtu, routeCommand } from '../../host';
import { type Family, type Prefix, prefixContains } from '../../wire';
import { familyRoutes } from '../routes';
import type { CommandOutput } from '../types';
import { changed, familyOfWords, INCOMPLETE, type IpInput, type IpOptions, unknownVerb, verbOf } from './ip';
import { routeGet } from './ip-route-get';
import { detailed } from './ip-route-line';

const VERBS = [
  'show',
  'add',
  'append',
  'prepend',
  'change',
  'del',
  'replace',
  'get',
  'flush',
  'test',
  'save',
  'restore',
] as const;

export function ipRoute({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  const family = options.family ?? familyOfWords(rest);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'route');
    case 'add':
    case 'append':
    case 'prepend':
    case 'change':
    case 'del':
    case 'replace':
      return changed(routeCommand(host, family, verb, rest), options.family);
    case 'show':
      return show(host, options, family, rest);
    case 'flush':
      return flush(host, options.family, family, rest);
    case 'get':
      return routeGet(host, options, rest);
    default:
      return { notModelled: `ip route ${verb}` };
  }
}

interface Selection {
  readonly lines: readonly { readonly line: string; readonly route: Route | null }[];
  /** What was asked for is not said again. */
  readonly asked: readonly string[];
  readonly all: boolean;
}

function show(host: Host, options: IpOptions, family: Family, args: readonly string[]): CommandOutput {
  if (args[0] === 'cache') return knowsPmtu(host, family) ? { notModelled: 'ip route show cache' } : {};
  const chosen = select(host, options.family, family, args, 'Dump');
  if (!('lines' in chosen)) return chosen;
  const printed = chosen.lines.map(({ line, route }) =>
    chosen.asked.reduce(
      (rest, said) => rest.replace(said, ''),
      options.details && route ? detailed(line, route, chosen.all) : line,
    ),
  );
  return { stdout: printed.map((line) => `${line}\n`).join('') };
}

/** `ip route flush SELECTOR`: all that the selector picks, but what the kernel made stays unless it is asked for. */
function flush(host: Host, said: Family | null, family: Family, args: readonly string[]): CommandOutput {
  if (args.length === 0) return { stderr: '"ip route flush" requires arguments.\n', exit: 1 };
  if (args[0] === 'cache') return { changed: flushPmtu(host, family) };
  const chosen = select(host, said, family, args, 'Flush');
  if (!('lines' in chosen)) return chosen;
  for (const { route } of chosen.lines) {
    if (!route) continue;
    const words = printRoute(route, true)
      .replaceAll('\n\t', ' ')
      .replace(/ pref medium| dead| linkdown/g, '')
      .trim()
      .split(/\s+/);
    routeCommand(host, route.family, 'del', words);
  }
  return { changed: chosen.lines.length > 0 };
}

function select(
  host: Host,
  said: Family | null,
  family: Family,
  args: readonly string[],
  what: 'Dump' | 'Flush',
): Selection | CommandOutput {
  let table: string | undefined;
  const tests: ((line: string, route: Route | null) => boolean)[] = [];
  const asked: string[] = [];
  let dev = '';
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const value = args[i + 1] ?? '';
    if (word === 'to') continue;
    if (word === 'table' || word === 't') {
      table = value;
      i++;
    } else if (word === 'type') {
      tests.push((line) => (TYPES.exec(line)?.[1] ?? 'unicast') === value);
      i++;
    } else if (word === 'root' || word === 'match' || word === 'exact') {
      const prefix = prefixOf(value, said, family);
      if (!prefix) return noPrefix(value, said);
      tests.push((_, route) => {
        if (!route) return false;
        const of = route.prefix;
        if (word === 'exact') return of.length === prefix.length && of.network === prefix.network;
        if (word === 'root') return of.length >= prefix.length && prefixContains(prefix, of.network);
        return of.length <= prefix.length && prefixContains(of, prefix.network);
      });
      i++;
    } else if (word === 'metric') {
      tests.push((_, route) => String(route?.metric ?? 0) === value);
      i++;
    } else if (UNSAID[word] !== undefined) {
      if (i + 1 === args.length) return INCOMPLETE;
      if (word === 'dev') dev = value;
      else if (word === 'via' || word === 'src') {
        if (!prefixOf(value, said, family)) return noPrefix(value, said);
      } else if ((word === 'scope' ? SCOPE_NAMES : PROTOCOLS).test(value) === false) {
        const what = word === 'scope' ? 'scope' : 'protocol';
        return { stderr: `Error: argument "${value}" is wrong: invalid "${what}"\n\n`, exit: 255 };
      }
      const unsaid = value === UNSAID[word] && (word !== 'scope' || family === 4);
      tests.push((line) => ` ${line} `.includes(` ${word} ${value} `) || (unsaid && !line.includes(` ${word} `)));
      asked.push(`${word} ${value} `);
      i++;
    } else if (NOT_MODELLED.includes(word)) return { notModelled: `ip route show ${word}` };
    else {
      if (!prefixOf(word, said, family)) return noPrefix(word, said);
      const name =
        word === '0.0.0.0/0' || word === '::/0' ? 'default' : word.replace(family === 4 ? '/32' : '/128', '');
      tests.push((line) => line.replace(TYPES, '').startsWith(`${name} `));
    }
  }
  if (dev !== '' && !host.iface(dev)) return { stderr: `Cannot find device "${dev}"\n`, exit: 1 };
  const all = table === 'all' || table === '0';
  if (!all && table !== undefined && !/^(\d+|main|local|default)$/.test(table)) {
    return { stderr: `Error: argument "${table}" is wrong: table id value is invalid\n\n`, exit: 255 };
  }
  const families: readonly Family[] = all && said === null ? [4, 6] : [said ?? family];
  const lines = families.flatMap((f) =>
    familyRoutes(host, f, table).map((route) => ({ line: printRoute(route, all), route })),
  );
  const id = all || table === undefined ? TABLE.main : tableOf(table);
  if (id && id !== TABLE.main && id !== TABLE.local && !host.fib[family].tables.has(id)) {
    return { stderr: `Error: ipv${family}: FIB table does not exist.\n${what} terminated\n`, exit: 2 };
  }
  return { lines: lines.filter(({ line, route }) => tests.every((test) => test(line, route))), asked, all };
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
