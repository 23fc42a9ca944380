import { type FibFlow, rulesNeedPorts } from '../../fib';
import { IPPROTO, type Packet, ports, u16 } from '../../wire';
import type { Host } from '../host';

/** The ports and the protocol that policy rules see, if any rule asks for them. Kernel: fib4_rules_early_flow_dissect() */
export function dissect(host: Host, packet: Packet): Pick<FibFlow, 'protocol' | 'sport' | 'dport'> {
  const { rules } = host.fib[packet.family];
  if (!rulesNeedPorts(rules)) return NOTHING;
  const { protocol, at } = transportOf(packet);
  const found = dissectPorts(packet, protocol, at);
  return { protocol, sport: found?.sport ?? 0, dport: found?.dport ?? 0 };
}

/** Where the walk over headers ends: at an authentication header, also in IPv6. Kernel: __skb_flow_dissect() */
function transportOf(packet: Packet): { readonly protocol: number; readonly at: number } {
  const ah = packet.extensions.find((header) => header.protocol === IPPROTO.ah);
  return ah ? { protocol: ah.protocol, at: ah.offset } : { protocol: packet.protocol, at: packet.l4Offset };
}

/** As ports count those of a whole packet, or the two halves of an SPI. Kernel: proto_ports_offset(), net/core/flow_dissector.c */
function dissectPorts(
  packet: Packet,
  protocol: number,
  at: number,
): { readonly sport: number; readonly dport: number } | null {
  const { bytes } = packet;
  if (packet.fragment !== null) return null;
  if (protocol !== IPPROTO.esp && protocol !== IPPROTO.ah) return ports(packet);
  const spi = protocol === IPPROTO.ah ? at + 4 : at;
  return spi + 4 > bytes.length ? null : { sport: u16(bytes, spi), dport: u16(bytes, spi + 2) };
}

const NOTHING = { protocol: 0, sport: 0, dport: 0 } as const;
