import { type Field, type FieldValue, fieldsText } from '../base';
import { type Prefix, protocolName } from '../wire';
import { dsfieldText, protocolText, realmText, tableText, typeText } from './names';
import { type FibDevices, type NumberRange, type PolicyRule, RTPROT } from './types';

/** Whatever else there is to tell of a rule. */
export interface RuleForm {
  /** All rules, and the interfaces: then it is said which of those that a rule names do not exist. */
  readonly all?: readonly PolicyRule[];
  readonly devices?: FibDevices;
  /** -d: who made it, whoever that was. */
  readonly details?: boolean;
}

/** A rule as `ip rule show` prints it. */
export function printRule(rule: PolicyRule, form: RuleForm = {}): string {
  return fieldsText(ruleFields(rule, form));
}

/** The same without the priority. */
export function ruleText(rule: PolicyRule): string {
  return fieldsText(ruleFields(rule, {}).slice(1));
}

/** What `ip rule show` says of a rule. iproute2: print_rule(), ip/iprule.c */
export function ruleFields(rule: PolicyRule, { all, devices, details = false }: RuleForm): readonly Field[] {
  const { action, madeBy, mark, markMask, uid } = rule;
  const out: Field[] = [['priority', rule.priority, `${rule.priority}:\t`]];
  const say = (key: string, value: FieldValue, words = ` ${key} ${value}`) => out.push([key, value, words]);
  const dev = (key: 'iif' | 'oif') => {
    if (rule[key] === '') return;
    say(key, rule[key]);
    if (devices?.fibDevice(rule[key]) === null) say(`${key}_detached`, null, ' [detached]');
  };
  const ports = (key: 'sport' | 'dport') => {
    const range = rule[key];
    if (range?.from === range?.to) return range && say(key, range.from);
    return out.push(...rangeFields(key, key, range!));
  };
  if (rule.not) say('not', null, 'not ');
  out.push(...prefixFields('src', 'from ', rule.from ?? 'all'));
  if (rule.to) out.push(...prefixFields('dst', ' to ', rule.to));
  if (rule.tos !== 0) say('tos', dsfieldText(rule.tos));
  if (mark !== 0 || markMask !== 0) say('fwmark', hex(mark));
  if ((mark !== 0 || markMask !== 0) && markMask !== 0xffff_ffff) say('fwmask', hex(markMask), `/${hex(markMask)}`);
  dev('iif');
  dev('oif');
  if (rule.l3mdev) say('l3mdev', null, ' lookup [l3mdev-table]');
  if (uid) out.push(...rangeFields('uid', 'uidrange', uid));
  if (rule.protocol !== 0) say('ipproto', protocolName(rule.protocol) ?? `ipproto-${rule.protocol}`);
  ports('sport');
  ports('dport');
  if (rule.tunId !== 0) say('tun_id', rule.tunId);
  if (rule.table !== 0 && !rule.l3mdev) say('table', tableText(rule.table), ` lookup ${tableText(rule.table)}`);
  const length = rule.suppressPrefixLength;
  if (length >= 0) say('suppress_prefixlen', length, ` suppress_prefixlength ${length}`);
  if (rule.suppressGroup >= 0) say('suppress_ifgroup', rule.suppressGroup === 0 ? 'default' : `${rule.suppressGroup}`);
  if (rule.realms !== 0) {
    const [from, to] = [rule.realms >>> 16, realmText(rule.realms & 0xffff)];
    if (from !== 0) say('flow_from', realmText(from), ` realms ${realmText(from)}/`);
    say('flow_to', to, from === 0 ? ` realms ${to}` : to);
  }
  if (action === 'goto') {
    say('goto', rule.target);
    if (all?.every((r) => r.priority !== rule.target)) say('unresolved', null, ' [unresolved]');
  } else if (action === 'nop') say('nop', null, ' nop');
  else if (action !== 'lookup') say('action', typeText(action), ` ${typeText(action)}`);
  const by = protocolText(madeBy);
  if (details || (madeBy !== RTPROT.kernel && madeBy !== RTPROT.unspec)) say('protocol', by, ` proto ${by}`);
  return out;
}

function prefixFields(key: string, word: string, prefix: Prefix | string): readonly Field[] {
  if (typeof prefix === 'string') return [[key, prefix, word + prefix]];
  const { addr, length } = prefix;
  const whole = length === (prefix.family === 4 ? 32 : 128);
  return [[key, addr, word + addr], ...(whole ? [] : [[`${key}len`, length, `/${length}`] as const])];
}

const hex = (n: number) => (n === 0 ? '0' : `0x${n.toString(16)}`);

function rangeFields(key: string, word: string, { from, to }: NumberRange): readonly Field[] {
  return [
    [`${key}_start`, from, ` ${word} ${from}`],
    [`${key}_end`, to, `-${to}`],
  ];
}
