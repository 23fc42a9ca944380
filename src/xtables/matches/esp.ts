import { u32 } from '../../wire';
import { uintRange } from '../read/kinds';
import { defineMatch, option } from '../record';
import { inRange, listRange, type NumberRange, numberRange, saveRange } from './number-range';

interface EspConfig {
  readonly spi: NumberRange;
}

export const esp = defineMatch({
  name: 'esp',
  title: 'IPsec ESP',
  help: 'Security parameter index of an encrypted IPsec packet.',
  protocols: [50],
  options: { espspi: option(uintRange(32), 'SPI, or a range', { negatable: true }) },
  parse: (uses): EspConfig => ({ spi: numberRange(uses.espspi) }),
  print: (c) => saveRange('espspi', c.spi),
  list: (c) => {
    const range = listRange('spi', c.spi);
    return range === '' ? ' esp' : ` esp ${range}`;
  },
  // Kernel: esp_mt(), net/netfilter/xt_esp.c
  match: (c, action) => {
    const { bytes } = action.skb.packet;
    if (action.fragoff !== 0) return false;
    if (action.thoff + 8 > bytes.length) {
      action.hotdrop = true;
      return false;
    }
    return inRange(c.spi, u32(bytes, action.thoff));
  },
  because: (_, { skb, thoff }) => {
    const { bytes } = skb.packet;
    return thoff + 8 > bytes.length ? 'there is no whole ESP header' : `the SPI is ${u32(bytes, thoff)}`;
  },
});
