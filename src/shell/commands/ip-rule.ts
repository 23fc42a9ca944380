import type { Field } from '../../base';
import {
  dsfieldOf,
  type PolicyRule,
  printRule,
  protocolOf,
  readPrefix,
  ruleFields,
  tableOf,
  unsigned,
} from '../../fib';
import type { Host } from '../../host';
import { ruleCommand } from '../../host/lazy';
import { type Family, parsePrefix, prefixContains, protocolNumber } from '../../wire';
import type { CommandOutput } from '../types';
import { changed, INCOMPLETE, type IpInput, listed, unknownVerb, verbOf } from './ip';

const VERBS = [['show', 'lst', 'list'], ['save'], ['restore'], ['add'], ['delete'], ['flush']] as const;

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
      if (!('rules' in chosen)) return chosen;
      // The list of none that is left of them is told, too.
      const said = options.json ? listed([], options) : {};
      if (rest.length === 0) return { ...said, ...changed(ruleCommand(host, family, verb, rest), options.family) };
      for (const rule of chosen.rules) {
        const words = printRule(rule).split(/\s+/);
        if (rule.priority !== 0) ruleCommand(host, family, 'del', ['pref', `${rule.priority}`, ...words.slice(1)]);
      }
      return { ...said, changed: chosen.rules.length > 0 };
    }
    case 'show': {
      const chosen = select(host, family, rest);
      if (!('rules' in chosen)) return chosen;
      const form = { all: host.fib[family].rules, devices: host, details: options.details };
      const list = chosen.rules.map((rule): readonly Field[] => [...ruleFields(rule, form), ['', '\n']]);
      return listed(list, options);
    }
    default:
      return { notModelled: `ip rule ${verb}` };
  }
}

/** Without -6 a rule is one of IPv4, whatever its prefixes look like. Kernel: fib4_rule_configure() */
function change(host: Host, said: Family | null, verb: 'add' | 'del', args: readonly string[]): CommandOutput {
  if (args.length === 0) return { stderr: `"ip rule ${verb}" requires arguments.\n`, exit: 1 };
  const nat = args.find((word) => /^(nat|map-to|masquerade)$/.test(word));
  if (nat !== undefined) return { notModelled: `ip rule ${verb} … ${nat}` };
  if (args.includes('l3mdev') && args.some((word) => word === 'table' || word === 'lookup'))
    return { stderr: 'table can not be specified for l3mdev rules\n', exit: 22 };
  if (said === null) {
    const isSix = (option: string) => args.some((word, i) => args[i - 1] === option && parsePrefix(word)?.family === 6);
    const every = args.map((word) => (word === '::/0' ? 'all' : word));
    if (every.join() !== args.join()) return change(host, said, verb, every);
    if (isSix('from')) return { stderr: 'Error: Invalid source address.\n', exit: 2 };
    if (isSix('to')) return { stderr: 'Error: Invalid dst address.\n', exit: 2 };
  }
  return changed(ruleCommand(host, said ?? 4, verb, args), said);
}

type Test = (rule: PolicyRule) => boolean;
type Read = (value: string, family: Family) => Test | CommandOutput;

const wrong = (value: string, what: string): CommandOutput => ({
  stderr: `Error: argument "${value}" is wrong: ${what}\n\n`,
  exit: 255,
});

function number(read: (text: string) => number | null, invalid: string, of: (rule: PolicyRule) => number): Read {
  return (value) => {
    const n = read(value);
    return n === null ? wrong(value, invalid) : (rule) => of(rule) === n;
  };
}

function range(invalid: string, of: (rule: PolicyRule) => PolicyRule['sport'], single = true): Read {
  return (value) => {
    const m = /^(\d+)(?:-(\d+))?$/.exec(value);
    if (!m || (m[2] === undefined && !single)) return wrong(value, invalid);
    const [from, to] = [Number(m[1]), Number(m[2] ?? m[1])];
    return (rule) => of(rule)?.from === from && of(rule)?.to === to;
  };
}

function prefix(of: (rule: PolicyRule) => PolicyRule['from']): Read {
  return (value, family) => {
    if (/^(all|any|default)$/.test(value)) return () => true;
    const wanted = readPrefix(value, family);
    if (wanted === null)
      return { stderr: `Error: inet${family === 6 ? '6' : ''} prefix is expected rather than "${value}".\n`, exit: 1 };
    return (rule) => {
      const own = of(rule);
      return own !== null && own.length >= wanted.length && prefixContains(wanted, own.network);
    };
  };
}

const fwmark: Read = (value) => {
  const [first, ...rest] = value.split('/');
  const [mark, mask] = [unsigned(first!), rest.length === 0 ? 0 : unsigned(rest.join('/'))];
  if (mark === null) return wrong(first!, 'fwmark value is invalid');
  if (mask === null) return wrong(rest.join('/'), 'fwmask value is invalid');
  return (r) => (mark === 0 || r.mark === mark) && (mask === 0 || r.markMask === mask);
};

const priority = number(unsigned, 'preference value is invalid', (r) => r.priority);
const table: Read = (value) => {
  const id = tableOf(value);
  return id === null ? wrong(value, 'table id value is invalid') : (r) => id === 0 || (!r.l3mdev && r.table === id);
};
/** Who made a rule: a list does not ask. */
const madeBy: Read = (value) =>
  protocolOf(value) === null && value !== 'all' ? wrong(value, 'invalid "protocol"') : () => true;
const from = prefix((r) => r.from);
const to = prefix((r) => r.to);
const tos = number(dsfieldOf, 'TOS value is invalid', (r) => r.tos);
const iif: Read = (value) => (r) => r.iif === value;

/** Criteria of `ip rule show` and `flush`. iproute2: iprule_list_flush_or_save(), ip/iprule.c */
const CRITERIA: readonly (readonly [name: string, read: Read, whole?: true])[] = [
  ['preference', priority],
  ['order', priority],
  ['priority', priority],
  ['tos', tos, true],
  ['dsfield', tos, true],
  ['fwmark', fwmark, true],
  ['dev', iif, true],
  ['iif', iif, true],
  ['oif', (value) => (r) => r.oif === value, true],
  ['uidrange', range('invalid UID range', (r) => r.uid, false), true],
  ['tun_id', number(unsigned, '"tun_id" value is invalid', (r) => r.tunId)],
  ['lookup', table],
  ['table', table],
  ['from', from],
  ['src', from],
  ['protocol', madeBy],
  ['ipproto', number(protocolNumber, 'Invalid "ipproto" value', (r) => r.protocol), true],
  ['sport', range('invalid port range', (r) => r.sport), true],
  ['dport', range('invalid dport range', (r) => r.dport), true],
  ['dst', to],
  ['to', to],
];

/** Most words may be cut short; the first that fits counts. libiproute: matches() */
function criterion(word: string): Read | undefined {
  return CRITERIA.find(([name, , whole]) => (whole ? name === word : word !== '' && name.startsWith(word)))?.[1];
}

const FLAGS: Readonly<Record<string, Test>> = { not: (r) => r.not, l3mdev: (r) => r.l3mdev };

function select(
  host: Host,
  family: Family,
  args: readonly string[],
): { readonly rules: readonly PolicyRule[] } | CommandOutput {
  const tests: Test[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const flag = FLAGS[word];
    if (flag) {
      tests.push(flag);
      continue;
    }
    const read = criterion(word);
    const value = read ? args[++i] : word;
    if (value === undefined) return INCOMPLETE;
    const test = (read ?? to)(value, family);
    if (typeof test !== 'function') return test;
    tests.push(test);
  }
  return { rules: host.fib[family].rules.filter((rule) => tests.every((test) => test(rule))) };
}
