import { type Addr, compareAddr, intToIp4, parseAddr } from '../../wire';
import { readQuadLoose } from '../read/address';
import { criterion, defineMatch, type Kind, not, option } from '../record';
import { type Read, Refusal } from '../refusal';
import type { XtFamily } from '../types';

interface AddrRange {
  readonly min: Addr;
  readonly max: Addr;
}

interface IprangeConfig {
  readonly src: (AddrRange & { readonly negated: boolean }) | null;
  readonly dst: (AddrRange & { readonly negated: boolean }) | null;
}

function readOne(text: string, family: XtFamily): Addr | null {
  if (family === 'ip') {
    const quad = readQuadLoose(text, true);
    return quad === null ? null : intToIp4(quad);
  }
  const addr = parseAddr(text);
  return addr?.includes(':') ? addr : null;
}

/** Both ends, or the word that is no address. */
function readRange(text: string, family: XtFamily): AddrRange | string {
  const dash = text.indexOf('-');
  const [from, to] = dash < 0 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)];
  const min = readOne(from, family);
  if (min === null) return from;
  const max = readOne(to, family);
  return max === null ? to : { min, max };
}

const range: Kind<AddrRange> = {
  name: 'address-range',
  read: (text, { family, flag }) => {
    const found = readRange(text, family);
    return typeof found === 'string'
      ? new Refusal('bad-address', `iprange: Bad value for "--${flag}" option: "${found}"`)
      : found;
  },
};

function warning(_name: string, text: string, family: XtFamily): string | null {
  const found = readRange(text, family);
  const reversed = typeof found !== 'string' && compareAddr(found.min, found.max) > 0;
  return reversed ? `xt_iprange: range ${text} is reversed and will never match` : null;
}

export const iprange = defineMatch({
  name: 'iprange',
  title: 'Address range',
  help: 'Addresses from one to another, which need not be a network.',
  options: {
    'src-range': option(range, 'Source addresses, FROM-TO', { negatable: true, warning }),
    'dst-range': option(range, 'Destination addresses, FROM-TO', { negatable: true, warning }),
  },
  parse: (uses): Read<IprangeConfig> => {
    const [src, dst] = [uses['src-range'], uses['dst-range']];
    if (src === undefined && dst === undefined) {
      return new Refusal('option-missing', "iprange match: You must specify `--src-range' or `--dst-range'");
    }
    return {
      src: src === undefined ? null : { ...src.value, negated: src.negated },
      dst: dst === undefined ? null : { ...dst.value, negated: dst.negated },
    };
  },
  print: (c) => {
    let text = '';
    if (c.src !== null) text += `${not(c.src.negated)} --src-range ${c.src.min}-${c.src.max}`;
    if (c.dst !== null) text += `${not(c.dst.negated)} --dst-range ${c.dst.min}-${c.dst.max}`;
    return text;
  },
  list: (c) => {
    let text = '';
    if (c.src !== null) text += ` source IP range${not(c.src.negated)} ${c.src.min}-${c.src.max}`;
    if (c.dst !== null) text += ` destination IP range${not(c.dst.negated)} ${c.dst.min}-${c.dst.max}`;
    return text;
  },
  // Kernel: iprange_mt4(), iprange_mt6(), net/netfilter/xt_iprange.c
  match: (c, { skb }) => {
    if (c.src !== null && within(c.src, skb.packet.src) === c.src.negated) return false;
    return c.dst === null || within(c.dst, skb.packet.dst) !== c.dst.negated;
  },
  explain: (c, { skb }) => {
    const say = (name: string, test: IprangeConfig['src'], addr: Addr) => {
      if (test === null) return [];
      const words = `${test.negated ? '! ' : ''}--${name} ${test.min}-${test.max}`;
      return [criterion(words, within(test, addr) !== test.negated, `it is ${addr}`)];
    };
    return [...say('src-range', c.src, skb.packet.src), ...say('dst-range', c.dst, skb.packet.dst)];
  },
});

function within({ min, max }: AddrRange, addr: Addr): boolean {
  return compareAddr(addr, min) >= 0 && compareAddr(addr, max) <= 0;
}
