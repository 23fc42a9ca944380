import { withTos } from '../../wire';
import { byteText } from '../matches/tos';
import { tosMask, tosName, uint, type ValueMask } from '../read/kinds';
import { defineTarget, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { replacePacket } from './change';

const ANY = ['set-tos', 'and-tos', 'or-tos', 'xor-tos'];

export const TOS = defineTarget({
  name: 'TOS',
  title: 'Set the type of service',
  help: 'Changes bits of the TOS or traffic class byte.',
  verdict: 'continue',
  tables: ['mangle'],
  options: {
    'set-tos': option(tosMask(0x3f), 'Clears the bits of the mask, then flips those of the value', { excludes: ANY }),
    'and-tos': option(uint(8), 'Keeps only these bits', { excludes: ANY }),
    'or-tos': option(uint(8), 'Sets these bits', { excludes: ANY }),
    'xor-tos': option(uint(8), 'Flips these bits', { excludes: ANY }),
  },
  parse: (uses): Read<ValueMask> => {
    if (uses['set-tos'] !== undefined) return { ...uses['set-tos'].value };
    if (uses['and-tos'] !== undefined) return { value: 0, mask: ~uses['and-tos'].value & 255 };
    if (uses['or-tos'] !== undefined) return { value: uses['or-tos'].value, mask: uses['or-tos'].value };
    if (uses['xor-tos'] !== undefined) return { value: uses['xor-tos'].value, mask: 0 };
    return new Refusal('option-missing', 'TOS: An action is required');
  },
  print: (c) => ` --set-tos ${byteText(c.value)}/${byteText(c.mask)}`,
  list: (c, { numeric }) => {
    const set = ` TOS set ${byteText(c.value)}/${byteText(c.mask)}`;
    if (numeric) return set;
    const name = c.mask === 0x3f ? tosName(c.value) : null;
    // The tool forgets one blank, and has one too many.
    if (name !== null) return `  TOS set${name}`;
    if (c.value === 0) return ` TOS and ${byteText(~c.mask & 255)}`;
    if (c.value === c.mask) return ` TOS or ${byteText(c.value)}`;
    return c.mask === 0 ? ` TOS xor ${byteText(c.value)}` : set;
  },
  // Kernel: tos_tg(), tos_tg6(), net/netfilter/xt_DSCP.c
  act: (c, action) => {
    const { packet } = action.skb;
    const after = ((packet.tos & ~c.mask) ^ c.value) & 255;
    if (after !== packet.tos) replacePacket(action, withTos(packet, after), 'tos', packet.tos, after, 'TOS');
    return 'continue';
  },
});
