import type { HookState, Skb } from '../model';
import { addrWords, hasPorts, IPPROTO, type Packet, ports, type Words } from '../wire';
import type { SetDir } from './port';

/** The address that a direction means. Kernel: ip4addrptr(), ip6addrptr() */
export function addressOf(skb: Skb, dir: SetDir | undefined): Words {
  return addrWords(dir === 'src' ? skb.packet.src : skb.packet.dst);
}

/**
 * Port and protocol as sets see them: type and code for ICMP, 0 for a protocol without ports; null if they are not
 * there. Kernel: ip_set_get_ip4_port(), ip_set_get_ip6_port(), net/netfilter/ipset/ip_set_getport.c
 */
export function portOf(
  packet: Packet,
  dir: SetDir | undefined,
): { readonly port: number; readonly proto: number } | null {
  const proto = packet.protocol;
  if (packet.family === 4 ? proto === 0 : proto === IPPROTO.none) return null;
  const known = hasPorts(proto) && proto !== IPPROTO.dccp;
  const later = packet.fragment !== null && packet.fragment.offset > 0;
  if (later && (packet.family === 6 || known || proto === IPPROTO.icmp)) return null;
  if (proto === IPPROTO.icmp || proto === IPPROTO.icmpv6) {
    const header = icmpAt(packet);
    return header === null ? null : { port: header, proto };
  }
  if (!known || later) return { port: 0, proto };
  const need = proto === IPPROTO.tcp ? 20 : proto === IPPROTO.sctp ? 12 : 8;
  const both = packet.l4Offset + need <= packet.bytes.length ? ports(packet) : null;
  if (both === null) return null;
  return { port: dir === 'src' ? both.sport : both.dport, proto };
}

/** Type * 256 + code; the header must be whole. */
function icmpAt(packet: Packet): number | null {
  const at = packet.l4Offset;
  if (at + 8 > packet.bytes.length) return null;
  return packet.bytes[at]! * 256 + packet.bytes[at + 1]!;
}

/** The MAC that a direction means, or null if the packet has no frame or the address is zero. */
export function macOf(skb: Skb, dir: SetDir | undefined): string | null {
  if (skb.mac === null) return null;
  const mac = dir === 'src' ? skb.mac.src : skb.mac.dst;
  return mac === '00:00:00:00:00:00' ? null : mac;
}

/** The interface that a direction means; '' for none. */
export function ifaceOf(state: HookState, dir: SetDir | undefined): string {
  return dir === 'src' ? state.in : state.out;
}
