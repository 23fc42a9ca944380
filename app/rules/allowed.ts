import type { ExtensionInfo, OptionInfo } from '../../src/engine';
import { BUILTIN, callersOf, type RulesText } from './model';

/** Where a rule stands, as far as it matters for what may stand in it. */
export interface RulePlace {
  readonly family: 'ip' | 'ip6';
  readonly table: string;
  /** Built-in chains from which the rule can be reached. */
  readonly hooks: readonly string[];
  /** Of `-p`; '' if there is none, or if it is negated. */
  readonly protocol: string;
}

/** The built-in chains from which a chain is reached; none if nobody calls it. */
export function hooksOf(rules: RulesText, table: string, chain: string): readonly string[] {
  if (BUILTIN[table]?.includes(chain)) return [chain];
  const found = new Set<string>();
  const seen = new Set([chain]);
  const open = [chain];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const { chain: caller, off } of callersOf(rules, table, name)) {
      if (off) continue;
      if (BUILTIN[table]?.includes(caller)) found.add(caller);
      else if (!seen.has(caller)) {
        seen.add(caller);
        open.push(caller);
      }
    }
  }
  return (BUILTIN[table] ?? []).filter((hook) => found.has(hook));
}

const ALIASES: Readonly<Record<string, string>> = {
  icmpv6: 'ipv6-icmp',
  '6': 'tcp',
  '17': 'udp',
  '1': 'icmp',
  '58': 'ipv6-icmp',
};

/** Why a match, target or verdict cannot stand here; null if it can. */
export function whyNot(info: ExtensionInfo, place: RulePlace): string | null {
  const { name } = info;
  if (!info.families.includes(place.family)) return place.family === 'ip' ? 'For IPv6 only.' : 'For IPv4 only.';
  if (info.tables !== null && !(info.tables as readonly string[]).includes(place.table)) {
    if (name === 'DROP') return 'iptables refuses DROP in nat: only first packets of flows come here.';
    return `Only in table ${list(info.tables)}.`;
  }
  if (info.hooks !== null) {
    const outside = place.hooks.filter((hook) => !(info.hooks as readonly string[]).includes(hook));
    if (outside.length > 0) {
      const where = `Only in ${list(info.hooks)}`;
      return place.hooks.length > 1 ? `${where}, but ${list(outside)} comes here, too.` : `${where}.`;
    }
  }
  if (info.protocols !== null && place.protocol !== '' && !protocolFits(info.protocols, place.protocol)) {
    return `Only for ${list(info.protocols)}; this rule is for ${place.protocol}.`;
  }
  return null;
}

function protocolFits(wanted: readonly string[], given: string): boolean {
  const name = given.toLowerCase();
  return wanted.includes(ALIASES[name] ?? name);
}

/** Why an option of iptables itself cannot stand here. */
export function whyNotOption(info: ExtensionInfo, option: OptionInfo, place: RulePlace): string | null {
  const reason = whyNot(info, place);
  if (reason !== null || info.name !== '') return reason;
  const only = place.hooks.length === 1 ? place.hooks[0] : undefined;
  if (option.flag === 'out-interface' && (only === 'PREROUTING' || only === 'INPUT')) {
    return `A packet in ${only} has no outgoing interface.`;
  }
  if (option.flag === 'in-interface' && (only === 'OUTPUT' || only === 'POSTROUTING')) {
    return `iptables refuses -i in ${only}.`;
  }
  if (option.flag === 'fragments' && place.family === 'ip6') return 'For IPv4 only; IPv6 has -m frag.';
  return null;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
