import type { CtInfo, HookState, HostPort, Skb } from '../../model';
import { IPPROTO } from '../../wire';
import type { Flow } from '../flow';
import { refreshAcct } from '../lifetime';
import type { ConntrackState } from '../state';
import { ctTimeout } from '../sysctl';
import { ACCEPT, type TrackerAnswer } from './answer';
import { grePacket } from './gre';
import { icmpPacket, icmpv6Packet } from './icmp';
import { sctpPacket } from './sctp';
import { tcpPacket } from './tcp';
import { udplitePacket, udpPacket } from './udp';

/** Protocols whose packets may clash at confirm without being dropped. Kernel: nf_conntrack_l4proto.allow_clash */
export function allowsClash(protocol: number): boolean {
  return protocol === IPPROTO.udp || protocol === IPPROTO.udplite || protocol === IPPROTO.gre;
}

/** Hands the packet to its protocol's tracker. Kernel: nf_conntrack_handle_packet() */
export function handlePacket(
  ct: ConntrackState,
  port: HostPort,
  flow: Flow,
  skb: Skb,
  info: CtInfo,
  state: HookState,
): TrackerAnswer {
  switch (flow.original.protocol) {
    case IPPROTO.tcp:
      return tcpPacket(ct, port, flow, skb, info, state);
    case IPPROTO.udp:
      return udpPacket(port, flow, skb, info, state);
    case IPPROTO.udplite:
      return udplitePacket(port, flow, skb, info, state);
    case IPPROTO.icmp:
      return icmpPacket(port, flow, skb, info, state);
    case IPPROTO.icmpv6:
      return icmpv6Packet(port, flow, skb, info, state);
    case IPPROTO.sctp:
      return sctpPacket(port, flow, skb, info, state);
    case IPPROTO.gre:
      return grePacket(port, flow, skb, info);
    default:
      // Kernel: generic_packet()
      refreshAcct(port, flow, info, skb, ctTimeout(port, 'generic_timeout'));
      return ACCEPT;
  }
}
