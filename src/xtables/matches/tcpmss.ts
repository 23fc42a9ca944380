import { mssOption } from '../../wire';
import { uintRange } from '../read/kinds';
import { defineMatch, not, option } from '../record';
import { Refusal } from '../refusal';

interface TcpmssConfig {
  readonly min: number;
  readonly max: number;
  readonly negated: boolean;
}

export const tcpmss = defineMatch({
  name: 'tcpmss',
  title: 'MSS option',
  help: 'Maximum segment size that a TCP SYN announces.',
  protocols: [6],
  options: {
    mss: option(uintRange(16), 'Bytes, `N` or `N:M`', {
      negatable: true,
      required: true,
      taken: (_, value) => {
        const [min, max] = value as readonly [number, number?];
        return max !== undefined && max < min ? new Refusal('bad-value', 'tcpmss: invalid range given') : null;
      },
    }),
  },
  parse: (uses): TcpmssConfig => {
    const { value, negated } = uses.mss!;
    return { min: value[0]!, max: value[1] ?? value[0]!, negated };
  },
  print: (c) => `${not(c.negated)} --mss ${c.min === c.max ? c.min : `${c.min}:${c.max}`}`,
  list: (c) => ` tcpmss match ${c.negated ? '!' : ''}${c.min === c.max ? c.min : `${c.min}:${c.max}`}`,
  // Kernel: tcpmss_mt(), net/netfilter/xt_tcpmss.c: without the option, only a `!` matches; what stands in a later
  // fragment is taken for a TCP header, too.
  match: (c, action) => {
    const mss = mssOption(action.skb.packet.bytes, action.thoff);
    if (mss === undefined) {
      action.hotdrop = true;
      return false;
    }
    return (mss !== null && mss >= c.min && mss <= c.max) !== c.negated;
  },
  because: (_, { skb, thoff }) => {
    const mss = mssOption(skb.packet.bytes, thoff);
    return mss == null ? 'there is no MSS option' : `the MSS is ${mss}`;
  },
});
