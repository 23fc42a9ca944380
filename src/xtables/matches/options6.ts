import type { Packet } from '../../wire';
import { uint } from '../read/kinds';
import { scanUint64 } from '../read/numbers';
import { defineMatch, type Kind, type Match, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { extensionHeader } from './extension-header';

/** `hbh` and `dst`: options in an IPv6 extension header, which must stand there in this order from the first on. */

interface HeaderOption {
  readonly type: number;
  /** 255: any. */
  readonly length: number;
}

interface OptionsConfig {
  readonly length: { readonly value: number; readonly negated: boolean } | null;
  /** Null: not asked for. */
  readonly list: readonly HeaderOption[] | null;
}

/** Most options. Kernel: IP6T_OPTS_OPTSNR */
const MOST = 16;

function optionList(name: string): Kind<readonly HeaderOption[]> {
  const number = (word: string, what: string): Read<number> => {
    const negative = word.startsWith('-');
    const digits = word.slice(negative ? 1 : 0);
    const scanned = scanUint64(digits);
    if (scanned === null && /^\d/.test(digits))
      return new Refusal('bad-value', `${what} \`${word}' specified too big: would overflow`);
    if (scanned === null) return new Refusal('bad-value', `${name}: no valid digits in ${what} \`${word}'`);
    if (scanned.end < digits.length) return new Refusal('bad-value', `${name}: error parsing ${what} \`${word}'`);
    return Number(BigInt.asUintN(8, negative ? -scanned.value : scanned.value));
  };
  return {
    name: 'header-options',
    read: (text) => {
      const list: HeaderOption[] = [];
      for (const part of text.split(',')) {
        if (list.length === MOST) return new Refusal('bad-value', 'too many addresses specified');
        const colon = part.indexOf(':');
        if (colon >= 0 && list.length === MOST - 1) return new Refusal('bad-value', 'too many ports specified');
        const type = number(colon < 0 ? part : part.slice(0, colon), 'opt');
        if (type instanceof Refusal) return type;
        if (colon >= 0 && type === 0)
          return new Refusal('bad-value', `PAD0 has${name === 'dst' ? "n't" : ' not'} got length`);
        const length = colon < 0 ? 255 : number(part.slice(colon + 1), 'length');
        if (length instanceof Refusal) return length;
        list.push({ type, length });
      }
      return list;
    },
  };
}

function listText(list: readonly HeaderOption[] | null): string {
  if (list === null) return '';
  return ` ${list.map(({ type, length }) => (length === 255 ? `${type}` : `${type}:${length}`)).join(',')}`;
}

function optionsMatch(name: 'hbh' | 'dst', protocol: number, title: string): Match {
  const [lengthFlag, listFlag] = [`${name}-len`, `${name}-opts`] as const;
  return defineMatch({
    name,
    title,
    help: `Options in the IPv6 ${title.toLowerCase()} header.`,
    families: ['ip6'],
    options: {
      [lengthFlag]: option(uint(32), 'Length of the header in bytes', { negatable: true }),
      [listFlag]: option(optionList(name), 'Options in order: `type` or `type:length`, with commas between'),
    },
    parse: (uses): OptionsConfig => {
      const length = uses[lengthFlag];
      return {
        length: length === undefined ? null : { value: length.value as number, negated: length.negated },
        list: (uses[listFlag]?.value ?? null) as readonly HeaderOption[] | null,
      };
    },
    print: (c) => {
      const length = c.length === null ? '' : `${not(c.length.negated)} --${lengthFlag} ${c.length.value}`;
      return c.list === null ? length : `${length} --${listFlag}${listText(c.list)}`;
    },
    list: (c) => {
      const length = c.length === null ? '' : ` length:${c.length.negated ? '!' : ''}${c.length.value}`;
      return ` ${name}${length}${c.list === null ? '' : ` opts${listText(c.list)}`}`;
    },
    // Kernel: hbh_mt6(), net/ipv6/netfilter/ip6t_hbh.c
    match: (c, action) => {
      const header = extensionHeader(action, protocol);
      if (header === null) return false;
      if (c.length !== null && (header.length === c.length.value) === c.length.negated) return false;
      return c.list === null || hasOptions(c.list, action.skb.packet, header.offset + 2, header.length - 2);
    },
    because: (_, { skb }) => {
      const header = skb.packet.extensions.find((extension) => extension.protocol === protocol);
      if (header === undefined) return 'there is no such header';
      const options = optionsText(skb.packet, header.offset + 2, header.length - 2);
      return `the header has ${header.length} bytes${options === '' ? '' : `, and the options ${options}`}`;
    },
  });
}

/** The options that are there, as the tool writes them; padding of one byte has no length. */
function optionsText({ bytes }: Packet, start: number, length: number): string {
  const found: HeaderOption[] = [];
  const end = Math.min(start + length, bytes.length);
  for (let at = start; at < end; ) {
    const type = bytes[at]!;
    const size = type === 0 ? 255 : (bytes[at + 1] ?? 0);
    found.push({ type, length: size });
    at += type === 0 ? 1 : size + 2;
  }
  return listText(found).trim();
}

function hasOptions(list: readonly HeaderOption[], { bytes }: Packet, start: number, length: number): boolean {
  let at = start;
  let left = length;
  for (const [i, wanted] of list.entries()) {
    if (left < 1 || at >= bytes.length || bytes[at] !== wanted.type) return false;
    let size = 1;
    if (wanted.type !== 0) {
      if (left < 2) return false;
      const found = bytes[at + 1]!;
      if (wanted.length !== 255 && wanted.length !== found) return false;
      size = found + 2;
    }
    if ((at > bytes.length - size || left < size) && i < list.length - 1) return false;
    at += size;
    left -= size;
  }
  return true;
}

export const hbh = optionsMatch('hbh', 0, 'Hop-by-hop options');
export const dst = optionsMatch('dst', 60, 'Destination options');
