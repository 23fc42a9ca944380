import { uint } from '../read/kinds';
import { defineMatch, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { HOP_SIGN, type HopConfig, hopMatches } from './ttl';

const ANY = ['hl-eq', 'hl-lt', 'hl-gt'];

export const hl = defineMatch({
  name: 'hl',
  title: 'Hop limit',
  help: 'Hop limit in the IPv6 header.',
  families: ['ip6'],
  options: {
    'hl-lt': option(uint(8), 'Less than', { excludes: ANY }),
    'hl-gt': option(uint(8), 'Greater than', { excludes: ANY }),
    'hl-eq': option(uint(8), 'Equal', { aliases: ['hl'], negatable: true, excludes: ANY }),
  },
  parse: (uses): Read<HopConfig> => {
    if (uses['hl-eq'] !== undefined) return { op: uses['hl-eq'].negated ? 'ne' : 'eq', value: uses['hl-eq'].value };
    if (uses['hl-lt'] !== undefined) return { op: 'lt', value: uses['hl-lt'].value };
    if (uses['hl-gt'] !== undefined) return { op: 'gt', value: uses['hl-gt'].value };
    return new Refusal('option-missing', "HL match: You must specify one of `--hl-eq', `--hl-lt', `--hl-gt'");
  },
  print: (c) => (c.op === 'ne' ? ` ! --hl-eq ${c.value}` : ` --hl-${c.op} ${c.value}`),
  list: (c) => ` HL match HL ${HOP_SIGN[c.op]} ${c.value}`,
  // Kernel: hl_mt6(), net/netfilter/xt_hl.c
  match: (c, { skb }) => hopMatches(c, skb.packet.ttl),
  because: (_, { skb }) => `the hop limit is ${skb.packet.ttl}`,
});
