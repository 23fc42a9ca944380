import { printRoute } from '../../fib';
import { flushPmtu, type Host, knowsPmtu, routeCommand } from '../../host';
import type { Family } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, familyOfWords, type IpInput, type IpOptions, unknownVerb, verbOf } from './ip';
import { routeGet } from './ip-route-get';
import { detailed } from './ip-route-line';
import { select } from './ip-route-select';

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
