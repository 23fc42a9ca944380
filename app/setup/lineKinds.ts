/** One thing that a line of `ip route` or `ip rule` may say, as a field of its form. */
export interface LineField {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  /** The words that it begins with; the first is written. A word that begins the first and has `least` letters will do. */
  readonly words: readonly string[];
  readonly least?: number;
  readonly kind: 'address' | 'prefix' | 'interface' | 'number' | 'table' | 'text' | 'choice' | 'flag';
  readonly values?: readonly string[];
  /** Shown though the line does not say it. */
  readonly always?: boolean;
  readonly example?: string;
}

/** A kind of line: what it may say, in the order in which it is written. */
export interface LineKind {
  readonly name: 'route' | 'rule';
  readonly fields: readonly LineField[];
}

const field = (
  key: string,
  label: string,
  kind: LineField['kind'],
  help: string,
  more: Partial<LineField> = {},
): LineField => ({ key, label, kind, help, words: [key], ...more });

export const ROUTE_TYPES: readonly (readonly [string, string])[] = [
  ['unicast', 'is sent on'],
  ['blackhole', 'vanishes, with no word to the sender'],
  ['unreachable', 'is refused: host unreachable'],
  ['prohibit', 'is refused: administratively prohibited'],
  ['throw', 'is looked up in the next rule’s table'],
  ['local', 'is for this host'],
  ['broadcast', 'is a broadcast'],
  ['anycast', 'is for this host, as an anycast address'],
  ['multicast', 'is a multicast'],
  ['nat', 'is rewritten (not any more)'],
];

export const ROUTE: LineKind = {
  name: 'route',
  fields: [
    field('via', 'Via', 'address', 'The gateway that gets it, a neighbour of this host.', {
      always: true,
      example: '192.0.2.1',
    }),
    field('dev', 'Out of', 'interface', 'The interface that it leaves by.', {
      words: ['dev', 'oif'],
      always: true,
      example: 'eth0',
    }),
    field('src', 'Source', 'address', 'The address that this host uses for packets of its own on this route.', {
      always: true,
      example: 'the interface’s own',
    }),
    field('metric', 'Metric', 'number', 'Of two routes to the same prefix, the one with the lower number wins.', {
      words: ['metric', 'priority', 'preference'],
      least: 2,
      always: true,
      example: '0',
    }),
    field('table', 'Table', 'table', 'The table that it is in; policy rules say when that is looked up.', {
      least: 3,
      always: true,
      example: 'main',
    }),
    field('proto', 'Made by', 'text', 'Who made the route: static, boot, dhcp, bird …', {
      words: ['proto', 'protocol'],
      least: 3,
    }),
    field('scope', 'Scope', 'choice', 'How far away the destination is: link for neighbours, global for all else.', {
      values: ['global', 'site', 'link', 'host'],
    }),
    field('tos', 'TOS', 'text', 'Only for packets with this type of service.', { words: ['tos', 'dsfield'], least: 3 }),
    field('mtu', 'MTU', 'text', 'Longer packets are cut, or refused with an ICMP error.', { example: '1400' }),
    field('advmss', 'Announced MSS', 'number', 'The MSS that TCP announces on this route.'),
    field('hoplimit', 'Hop limit', 'number', 'TTL of packets that this host sends on this route.'),
    field('realms', 'Realm', 'text', 'A mark for the realm match.', { least: 3 }),
    field('from', 'From', 'prefix', 'IPv6 only: for packets from these sources.'),
    field('pref', 'Preference', 'choice', 'IPv6 only: of routes by router advertisement.', {
      values: ['low', 'medium', 'high'],
    }),
    field('onlink', 'On link', 'flag', 'The gateway counts as a neighbour though no address of the interface says so.'),
  ],
};

/** What a rule can do. */
export const RULE_DEEDS: readonly (readonly [string, string])[] = [
  ['lookup', 'look up a table'],
  ['goto', 'go to a rule'],
  ['blackhole', 'drop in silence'],
  ['unreachable', 'refuse: unreachable'],
  ['prohibit', 'refuse: prohibited'],
  ['nop', 'nothing'],
];

export const RULE: LineKind = {
  name: 'rule',
  fields: [
    field('from', 'From', 'prefix', 'Packets with a source in here.', { always: true, example: 'all' }),
    field('to', 'To', 'prefix', 'Packets with a destination in here.', { always: true, example: 'all' }),
    field('iif', 'Came in by', 'interface', 'Packets that came in by this interface; lo: those of this host itself.', {
      words: ['iif', 'dev'],
      always: true,
    }),
    field('oif', 'Bound to', 'interface', 'Packets of sockets that are bound to this interface.'),
    field('fwmark', 'Mark', 'text', 'Packets with this mark, as MARK or CONNMARK in mangle sets it.', {
      always: true,
      example: '0x1',
    }),
    field('tos', 'TOS', 'text', 'Packets with this type of service.', { words: ['tos', 'dsfield'], least: 1 }),
    field('ipproto', 'Protocol', 'text', 'Packets of this protocol: tcp, udp, icmp …'),
    field('sport', 'Source port', 'text', 'A port or a range as 1000-2000.'),
    field('dport', 'Destination port', 'text', 'A port or a range as 1000-2000.'),
    field('uidrange', 'User', 'text', 'Packets of processes of these users, as 0-0.'),
    field(
      'suppress_prefixlength',
      'Ignore short prefixes',
      'number',
      'A route whose prefix is this short is not taken.',
      {
        words: ['suppress_prefixlength', 'sup_pl'],
      },
    ),
    field('not', 'All others', 'flag', 'Turns the conditions round: all packets that do not fit.'),
  ],
};
