import type { CommandOutput } from '../types';
import { changed, type IpInput, showFilters, unknownVerb, verbOf } from './ip';

const VERBS = ['show', 'add', 'del', 'replace', 'change', 'flush', 'get'] as const;

export function ipNeigh({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'neigh');
    case 'add':
    case 'del':
    case 'replace':
    case 'flush':
      return changed(host.neighCommand(verb, rest));
    case 'show': {
      const filter = showFilters(rest);
      if (filter.rest.length > 0) return { notModelled: `ip neigh show ${filter.rest.join(' ')}` };
      const { dev } = filter;
      if (dev !== null && !host.iface(dev)) return { stderr: `Cannot find device "${dev}"\n`, exit: 1 };
      const lines = host
        .neighbours()
        .filter((n) => dev === null || n.dev === dev)
        .filter((n) => options.family === null || n.address.includes(':') === (options.family === 6))
        .map((n) => `${n.address}${dev === null ? ` dev ${n.dev}` : ''} lladdr ${n.mac} PERMANENT \n`);
      return { stdout: lines.join('') };
    }
    default:
      return { notModelled: `ip neigh ${verb}` };
  }
}
