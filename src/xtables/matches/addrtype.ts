import { nearest } from '../../base';
import type { AddrType } from '../../model';
import type { Addr } from '../../wire';
import { criterion, defineMatch, flag, type Kind, not, option, type XtAction } from '../record';
import { Refusal } from '../refusal';

interface AddrtypeConfig {
  readonly src: TypeTest | null;
  readonly dst: TypeTest | null;
  readonly limitIn: boolean;
  readonly limitOut: boolean;
}

interface TypeTest {
  /** Bits, by the order of TYPES. */
  readonly types: number;
  readonly negated: boolean;
}

const TYPES: readonly AddrType[] = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
];

const types: Kind<number> = {
  name: 'addr-types',
  values: TYPES,
  read: (text) => {
    let bits = 0;
    const parts = text.split(',');
    for (const [i, part] of parts.entries()) {
      const at = part === '' ? -1 : TYPES.findIndex((type) => type.startsWith(part.toUpperCase()));
      if (at < 0) {
        const rest = parts.slice(i).join(',');
        const message = i < parts.length - 1 ? `addrtype: bad type \`${rest}'` : `addrtype: bad type "${rest}"`;
        const near = nearest(part, TYPES);
        const suggestion = near === undefined ? undefined : text.replace(part, near);
        return new Refusal('bad-value', message, { suggestion });
      }
      bits |= 1 << at;
    }
    return bits;
  },
};

function printTypes(bits: number): string {
  return TYPES.filter((_, i) => (bits & (1 << i)) !== 0).join(',');
}

export const addrtype = defineMatch({
  name: 'addrtype',
  title: 'Kind of address',
  help: 'What the routing table says about an address: an own one (LOCAL), a broadcast …',
  options: {
    'src-type': option(types, 'Kinds of the source address', { negatable: true }),
    'dst-type': option(types, 'Kinds of the destination address', { negatable: true }),
    'limit-iface-in': flag('Only as seen from the interface that the packet came in by', {
      excludes: ['limit-iface-out'],
    }),
    'limit-iface-out': flag('Only as seen from the interface that the packet goes out by', {
      excludes: ['limit-iface-in'],
    }),
  },
  before: (uses) =>
    uses['src-type'] === undefined && uses['dst-type'] === undefined
      ? new Refusal('option-missing', 'addrtype: you must specify --src-type or --dst-type')
      : null,
  parse: (uses): AddrtypeConfig => {
    const [src, dst] = [uses['src-type'], uses['dst-type']];
    return {
      src: src === undefined ? null : { types: src.value, negated: src.negated },
      dst: dst === undefined ? null : { types: dst.value, negated: dst.negated },
      limitIn: uses['limit-iface-in'] !== undefined,
      limitOut: uses['limit-iface-out'] !== undefined,
    };
  },
  print: (c) => {
    let text = '';
    if (c.src !== null) text += `${not(c.src.negated)} --src-type ${printTypes(c.src.types)}`;
    if (c.dst !== null) text += `${not(c.dst.negated)} --dst-type ${printTypes(c.dst.types)}`;
    if (c.limitIn) text += ' --limit-iface-in';
    if (c.limitOut) text += ' --limit-iface-out';
    return text;
  },
  list: (c) => {
    let text = ' ADDRTYPE match';
    if (c.src !== null) text += ` src-type ${c.src.negated ? '!' : ''}${printTypes(c.src.types)}`;
    if (c.dst !== null) text += ` dst-type ${c.dst.negated ? '!' : ''}${printTypes(c.dst.types)}`;
    return `${text}${c.limitIn ? ' limit-in' : ''}${c.limitOut ? ' limit-out' : ''}`;
  },
  // Kernel: addrtype_mt_checkentry_v1(), net/netfilter/xt_addrtype.c
  check: (c, { hooks, family }) => {
    const has = (...names: string[]): boolean => hooks.some((hook) => names.includes(hook));
    if (has('PREROUTING', 'INPUT') && c.limitOut) return 'EINVAL';
    if (has('POSTROUTING', 'OUTPUT') && c.limitIn) return 'EINVAL';
    if (family === 'ip6') {
      const bits = (c.src?.types ?? 0) | (c.dst?.types ?? 0);
      const bit = (type: AddrType): number => 1 << TYPES.indexOf(type);
      if ((bits & (bit('BLACKHOLE') | bit('NAT') | bit('THROW') | bit('XRESOLVE'))) !== 0) return 'EINVAL';
      if ((bits & bit('PROHIBIT')) !== 0) return 'EINVAL';
      if ((bits & bit('BROADCAST')) !== 0) return 'EINVAL';
    }
    return null;
  },
  // Kernel: addrtype_mt_v1()
  match: (c, action) => {
    const { packet } = action.skb;
    if (c.src !== null && !meets(c.src, typeOf(c, action, packet.src))) return false;
    return c.dst === null || meets(c.dst, typeOf(c, action, packet.dst));
  },
  explain: (c, action) => {
    const { packet } = action.skb;
    const say = (name: string, test: TypeTest | null, addr: Addr) => {
      if (test === null) return [];
      const type = typeOf(c, action, addr);
      const words = `${test.negated ? '! ' : ''}--${name} ${printTypes(test.types)}`;
      return [criterion(words, meets(test, type), `${addr} is ${type}`)];
    };
    return [...say('src-type', c.src, packet.src), ...say('dst-type', c.dst, packet.dst)];
  },
});

function meets(test: TypeTest, type: AddrType): boolean {
  return ((test.types & (1 << TYPES.indexOf(type))) !== 0) !== test.negated;
}

function typeOf(c: AddrtypeConfig, action: XtAction, addr: Addr): AddrType {
  const { port } = action.env;
  const family = action.family === 'ip' ? 4 : 6;
  const dev = c.limitIn ? action.state.in : c.limitOut ? action.state.out : undefined;
  return dev === undefined || dev === '' ? port.addrType(family, addr) : port.addrType(family, addr, dev);
}
