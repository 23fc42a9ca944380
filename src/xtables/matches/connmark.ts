import { markMask } from '../read/kinds';
import { hex } from '../read/numbers';
import { defineMatch, not, option } from '../record';
import { type MarkConfig, printMarkMask } from './mark';

export const connmark = defineMatch({
  name: 'connmark',
  title: 'Connection mark',
  help: 'Mark that is kept with the connection.',
  conntrack: true,
  options: {
    mark: option(markMask, 'Value, with a mask of the bits that count', { negatable: true, required: true }),
  },
  parse: (uses): MarkConfig => ({ ...uses.mark!.value, negated: uses.mark!.negated }),
  print: (c) => `${not(c.negated)} --mark${printMarkMask(c)}`,
  list: (c) => ` connmark match ${c.negated ? '!' : ''}${printMarkMask(c)}`,
  // Kernel: connmark_mt(), net/netfilter/xt_connmark.c
  match: (c, { skb }) => {
    const ct = skb.ct ?? skb.template;
    return ct !== null && ((ct.mark & c.mask) >>> 0 === c.value) !== c.negated;
  },
  because: (_, { skb }) =>
    skb.ct === null ? 'the packet belongs to no connection' : `the connection's mark is ${hex(skb.ct.mark)}`,
});
