import { IPPROTO, u16, u32 } from '../../wire';
import { uint, uintRange } from '../read/kinds';
import { defineMatch, flag, not, option } from '../record';
import { extensionHeader } from './extension-header';
import { inRange, listRange, type NumberRange, numberRange, saveRange } from './number-range';

interface FragConfig {
  readonly id: NumberRange;
  readonly length: { readonly value: number; readonly negated: boolean } | null;
  readonly reserved: boolean;
  readonly first: boolean;
  /** Whether more fragments must follow; null: either. */
  readonly more: boolean | null;
}

export const frag = defineMatch({
  name: 'frag',
  title: 'Fragment header',
  help: 'Fields of an IPv6 fragment header. Where connections are tracked, rules see whole packets, not fragments.',
  families: ['ip6'],
  options: {
    fragid: option(uintRange(32), 'Identification, or a range', { negatable: true }),
    fraglen: option(uint(32), 'Kept, and never looked at', { negatable: true }),
    fragres: flag('The reserved fields are zero'),
    fragfirst: flag('It is the first fragment'),
    fragmore: flag('More fragments follow', { excludes: ['fraglast'] }),
    fraglast: flag('It is the last fragment', { excludes: ['fragmore'] }),
  },
  parse: (uses): FragConfig => ({
    id: numberRange(uses.fragid),
    length: uses.fraglen === undefined ? null : { value: uses.fraglen.value, negated: uses.fraglen.negated },
    reserved: uses.fragres !== undefined,
    first: uses.fragfirst !== undefined,
    more: uses.fragmore !== undefined ? true : uses.fraglast !== undefined ? false : null,
  }),
  print: (c) => {
    let text = saveRange('fragid', c.id);
    if (c.length !== null) text += `${not(c.length.negated)} --fraglen ${c.length.value}`;
    return `${text}${flagText(c, ' --frag')}`;
  },
  list: (c) => {
    const length = c.length === null ? '' : ` length:${c.length.negated ? '!' : ''}${c.length.value}`;
    return ` frag ${listRange('id', c.id)}${length}${flagText(c, ' ').replace(' res', ' reserved')}`;
  },
  // Kernel: frag_mt6(), net/ipv6/netfilter/ip6t_frag.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    const header = extensionHeader(action, IPPROTO.fragment);
    if (header === null) return false;
    const [reserved, word, id] = [
      bytes[header.offset + 1]!,
      u16(bytes, header.offset + 2),
      u32(bytes, header.offset + 4),
    ];
    if (!inRange(c.id, id)) return false;
    if (c.reserved && (reserved !== 0 || (word & 6) !== 0)) return false;
    if (c.first && word >>> 3 !== 0) return false;
    return c.more === null || ((word & 1) === 1) === c.more;
  },
  because: (_, { skb }) => {
    const { fragment, id, extensions } = skb.packet;
    if (!extensions.some(({ protocol }) => protocol === IPPROTO.fragment)) return 'there is no fragment header';
    return `the identification is ${id}, the offset ${fragment?.offset ?? 0}, and ${fragment?.more ? 'more follow' : 'none follow'}`;
  },
});

function flagText(c: FragConfig, prefix: string): string {
  let text = '';
  if (c.reserved) text += `${prefix}res`;
  if (c.first) text += `${prefix}first`;
  if (c.more !== null) text += prefix + (c.more ? 'more' : 'last');
  return text;
}
