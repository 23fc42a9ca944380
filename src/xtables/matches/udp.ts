import { criterion, defineMatch } from '../record';
import type { Criterion } from '../types';
import { ANY_PORT, listPorts, PORT_OPTIONS, type PortTest, portMatches, savePorts } from './ports';

interface UdpConfig {
  readonly sport: PortTest;
  readonly dport: PortTest;
}

export const udp = defineMatch({
  name: 'udp',
  title: 'UDP',
  help: 'Ports of a UDP datagram.',
  protocols: [17],
  options: PORT_OPTIONS,
  parse: (uses): UdpConfig => ({
    sport: uses.sport === undefined ? ANY_PORT : { ...uses.sport.value, negated: uses.sport.negated },
    dport: uses.dport === undefined ? ANY_PORT : { ...uses.dport.value, negated: uses.dport.negated },
  }),
  print: (c) => savePorts('sport', c.sport) + savePorts('dport', c.dport),
  list: (c, { numeric }) =>
    ` udp${listPorts('spt', c.sport, 'udp', numeric)}${listPorts('dpt', c.dport, 'udp', numeric)}`,
  onlyPort: (c) => (c.dport.min === c.dport.max && !c.dport.negated ? c.dport.min : null),
  // Kernel: udp_mt(), net/netfilter/xt_tcpudp.c
  match: (c, action) => {
    if (action.fragoff !== 0) return false;
    const header = action.skb.packet.udp;
    if (header === undefined) {
      action.hotdrop = true;
      return false;
    }
    return portMatches(c.sport, header.sport) && portMatches(c.dport, header.dport);
  },
  explain: (c, action, matched) => {
    const header = action.skb.packet.udp;
    if (header === undefined || action.fragoff !== 0) {
      return [criterion('-m udp', matched ?? false, 'there is no UDP header here')];
    }
    const parts: Criterion[] = [];
    const add = (text: string, met: boolean, because: string): void => {
      if (text !== '') parts.push(criterion(text.trim(), met, because));
    };
    add(savePorts('sport', c.sport), portMatches(c.sport, header.sport), `the source port is ${header.sport}`);
    add(savePorts('dport', c.dport), portMatches(c.dport, header.dport), `the destination port is ${header.dport}`);
    return parts.length === 0 ? [criterion('-m udp', true, '')] : parts;
  },
});
