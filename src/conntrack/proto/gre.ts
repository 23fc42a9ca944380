import type { SimTime } from '../../base';
import { type ConnProto, type CtInfo, type HostPort, IPS, type Skb } from '../../model';
import { cacheEvent, IPCT } from '../events';
import { type Flow, isConfirmed, NAT_CLASH } from '../flow';
import { refreshAcct } from '../lifetime';
import { ctTimeout } from '../sysctl';
import { ACCEPT, type TrackerAnswer } from './answer';

interface GreProto extends ConnProto {
  readonly kind: 'gre';
  readonly unreplied: SimTime;
  readonly replied: SimTime;
}

/** Kernel: nf_conntrack_gre_packet(), net/netfilter/nf_conntrack_proto_gre.c */
export function grePacket(port: HostPort, flow: Flow, skb: Skb, info: CtInfo): TrackerAnswer {
  if (!isConfirmed(flow)) {
    const proto: GreProto = {
      kind: 'gre',
      state: '',
      unreplied: ctTimeout(port, 'gre_timeout'),
      replied: ctTimeout(port, 'gre_timeout_stream'),
    };
    flow.proto = proto;
  }
  const proto = flow.proto as GreProto;
  const seenReply = (flow.status & IPS.SEEN_REPLY) !== 0;
  refreshAcct(port, flow, info, skb, seenReply ? proto.replied : proto.unreplied);
  if (seenReply && (flow.status & (NAT_CLASH | IPS.ASSURED)) === 0) {
    flow.status |= IPS.ASSURED;
    cacheEvent(flow, IPCT.assured);
  }
  return ACCEPT;
}
