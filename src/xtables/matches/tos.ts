import { tosMask, tosName, type ValueMask } from '../read/kinds';
import { defineMatch, not, option } from '../record';

interface TosConfig extends ValueMask {
  readonly negated: boolean;
}

export function byteText(n: number): string {
  return `0x${n.toString(16).padStart(2, '0')}`;
}

export const tos = defineMatch({
  name: 'tos',
  title: 'Type of service',
  help: 'The whole TOS or traffic class byte, with a mask.',
  options: {
    tos: option(tosMask(0x3f), 'Value with a mask, or a name', { negatable: true, required: true }),
  },
  parse: (uses): TosConfig => ({ ...uses.tos!.value, negated: uses.tos!.negated }),
  print: (c) => `${not(c.negated)} --tos ${byteText(c.value)}/${byteText(c.mask)}`,
  list: (c, { numeric }) => {
    const name = numeric || c.mask !== 0x3f ? null : tosName(c.value);
    return ` tos match${c.negated ? '!' : ''}${name === null ? `${byteText(c.value)}/${byteText(c.mask)}` : ` ${name}`}`;
  },
  // Kernel: tos_mt(), net/netfilter/xt_dscp.c
  match: (c, { skb }) => ((skb.packet.tos & c.mask) === c.value) !== c.negated,
  because: (_, { skb }) => `the TOS byte is ${byteText(skb.packet.tos)}`,
});
