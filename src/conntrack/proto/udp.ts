import { SECOND, type SimTime } from '../../base';
import { type ConnProto, type CtInfo, type HookState, type HostPort, IPS, type Skb } from '../../model';
import { IPPROTO, u16 } from '../../wire';
import { cacheEvent, IPCT } from '../events';
import { type Flow, isConfirmed, NAT_CLASH } from '../flow';
import { refreshAcct } from '../lifetime';
import { ctTimeout } from '../sysctl';
import { ACCEPT, invalid, type TrackerAnswer } from './answer';
import { badChecksum } from './checksum';

export interface UdpProto extends ConnProto {
  readonly kind: 'udp';
  /** The moment from which on an answered flow counts as a stream. */
  streamAt: SimTime;
}

/** Kernel: udp_error(), udplite_error() */
function udpError(port: HostPort, skb: Skb, state: HookState): string | null {
  const { packet } = skb;
  const { bytes, l4Offset: at } = packet;
  const length = bytes.length - at;
  if (length < 8) return 'udp-truncated';
  const field = u16(bytes, at + 4);
  const lite = packet.protocol === IPPROTO.udplite;
  if (field > length || (field < 8 && !(lite && field === 0))) return 'udp-length';
  if (u16(bytes, at + 6) === 0) return lite ? 'udplite-no-checksum' : null;
  return badChecksum(port, skb, state) ? 'bad-checksum' : null;
}

function assure(flow: Flow): void {
  if ((flow.status & (NAT_CLASH | IPS.ASSURED)) !== 0) return;
  flow.status |= IPS.ASSURED;
  cacheEvent(flow, IPCT.assured);
}

/** Kernel: nf_conntrack_udp_packet(), net/netfilter/nf_conntrack_proto_udp.c */
export function udpPacket(port: HostPort, flow: Flow, skb: Skb, info: CtInfo, state: HookState): TrackerAnswer {
  const error = udpError(port, skb, state);
  if (error !== null) return invalid(error);
  const now = port.now();
  if (!isConfirmed(flow)) {
    const proto: UdpProto = { kind: 'udp', state: '', streamAt: now + 2 * SECOND };
    flow.proto = proto;
  }
  const unreplied = ctTimeout(port, 'udp_timeout');
  if ((flow.status & IPS.SEEN_REPLY) === 0) {
    refreshAcct(port, flow, info, skb, unreplied);
    return ACCEPT;
  }
  const stream = now >= (flow.proto as UdpProto).streamAt;
  const timeout = stream ? ctTimeout(port, 'udp_timeout_stream') : unreplied;
  refreshAcct(port, flow, info, skb, timeout);
  if (stream) assure(flow);
  return ACCEPT;
}

/** Kernel: nf_conntrack_udplite_packet() */
export function udplitePacket(port: HostPort, flow: Flow, skb: Skb, info: CtInfo, state: HookState): TrackerAnswer {
  const error = udpError(port, skb, state);
  if (error !== null) return invalid(error);
  if ((flow.status & IPS.SEEN_REPLY) === 0) {
    refreshAcct(port, flow, info, skb, ctTimeout(port, 'udp_timeout'));
    return ACCEPT;
  }
  refreshAcct(port, flow, info, skb, ctTimeout(port, 'udp_timeout_stream'));
  assure(flow);
  return ACCEPT;
}
