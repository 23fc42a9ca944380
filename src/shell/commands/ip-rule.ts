import { type PolicyRule, tableOf } from '../../fib';
import { type Host, ruleCommand } from '../../host';
import { type Family, parsePrefix, prefixContains } from '../../wire';
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
      return changed(ruleCommand(host, family, verb, rest), options.family);
    case 'delete':
      return changed(ruleCommand(host, family, 'del', rest), options.family);
    case 'show':
      if (options.details) return { notModelled: 'ip -d rule' };
      return show(host, family, rest);
    default:
      return { notModelled: `ip rule ${verb}` };
  }
}

/** `ip rule show [pref N] [table T] [from P] [to P] [fwmark M] [iif D] [oif D]`. iproute2: filter_nlmsg(), ip/iprule.c */
function show(host: Host, family: Family, args: readonly string[]): CommandOutput {
  const tests: ((rule: PolicyRule) => boolean)[] = [];
  for (let i = 0; i < args.length; i += 2) {
    const word = args[i]!;
    const value = args[i + 1] ?? '';
    if (/^(pref(erence)?|priority|order)$/.test(word)) tests.push((r) => r.priority === Number(value));
    else if (word === 'table' || word === 'lookup') {
      const id = tableOf(value);
      if (id === null)
        return { stderr: `Error: argument "${value}" is wrong: table id value is invalid\n\n`, exit: 255 };
      tests.push((r) => r.action === 'lookup' && r.table === id);
    } else if (word === 'from' || word === 'to') {
      const prefix = parsePrefix(value);
      if (!prefix)
        return {
          stderr: `Error: ${family === 4 ? 'inet' : 'inet6'} prefix is expected rather than "${value}".\n`,
          exit: 1,
        };
      tests.push((r) => {
        const of = word === 'from' ? r.from : r.to;
        return of !== null && of.length >= prefix.length && prefixContains(prefix, of.network);
      });
    } else if (word === 'fwmark') tests.push((r) => r.mark === Number(value.split('/')[0]));
    else if (word === 'iif' || word === 'dev') tests.push((r) => r.iif === value);
    else if (word === 'oif') tests.push((r) => r.oif === value);
    else return { notModelled: `ip rule show ${args.join(' ')}` };
  }
  const { rules } = host.fib[family];
  const lines = host.ruleLines(family).filter((_, i) => tests.every((test) => test(rules[i]!)));
  return { stdout: lines.map((line) => `${line}\n`).join('') };
}
