import { allocSkb, type Dst, type Errno, type PacketId, type Skb, type SkbSocket } from '../model';
import { IPPROTO, type Packet } from '../wire';

/** What the host itself has to know of a route beyond `Dst`. Kernel: struct rtable, struct rt6_info */
export interface RouteDst extends Dst {
  /** Kernel: RTCF_LOCAL, RTCF_BROADCAST, RTCF_MULTICAST */
  readonly rtLocal: boolean;
  readonly rtBroadcast: boolean;
  readonly rtMulticast: boolean;
  /** It leads nowhere: what a packet on it is answered with. Kernel: dst->error */
  readonly error: Errno | null;
  /** Found for a packet that came in. Kernel: rt_is_input_route() */
  readonly input: boolean;
  /** Sent back out of the interface that it came in by: the sender may be told a shorter way. */
  readonly redirect: boolean;
  /** The packet goes out and comes back in for this host as well. Kernel: dst->output is ip_mc_output */
  readonly loopsBack: boolean;
  /** MTU of the route itself, 0 if it says none; and whether it is locked. */
  readonly routeMtu: number;
  readonly mtuLocked: boolean;
  /** Hop limit of the route itself, 0 if it says none. Kernel: RTAX_HOPLIMIT */
  readonly routeHops: number;
  /** IPv6: the interface that a local route belongs to. Kernel: rt6i_idev */
  readonly idev: string;
}

/** Skb as the host has it. */
export interface HostSkb extends Skb {
  dst: RouteDst | null;
  /** It has been through ip_forward(). Kernel: IPSKB_FORWARDED */
  forwarded: boolean;
  /** Its fragments had DF. Kernel: IPSKB_FRAG_PMTU */
  fragDf: boolean;
  /** May be cut though it has DF: it was put together here. Kernel: skb->ignore_df */
  ignoreDf: boolean;
  /** Its options for every hop were read as it came in, as those are that stand at the front. Kernel: IP6CB(skb)->nhoff */
  hopOptionsRead: boolean;
  /**
   * Conntrack put it together from fragments that had other headers before their own: those are read once more from what
   * follows it. Kernel: nf_ct_frag6_reasm(), which leaves skb->transport_header there
   */
  transportBehind: boolean;
  /** The port of a bridge by which it came, for the way back out. */
  bridgePort: string;
  /** TCP data for several segments, each with so much payload: cut where it leaves. Kernel: skb_shinfo()->gso_size */
  gsoSize: number;
  /** On a bridge: the frame was for somebody else, which hooks do not see. Kernel: nf_bridge->pkt_otherhost */
  otherhost: boolean;
  /** On a bridge: the destination before PREROUTING. Kernel: nf_bridge->ipv4_daddr */
  originalDst: string;
}

/** A socket of the kernel itself, as ICMP and resets have it: it exists, but belongs to no user. */
export const KERNEL_SOCKET: SkbSocket = Object.freeze({ uid: -1, gid: -1, protocol: IPPROTO.icmp, mark: 0 });

/** A packet that comes in, or is made here. */
export function newSkb(id: PacketId, packet: Packet, more: Partial<Omit<Skb, 'dst'>> = {}): HostSkb {
  // One object that grows: a spread of it would cost more than all the rest.
  const skb = allocSkb(id, packet, more) as { -readonly [K in keyof HostSkb]: HostSkb[K] };
  skb.forwarded = false;
  skb.fragDf = false;
  skb.ignoreDf = false;
  skb.hopOptionsRead = false;
  skb.transportBehind = false;
  skb.bridgePort = '';
  skb.gsoSize = 0;
  skb.otherhost = false;
  skb.originalDst = '';
  return skb;
}

/** Another skb with the same contents; the flow is shared, but it is of no socket. Kernel: skb_clone() */
export function cloneSkb(skb: HostSkb, id: PacketId): HostSkb {
  return { ...skb, id, parent: skb.id, socket: null };
}
