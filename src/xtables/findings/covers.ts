import { ruleText } from '../print/rule';
import type { AddrTest, IfaceTest, Rule } from '../rule';
import type { XtFamily } from '../types';
import { tests } from './table';

/** Matches whose answer for a packet is the same in every rule of a chain, and that do nothing else. */
const STEADY: ReadonlySet<string> = new Set([
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'multiport',
  'iprange',
  'addrtype',
  'mac',
  'conntrack',
  'state',
  'pkttype',
]);

/** A rule as it is compared. */
export interface Plain {
  readonly rule: Rule;
  readonly steady: boolean;
  readonly matches: ReadonlySet<string>;
  readonly text: string;
}

/** A rule without its comments. */
export function plainOf(rule: Rule, family: XtFamily): Plain {
  const used = tests(rule);
  const call = { family, numeric: true, protocol: rule.protocol };
  return {
    rule,
    steady: used.every(({ match }) => STEADY.has(match.name) && match.support === 'full'),
    matches: new Set(used.map(({ match, config }) => `${match.name}${match.print(config, call)}`)),
    text: ruleText({ ...rule, matches: used }, family),
  };
}

/** Whether every packet that the later rule would take is taken by the earlier one. */
export function covers(earlier: Plain, later: Plain): boolean {
  const a = earlier.rule;
  const b = later.rule;
  if (!addrCovers(a.src, b.src) || !addrCovers(a.dst, b.dst)) return false;
  if (!ifaceCovers(a.iif, b.iif) || !ifaceCovers(a.oif, b.oif)) return false;
  if (a.protocol !== 0 && (a.protocol !== b.protocol || a.protocolNegated !== b.protocolNegated)) return false;
  if (a.fragment !== 'any' && a.fragment !== b.fragment) return false;
  for (const text of earlier.matches) {
    if (!later.matches.has(text) && ![...later.matches].some((other) => matchCovers(text, other))) return false;
  }
  return true;
}

/** Whether the options of a match, as printed, hold for every packet for which those of another one do. */
function matchCovers(earlier: string, later: string): boolean {
  // Alone it asks for a header, which later fragments lack, as do the others that look at ports.
  if (earlier === 'tcp' || earlier === 'udp') return /^(tcp|udp|multiport)\b/.test(later);
  const a = optionsOf(earlier);
  const b = optionsOf(later);
  if (a === null || b === null || a.size === 0) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || !valueCovers(name, value, other)) return false;
  }
  return true;
}

/** Options and values of the matches whose values are compared; null if there is more in it than that. */
function optionsOf(printed: string): ReadonlyMap<string, string> | null {
  const m = /^(tcp|udp|multiport|conntrack|state)((?: --[a-z-]+ \S+)+)$/.exec(printed);
  if (m === null) return null;
  const found = [...m[2]!.matchAll(/ --([a-z-]+) (\S+)/g)];
  return new Map(
    found.map(([, name, value]) => [name!.replace(/^ctstate$/, 'state').replace(/ports$/, 'port'), value!]),
  );
}

function valueCovers(name: string, value: string, other: string): boolean {
  if (name === 'state') {
    const states = new Set(value.split(','));
    return other.split(',').every((state) => states.has(state));
  }
  if (name !== 'sport' && name !== 'dport' && name !== 'port') return value === other;
  const ranges = portRanges(value);
  return portRanges(other).every(([low, high]) => ranges.some(([from, to]) => from <= low && high <= to));
}

function portRanges(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((part) => {
    const [low = '', high = low] = part.split(':');
    return [Number(low || 0), Number(high || 65535)];
  });
}

function addrCovers(a: AddrTest | null, b: AddrTest | null): boolean {
  if (a === null) return true;
  if (b === null) return false;
  const within = (am: number, aa: number, bm: number, ba: number): boolean => (bm & am) === am && (ba & am) === aa;
  const equal = a.a0 === b.a0 && a.a1 === b.a1 && a.a2 === b.a2 && a.a3 === b.a3;
  const masks = a.m0 === b.m0 && a.m1 === b.m1 && a.m2 === b.m2 && a.m3 === b.m3;
  if (a.negated || b.negated) return a.negated === b.negated && equal && masks;
  return (
    within(a.m0, a.a0, b.m0, b.a0) &&
    within(a.m1, a.a1, b.m1, b.a1) &&
    within(a.m2, a.a2, b.m2, b.a2) &&
    within(a.m3, a.a3, b.m3, b.a3)
  );
}

function ifaceCovers(a: IfaceTest | null, b: IfaceTest | null): boolean {
  if (a === null) return true;
  if (b === null) return false;
  if (a.negated || b.negated) return a.negated === b.negated && a.text === b.text;
  return a.text === b.text || (a.wild && b.name.startsWith(a.name));
}
