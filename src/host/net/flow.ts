import { type FibFlow, flowTo, rulesNeedPorts } from '../../fib';
import { type Packet, ports } from '../../wire';
import type { Host } from '../host';

/** The ports and the protocol that policy rules see, if any rule asks for them. Kernel: fib4_rules_early_flow_dissect() */
export function dissect(host: Host, packet: Packet): Pick<FibFlow, 'protocol' | 'sport' | 'dport'> {
  const { rules } = host.fib[packet.family];
  if (!rulesNeedPorts(rules)) return NOTHING;
  const found = ports(packet);
  return { protocol: packet.protocol, sport: found?.sport ?? 0, dport: found?.dport ?? 0 };
}

const NOTHING = { protocol: 0, sport: 0, dport: 0 } as const;

export { flowTo };
