import { ctSetMark } from '../../conntrack';
import { markMask, uint } from '../read/kinds';
import { hex } from '../read/numbers';
import { defineTarget, flag, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { changed, setMark } from './change';
import { markOperation, xmarkOf } from './MARK';

interface ConnmarkConfig {
  readonly mode: 'set' | 'save' | 'restore';
  readonly ctmark: number;
  readonly ctmask: number;
  readonly nfmask: number;
  readonly shift: { readonly direction: 'left' | 'right'; readonly bits: number };
}

const ALL = 0xffff_ffff;
/** In the order in which the tool looks for them. */
const OPERATIONS = ['set-mark', 'save-mark', 'restore-mark', 'and-mark', 'or-mark', 'xor-mark', 'set-xmark'] as const;

export const CONNMARK = defineTarget({
  name: 'CONNMARK',
  title: 'Set the connection mark',
  help: 'Changes the mark of the connection, or copies it to or from the mark of the packet.',
  verdict: 'continue',
  conntrack: true,
  options: {
    'set-xmark': option(markMask, 'Clears the bits of the mask, then flips those of the value', {
      excludes: OPERATIONS,
    }),
    'set-mark': option(markMask, 'Sets the bits of the mask to the value', { excludes: OPERATIONS }),
    'and-mark': option(uint(32), 'Keeps only these bits', { excludes: OPERATIONS }),
    'or-mark': option(uint(32), 'Sets these bits', { excludes: OPERATIONS }),
    'xor-mark': option(uint(32), 'Flips these bits', { excludes: OPERATIONS }),
    'save-mark': flag('Copies the mark of the packet to the connection', { excludes: OPERATIONS }),
    'restore-mark': flag('Copies the mark of the connection to the packet', { excludes: OPERATIONS }),
    'left-shift-mark': option(uint(8, { max: 32 }), 'Shifts the mark left by so many bits'),
    'right-shift-mark': option(uint(8, { max: 32 }), 'Shifts the mark right by so many bits'),
    ctmask: option(uint(32), 'Bits of the connection mark that count', { excludes: ['mask'] }),
    nfmask: option(uint(32), 'Bits of the packet mark that count', { excludes: ['mask'] }),
    mask: option(uint(32), 'Bits of both marks that count', { excludes: ['ctmask', 'nfmask'] }),
  },
  parse: (uses): Read<ConnmarkConfig> => {
    const left = uses['left-shift-mark']?.value;
    const right = uses['right-shift-mark']?.value;
    const shift = { direction: right !== undefined ? 'right' : 'left', bits: right ?? left ?? 0 } as const;
    const ctmask = uses.mask ?? uses.ctmask;
    const masks = {
      ctmask: ctmask?.value ?? ALL,
      nfmask: uses.mask?.value ?? uses.nfmask?.value ?? ALL,
    };
    if (uses['save-mark'] !== undefined) return { mode: 'save', ctmark: 0, ...masks, shift };
    if (uses['restore-mark'] !== undefined) return { mode: 'restore', ctmark: 0, ...masks, shift };
    const set = xmarkOf(uses);
    if (set === null) return new Refusal('option-missing', 'CONNMARK target: No operation specified');
    // A mask that is given after the mark takes the place of the mark's own.
    const order = Math.max(...OPERATIONS.map((name) => uses[name]?.order ?? -1));
    const own = ctmask === undefined || ctmask.order < order ? set.mask : ctmask.value;
    return { mode: 'set', ctmark: set.value, ctmask: own, nfmask: masks.nfmask, shift };
  },
  print: (c) => {
    let text = '';
    if (c.mode === 'set') text = ` --set-xmark ${hex(c.ctmark)}/${hex(c.ctmask)}`;
    else text = ` --${c.mode}-mark --nfmask ${hex(c.nfmask)} --ctmask ${hex(c.ctmask)}`;
    return text + shiftText(c, '--');
  },
  list: (c) => {
    let text = ' CONNMARK ';
    if (c.mode === 'set') text += markOperation({ value: c.ctmark, mask: c.ctmask });
    else {
      const [first, second] = c.mode === 'save' ? (['nfmask', 'ctmask'] as const) : (['ctmask', 'nfmask'] as const);
      text += c.mode;
      if (c.nfmask !== c.ctmask) text += ` ${first} ${hex(c[first])} ${second} ~${hex(c[second])}`;
      else if (c.nfmask !== ALL) text += ` mask ${hex(c.nfmask)}`;
    }
    return text + shiftText(c, '');
  },
  // Kernel: connmark_tg_shift(), net/netfilter/xt_connmark.c
  act: (c, action) => {
    const { skb, env } = action;
    const conn = c.mode === 'restore' ? (skb.ct ?? skb.template) : skb.ct;
    if (conn === null || env.ct === null) return 'continue';
    const shift = (n: number): number =>
      (c.shift.direction === 'right' ? (n >>> 0) >>> c.shift.bits : n << c.shift.bits) >>> 0;
    if (c.mode === 'restore') {
      setMark(action, (skb.mark & ~c.nfmask) ^ shift(conn.mark & c.ctmask), 'CONNMARK');
      return 'continue';
    }
    const before = conn.mark;
    const mark =
      c.mode === 'set'
        ? shift((before & ~c.ctmask) ^ c.ctmark)
        : ((before & ~c.ctmask) ^ shift(skb.mark & c.nfmask)) >>> 0;
    ctSetMark(env.ct, env.port, skb, mark);
    changed(action, 'connmark', before, mark, 'CONNMARK');
    return 'continue';
  },
});

function shiftText({ shift }: ConnmarkConfig, dashes: string): string {
  return shift.bits === 0 ? '' : ` ${dashes}${shift.direction}-shift-mark ${shift.bits}`;
}
