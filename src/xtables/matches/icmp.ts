import { defineMatch, type Kind, not, option } from '../record';
import { ICMP_NAMES, type IcmpType, listIcmpType, readIcmpType } from './icmp-types';

interface IcmpConfig extends IcmpType {
  readonly negated: boolean;
}

const icmpType: Kind<IcmpType> = {
  name: 'icmp-type',
  values: ICMP_NAMES.map(({ name }) => name),
  read: (text) => readIcmpType(text, ICMP_NAMES, 'ICMP'),
};

export const icmp = defineMatch({
  name: 'icmp',
  title: 'ICMP type',
  help: 'Type and code of an ICMP message.',
  families: ['ip'],
  protocols: [1],
  options: {
    'icmp-type': option(icmpType, 'Type by name or number, with a code after a slash', {
      negatable: true,
      required: true,
    }),
  },
  parse: (uses): IcmpConfig => {
    const { value, negated } = uses['icmp-type']!;
    return { type: value.type, codeMin: value.codeMin, codeMax: value.codeMax, negated };
  },
  print: (c) => {
    if (c.type === 255) return `${not(c.negated)} --icmp-type any`;
    const code = c.codeMin !== 0 || c.codeMax !== 255 ? `/${c.codeMin}` : '';
    return `${not(c.negated)} --icmp-type ${c.type}${code}`;
  },
  list: (c, { numeric }) => ` icmp${listIcmpType(c, c.negated, ICMP_NAMES, numeric)}`,
  // Kernel: icmp_match(), net/netfilter/xt_tcpudp.c
  match: (c, action) => {
    if (action.fragoff !== 0) return false;
    const header = action.skb.packet.icmp;
    if (header === undefined) {
      action.hotdrop = true;
      return false;
    }
    const fits = header.type === c.type && header.code >= c.codeMin && header.code <= c.codeMax;
    return (c.type === 255 || fits) !== c.negated;
  },
  because: (_, { skb }) => {
    const header = skb.packet.icmp;
    return header === undefined ? 'there is no ICMP header here' : `the ICMP type is ${header.type}/${header.code}`;
  },
});
