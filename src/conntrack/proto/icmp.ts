import type { CtInfo, HookState, HostPort, Skb } from '../../model';
import { ICMP, ICMPV6 } from '../../wire';
import { type Flow, isConfirmed } from '../flow';
import { refreshAcct } from '../lifetime';
import { ctTimeout } from '../sysctl';
import { ACCEPT, invalid, type TrackerAnswer } from './answer';

const VALID_NEW: ReadonlySet<number> = new Set([ICMP.echo, ICMP.timestamp, ICMP.infoRequest, ICMP.address]);
const NI_QUERY = 139;

/** Kernel: nf_conntrack_icmp_packet(), net/netfilter/nf_conntrack_proto_icmp.c */
export function icmpPacket(port: HostPort, flow: Flow, skb: Skb, info: CtInfo, state: HookState): TrackerAnswer {
  if (state.family !== 'ip') return invalid('icmp-family');
  if (!VALID_NEW.has(flow.original.dport >> 8)) return invalid('icmp-not-a-request');
  refreshAcct(port, flow, info, skb, ctTimeout(port, 'icmp_timeout'));
  return ACCEPT;
}

/** Kernel: nf_conntrack_icmpv6_packet(), net/netfilter/nf_conntrack_proto_icmpv6.c */
export function icmpv6Packet(port: HostPort, flow: Flow, skb: Skb, info: CtInfo, state: HookState): TrackerAnswer {
  if (state.family !== 'ip6') return invalid('icmp-family');
  const type = flow.original.dport >> 8;
  if (!isConfirmed(flow) && type !== ICMPV6.echoRequest && type !== NI_QUERY) return invalid('icmp-not-a-request');
  refreshAcct(port, flow, info, skb, ctTimeout(port, 'icmpv6_timeout'));
  return ACCEPT;
}
