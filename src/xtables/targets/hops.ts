import { withTtl } from '../../wire';
import { uint } from '../read/kinds';
import { defineTarget, option, type TargetAnswer, type XtAction } from '../record';
import { type Read, Refusal } from '../refusal';
import { replacePacket } from './change';

/** TTL and HL: the hop count of IPv4 and IPv6. */

interface HopConfig {
  readonly mode: 'set' | 'inc' | 'dec';
  readonly value: number;
}

/** Kernel: ttl_tg(), hl_tg6(), net/netfilter/xt_HL.c */
function apply(c: HopConfig, action: XtAction, field: 'ttl' | 'hoplimit', by: string): TargetAnswer {
  const { packet } = action.skb;
  const { ttl } = packet;
  const after =
    c.mode === 'set' ? c.value : c.mode === 'inc' ? Math.min(255, ttl + c.value) : Math.max(0, ttl - c.value);
  if (after !== ttl) replacePacket(action, withTtl(packet, after), field, ttl, after, by);
  return 'continue';
}

const WORDS = { set: 'set to', inc: 'increment by', dec: 'decrement by' } as const;

interface HopUses {
  readonly set: { readonly value: number } | undefined;
  readonly dec: { readonly value: number } | undefined;
  readonly inc: { readonly value: number } | undefined;
}

function configOf(uses: HopUses, name: string): Read<HopConfig> {
  for (const mode of ['set', 'dec', 'inc'] as const) {
    const use = uses[mode];
    if (use !== undefined) return { mode, value: use.value };
  }
  return new Refusal('option-missing', `${name}: You must specify an action`);
}

const TTL_ANY = ['ttl-set', 'ttl-inc', 'ttl-dec'];

export const TTL = defineTarget({
  name: 'TTL',
  title: 'Change the TTL',
  help: 'Sets, raises or lowers the time to live.',
  families: ['ip'],
  verdict: 'continue',
  tables: ['mangle'],
  options: {
    'ttl-set': option(uint(8), 'Set to', { excludes: TTL_ANY }),
    'ttl-dec': option(uint(8, { min: 1 }), 'Lower by', { excludes: TTL_ANY }),
    'ttl-inc': option(uint(8, { min: 1 }), 'Raise by', { excludes: TTL_ANY }),
  },
  parse: (uses) => configOf({ set: uses['ttl-set'], dec: uses['ttl-dec'], inc: uses['ttl-inc'] }, 'TTL'),
  print: (c) => ` --ttl-${c.mode} ${c.value}`,
  list: (c) => ` TTL ${WORDS[c.mode]} ${c.value}`,
  act: (c, action) => apply(c, action, 'ttl', 'TTL'),
});

const HL_ANY = ['hl-set', 'hl-inc', 'hl-dec'];

export const HL = defineTarget({
  name: 'HL',
  title: 'Change the hop limit',
  help: 'Sets, raises or lowers the hop limit.',
  families: ['ip6'],
  verdict: 'continue',
  tables: ['mangle'],
  options: {
    'hl-set': option(uint(8), 'Set to', { excludes: HL_ANY }),
    'hl-dec': option(uint(8, { min: 1 }), 'Lower by', { excludes: HL_ANY }),
    'hl-inc': option(uint(8, { min: 1 }), 'Raise by', { excludes: HL_ANY }),
  },
  parse: (uses) => configOf({ set: uses['hl-set'], dec: uses['hl-dec'], inc: uses['hl-inc'] }, 'HL'),
  print: (c) => ` --hl-${c.mode} ${c.value}`,
  list: (c) => ` HL ${WORDS[c.mode]} ${c.value}`,
  act: (c, action) => apply(c, action, 'hoplimit', 'HL'),
});
