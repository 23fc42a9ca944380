import { type Field, fieldsText } from '../../base';
import { IpError } from '../../fib';
import type { Host } from '../../host';
import { flushNeighbours, neighCommand } from '../../host/lazy';
import type { Family } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, type IpInput, type IpOptions, listed, refused, unknownVerb, verbOf } from './ip';
import { readNeighbourAsked, readNeighbourChange, readNeighbourFilter } from './ip-neigh-words';

const VERBS = [
  ['add'],
  ['change', 'chg'],
  ['replace'],
  ['delete'],
  ['get'],
  ['show', 'lst', 'list'],
  ['flush'],
] as const;

export function ipNeigh(input: IpInput): CommandOutput {
  try {
    return neigh(input);
  } catch (error) {
    if (!(error instanceof IpError)) throw error;
    return error.exit === 127 ? { notModelled: error.message } : refused(error);
  }
}

function neigh({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  const { family } = options;
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'neigh');
    case 'add':
    case 'delete':
    case 'replace':
    case 'change':
      return changed(neighCommand(host, readNeighbourChange(host, verb === 'delete' ? 'del' : verb, rest, family)));
    case 'flush':
      if (rest.length === 0) return { stderr: 'Flush requires arguments.\n', exit: 1 };
      flushNeighbours(host, readNeighbourFilter(host, rest, family, true).test);
      return { changed: true };
    case 'show':
      return show(host, options, rest);
    case 'get':
      return get(host, rest, family);
  }
}

type Neighbour = ReturnType<Host['neighbours']>[number];

function show(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  const { dev, test } = readNeighbourFilter(host, args, options.family, false);
  if (options.statistics) return { notModelled: 'ip -s neigh' };
  const all = host.neighbours().filter(test);
  const six = (n: Neighbour) => n.address.includes(':');
  // One table comes after the other.
  return listed(
    [...all.filter((n) => !six(n)), ...all.filter(six)].map((n) => neighFields(n, dev === null, options.brief)),
    options,
  );
}

/** `dev`: the interface was not asked for. iproute2: print_neigh(), print_neigh_brief() */
function neighFields(
  { address, dev, mac, state, router }: Neighbour,
  withDev: boolean,
  brief: boolean,
): readonly Field[] {
  if (brief) {
    const own: readonly Field[] = withDev ? [['dev', dev, `${dev.padEnd(16)} `]] : [];
    return [['dst', address, `${address.padEnd(39)} `], ...own, ['lladdr', mac ?? '', `${mac ?? ''}\n`]];
  }
  const own: readonly Field[] = withDev ? [['dev', dev]] : [];
  const lladdr: readonly Field[] = mac === null ? [] : [['lladdr', mac]];
  const flag: readonly Field[] = router ? [['router', null, 'router ']] : [];
  return [['dst', address, `${address} `], ...own, ...lladdr, ...flag, ['state', [state], `${state} \n`]];
}

function get(host: Host, args: readonly string[], family: Family | null): CommandOutput {
  const { dev, address } = readNeighbourAsked(host, args, family);
  const found = host.neighbours().find((n) => n.dev === dev && n.address === address);
  if (!found) return { stderr: 'Error: Neighbour entry not found.\n', exit: 2 };
  return { stdout: fieldsText(neighFields(found, true, false)) };
}
