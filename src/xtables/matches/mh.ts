import { nearest } from '../../base';
import { readUint } from '../read/numbers';
import { defineMatch, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';

interface TypeRange {
  readonly min: number;
  readonly max: number;
}

interface MhConfig extends TypeRange {
  readonly negated: boolean;
}

/** Mobility header types (RFC 6275), by their long and short names. */
const TYPES: readonly (readonly [name: string, type: number])[] = [
  ['binding-refresh-request', 0],
  ['brr', 0],
  ['home-test-init', 1],
  ['hoti', 1],
  ['careof-test-init', 2],
  ['coti', 2],
  ['home-test', 3],
  ['hot', 3],
  ['careof-test', 4],
  ['cot', 4],
  ['binding-update', 5],
  ['bu', 5],
  ['binding-acknowledgement', 6],
  ['ba', 6],
  ['binding-error', 7],
  ['be', 7],
];

const NAMES = TYPES.map(([name]) => name);

/** A whole name, or else the first that begins so. */
function readType(word: string): Read<number> {
  const low = word.toLowerCase();
  const named = TYPES.findLast(([name]) => name === low) ?? TYPES.find(([name]) => name.startsWith(low));
  const type = named?.[1] ?? readUint(word, 0, 255);
  if (type !== null) return type;
  return new Refusal('bad-value', `Invalid MH type \`${word}'`, { suggestion: nearest(word, NAMES) });
}

const mhTypes: Kind<TypeRange> = {
  name: 'mh-types',
  values: NAMES,
  read: (text) => {
    const colon = text.indexOf(':');
    if (colon < 0) {
      const type = readType(text);
      return type instanceof Refusal ? type : { min: type, max: type };
    }
    const min = colon === 0 ? 0 : readType(text.slice(0, colon));
    if (min instanceof Refusal) return min;
    const max = colon === text.length - 1 ? 255 : readType(text.slice(colon + 1));
    if (max instanceof Refusal) return max;
    return min > max ? new Refusal('bad-value', 'Invalid MH type range (min > max)') : { min, max };
  },
};

function any({ min, max, negated }: MhConfig): boolean {
  return min === 0 && max === 255 && !negated;
}

export const mh = defineMatch({
  name: 'mh',
  title: 'Mobility header',
  help: 'Type of a Mobile IPv6 message.',
  families: ['ip6'],
  protocols: [135],
  options: { 'mh-type': option(mhTypes, 'Type, or a range of types', { negatable: true }) },
  parse: (uses): MhConfig => {
    const use = uses['mh-type'];
    return use === undefined ? { min: 0, max: 255, negated: false } : { ...use.value, negated: use.negated };
  },
  print: (c) =>
    c.min === 0 && c.max === 255 ? '' : `${not(c.negated)} --mh-type ${c.min === c.max ? c.min : `${c.min}:${c.max}`}`,
  list: (c, { numeric }) => {
    if (any(c)) return ' mh';
    const show = (type: number): string => (numeric ? null : typeName(type)) ?? `${type}`;
    return ` mh ${c.negated ? '!' : ''}${show(c.min)}${c.min === c.max ? '' : `:${show(c.max)}`}`;
  },
  // Kernel: mh_mt6(), net/ipv6/netfilter/ip6t_mh.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    if (action.fragoff !== 0) return false;
    if (action.thoff + 6 > bytes.length || bytes[action.thoff] !== 59) {
      action.hotdrop = true;
      return false;
    }
    const type = bytes[action.thoff + 2]!;
    return (type >= c.min && type <= c.max) !== c.negated;
  },
  because: (_, { skb, thoff }) => {
    const type = skb.packet.bytes[thoff + 2];
    return type === undefined ? 'there is no whole header' : `the type is ${typeName(type) ?? type}`;
  },
});

function typeName(type: number): string | null {
  return TYPES.find(([, number]) => number === type)?.[0] ?? null;
}
