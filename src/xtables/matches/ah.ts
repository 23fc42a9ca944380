import { IPPROTO, u32 } from '../../wire';
import { uint, uintRange } from '../read/kinds';
import { defineMatch, flag, not, option } from '../record';
import { extensionHeader } from './extension-header';
import { inRange, listRange, type NumberRange, numberRange, saveRange } from './number-range';

interface AhConfig {
  readonly spi: NumberRange;
}

const HELP = 'Security parameter index of an IPsec authentication header.';

export const ah = defineMatch({
  name: 'ah',
  title: 'IPsec AH',
  help: HELP,
  families: ['ip'],
  protocols: [51],
  options: { ahspi: option(uintRange(32), 'SPI, or a range', { negatable: true }) },
  parse: (uses): AhConfig => ({ spi: numberRange(uses.ahspi) }),
  print: (c) => saveRange('ahspi', c.spi),
  list: (c) => ` ah ${listRange('spi', c.spi)}`,
  // Kernel: ah_mt(), net/ipv4/netfilter/ipt_ah.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    if (action.fragoff !== 0) return false;
    if (action.thoff + 12 > bytes.length) {
      action.hotdrop = true;
      return false;
    }
    return inRange(c.spi, u32(bytes, action.thoff + 4));
  },
  because: (_, { skb, thoff }) => {
    const { bytes } = skb.packet;
    return thoff + 12 > bytes.length ? 'there is no whole AH header' : `the SPI is ${u32(bytes, thoff + 4)}`;
  },
});

interface Ah6Config extends AhConfig {
  readonly length: { readonly value: number; readonly negated: boolean };
  readonly reserved: boolean;
}

export const ah6 = defineMatch({
  name: 'ah',
  title: 'IPsec AH',
  help: HELP,
  families: ['ip6'],
  options: {
    ahspi: option(uintRange(32), 'SPI, or a range', { negatable: true }),
    ahlen: option(uint(32), 'Length of the header in bytes', { negatable: true }),
    ahres: flag('The reserved field is zero'),
  },
  parse: (uses): Ah6Config => ({
    spi: numberRange(uses.ahspi),
    length: { value: uses.ahlen?.value ?? 0, negated: uses.ahlen?.negated ?? false },
    reserved: uses.ahres !== undefined,
  }),
  print: (c) => {
    const length = c.length.value !== 0 || c.length.negated;
    const text = saveRange('ahspi', c.spi) + (length ? `${not(c.length.negated)} --ahlen ${c.length.value}` : '');
    return c.reserved ? `${text} --ahres` : text;
  },
  list: (c) => {
    const length = c.length.value !== 0 || c.length.negated;
    const text = listRange('spi', c.spi) + (length ? `length:${c.length.negated ? '!' : ''}${c.length.value}` : '');
    return ` ah ${text}${c.reserved ? ' reserved' : ''}`;
  },
  // Kernel: ah_mt6(), net/ipv6/netfilter/ip6t_ah.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    const header = extensionHeader(action, IPPROTO.ah);
    if (header === null) return false;
    if (!inRange(c.spi, u32(bytes, header.offset + 4))) return false;
    if (c.length.value !== 0 && (header.length === c.length.value) === c.length.negated) return false;
    return !c.reserved || (bytes[header.offset + 2] === 0 && bytes[header.offset + 3] === 0);
  },
  because: (_, { skb }) => {
    const header = skb.packet.extensions.find(({ protocol }) => protocol === IPPROTO.ah);
    if (header === undefined) return 'there is no authentication header';
    return `the SPI is ${u32(skb.packet.bytes, header.offset + 4)}, the length ${header.length}`;
  },
});
