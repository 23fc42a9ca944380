import type { TableName } from '../../model';
import { catalogue, type ExtensionInfo, type OptionInfo, TABLE_NAMES, type XtTables } from '../../xtables';
import { addresses, interfaces } from './common';
import { type Offer, offers, type Place } from './types';

const COMMANDS = offers(`
  -A Append a rule to a chain
  -I Insert a rule, at the top or at a number
  -D Delete a rule, by its number or as it is written
  -R Replace the rule of a number
  -C Check whether a rule is there
  -L List rules
  -S List rules as commands
  -F Delete all rules of a chain, or of all
  -Z Set counters to zero
  -N Make a chain
  -X Delete a chain
  -E Rename a chain
  -P Set the policy of a built-in chain
`);
const OWN = offers(`
  -t Table: filter without it
  -n Numbers instead of names
  -v With counters and interfaces
  -x Counters in full
  --line-numbers With the numbers of rules
  -w Wait for the lock
`);
const RULE = offers(`
  -p Protocol
  -s Source
  -d Destination
  -i Came in by this interface
  -o Goes out by this interface
  -m Use a match
  -j What to do with the packet
  -g Go on in a chain, without coming back
  -f Later fragments
  -c Set counters
`);
const TABLES: Readonly<Record<string, string>> = {
  filter: 'Let through or drop',
  nat: 'Change addresses; asked for the first packet of a flow',
  mangle: 'Change packets and marks',
  raw: 'Before connections are tracked',
  security: 'Labels of SELinux',
};
const PROTOCOLS = offers(`
  tcp Transmission control
  udp Datagrams
  icmp Errors and echo of IPv4
  icmpv6 Errors and echo of IPv6
  sctp Streams
  gre Tunnels
  all Any protocol
`);

const SHOWS = /^-[LSFZX]$|^--(list|list-rules|flush|zero|delete-chain)$/;
const TAKES_CHAIN =
  /^-[AIDRCLSFZXEP]$|^--(append|insert|delete|replace|check|list|list-rules|flush|zero|delete-chain|rename-chain|policy)$/;

export function completeIptables(place: Place): readonly Offer[] {
  const { host, name, words, prev } = place;
  const family = name.startsWith('ip6') ? 'ip6' : 'ip';
  const at = words.findLastIndex((w) => w === '-t' || w === '--table');
  const table = (at >= 0 && at + 1 < words.length ? words[at + 1]! : 'filter') as TableName;
  const tables = host.tables[family];
  if (prev === '-t' || prev === '--table') return TABLE_NAMES.map((text) => ({ text, help: TABLES[text] ?? '' }));
  const chains = chainOffers(tables, table);
  if (TAKES_CHAIN.test(prev)) return prev === '-P' ? chains.filter((c) => c.help.startsWith('built-in')) : chains;
  if (/^(-P|--policy)$/.test(words[words.length - 2] ?? '')) return offers('ACCEPT Let through\nDROP Drop');
  const all = catalogue();
  const fits = (e: ExtensionInfo) => e.families.includes(family) && (e.tables === null || e.tables.includes(table));
  const named = (e: ExtensionInfo): Offer => ({ text: e.name, help: e.title });
  const user = chains.filter((c) => !c.help.startsWith('built-in'));
  if (prev === '-j' || prev === '--jump') {
    return [...all.verdicts.filter(fits).map(named), ...user, ...all.targets.filter(fits).map(named)];
  }
  if (prev === '-g' || prev === '--goto') return user;
  if (prev === '-m' || prev === '--match') return all.matches.filter(fits).map(named);
  if (/^(-[io]|--(in|out)-interface)$/.test(prev)) return interfaces(host);
  if (/^(-p|--proto(col)?)$/.test(prev)) return PROTOCOLS;
  if (/^(-[sd]|--(source|destination|src|dst))$/.test(prev)) {
    return addresses(host).filter((o) => o.text.includes(':') === (family === 'ip6'));
  }
  if (prev === '--match-set' || prev === '--add-set' || prev === '--del-set') return sets(place);
  if (/^--(match|add|del)-set$/.test(words[words.length - 2] ?? '')) {
    return offers(
      'src By the source\ndst By the destination\nsrc,dst By both\ndst,dst By the destination, address and port',
    );
  }
  const used = usedExtensions(words, all.matches, all.targets);
  const option = used.flatMap((e) => e.options).find((o) => `--${o.flag}` === prev || o.aliases.includes(prev));
  if (option && option.kind !== 'none' && option.values.length > 0) {
    return option.values.map((text) => ({ text, help: option.help }));
  }
  const verb = words.find((w) => COMMANDS.some((c) => c.text === w));
  if (verb === undefined) return [...COMMANDS, ...OWN];
  if (SHOWS.test(verb)) return OWN;
  return [...used.flatMap((e) => e.options.filter((o) => !isGiven(o, words)).map(optionOffer)), ...RULE, ...OWN];
}

function isGiven(option: OptionInfo, words: readonly string[]): boolean {
  return !option.repeatable && words.includes(`--${option.flag}`);
}

const optionOffer = (o: OptionInfo): Offer => ({ text: `--${o.flag}`, help: o.help });

/** Matches and targets that the line names, by -m, -p and -j. */
function usedExtensions(
  words: readonly string[],
  matches: readonly ExtensionInfo[],
  targets: readonly ExtensionInfo[],
): readonly ExtensionInfo[] {
  return words.flatMap((word, i) => {
    const next = words[i + 1];
    if (/^(-m|--match|-p|--protocol)$/.test(word)) return matches.filter((e) => e.name === next);
    return /^(-j|--jump)$/.test(word) ? targets.filter((e) => e.name === next) : [];
  });
}

function chainOffers(tables: XtTables, table: TableName): readonly Offer[] {
  const known = tables.get(table);
  if (!known) return (BUILT_IN[table] ?? []).map((text) => ({ text, help: 'built-in' }));
  return known.ruleset.chains.map((chain) => {
    const count = `${chain.rules.length} rule${chain.rules.length === 1 ? '' : 's'}`;
    return { text: chain.name, help: chain.policy === null ? count : `built-in, ${count}, policy ${chain.policy}` };
  });
}

const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

export function sets({ host }: Place): readonly Offer[] {
  return [...host.sets.all()].map((set) => ({ text: set.name, help: set.type }));
}
