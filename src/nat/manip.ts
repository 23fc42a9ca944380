import { type ConntrackState, type Dir, DROP, dirOf, type Flow, flowOf, invertOwn, tupleIn } from '../conntrack';
import { type HookAnswer, type HookState, type HostPort, IPS, pskbMayPull, type Skb, type Tuple } from '../model';
import {
  checksumOk,
  greHeader,
  ICMP,
  ICMPV6,
  IPPROTO,
  innerPacket,
  type Packet,
  withAddr,
  withGreCallId,
  withHeaderAddr,
  withIcmpId,
  withInner,
  withPort,
} from '../wire';
import type { Manip } from './range';
import { endpoint } from './setup';

/** ICMP types whose bytes 4 and 5 are an id. */
const WITH_ID: ReadonlySet<number> = new Set([
  ICMP.echo,
  ICMP.echoReply,
  ICMP.timestamp,
  ICMP.timestampReply,
  ICMP.infoRequest,
  ICMP.infoReply,
  ICMP.address,
  ICMP.addressReply,
]);

/**
 * The packet with one end as in `target`, or null if it cannot be rewritten. DCCP is not known to NAT any more: its
 * checksum goes wrong.
 *
 * Kernel: nf_nat_ipv4_manip_pkt(), nf_nat_ipv6_manip_pkt(), net/netfilter/nf_nat_proto.c
 */
function manipPacket(packet: Packet, target: Tuple, manip: Manip): Packet | null {
  const changed = manipTransport(packet, target, manip);
  if (changed === null) return null;
  const addr = manip === 'src' ? target.src : target.dst;
  return target.protocol === IPPROTO.dccp ? withHeaderAddr(changed, manip, addr) : withAddr(changed, manip, addr);
}

/** The kernel sums a packet up once, and keeps the sum though addresses change. Kernel: nf_ip_checksum(), nf_ip6_checksum() */
function isFirstLook(port: HostPort, skb: Skb, { hook }: HookState): boolean {
  if (hook === 'OUTPUT') return true;
  return hook === 'PREROUTING' && skb.iif !== 'lo' && port.sysctl('net.netfilter.nf_conntrack_checksum') === '0';
}

/** Kernel: l4proto_manip_pkt() */
function manipTransport(packet: Packet, target: Tuple, manip: Manip): Packet | null {
  if (packet.fragment !== null && packet.fragment.offset > 0) return packet;
  switch (target.protocol) {
    case IPPROTO.tcp:
    case IPPROTO.udp:
    case IPPROTO.udplite:
    case IPPROTO.sctp: {
      if (packet.l4Offset + 8 > packet.bytes.length) return null;
      const port = manip === 'src' ? target.sport : target.dport;
      return withPort(packet, manip, port);
    }
    case IPPROTO.icmp:
      if (packet.icmp === undefined) return null;
      return WITH_ID.has(packet.icmp.type) ? withIcmpId(packet, target.sport) : packet;
    case IPPROTO.icmpv6: {
      if (packet.icmpv6 === undefined) return null;
      const { type } = packet.icmpv6;
      return type === ICMPV6.echoRequest || type === ICMPV6.echoReply ? withIcmpId(packet, target.sport) : packet;
    }
    case IPPROTO.gre: {
      const gre = greHeader(packet);
      // The kernel wants room for a key, though only version 1 has one. Kernel: gre_manip_pkt()
      if (gre === null || packet.l4Offset + 8 > packet.bytes.length) return null;
      if (manip === 'src' || gre.version === 0) return packet;
      return gre.version === 1 ? withGreCallId(packet, target.dport) : null;
    }
    default:
      return packet;
  }
}

/** How far a packet is read to be rewritten. Kernel: skb_ensure_writable() in l4proto_manip_pkt() */
function reach({ bytes, l4Offset, protocol }: Packet): number {
  const whole = protocol === IPPROTO.tcp ? 20 : protocol === IPPROTO.sctp ? 12 : 8;
  if (l4Offset + whole <= bytes.length) return l4Offset + whole;
  return Math.min(l4Offset + 8, bytes.length);
}

/** Whether this end of the packet is mapped at this hook; a reply's is the other one of the flow's. */
function isMapped(flow: Flow, manip: Manip, dir: Dir): boolean {
  const source = (manip === 'src') === (dir === 0);
  return (flow.status & (source ? IPS.SRC_NAT : IPS.DST_NAT)) !== 0;
}

/** Rewrites the packet as the flow's mapping says. Kernel: nf_nat_packet(), nf_nat_manip_pkt() */
export function nfNatPacket(port: HostPort, skb: Skb, state: HookState, manip: Manip, byRule: boolean): HookAnswer {
  const flow = flowOf(skb.ct!);
  const dir = dirOf(skb.ctinfo);
  if (!isMapped(flow, manip, dir)) return 'accept';
  const before = tupleIn(flow, dir);
  const target = invertOwn(tupleIn(flow, dir === 0 ? 1 : 0));
  pskbMayPull(skb, reach(skb.packet));
  const packet = manipPacket(skb.packet, target, manip);
  if (packet === null) return DROP;
  skb.packet = packet;
  emitNat(port, skb, state, manip, before, target, { by: byRule ? 'rule' : 'entry', undo: dir === 1 });
  return 'accept';
}

function emitNat(
  port: HostPort,
  skb: Skb,
  state: HookState,
  manip: Manip,
  before: Tuple,
  after: Tuple,
  how: { readonly by: 'rule' | 'entry'; readonly undo: boolean; readonly inner?: true },
): void {
  port.emit(skb, {
    type: 'nat',
    manip,
    before: endpoint(before, manip),
    after: endpoint(after, manip),
    hook: state.hook,
    ...how,
  });
}

/**
 * Rewrites an ICMP error: the packet that it quotes, and its own address.
 *
 * Kernel: nf_nat_icmp_reply_translation(), nf_nat_icmpv6_reply_translation()
 */
export function icmpReplyTranslation(
  _ct: ConntrackState,
  port: HostPort,
  skb: Skb,
  state: HookState,
  manip: Manip,
): HookAnswer {
  const flow = flowOf(skb.ct!);
  const dir = dirOf(skb.ctinfo);
  const { packet } = skb;
  if (packet.bytes.length < packet.l4Offset + 8 + (packet.family === 4 ? 20 : 40)) return DROP;
  if (isFirstLook(port, skb, state) && !checksumOk(packet)) return DROP;
  if (packet.icmp?.type === ICMP.redirect || packet.icmpv6?.type === ICMPV6.redirect) {
    const done = IPS.SRC_NAT_DONE | IPS.DST_NAT_DONE;
    if ((flow.status & done) !== done || (flow.status & (IPS.SRC_NAT | IPS.DST_NAT)) !== 0) return DROP;
  }
  if (!isMapped(flow, manip, dir)) return 'accept';
  const other = tupleIn(flow, dir === 0 ? 1 : 0);
  const inner = innerPacket(packet);
  if (inner !== null) pskbMayPull(skb, packet.l4Offset + 8 + reach(inner));
  const rewritten = inner === null ? null : manipPacket(inner, other, manip === 'src' ? 'dst' : 'src');
  if (rewritten === null) return DROP;
  const target = { ...invertOwn(other), protocol: packet.protocol };
  const outer = manipPacket(withInner(packet, rewritten), target, manip);
  if (outer === null) return DROP;
  const before: Tuple = { ...target, src: packet.src, dst: packet.dst };
  skb.packet = outer;
  port.emit(skb, {
    type: 'nat',
    manip,
    before: { addr: manip === 'src' ? before.src : before.dst, port: null },
    after: { addr: manip === 'src' ? target.src : target.dst, port: null },
    by: 'entry',
    hook: state.hook,
    undo: dir === 1,
    inner: true,
  });
  return 'accept';
}
