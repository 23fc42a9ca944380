import { u16 } from '../../wire';
import { uintRange } from '../read/kinds';
import { defineMatch, flag, option } from '../record';
import { inRange, listRange, type NumberRange, numberRange, saveRange } from './number-range';

interface IpcompConfig {
  readonly spi: NumberRange;
  readonly reserved: boolean;
}

export const ipcomp = defineMatch({
  name: 'ipcomp',
  title: 'IPComp',
  help: 'Compression parameter index of a compressed IP packet.',
  protocols: [108],
  options: {
    ipcompspi: option(uintRange(32), 'CPI, or a range', { negatable: true }),
    compres: flag('Kept, and never looked at'),
  },
  parse: (uses): IpcompConfig => ({
    // Without the option, the tool leaves a range of 0 to 0.
    spi: uses.ipcompspi === undefined ? { min: 0, max: 0, negated: false } : numberRange(uses.ipcompspi),
    reserved: uses.compres !== undefined,
  }),
  print: (c) => saveRange('ipcompspi', c.spi) + (c.reserved ? ' --compres' : ''),
  list: (c) => ` comp ${listRange('spi', c.spi)}${c.reserved ? ' reserved' : ''}`,
  // Kernel: comp_mt(), net/netfilter/xt_ipcomp.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    if (action.fragoff !== 0) return false;
    if (action.thoff + 4 > bytes.length) {
      action.hotdrop = true;
      return false;
    }
    return inRange(c.spi, u16(bytes, action.thoff + 2));
  },
  because: (_, { skb, thoff }) => {
    const { bytes } = skb.packet;
    return thoff + 4 > bytes.length ? 'there is no whole IPComp header' : `the CPI is ${u16(bytes, thoff + 2)}`;
  },
});
