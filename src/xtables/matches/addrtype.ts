import { nearest } from '../../base';
import type { AddrType, HostPort } from '../../model';
import { type Addr, isMulticast, parsePrefix, prefixContains } from '../../wire';
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
      if ((bits & (bit('BLACKHOLE') | bit('NAT') | bit('THROW') | bit('XRESOLVE'))) !== 0) return 'EINVAL';
      if ((bits & bit('PROHIBIT')) !== 0) return 'EINVAL';
      if ((bits & bit('BROADCAST')) !== 0) return 'EINVAL';
    }
    return null;
  },
  // Kernel: addrtype_mt_v1()
  match: (c, action) => {
    const { packet } = action.skb;
    if (c.src !== null && !meets(c.src, typesOf(c, action, packet.src), action)) return false;
    return c.dst === null || meets(c.dst, typesOf(c, action, packet.dst), action);
  },
  explain: (c, action) => {
    const { packet } = action.skb;
    const say = (name: string, test: TypeTest | null, addr: Addr) => {
      if (test === null) return [];
      const types = typesOf(c, action, addr);
      const words = `${test.negated ? '! ' : ''}--${name} ${printTypes(test.types)}`;
      return [criterion(words, meets(test, types, action), `${addr} is ${printTypes(types) || 'none of the types'}`)];
    };
    return [...say('src-type', c.src, packet.src), ...say('dst-type', c.dst, packet.dst)];
  },
});

const bit = (type: AddrType): number => 1 << TYPES.indexOf(type);
/** Types that IPv6 reads from the address alone; each of them that a rule names has to be met. */
const BY_ADDRESS = bit('UNSPEC') | bit('UNICAST') | bit('MULTICAST');

/** Kernel: match_type(), match_type6() */
function meets(test: TypeTest, types: number, action: XtAction): boolean {
  const known = action.family === 'ip' ? 0 : test.types & BY_ADDRESS;
  const others = test.types & ~known;
  const met = (types & known) === known && (others === 0 || (types & others) !== 0);
  return met !== test.negated;
}

/** The types of an address as bits: of IPv4 one, of IPv6 those of the address and those of its route. */
function typesOf(c: AddrtypeConfig, action: XtAction, addr: Addr): number {
  const { port } = action.env;
  const dev = (c.limitIn ? action.state.in : c.limitOut ? action.state.out : '') || undefined;
  if (action.family === 'ip') return bit(port.addrType(4, addr, dev));
  return kindOf(addr) | typesOfRoute(port, addr, dev);
}

const MAPPED = parsePrefix('::ffff:0:0/96')!;

/** Kernel: __ipv6_addr_type(), net/ipv6/addrconf_core.c */
function kindOf(addr: Addr): number {
  if (addr === '::') return bit('UNSPEC');
  if (isMulticast(addr)) return bit('MULTICAST');
  return prefixContains(MAPPED, addr) ? 0 : bit('UNICAST');
}

/** Kernel: match_lookup_rt6() */
function typesOfRoute(port: HostPort, addr: Addr, dev: string | undefined): number {
  const answer = port.route({ family: 6, dst: addr, ...(dev === undefined ? {} : { oif: dev }) });
  if (!answer.ok) return bit('UNREACHABLE');
  const { type, anycast } = answer.dst;
  const local = dev === undefined ? type === 'local' : port.addrType(6, addr, dev) === 'LOCAL';
  return (local ? bit('LOCAL') : 0) | (anycast ? bit('ANYCAST') : 0);
}
