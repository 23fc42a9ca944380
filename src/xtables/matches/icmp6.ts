import { defineMatch, type Kind, not, option } from '../record';
import { ICMPV6_NAMES, type IcmpType, listIcmpType, readIcmpType } from './icmp-types';

interface Icmp6Config extends IcmpType {
  readonly negated: boolean;
}

const icmpv6Type: Kind<IcmpType> = {
  name: 'icmp-type',
  values: ICMPV6_NAMES.map(({ name }) => name),
  read: (text) => readIcmpType(text, ICMPV6_NAMES, 'ICMPv6'),
};

export const icmp6 = defineMatch({
  name: 'icmp6',
  title: 'ICMPv6 type',
  help: 'Type and code of an ICMPv6 message.',
  families: ['ip6'],
  protocols: [58],
  aliases: ['icmpv6', 'ipv6-icmp'],
  options: {
    'icmpv6-type': option(icmpv6Type, 'Type by name or number, with a code after a slash', {
      negatable: true,
      required: true,
    }),
  },
  parse: (uses): Icmp6Config => {
    const { value, negated } = uses['icmpv6-type']!;
    return { type: value.type, codeMin: value.codeMin, codeMax: value.codeMax, negated };
  },
  print: (c) => {
    const code = c.codeMin !== 0 || c.codeMax !== 255 ? `/${c.codeMin}` : '';
    return `${not(c.negated)} --icmpv6-type ${c.type}${code}`;
  },
  list: (c, { numeric }) => ` ipv6-icmp${listIcmpType(c, c.negated, ICMPV6_NAMES, numeric)}`,
  // Kernel: icmp6_match(), net/netfilter/xt_tcpudp.c
  match: (c, action) => {
    if (action.fragoff !== 0) return false;
    const header = action.skb.packet.icmpv6;
    if (header === undefined) {
      action.hotdrop = true;
      return false;
    }
    return (header.type === c.type && header.code >= c.codeMin && header.code <= c.codeMax) !== c.negated;
  },
  because: (_, { skb }) => {
    const header = skb.packet.icmpv6;
    return header === undefined ? 'there is no ICMPv6 header here' : `the ICMPv6 type is ${header.type}/${header.code}`;
  },
});
