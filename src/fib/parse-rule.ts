import { nearest } from '../base';
import { type Family, protocolNumber } from '../wire';
import { emptyRule } from './fib';
import { actionOf, dsfieldOf, namesOf, protocolOf, realmOf, tableOf, unsigned } from './names';
import type { NumberRange, PolicyRule } from './types';
import { IpError, Reader } from './words';

/** What the words of a rule say. */
export interface RuleRequest {
  readonly rule: PolicyRule;
  /** Null if `pref` is not given: the kernel chooses. */
  readonly priority: number | null;
  readonly tableGiven: boolean;
  readonly actionGiven: boolean;
  readonly madeByGiven: boolean;
}

type Draft = { -readonly [K in keyof PolicyRule]: PolicyRule[K] };

const OPTIONS = [
  'not',
  'from',
  'to',
  'preference',
  'priority',
  'order',
  'tos',
  'dsfield',
  'fwmark',
  'realms',
  'protocol',
  'tun_id',
  'table',
  'lookup',
  'suppress_prefixlength',
  'suppress_ifgroup',
  'dev',
  'iif',
  'oif',
  'l3mdev',
  'uidrange',
  'ipproto',
  'sport',
  'dport',
  'type',
  'goto',
  'nop',
  'blackhole',
  'unreachable',
  'prohibit',
];

interface State {
  readonly rule: Draft;
  priority: number | null;
  tableGiven: boolean;
  actionGiven: boolean;
  madeByGiven: boolean;
}

/** Reads what follows `ip rule add` (or del). Throws IpError. iproute2: iprule_modify(), ip/iprule.c */
export function parseRule(words: readonly string[], family: Family): RuleRequest {
  const r = new Reader(words);
  const state: State = {
    rule: { ...emptyRule(family), table: 0 },
    priority: null,
    tableGiven: false,
    actionGiven: false,
    madeByGiven: false,
  };
  while (!r.done) if (!selector(r, state)) action(r, state);
  return { ...state, rule: state.rule };
}

function selector(r: Reader, state: State): boolean {
  const { rule } = state;
  const word = r.value();
  const is = (name: string, least: number) => word.length >= least && name.startsWith(word);
  if (word === 'not') rule.not = true;
  else if (word === 'from') rule.from = anyIsNull(r.prefix(rule.family));
  else if (word === 'to') rule.to = anyIsNull(r.prefix(rule.family));
  else if (is('preference', 1) || is('order', 1) || is('priority', 1)) {
    state.priority = r.parsed(unsigned, 'preference value is invalid\n');
  } else if (word === 'tos' || is('dsfield', 1))
    rule.tos = r.parsed(dsfieldOf, 'TOS value is invalid\n', namesOf.dsfields);
  else if (word === 'fwmark') [rule.mark, rule.markMask] = parseMark(r);
  else if (is('realms', 1)) rule.realms = r.parsed(parseRealms, 'invalid realms\n');
  else if (is('protocol', 4)) {
    rule.madeBy = r.parsed(protocolOf, '"protocol" value is invalid\n', namesOf.protocols);
    state.madeByGiven = true;
  } else if (is('tun_id', 2)) rule.tunId = r.parsed(unsigned, '"tun_id" value is invalid\n');
  else if (is('table', 1) || word === 'lookup') {
    rule.table = r.parsed(tableOf, 'invalid table ID\n', namesOf.tables);
    state.tableGiven = true;
  } else if (word === 'suppress_prefixlength' || word === 'sup_pl') {
    rule.suppressPrefixLength = r.parsed(unsigned, 'suppress_prefixlength value is invalid\n');
  } else if (word === 'suppress_ifgroup' || word === 'sup_group') {
    rule.suppressGroup = r.parsed((t) => (t === 'default' ? 0 : unsigned(t)), 'Invalid "suppress_ifgroup" value\n');
  } else if (word === 'dev' || word === 'iif') rule.iif = r.parsed(ifname, '"iif"/"dev" not a valid ifname');
  else if (word === 'oif') rule.oif = r.parsed(ifname, '"oif" not a valid ifname');
  else if (word === 'l3mdev') {
    rule.l3mdev = true;
    state.tableGiven = true;
  } else if (word === 'uidrange') rule.uid = r.parsed(parseRange, 'invalid UID range\n');
  else if (word === 'ipproto') rule.protocol = r.parsed(parseProtocol, 'Invalid "ipproto" value\n');
  else if (word === 'sport') rule.sport = r.parsed(parsePorts, 'invalid port range\n');
  else if (word === 'dport') rule.dport = r.parsed(parsePorts, 'invalid dport range\n');
  else {
    r.at--;
    return false;
  }
  return true;
}

function action(r: Reader, state: State): void {
  const { rule } = state;
  let word = r.value();
  if (word === 'type') word = r.value();
  if (word !== '' && 'goto'.startsWith(word)) {
    rule.action = 'goto';
    rule.target = r.parsed(unsigned, 'invalid target\n');
  } else {
    const action = actionOf(word);
    if (action === null)
      throw new IpError(
        `argument "${word}" is wrong: Failed to parse rule type`,
        r.at - 1,
        255,
        nearest(word, OPTIONS),
      );
    rule.action = action;
  }
  state.actionGiven = true;
}

/** iproute2: check_ifname(), lib/utils.c */
function ifname(text: string): string | null {
  return text.length <= 15 && !/[/\s]/.test(text) ? text : null;
}

/** A prefix of no length is no condition. */
function anyIsNull<T extends { readonly length: number }>(prefix: T): T | null {
  return prefix.length === 0 ? null : prefix;
}

/** The mark 0 without a mask asks for nothing. Kernel: fib_newrule(), net/core/fib_rules.c */
function parseMark(r: Reader): readonly [number, number] {
  const [mark, ...rest] = r.value().split('/');
  const value = unsigned(mark!);
  const part = (text: string, what: string) =>
    new IpError(`argument "${text}" is wrong: ${what} value is invalid\n`, r.at - 1);
  if (value === null) throw part(mark!, 'fwmark');
  if (rest.length === 0) return [value, value === 0 ? 0 : 0xffff_ffff];
  const mask = unsigned(rest.join('/'));
  if (mask === null) throw part(rest.join('/'), 'fwmask');
  return [value, mask];
}

function parseRealms(text: string): number | null {
  const parts = text.split('/').map(realmOf);
  if (parts.length > 2 || parts.some((p) => p === null)) return null;
  return parts.length === 1 ? parts[0]! : ((parts[0]! << 16) | parts[1]!) >>> 0;
}

function parseRange(text: string): NumberRange | null {
  const m = /^(\d+)-(\d+)$/.exec(text);
  return m ? { from: Number(m[1]), to: Number(m[2]) } : null;
}

function parsePorts(text: string): NumberRange | null {
  const m = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (!m) return null;
  // The tool reads 16 bits of each, and drops the rest.
  return { from: Number(m[1]) & 0xffff, to: Number(m[2] ?? m[1]) & 0xffff };
}

function parseProtocol(text: string): number | null {
  return /^\d+$/.test(text) ? (Number(text) <= 255 ? Number(text) : null) : (protocolNumber(text) ?? null);
}
