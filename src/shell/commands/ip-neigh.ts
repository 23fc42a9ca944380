import { type Field, fieldsText } from '../../base';
import type { Host } from '../../host';
import { neighCommand } from '../../host/lazy';
import { parsePrefix, prefixContains } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, type IpInput, type IpOptions, listed, unknownVerb, verbOf } from './ip';

const VERBS = [
  ['add'],
  ['change', 'chg'],
  ['replace'],
  ['delete'],
  ['get'],
  ['show', 'lst', 'list'],
  ['flush'],
] as const;

export function ipNeigh({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'neigh');
    case 'add':
    case 'delete':
    case 'replace':
    case 'change':
    case 'flush': {
      const state = rest[rest.indexOf('nud') + 1]?.toLowerCase();
      if (verb !== 'flush' && rest.includes('nud') && STATES.includes(`${state}`) && state !== 'permanent') {
        return { notModelled: `ip neigh ${verb} … nud ${state}` };
      }
      return changed(neighCommand(host, verb === 'delete' ? 'del' : verb, rest));
    }
    case 'show':
      return show(host, options, rest);
    case 'get':
      return get(host, rest);
  }
}

const STATES = ['permanent', 'noarp', 'reachable', 'stale', 'none', 'incomplete', 'delay', 'probe', 'failed', 'all'];

type Neighbour = ReturnType<Host['neighbours']>[number];

function show(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  if (options.statistics) return { notModelled: 'ip -s neigh' };
  let dev: string | null = null;
  const states = new Set<string>();
  const tests: ((n: Neighbour) => boolean)[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === 'dev') dev = args[++i] ?? '';
    else if (word === 'nud') {
      const state = (args[++i] ?? '').toLowerCase();
      if (!STATES.includes(state))
        return { stderr: `Error: argument "${args[i]}" is wrong: nud state is bad\n`, exit: 255 };
      states.add(state.toUpperCase());
    } else if (word === 'proxy' || word === 'unused' || word === 'master' || word === 'vrf' || word === 'nomaster') {
      return { notModelled: `ip neigh show ${word}` };
    } else {
      const text = word === 'to' ? (args[++i] ?? '') : word;
      const prefix = parsePrefix(text);
      if (!prefix) return { stderr: `Error: any valid prefix is expected rather than "${text}".\n`, exit: 1 };
      tests.push((n) => n.address.includes(':') === (prefix.family === 6) && prefixContains(prefix, n.address));
    }
  }
  if (dev !== null && !host.iface(dev)) return { stderr: `Cannot find device "${dev}"\n`, exit: 1 };
  if (states.size > 0) tests.push((n) => states.has('ALL') || states.has(n.state));
  const all = host.neighbours();
  const six = (n: Neighbour) => n.address.includes(':');
  // One table comes after the other.
  const shown = [...all.filter((n) => !six(n)), ...all.filter(six)]
    .filter((n) => (dev === null || n.dev === dev) && tests.every((test) => test(n)))
    .filter((n) => options.family === null || six(n) === (options.family === 6));
  return listed(
    shown.map((n) => neighFields(n, dev === null, options.brief)),
    options,
  );
}

/** `dev`: the interface was not asked for. iproute2: print_neigh(), print_neigh_brief() */
function neighFields({ address, dev, mac, state }: Neighbour, withDev: boolean, brief: boolean): readonly Field[] {
  if (brief) {
    const own: readonly Field[] = withDev ? [['dev', dev, `${dev.padEnd(16)} `]] : [];
    return [['dst', address, `${address.padEnd(39)} `], ...own, ['lladdr', mac ?? '', `${mac ?? ''}\n`]];
  }
  const own: readonly Field[] = withDev ? [['dev', dev]] : [];
  const lladdr: readonly Field[] = mac === null ? [] : [['lladdr', mac]];
  return [['dst', address, `${address} `], ...own, ...lladdr, ['state', [state], `${state} \n`]];
}

function get(host: Host, args: readonly string[]): CommandOutput {
  const at = args.indexOf('dev');
  const dev = at < 0 ? '' : (args[at + 1] ?? '');
  const address = args.find((a, i) => a !== 'dev' && a !== 'to' && (at < 0 || i !== at + 1)) ?? '';
  if (dev === '' || address === '') return { stderr: 'Device and address are required arguments.\n', exit: 1 };
  if (!host.iface(dev)) return { stderr: `Cannot find device "${dev}"\n`, exit: 1 };
  const found = host.neighbours().find((n) => n.dev === dev && n.address === address);
  if (!found) return { stderr: 'Error: Neighbour entry not found.\n', exit: 2 };
  return { stdout: fieldsText(neighFields(found, true, false)) };
}
