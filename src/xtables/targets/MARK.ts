import { markMask, uint, type ValueMask } from '../read/kinds';
import { hex } from '../read/numbers';
import { defineTarget, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { setMark } from './change';

const ANY = ['set-xmark', 'set-mark', 'and-mark', 'or-mark', 'xor-mark'];

export const MARK = defineTarget({
  name: 'MARK',
  title: 'Set the mark',
  help: 'Changes the mark of the packet; in mangle PREROUTING and OUTPUT routing can follow it.',
  verdict: 'continue',
  options: {
    'set-xmark': option(markMask, 'Clears the bits of the mask, then flips those of the value', { excludes: ANY }),
    'set-mark': option(markMask, 'Sets the bits of the mask to the value', { excludes: ANY }),
    'and-mark': option(uint(32), 'Keeps only these bits', { excludes: ANY }),
    'or-mark': option(uint(32), 'Sets these bits', { excludes: ANY }),
    'xor-mark': option(uint(32), 'Flips these bits', { excludes: ANY }),
  },
  parse: (uses): Read<ValueMask> =>
    xmarkOf(uses) ??
    new Refusal('option-missing', 'MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required'),
  print: (c) => ` --set-xmark ${hex(c.value)}/${hex(c.mask)}`,
  list: (c) => ` MARK ${markOperation(c)}`,
  // Kernel: mark_tg(), net/netfilter/xt_mark.c
  act: (c, action) => {
    setMark(action, (action.skb.mark & ~c.mask) ^ c.value, 'MARK');
    return 'continue';
  },
});

interface MarkUses {
  readonly 'set-xmark'?: { readonly value: ValueMask };
  readonly 'set-mark'?: { readonly value: ValueMask };
  readonly 'and-mark'?: { readonly value: number };
  readonly 'or-mark'?: { readonly value: number };
  readonly 'xor-mark'?: { readonly value: number };
}

/** Every way of setting a mark, as a value that is flipped in after a mask was cleared. */
export function xmarkOf(uses: MarkUses): ValueMask | null {
  if (uses['set-xmark'] !== undefined) return uses['set-xmark'].value;
  const set = uses['set-mark']?.value;
  if (set !== undefined) return { value: set.value, mask: (set.value | set.mask) >>> 0 };
  if (uses['and-mark'] !== undefined) return { value: 0, mask: ~uses['and-mark'].value >>> 0 };
  if (uses['or-mark'] !== undefined) return { value: uses['or-mark'].value, mask: uses['or-mark'].value };
  if (uses['xor-mark'] !== undefined) return { value: uses['xor-mark'].value, mask: 0 };
  return null;
}

/** As `iptables -L` names the operation. */
export function markOperation({ value, mask }: ValueMask): string {
  if (value === 0) return `and ${hex(~mask)}`;
  if (value === mask) return `or ${hex(value)}`;
  if (mask === 0) return `xor ${hex(value)}`;
  if (mask === 0xffff_ffff) return `set ${hex(value)}`;
  return `xset ${hex(value)}/${hex(mask)}`;
}
