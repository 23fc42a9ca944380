import type { Field } from '../../base';
import { printRoute, type Route, readPrefix, routeFields, TABLE, tableOf } from '../../fib';
import { flushPmtu, type Host, knowsPmtu, type RouteVerb } from '../../host';
import { routeCommand } from '../../host/lazy';
import type { Family } from '../../wire';
import { familyRoutes } from '../routes';
import type { CommandOutput } from '../types';
import { changed, familyOfWords, type IpInput, type IpOptions, listed, unknownVerb, verbOf } from './ip';
import { routeGet } from './ip-route-get';
import { selectRoutes } from './ip-route-select';

const VERBS = [
  ['show', 'lst', 'list'],
  ['get'],
  ['add'],
  ['change', 'chg'],
  ['replace'],
  ['prepend'],
  ['append'],
  ['test'],
  ['delete'],
  ['flush'],
  ['save'],
  ['restore'],
  ['showdump'],
] as const;

export function ipRoute({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  const family = options.family ?? familyOfWords(rest);
  const beyond = verb === 'show' || verb === 'flush' ? undefined : BEYOND.find((word) => rest.includes(word));
  if (beyond !== undefined) return { notModelled: `ip route ${verb} … ${beyond}` };
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'route');
    case 'add':
    case 'append':
    case 'prepend':
    case 'change':
    case 'replace':
      return change(host, options.family, verb, rest);
    case 'delete':
      return change(host, options.family, 'del', rest);
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

/** As long as no destination has told the family, an address of any is expected. iproute2: iproute_modify() */
function change(host: Host, said: Family | null, verb: RouteVerb, args: readonly string[]): CommandOutput {
  const error = routeCommand(host, said ?? familyOfWords(args), verb, args);
  const [, text] = /^inet6? address is expected rather than "(.*)"/.exec(error?.message ?? '') ?? [];
  if (error === null || text === undefined || said !== null) return changed(error, said);
  const before = args.slice(0, args.indexOf(text));
  const told = before.some((word) => /[.:]/.test(word) && (readPrefix(word, 4) ?? readPrefix(word, 6)));
  return changed(told ? error : { ...error, message: error.message.replace(/^inet6?/, 'any valid') }, said);
}

/** What a route may have that one here has not. */
const BEYOND = ['encap', 'nhid', 'ttl-propagate'];

interface Selection {
  readonly routes: readonly Route[];
  /** What was asked for is not said again. */
  readonly asked: ReadonlySet<string>;
  readonly all: boolean;
}

function show(host: Host, options: IpOptions, family: Family, args: readonly string[]): CommandOutput {
  if (args[0] === 'cache')
    return knowsPmtu(host, family) ? { notModelled: 'ip route show cache' } : listed([], options);
  const chosen = select(host, options.family, family, args, 'Dump');
  // The tool has begun its list by then.
  if (!('routes' in chosen)) return chosen.exit === 2 && options.json ? { ...chosen, stdout: '[' } : chosen;
  const form = { table: chosen.all, details: options.details };
  const list = chosen.routes.map((route): readonly Field[] => [
    ...routeFields(route, form).filter(([key]) => !chosen.asked.has(key)),
    ['', '\n'],
  ]);
  return listed(list, options);
}

/** `ip route flush SELECTOR`: all that the selector picks, but what the kernel made stays unless it is asked for. */
function flush(host: Host, said: Family | null, family: Family, args: readonly string[]): CommandOutput {
  if (args.length === 0) return { stderr: '"ip route flush" requires arguments.\n', exit: 1 };
  if (args[0] === 'cache') return { changed: flushPmtu(host, family) };
  const chosen = select(host, said, family, args, 'Flush');
  if (!('routes' in chosen)) return chosen;
  for (const route of chosen.routes) {
    const words = printRoute(route, true)
      .replaceAll('\n\t', ' ')
      .replace(/ pref medium| dead| linkdown/g, '')
      .trim()
      .split(/\s+/);
    routeCommand(host, route.family, 'del', words);
  }
  return { changed: chosen.routes.length > 0 };
}

function select(
  host: Host,
  said: Family | null,
  family: Family,
  args: readonly string[],
  what: 'Dump' | 'Flush',
): Selection | CommandOutput {
  const chosen = selectRoutes(args, { host, said, family });
  if (!('test' in chosen)) return chosen;
  const { table, test, asked } = chosen;
  const all = table === 'all' || table === '0';
  const families: readonly Family[] = all && said === null ? [4, 6] : [said ?? family];
  const id = all || table === undefined ? TABLE.main : tableOf(table);
  if (id && id !== TABLE.main && id !== TABLE.local && !host.fib[family].tables.has(id)) {
    return { stderr: `Error: ipv${family}: FIB table does not exist.\n${what} terminated\n`, exit: 2 };
  }
  const routes = families.flatMap((f) => familyRoutes(host, f, table)).filter(test);
  return { routes, asked, all };
}
