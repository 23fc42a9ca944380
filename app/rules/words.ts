import type { ExtensionInfo, OptionInfo } from '../../src/engine';

/** Plain names of options, where their help is a whole sentence. The forms themselves come from the catalogue. */
const LABELS: Readonly<Record<string, string>> = {
  source: 'Source',
  destination: 'Destination',
  'in-interface': 'In interface',
  'out-interface': 'Out interface',
  protocol: 'Protocol',
  fragments: 'Further fragments',
  sport: 'Source port',
  dport: 'Destination port',
  sports: 'Source ports',
  dports: 'Destination ports',
  ports: 'Either port',
  'tcp-flags': 'TCP flags',
  syn: 'Opening segment',
  'tcp-option': 'TCP option',
  ctstate: 'Connection state',
  state: 'Connection state',
  ctstatus: 'Connection status',
  ctproto: 'Connection protocol',
  ctorigsrc: 'Original source',
  ctorigdst: 'Original destination',
  ctreplsrc: 'Reply source',
  ctrepldst: 'Reply destination',
  ctdir: 'Direction',
  'icmp-type': 'ICMP type',
  'icmpv6-type': 'ICMPv6 type',
  limit: 'Rate limit',
  'limit-burst': 'Burst',
  'src-type': 'Source kind',
  'dst-type': 'Destination kind',
  mark: 'Mark',
  'mac-source': 'Source MAC',
  'match-set': 'In the set',
  'src-range': 'Source range',
  'dst-range': 'Destination range',
  length: 'Length',
  'uid-owner': 'User',
  'gid-owner': 'Group',
  comment: 'Comment',
  'reject-with': 'Answer',
  'log-prefix': 'Prefix',
  'log-level': 'Level',
  'to-destination': 'New destination',
  'to-source': 'New source',
  'to-ports': 'Ports',
  'set-mark': 'Set mark',
  'set-xmark': 'Set mark',
};

/** Matches that are offered by what they are, rather than by the one option they begin with. */
const OFFERS: Readonly<Record<string, string>> = { 'multiport/dports': 'Several ports', 'set/match-set': 'ipset' };

/** What is offered for a rule is called. */
export function offerLabel(info: ExtensionInfo, option: OptionInfo): string {
  return OFFERS[`${info.name}/${option.flag}`] ?? labelOf(info, option);
}

/** Help without the marks around what is typed, for where nothing can be set in another face. */
export const plainHelp = (help: string): string => help.replaceAll('`', '');

/** What a row of a form is called. */
export function labelOf(info: ExtensionInfo | null, option: OptionInfo): string {
  const known = LABELS[option.flag];
  if (known !== undefined) return known;
  const [clause = ''] = option.help.split(/[,;:(.`]/);
  const said = clause.trim();
  if (said !== '' && said.length <= 26) {
    const full = `${info?.title ?? ''}: ${said.replace(/^./, (c) => c.toLowerCase())}`;
    return info === null || info.options.length < 2 || full.length > 30 ? said : full;
  }
  const words = option.flag.replaceAll('-', ' ');
  const name = info?.name ?? '';
  return (words.startsWith(name) || name === '' ? words : `${name}: ${words}`).replace(/^./, (c) => c.toUpperCase());
}

const SHORT: Readonly<Record<string, string>> = {
  source: 'from',
  destination: 'to',
  'in-interface': 'in by',
  'out-interface': 'out by',
  dport: 'port',
  sport: 'source port',
  dports: 'ports',
  ctstate: 'state',
  state: 'state',
  limit: 'at most',
  'match-set': 'in set',
  protocol: 'protocol',
};

/** The same for a chip, where there is little room; '' if the syntax says it. */
export function shortLabel(info: ExtensionInfo | null, option: OptionInfo | null): string {
  if (option === null) return '';
  return SHORT[option.flag] ?? labelOf(info, option).toLowerCase();
}

/** Where packets in a built-in chain are. */
export const WHERE: Readonly<Record<string, string>> = {
  PREROUTING: 'packets that arrive, before routing',
  INPUT: 'packets for this host',
  FORWARD: 'packets passing through this host',
  OUTPUT: 'packets made on this host',
  POSTROUTING: 'packets that leave, after routing',
};

/** Options that are offered first, in this order, as far as they are allowed and not used. */
export const POPULAR: readonly (readonly [string, string])[] = [
  ['', 'source'],
  ['tcp', 'dport'],
  ['udp', 'dport'],
  ['', 'in-interface'],
  ['conntrack', 'ctstate'],
  ['', 'protocol'],
  ['set', 'match-set'],
  ['limit', 'limit'],
  ['mark', 'mark'],
  ['tcp', 'tcp-flags'],
  ['multiport', 'dports'],
  ['', 'destination'],
  ['', 'out-interface'],
  ['icmp', 'icmp-type'],
  ['icmp6', 'icmpv6-type'],
];

/** Targets that have a button of their own, by table. */
export const MAIN_TARGETS: Readonly<Record<string, readonly string[]>> = {
  filter: ['ACCEPT', 'DROP', 'REJECT', 'LOG'],
  nat: ['ACCEPT', 'DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT'],
  mangle: ['ACCEPT', 'DROP', 'MARK', 'LOG'],
  raw: ['ACCEPT', 'DROP', 'CT', 'LOG'],
  security: ['ACCEPT', 'DROP', 'LOG'],
};
