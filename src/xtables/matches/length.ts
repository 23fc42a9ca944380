import { uintRange } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface LengthConfig {
  readonly min: number;
  readonly max: number;
  readonly negated: boolean;
}

export const length = defineMatch({
  name: 'length',
  title: 'Length',
  help: 'Length of the whole packet in bytes, IP header included.',
  options: {
    length: option(uintRange(16), 'Bytes, `N` or `N:M`', { negatable: true, required: true }),
  },
  parse: (uses): LengthConfig => {
    const { value, negated } = uses.length!;
    return { min: value[0]!, max: value[1] ?? value[0]!, negated };
  },
  print: (c) => `${not(c.negated)} --length ${c.min === c.max ? c.min : `${c.min}:${c.max}`}`,
  list: (c) => ` length ${c.negated ? '!' : ''}${c.min === c.max ? c.min : `${c.min}:${c.max}`}`,
  // Kernel: length_mt(), length_mt6(), net/netfilter/xt_length.c
  match: (c, { skb }) => {
    const bytes = skb.packet.bytes.length;
    return (bytes >= c.min && bytes <= c.max) !== c.negated;
  },
  because: (_, { skb }) => `it is ${skb.packet.bytes.length} bytes long`,
});
