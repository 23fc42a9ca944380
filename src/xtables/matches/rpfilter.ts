import { isLimitedBroadcast, isLinkLocal, isMulticast, isZeronet } from '../../wire';
import { defineMatch, flag, type XtAction } from '../record';

interface RpfilterConfig {
  readonly loose: boolean;
  readonly validmark: boolean;
  readonly acceptLocal: boolean;
  readonly invert: boolean;
}

export const rpfilter = defineMatch({
  name: 'rpfilter',
  title: 'Reverse path',
  help: 'A reply to the source would leave by the interface that the packet came in by.',
  hooks: ['PREROUTING'],
  options: {
    loose: flag('Any interface will do'),
    validmark: flag('The mark of the packet counts in the lookup'),
    'accept-local': flag('Own addresses are good sources'),
    invert: flag('Matches what fails the test'),
  },
  parse: (uses): RpfilterConfig => ({
    loose: uses.loose !== undefined,
    validmark: uses.validmark !== undefined,
    acceptLocal: uses['accept-local'] !== undefined,
    invert: uses.invert !== undefined,
  }),
  print: (c) => rpfilterText(c, '--'),
  list: (c) => ` rpfilter${rpfilterText(c, '')}`,
  // Kernel: rpfilter_check(), net/ipv4/netfilter/ipt_rpfilter.c
  check: (_, { table }) => (table === 'mangle' || table === 'raw' ? null : 'EINVAL'),
  // Kernel: rpfilter_mt()
  match: (c, action) => passes(c, action) !== c.invert,
  because: (c, action) => {
    const { skb, state } = action;
    const fits = passes({ ...c, invert: false }, action);
    return `the way back to ${skb.packet.src} ${fits ? 'leads' : 'does not lead'} by ${state.in}`;
  },
});

function rpfilterText(c: RpfilterConfig, prefix: string): string {
  let out = '';
  if (c.loose) out += ` ${prefix}loose`;
  if (c.validmark) out += ` ${prefix}validmark`;
  if (c.acceptLocal) out += ` ${prefix}accept-local`;
  if (c.invert) out += ` ${prefix}invert`;
  return out;
}

/** Kernel: rpfilter_lookup_reverse(), rpfilter_lookup_reverse6() */
function passes(c: RpfilterConfig, { skb, state, env, family }: XtAction): boolean {
  const { packet } = skb;
  if (skb.pktType === 'loopback' || state.in === 'lo') return true;
  if (family === 'ip' && isZeronet(packet.src)) {
    if (isLimitedBroadcast(packet.dst) || packet.dst.startsWith('224.0.0.')) return true;
  }
  if (packet.src === '::') return true;
  const unusable = isMulticast(packet.dst) || isLimitedBroadcast(packet.dst) || isZeronet(packet.dst);
  const strict = !c.loose || isLinkLocal(packet.src);
  const route = env.port.fibLookup({
    family: packet.family,
    dst: packet.src,
    ...(unusable ? {} : { src: packet.dst }),
    tos: packet.tos,
    mark: c.validmark ? skb.mark : 0,
    // Policy rules see the first header's number, in IPv6 alone. Kernel: rpfilter_lookup_reverse6()
    ...(family === 'ip6' ? { protocol: packet.bytes[6]! } : null),
    ...(family === 'ip6' && strict ? { oif: state.in } : null),
  });
  if (route === null) return false;
  if (route.ownAnycast) return false;
  if (route.type === 'local' && (!c.acceptLocal || family === 'ip6')) return c.acceptLocal;
  // In IPv6 a source that is a group has a way back, too, and one that a route calls anycast.
  const usable = ['unicast', ...(family === 'ip6' ? ['multicast', 'anycast'] : ['local'])].includes(route.type);
  return usable && (c.loose || route.devs.includes(state.in));
}
