import { IPPROTO } from '../../wire';

/** What the conntrack tool takes of each protocol, and with which command. conntrack-tools: extensions/libct_proto_*.c */

interface Rules {
  /** Commands that take it. */
  readonly taken: string;
  /** Commands that must have it. */
  readonly needed?: string;
}

/** An option, and another name of it. */
interface ProtocolOption extends Rules {
  readonly name: string;
  readonly alias?: string;
}

interface Protocol {
  /** In the order in which the tool holds them against the command. */
  readonly options: readonly ProtocolOption[];
  /** A flow that is described has both of one of these pairs; and what the tool says where one is missing. */
  readonly pairs: readonly { readonly of: readonly [string, string]; readonly said: string }[];
}

const ALL = 'LIAUDGE';
const LISTS = 'LUDE';
const MAKES = 'IA';

const PORT_PAIRS: Protocol['pairs'] = [
  { of: ['sport', 'dport'], said: "`--sport' and `--dport'" },
  { of: ['reply-port-src', 'reply-port-dst'], said: "`--reply-src-port' and `--reply-dst-port'" },
];

const none = (...names: string[]): ProtocolOption[] => names.map((name) => ({ name, taken: '' }));

function ported(...after: readonly ProtocolOption[]): Protocol {
  return {
    options: [
      { name: 'sport', alias: 'orig-port-src', taken: ALL },
      { name: 'dport', alias: 'orig-port-dst', taken: ALL },
      { name: 'reply-port-src', taken: ALL },
      { name: 'reply-port-dst', taken: ALL },
      ...none('mask-port-src', 'mask-port-dst'),
      ...after,
    ],
    pairs: PORT_PAIRS,
  };
}

const TUPLE_PORTS = none('tuple-port-src', 'tuple-port-dst');
const STATE: ProtocolOption = { name: 'state', taken: ALL, needed: MAKES };
const vtag = (name: string): ProtocolOption => ({ name, taken: 'IAUG', needed: MAKES });

function echo(prefix: string): Protocol {
  const needed = `${MAKES}G`;
  return {
    options: [
      { name: `${prefix}-type`, taken: ALL, needed },
      { name: `${prefix}-code`, taken: ALL, needed },
      { name: `${prefix}-id`, taken: ALL },
    ],
    pairs: [],
  };
}

const GRE: Protocol = {
  options: [
    ...['srckey', 'dstkey', 'reply-key-src', 'reply-key-dst'].map((name) => ({ name, taken: ALL })),
    ...none('mask-key-src', 'mask-key-dst', 'tuple-key-src', 'tuple-key-dst'),
  ],
  pairs: [
    { of: ['srckey', 'dstkey'], said: "`--srckey' and `--dstkey'" },
    { of: ['reply-key-src', 'reply-key-dst'], said: "`--reply-src-key' and `--reply-dst-key'" },
  ],
};

const DCCP = ported(STATE, ...TUPLE_PORTS, { name: 'role', taken: LISTS + MAKES, needed: MAKES });

const PROTOCOLS: ReadonlyMap<number, Protocol> = new Map([
  [IPPROTO.tcp, ported(STATE, ...TUPLE_PORTS)],
  [IPPROTO.udp, ported(...TUPLE_PORTS)],
  [IPPROTO.udplite, ported(...TUPLE_PORTS)],
  [IPPROTO.dccp, DCCP],
  [IPPROTO.sctp, ported(STATE, ...TUPLE_PORTS, vtag('orig-vtag'), vtag('reply-vtag'))],
  [IPPROTO.icmp, echo('icmp')],
  [IPPROTO.icmpv6, echo('icmpv6')],
  [IPPROTO.gre, GRE],
]);

/** Options that are known once `-p` has named their protocol. All take a value. */
export function optionsOfProtocol(protocol: number): readonly string[] {
  const options = PROTOCOLS.get(protocol)?.options ?? [];
  return options.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]));
}

/** What the tool says to these words of a protocol with a command, by its letter; or null. conntrack-tools: final_check() */
export function checkProtocol(protocol: number, verb: string, given: ReadonlySet<string>): string | null {
  const found = PROTOCOLS.get(protocol);
  if (found === undefined) return null;
  const has = (name: string): boolean => {
    const alias = found.options.find((option) => option.name === name)?.alias;
    return given.has(name) || (alias !== undefined && given.has(alias));
  };
  for (const { name, taken, needed = '' } of found.options) {
    if (!has(name) && needed.includes(verb)) return needText(name);
    if (has(name) && !taken.includes(verb)) return illegalText(name);
  }
  return `${MAKES}G`.includes(verb) ? checkPairs(found.pairs, has) : null;
}

/** One pair is said as a whole; else the tool names the first that was begun. conntrack-tools: generic_opt_check() */
export function checkPairs(pairs: Protocol['pairs'], has: (name: string) => boolean): string | null {
  if (pairs.length === 0 || pairs.some(({ of }) => of.every(has))) return null;
  const begun = pairs.find(({ of }) => of.some(has)) ?? pairs[0]!;
  return `you have to specify ${begun.said}`;
}

export const needText = (name: string): string => `You need to supply the \`--${name}' option for this command`;
export const illegalText = (name: string): string => `Illegal option \`--${name}' with this command`;
