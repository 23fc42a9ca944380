import { nearest } from '../../base';
import { extensionLength, IPPROTO, isExtensionHeader, type Packet } from '../../wire';
import { protocolAsTyped, protocolName } from '../read/names';
import { defineMatch, flag, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';

interface Ipv6headerConfig {
  readonly headers: number;
  readonly negated: boolean;
  /** They are there, perhaps with others. Without: they and no others. */
  readonly soft: boolean;
}

/** Headers by protocol number, with the bit of each. Kernel: MASK_HOPOPTS … */
const BITS: readonly (readonly [protocol: number, bit: number, name: string])[] = [
  [0, 128, 'hop-by-hop'],
  [60, 64, 'dst'],
  [43, 32, 'route'],
  [44, 16, 'frag'],
  [51, 8, 'auth'],
  [50, 4, 'esp'],
  [59, 2, 'none'],
  [255, 1, 'protocol'],
];

const WORDS: ReadonlyMap<string, number> = new Map([
  ['hop', 0],
  ['prot', 255],
  ...BITS.map(([protocol, , name]) => [name, protocol] as const),
  ...BITS.map(([protocol]) => [`${protocol}`, protocol] as const),
]);

const headers: Kind<number> = {
  name: 'ipv6-headers',
  values: BITS.map(([, , name]) => name),
  read: (text) => {
    let bits = 0;
    for (const word of text.split(',')) {
      if (word === '') continue;
      // /etc/protocols comes first: `esp`, `ipv6-nonxt` …; numbers are no names there.
      const named = /^(\d|all$)/.test(word) ? null : protocolAsTyped(word);
      const protocol = named ?? WORDS.get(word);
      if (protocol === undefined) {
        const suggestion = nearest(word, [...WORDS.keys()]);
        return new Refusal('bad-value', `unknown header \`${word}' specified`, { suggestion });
      }
      const bit = BITS.find(([number]) => number === protocol)?.[1];
      if (bit === undefined) return new Refusal('bad-value', `unknown header \`${protocol}' specified`);
      bits |= bit;
    }
    return bits === 0 ? new Refusal('bad-value', 'ip6t_ipv6header: cannot parse header names') : bits;
  },
};

function names(bits: number): string {
  const list = BITS.filter(([, bit]) => (bits & bit) !== 0);
  if (list.length === 0) return 'NONE';
  return list.map(([protocol, , name]) => (protocol === 0 ? null : officialName(protocol)) ?? name).join(',');
}

/** As /etc/protocols of a Debian system has it. */
function officialName(protocol: number): string | null {
  if (protocol === IPPROTO.raw) return null;
  return protocolName(protocol);
}

export const ipv6header = defineMatch({
  name: 'ipv6header',
  title: 'IPv6 headers',
  help: 'Which extension headers an IPv6 packet has.',
  families: ['ip6'],
  options: {
    header: option(headers, 'Headers, with commas between', { negatable: true, required: true }),
    soft: flag('Other headers do not matter'),
  },
  parse: (uses): Ipv6headerConfig => ({
    headers: uses.header!.value,
    negated: uses.header!.negated,
    soft: uses.soft !== undefined,
  }),
  print: (c) => `${not(c.negated)} --header ${names(c.headers)}${c.soft ? ' --soft' : ''}`,
  list: (c, { numeric }) => {
    const shown = numeric ? `0x${c.headers.toString(16).toUpperCase().padStart(2, '0')}` : names(c.headers);
    return ` ipv6header flags:${c.negated ? '!' : ''}${shown}${c.soft ? ' soft' : ''}`;
  },
  // Kernel: ipv6header_mt6(), net/ipv6/netfilter/ip6t_ipv6header.c
  match: (c, { skb }) => {
    const found = headersOf(skb.packet);
    if (found === null) return false;
    if (!c.soft) return (found === c.headers) !== c.negated;
    return ((found ^ (c.negated ? 0 : c.headers)) & c.headers) === 0;
  },
  because: (_, { skb }) => {
    const found = headersOf(skb.packet);
    return found === null ? 'its headers are cut off' : `the packet has ${names(found)}`;
  },
});

/** Null if a header does not even tell its length. What follows a later fragment's header is taken for headers, too. */
function headersOf({ bytes }: Packet): number | null {
  let bits = 0;
  let protocol = bytes[6]!;
  for (let at = 40; isExtensionHeader(protocol) && at <= bytes.length; ) {
    if (at + 2 > bytes.length) return null;
    bits |= BITS.find(([number]) => number === protocol)?.[1] ?? 0;
    const length = extensionLength(bytes, at, protocol);
    protocol = bytes[at]!;
    at += length;
  }
  if (protocol === IPPROTO.none) return bits | 2;
  return bits | (protocol === IPPROTO.esp ? 4 : 1);
}
