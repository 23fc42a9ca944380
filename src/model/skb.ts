import { type Addr, checksumOk, type Packet, summedRight } from '../wire';
import type { Conn, CtInfo } from './conn';

/** `1`, `1.reply1`, `1.err1`, `2.frag3`: from the step, what caused it and an ordinal. Stable between runs. */
export type PacketId = string;

/** Kernel: skb->pkt_type. */
export type PktType = 'host' | 'broadcast' | 'multicast' | 'otherhost' | 'loopback' | 'outgoing';

/** What the route lookup attached to a packet. Kernel: skb_dst(). */
export interface Dst {
  /** Kernel route types that a packet can go on with. */
  readonly type: 'local' | 'unicast' | 'broadcast' | 'multicast' | 'anycast';
  /** Device that it leaves by (`lo` for local). */
  readonly dev: string;
  /** Gateway, or null if the destination itself is the neighbour. */
  readonly gateway: Addr | null;
  /** Source address that the route prefers, or null. */
  readonly prefsrc: Addr | null;
  /** Path MTU in bytes. */
  readonly mtu: number;
  readonly realm: number;
  /** True if the packet came in and is to be forwarded (kernel: dst->input is ip_forward). */
  readonly forward: boolean;
  /** IPv6: the destination counts as an anycast address. Kernel: ipv6_anycast_destination() */
  readonly anycast?: boolean;
}

/** The socket that sent a packet, for `owner` and friends. */
export interface SkbSocket {
  readonly uid: number;
  readonly gid: number;
  readonly protocol: number;
  /** SO_MARK. */
  readonly mark: number;
  readonly pid?: number;
  readonly transparent?: boolean;
  /** No program has it in hand: not yet accepted, or closed. Kernel: sk->sk_socket is NULL */
  readonly orphan?: boolean;
}

/**
 * Bytes that several copies of a packet share, as long as `packet` is the one that they have: whoever writes without
 * having taken a copy first writes for all. Kernel: skb_cloned(), skb_ensure_writable()
 */
export interface SharedBytes {
  packet: Packet;
}

/** One packet inside a host. Kernel: struct sk_buff. Fields change as it moves; `packet` is replaced, never edited. */
export interface Skb {
  readonly id: PacketId;
  /** The packet that this one is a piece or a copy of. */
  readonly parent: PacketId | null;
  /** The packet that this one answers. */
  readonly cause: PacketId | null;
  packet: Packet;
  /** Its bytes, where copies share them; null: it has its own. */
  shared: SharedBytes | null;
  mark: number;
  priority: number;
  secmark: number;
  /** Interface that it came in by, '' if made here. Kernel: skb->dev on the way in, skb_iif. */
  iif: string;
  /** MACs of the frame that it came in with; null if made here. */
  mac: { readonly src: string; readonly dst: string } | null;
  pktType: PktType;
  dst: Dst | null;
  /** Its flow; null if none or untracked. */
  ct: Conn | null;
  ctinfo: CtInfo;
  /** Set by NOTRACK and for neighbour discovery: conntrack leaves it alone (state UNTRACKED). */
  untracked: boolean;
  /** A template that CT attached in raw; conntrack takes zone and helper from it. */
  template: Conn | null;
  socket: SkbSocket | null;
  /** The listener that TPROXY gave it to: local delivery takes it whatever the packet's destination. Kernel: skb->sk */
  tproxy?: { readonly addr: Addr; readonly port: number };
  /** Bridge ports by which it came and goes, while br_netfilter has it. Kernel: nf_bridge_info. */
  physIn: string;
  physOut: string;
  /** True while a bridge handles it, so that hooks see bridged traffic. */
  bridged: boolean;
  /**
   * IPv6: checksum over all its bytes when conntrack found that of TCP, UDP or ICMP right. Kernel: skb->csum, with
   * CHECKSUM_COMPLETE and csum_complete_sw
   */
  csum?: number;
  /** Conntrack found its transport checksum right; other hosts that it comes to know it, too. Kernel: skb->csum_valid */
  csumValid?: boolean;
  /** Size of the largest fragment that it was put together from, 0 if it was whole. Kernel: IPCB->frag_max_size. */
  fragMaxSize: number;
  /**
   * Payload bytes of the fragments that it was put together from, null once its bytes lie in one piece. Kernel: frag_list,
   * skb_linearize()
   */
  fragSizes: readonly number[] | null;
  /** The host's own socket sent it, and nobody looks at its transport checksum as long as it stays here. Kernel: CHECKSUM_PARTIAL */
  csumPartial?: true;
  /** Something that is not modelled was reached: what happens from here on is not certain. */
  uncertain: boolean;
}

/** A packet that nothing has looked at yet. Kernel: alloc_skb() */
export function allocSkb(id: PacketId, packet: Packet, more: Partial<Skb> = {}): Skb {
  const skb: Skb = {
    id,
    parent: more.parent ?? null,
    cause: more.cause ?? null,
    packet,
    shared: more.shared ?? null,
    mark: more.mark ?? 0,
    priority: more.priority ?? 0,
    secmark: more.secmark ?? 0,
    iif: more.iif ?? '',
    mac: more.mac ?? null,
    pktType: more.pktType ?? 'host',
    dst: more.dst ?? null,
    ct: more.ct ?? null,
    ctinfo: more.ctinfo ?? 'NEW',
    untracked: more.untracked ?? false,
    template: more.template ?? null,
    socket: more.socket ?? null,
    physIn: more.physIn ?? '',
    physOut: more.physOut ?? '',
    bridged: more.bridged ?? false,
    fragMaxSize: more.fragMaxSize ?? 0,
    fragSizes: more.fragSizes ?? null,
    uncertain: more.uncertain ?? false,
  };
  if (more.tproxy !== undefined) skb.tproxy = more.tproxy;
  return skb;
}

/**
 * The first so many bytes of the packet lie in one piece: what its fragments had of them comes together.
 *
 * Kernel: pskb_may_pull(), skb_ensure_writable()
 */
export function pskbMayPull(skb: Skb, length: number): void {
  const sizes = skb.fragSizes;
  if (sizes === null) return;
  const need = length - (skb.packet.bytes.length - sizes.reduce((sum, size) => sum + size, 0));
  if (need <= sizes[0]!) return;
  const left = [...sizes];
  let more = need;
  while (more > 0 && left.length > 0) more -= left.shift()!;
  if (more < 0) left.unshift(-more);
  skb.fragSizes = [need, ...left];
}

/** Whether the transport checksum is right for who takes the packet. Kernel: skb_checksum_validate(), nf_checksum() */
export function checksumHolds({ packet, csum, csumPartial }: Skb): boolean {
  return csumPartial === true || checksumOk(packet) || (csum !== undefined && summedRight(packet, csum));
}
