import { hostMask, oneOf, port, protocol } from '../read/kinds';
import { defineMatch, flag, option } from '../record';

/** Read only: the kernel that the engine is compared with has no IPVS. */
export const ipvs = defineMatch({
  name: 'ipvs',
  title: 'IPVS',
  help: 'Properties of an IPVS connection. Hosts of a lab have no IPVS: a rule with it does not load.',
  absent: true,
  options: {
    ipvs: flag('The packet belongs to IPVS', { negatable: true }),
    vproto: option(protocol, 'Protocol of the service', { negatable: true }),
    vaddr: option(hostMask, 'Address of the service', { negatable: true }),
    vport: option(port, 'Port of the service', { negatable: true }),
    vdir: option(oneOf(['ORIGINAL', 'REPLY'], "ipvs: Unknown --vdir `%s'", true), 'Direction of the packet'),
    vmethod: option(oneOf(['GATE', 'IPIP', 'MASQ'], "Unknown vmethod `%s'", true), 'How packets are forwarded', {
      negatable: true,
    }),
    vportctl: option(port, 'Port of the controlling connection', { negatable: true }),
  },
  parse: () => ({}),
  print: () => '',
});
