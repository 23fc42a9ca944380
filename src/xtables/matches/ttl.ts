import { uint } from '../read/kinds';
import { defineMatch, option } from '../record';
import { type Read, Refusal } from '../refusal';

/** How the hop count is compared. */
export interface HopConfig {
  readonly op: 'eq' | 'ne' | 'lt' | 'gt';
  readonly value: number;
}

export function hopMatches({ op, value }: HopConfig, hops: number): boolean {
  switch (op) {
    case 'eq':
      return hops === value;
    case 'ne':
      return hops !== value;
    case 'lt':
      return hops < value;
    case 'gt':
      return hops > value;
  }
}

export const HOP_SIGN = { eq: '==', ne: '!=', lt: '<', gt: '>' } as const;

const ANY = ['ttl-eq', 'ttl-lt', 'ttl-gt'];

export const ttl = defineMatch({
  name: 'ttl',
  title: 'TTL',
  help: 'Time to live in the IPv4 header.',
  families: ['ip'],
  options: {
    'ttl-lt': option(uint(8), 'Less than', { excludes: ANY }),
    'ttl-gt': option(uint(8), 'Greater than', { excludes: ANY }),
    'ttl-eq': option(uint(8), 'Equal', { aliases: ['ttl'], negatable: true, excludes: ANY }),
  },
  parse: (uses): Read<HopConfig> => {
    if (uses['ttl-eq'] !== undefined) return { op: uses['ttl-eq'].negated ? 'ne' : 'eq', value: uses['ttl-eq'].value };
    if (uses['ttl-lt'] !== undefined) return { op: 'lt', value: uses['ttl-lt'].value };
    if (uses['ttl-gt'] !== undefined) return { op: 'gt', value: uses['ttl-gt'].value };
    return new Refusal('option-missing', "TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt");
  },
  print: (c) => (c.op === 'ne' ? ` ! --ttl-eq ${c.value}` : ` --ttl-${c.op} ${c.value}`),
  list: (c) => ` TTL match TTL ${HOP_SIGN[c.op]} ${c.value}`,
  // Kernel: ttl_mt(), net/netfilter/xt_hl.c
  match: (c, { skb }) => hopMatches(c, skb.packet.ttl),
  because: (_, { skb }) => `the TTL is ${skb.packet.ttl}`,
});
