import { addrFromWords, intToIp4, maskLength } from '../../wire';
import { protocolName } from '../read/names';
import { not, type PrintCall } from '../record';
import type { AddrTest, IfaceTest, Rule } from '../rule';
import type { XtFamily } from '../types';

/** A rule as iptables-save prints it, without `-A CHAIN`. Kernel side: print_rule4(), print_rule6() */
export function ruleText(rule: Rule, family: XtFamily, form: 'print' | 'compared' = 'print'): string {
  let text = headerText(rule, family);
  const call: PrintCall = { family, numeric: true, protocol: rule.protocol };
  for (const { match, config } of rule.matches) text += ` -m ${match.printName(config)}${match[form](config, call)}`;
  return (text + targetText(rule, family)).slice(1);
}

function headerText(rule: Rule, family: XtFamily): string {
  let text = '';
  if (rule.src !== null) text += addrText('-s', rule.src, family);
  if (rule.dst !== null) text += addrText('-d', rule.dst, family);
  if (rule.iif !== null) text += ifaceText('-i', rule.iif);
  if (rule.oif !== null) text += ifaceText('-o', rule.oif);
  if (rule.protocol !== 0) text += protocolText(rule);
  if (rule.fragment !== 'any') text += `${not(rule.fragment === 'first')} -f`;
  return text;
}

function protocolText(rule: Rule): string {
  return `${not(rule.protocolNegated)} -p ${protocolName(rule.protocol) ?? rule.protocol}`;
}

/** One criterion of a rule, or its target, as printed, with a space in front. */
export interface RulePiece {
  readonly kind: 'src' | 'dst' | 'in' | 'out' | 'protocol' | 'fragment' | 'match' | 'target';
  readonly text: string;
  /** Index among the rule's matches, for `match`. */
  readonly index: number;
}

export function rulePieces(rule: Rule, family: XtFamily): RulePiece[] {
  const pieces: RulePiece[] = [];
  const add = (kind: RulePiece['kind'], text: string, index = 0): void => {
    if (text !== '') pieces.push({ kind, text, index });
  };
  if (rule.src !== null) add('src', addrText('-s', rule.src, family));
  if (rule.dst !== null) add('dst', addrText('-d', rule.dst, family));
  if (rule.iif !== null) add('in', ifaceText('-i', rule.iif));
  if (rule.oif !== null) add('out', ifaceText('-o', rule.oif));
  if (rule.protocol !== 0) add('protocol', protocolText(rule));
  if (rule.fragment !== 'any') add('fragment', `${not(rule.fragment === 'first')} -f`);
  const call: PrintCall = { family, numeric: true, protocol: rule.protocol };
  rule.matches.forEach(({ match, config }, i) => {
    add('match', ` -m ${match.printName(config)}${match.print(config, call)}`, i);
  });
  add('target', targetText(rule, family));
  return pieces;
}

/** ` -j TARGET options`, '' if there is none. */
export function targetText(rule: Rule, family: XtFamily): string {
  const { target } = rule;
  switch (target.kind) {
    case 'none':
      return '';
    case 'verdict':
      return ` -j ${target.verdict}`;
    case 'chain':
      return ` -${target.goto ? 'g' : 'j'} ${target.chain}`;
    case 'extension': {
      const call: PrintCall = { family, numeric: true, protocol: rule.protocol };
      return ` -j ${target.target.printName(target.config)}${target.target.print(target.config, call)}`;
    }
  }
}

function addrText(option: string, test: AddrTest, family: XtFamily): string {
  return `${not(test.negated)} ${option} ${testAddr(test, family)}/${testMask(test, family)}`;
}

export function testAddr(test: AddrTest, family: XtFamily): string {
  if (family === 'ip') return intToIp4(test.a0);
  return addrFromWords([test.a0 >>> 0, test.a1 >>> 0, test.a2 >>> 0, test.a3 >>> 0], 6);
}

/** Prefix length, or the mask if its bits are not all in front. */
export function testMask(test: AddrTest, family: XtFamily): string {
  const mask =
    family === 'ip'
      ? intToIp4(test.m0)
      : addrFromWords([test.m0 >>> 0, test.m1 >>> 0, test.m2 >>> 0, test.m3 >>> 0], 6);
  return maskLength(mask)?.toString() ?? mask;
}

function ifaceText(option: string, test: IfaceTest): string {
  // A lone `+` has no character that counts: the tool prints nothing for it.
  if (test.wild && test.name === '') return '';
  return `${not(test.negated)} ${option} ${test.text}`;
}

const PLAIN = /^[-_0-9a-zA-Z]+$/;

/** A text as iptables-save prints it, quoted if it must be, with a space in front. Kernel side: xtables_save_string() */
export function quoted(text: string): string {
  return PLAIN.test(text) ? ` ${text}` : ` "${text.replace(/["\\']/g, '\\$&')}"`;
}
