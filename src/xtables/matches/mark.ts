import { markMask, type ValueMask } from '../read/kinds';
import { hex } from '../read/numbers';
import { defineMatch, not, option } from '../record';

export interface MarkConfig extends ValueMask {
  readonly negated: boolean;
}

/** `0x1`, or `0x1/0xff` if not all bits count, with a space in front. Kernel side: xtables_print_mark_mask() */
export function printMarkMask({ value, mask }: ValueMask): string {
  return mask === 0xffff_ffff ? ` ${hex(value)}` : ` ${hex(value)}/${hex(mask)}`;
}

export const mark = defineMatch({
  name: 'mark',
  title: 'Mark',
  help: 'Mark of the packet, which only this host sees.',
  options: {
    mark: option(markMask, 'Value, with a mask of the bits that count', { negatable: true, required: true }),
  },
  parse: (uses): MarkConfig => ({ ...uses.mark!.value, negated: uses.mark!.negated }),
  print: (c) => `${not(c.negated)} --mark${printMarkMask(c)}`,
  list: (c) => ` mark match${not(c.negated)}${printMarkMask(c)}`,
  // Kernel: mark_mt(), net/netfilter/xt_mark.c
  match: (c, { skb }) => ((skb.mark & c.mask) >>> 0 === c.value) !== c.negated,
  because: (_, { skb }) => `the mark is ${hex(skb.mark)}`,
});
