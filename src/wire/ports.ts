import { u16 } from './bytes';
import { IPPROTO, type Packet } from './packet';

/** Whether headers of this protocol begin with two ports. Kernel: proto_ports_offset(), net/core/utils.c */
export function hasPorts(protocol: number): boolean {
  return (
    protocol === IPPROTO.tcp ||
    protocol === IPPROTO.udp ||
    protocol === IPPROTO.udplite ||
    protocol === IPPROTO.sctp ||
    protocol === IPPROTO.dccp
  );
}

/**
 * The ports of TCP, UDP, UDPLite, SCTP and DCCP, or null if the protocol has none, the packet is a later fragment, or
 * not even four bytes of the header are there. Who needs the whole header asks `packet.tcp` and so on.
 */
export function ports(packet: Packet): { readonly sport: number; readonly dport: number } | null {
  const header = packet.tcp ?? packet.udp;
  if (header !== undefined) return header;
  const at = packet.l4Offset;
  if (!hasPorts(packet.protocol) || at + 4 > packet.bytes.length) return null;
  if (packet.fragment !== null && packet.fragment.offset > 0) return null;
  return { sport: u16(packet.bytes, at), dport: u16(packet.bytes, at + 2) };
}
