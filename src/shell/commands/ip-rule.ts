import { type PolicyRule, tableOf, unsigned } from '../../fib';
import { type Host, ruleCommand } from '../../host';
import { type Family, parsePrefix, prefixContains } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, INCOMPLETE, type IpInput, unknownVerb, verbOf } from './ip';

const VERBS = ['show', 'add', 'delete', 'flush', 'save', 'restore'] as const;

export function ipRule({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  const family = options.family ?? 4;
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'rule');
    case 'add':
      return change(host, options.family, verb, rest);
    case 'delete':
      return change(host, options.family, 'del', rest);
    case 'flush': {
      const chosen = select(host, family, rest);
      if (!('lines' in chosen)) return chosen;
      if (rest.length === 0) return changed(ruleCommand(host, family, verb, rest), options.family);
      for (const line of chosen.lines) {
        const [priority = '', rule = ''] = line.split(':\t');
        if (priority !== '0') ruleCommand(host, family, 'del', ['pref', priority, ...rule.trim().split(/\s+/)]);
      }
      return { changed: chosen.lines.length > 0 };
    }
    case 'show': {
      if (options.details) return { notModelled: 'ip -d rule' };
      const chosen = select(host, family, rest);
      return 'lines' in chosen ? { stdout: chosen.lines.map((line) => `${line}\n`).join('') } : chosen;
    }
    default:
      return { notModelled: `ip rule ${verb}` };
  }
}

/** Without -6 a rule is one of IPv4, whatever its prefixes look like. Kernel: fib4_rule_configure() */
function change(host: Host, said: Family | null, verb: 'add' | 'del', args: readonly string[]): CommandOutput {
  if (args.length === 0) return { stderr: `"ip rule ${verb}" requires arguments.\n`, exit: 1 };
  if (said === null) {
    const isSix = (option: string) => args.some((word, i) => args[i - 1] === option && parsePrefix(word)?.family === 6);
    const every = args.map((word) => (word === '::/0' ? 'all' : word));
    if (every.join() !== args.join()) return change(host, said, verb, every);
    if (isSix('from')) return { stderr: 'Error: Invalid source address.\n', exit: 2 };
    if (isSix('to')) return { stderr: 'Error: Invalid dst address.\n', exit: 2 };
  }
  return changed(ruleCommand(host, said ?? 4, verb, args), said);
}

/** `[pref N] [table T] [from P] [to P] [fwmark M] [iif D] [oif D]`. iproute2: filter_nlmsg(), ip/iprule.c */
function select(host: Host, family: Family, args: readonly string[]): { lines: readonly string[] } | CommandOutput {
  const tests: ((rule: PolicyRule) => boolean)[] = [];
  for (let i = 0; i < args.length; i += 2) {
    const isOption = /^(pref(erence)?|priority|order|table|lookup|from|to|fwmark|iif|dev|oif)$/.test(args[i]!);
    const word = isOption ? args[i]! : 'from';
    if (!isOption) i--;
    const value = args[i + 1];
    if (value === undefined) return INCOMPLETE;
    if (/^(pref(erence)?|priority|order)$/.test(word)) {
      if (!/^\d+$/.test(value)) {
        return { stderr: `Error: argument "${value}" is wrong: preference value is invalid\n\n`, exit: 255 };
      }
      tests.push((r) => r.priority === Number(value));
    } else if (word === 'table' || word === 'lookup') {
      const id = tableOf(value);
      if (id === null)
        return { stderr: `Error: argument "${value}" is wrong: table id value is invalid\n\n`, exit: 255 };
      tests.push((r) => r.action === 'lookup' && r.table === id);
    } else if (word === 'from' || word === 'to') {
      const prefix = parsePrefix(value);
      if (prefix?.family !== family)
        return {
          stderr: `Error: ${family === 4 ? 'inet' : 'inet6'} prefix is expected rather than "${value}".\n`,
          exit: 1,
        };
      tests.push((r) => {
        const of = word === 'from' ? r.from : r.to;
        return of !== null && of.length >= prefix.length && prefixContains(prefix, of.network);
      });
    } else if (word === 'fwmark') {
      const [mark = null, mask = 0] = value.split('/').map((t) => unsigned(t));
      if (mark === null || mask === null) {
        return { stderr: `Error: argument "${value}" is wrong: fwmark value is invalid\n\n`, exit: 255 };
      }
      tests.push((r) => (mark === 0 || r.mark === mark) && (mask === 0 || r.markMask === mask));
    } else if (word === 'iif' || word === 'dev') tests.push((r) => r.iif === value);
    else tests.push((r) => r.oif === value);
  }
  const { rules } = host.fib[family];
  return { lines: host.ruleLines(family).filter((_, i) => tests.every((test) => test(rules[i]!))) };
}
