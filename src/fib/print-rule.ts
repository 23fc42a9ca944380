import { type Prefix, protocolName } from '../wire';
import { dsfieldText, protocolText, realmText, tableText } from './names';
import type { FibDevices, NumberRange, PolicyRule } from './types';

/**
 * A rule as `ip rule show` prints it. With `all` and `devices` it says, too, which interfaces and targets of `goto` do
 * not exist. iproute2: print_rule(), ip/iprule.c
 */
export function printRule(rule: PolicyRule, all?: readonly PolicyRule[], devices?: FibDevices): string {
  return `${rule.priority}:\t${ruleText(rule, all, devices)}`;
}

/** The same without the priority. */
export function ruleText(rule: PolicyRule, all?: readonly PolicyRule[], devices?: FibDevices): string {
  const words: string[] = [];
  if (rule.not) words.push('not');
  words.push('from', rule.from ? prefixText(rule.from) : 'all');
  if (rule.to) words.push('to', prefixText(rule.to));
  if (rule.tos !== 0) words.push('tos', dsfieldText(rule.tos));
  if (rule.mark !== 0 || rule.markMask !== 0) words.push('fwmark', markText(rule));
  if (rule.iif !== '') words.push('iif', rule.iif, ...detached(rule.iif, devices));
  if (rule.oif !== '') words.push('oif', rule.oif, ...detached(rule.oif, devices));
  if (rule.l3mdev) words.push('lookup', '[l3mdev-table]');
  if (rule.uid) words.push('uidrange', `${rule.uid.from}-${rule.uid.to}`);
  if (rule.protocol !== 0) words.push('ipproto', ipprotoText(rule.protocol));
  if (rule.sport) words.push('sport', rangeText(rule.sport));
  if (rule.dport) words.push('dport', rangeText(rule.dport));
  if (rule.tunId !== 0) words.push('tun_id', String(rule.tunId));
  words.push(...actionWords(rule, all));
  if (rule.madeBy !== 2 && rule.madeBy !== 3 && rule.madeBy !== 0) words.push('proto', protocolText(rule.madeBy));
  return words.join(' ');
}

function actionWords(rule: PolicyRule, all?: readonly PolicyRule[]): readonly string[] {
  const words: string[] = [];
  if (rule.action === 'lookup' && !rule.l3mdev) words.push('lookup', tableText(rule.table));
  if (rule.suppressPrefixLength >= 0) words.push('suppress_prefixlength', String(rule.suppressPrefixLength));
  if (rule.suppressGroup >= 0)
    words.push('suppress_ifgroup', rule.suppressGroup === 0 ? 'default' : String(rule.suppressGroup));
  if (rule.realms !== 0) {
    const [from, to] = [rule.realms >>> 16, rule.realms & 0xffff];
    words.push('realms', from === 0 ? realmText(to) : `${realmText(from)}/${realmText(to)}`);
  }
  if (rule.action === 'goto') {
    words.push('goto', String(rule.target));
    if (all && !all.some((r) => r.priority === rule.target)) words.push('[unresolved]');
  } else if (rule.action !== 'lookup') words.push(rule.action);
  return words;
}

function detached(dev: string, devices?: FibDevices): readonly string[] {
  return devices && devices.fibDevice(dev) === null ? ['[detached]'] : [];
}

function prefixText(prefix: Prefix): string {
  const whole = prefix.length === (prefix.family === 4 ? 32 : 128);
  return whole ? prefix.addr : `${prefix.addr}/${prefix.length}`;
}

function markText(rule: PolicyRule): string {
  const hex = (n: number) => (n === 0 ? '0' : `0x${n.toString(16)}`);
  return rule.markMask === 0xffff_ffff ? hex(rule.mark) : `${hex(rule.mark)}/${hex(rule.markMask)}`;
}

function rangeText(range: NumberRange): string {
  return range.from === range.to ? String(range.from) : `${range.from}-${range.to}`;
}

function ipprotoText(protocol: number): string {
  return protocolName(protocol) ?? `ipproto-${protocol}`;
}
