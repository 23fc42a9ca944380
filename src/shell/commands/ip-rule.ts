import type { CommandOutput } from '../types';
import { changed, familyOfWords, type IpInput, unknownVerb, verbOf } from './ip';

const VERBS = ['show', 'add', 'delete', 'flush', 'save', 'restore'] as const;

export function ipRule({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  const family = options.family ?? familyOfWords(rest);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'rule');
    case 'add':
    case 'flush':
      return changed(host.ruleCommand(family, verb, rest), options.family);
    case 'delete':
      return changed(host.ruleCommand(family, 'del', rest), options.family);
    case 'show':
      if (options.details) return { notModelled: 'ip -d rule' };
      if (rest.length > 0) return { notModelled: `ip rule show ${rest.join(' ')}` };
      return {
        stdout: host
          .ruleLines(family)
          .map((line) => `${line}\n`)
          .join(''),
      };
    default:
      return { notModelled: `ip rule ${verb}` };
  }
}
