import { etherMac } from '../read/host-kinds';
import { defineMatch, not, option } from '../record';

interface MacConfig {
  readonly mac: string;
  readonly negated: boolean;
}

export const mac = defineMatch({
  name: 'mac',
  title: 'MAC address',
  help: 'Hardware address of the machine that the frame came from.',
  hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
  options: {
    'mac-source': option(etherMac, 'Source MAC, `02:00:00:00:00:01`', { negatable: true, required: true }),
  },
  parse: (uses): MacConfig => ({ mac: uses['mac-source']!.value, negated: uses['mac-source']!.negated }),
  print: (c) => `${not(c.negated)} --mac-source ${c.mac}`,
  list: (c) => ` MAC ${c.negated ? '! ' : ''}${c.mac}`,
  // Kernel: mac_mt(), net/netfilter/xt_mac.c
  match: (c, { skb }) => skb.mac !== null && (skb.mac.src === c.mac) !== c.negated,
  because: (_, { skb }) => (skb.mac === null ? 'it came over no wire' : `the source MAC is ${skb.mac.src}`),
});
