import type { Tuple, TupleSnapshot } from '../model';
import { greHeader, ICMP, ICMPV6, IPPROTO, lastHeader, type Packet, ports } from '../wire';

/**
 * The packet's tuple, or null if it has none: a later fragment, a transport header cut short.
 *
 * Kernel: nf_ct_get_tuplepr(), nf_ct_get_tuple(), net/netfilter/nf_conntrack_core.c
 */
export function tupleOf(packet: Packet): Tuple | null {
  if (packet.fragment !== null && packet.fragment.offset > 0) return null;
  const protocol = packet.family === 6 ? lastHeader(packet) : packet.protocol;
  if (protocol === null || (packet.family === 6 && protocol === IPPROTO.none)) return null;
  let sport = 0;
  let dport = 0;
  switch (protocol) {
    case IPPROTO.tcp:
    case IPPROTO.udp:
    case IPPROTO.udplite:
    case IPPROTO.sctp: {
      const pair = ports(packet);
      if (pair === null) return null;
      sport = pair.sport;
      dport = pair.dport;
      break;
    }
    case IPPROTO.icmp:
    case IPPROTO.icmpv6: {
      const icmp = packet.icmp ?? packet.icmpv6;
      if (icmp === undefined) return null;
      sport = icmp.id;
      dport = icmp.type * 256 + icmp.code;
      break;
    }
    case IPPROTO.gre: {
      const gre = greHeader(packet);
      if (gre === null || gre.version !== 1 || gre.callId === null) break;
      if (gre.protocol !== GRE_PROTO_PPP) return null;
      dport = gre.callId;
      break;
    }
    default:
  }
  return { family: packet.family, protocol, src: packet.src, dst: packet.dst, sport, dport };
}

const GRE_PROTO_PPP = 0x880b;

/**
 * The tuple of the opposite direction, or null if there is none (an ICMP type that has no answer).
 *
 * Kernel: nf_ct_invert_tuple(), net/netfilter/nf_conntrack_core.c
 */
export function invertTuple(tuple: Tuple): Tuple | null {
  const { family, protocol, src, dst } = tuple;
  if (protocol !== IPPROTO.icmp && protocol !== IPPROTO.icmpv6) {
    return { family, protocol, src: dst, dst: src, sport: tuple.dport, dport: tuple.sport };
  }
  const types = protocol === IPPROTO.icmp ? ICMP_INVERSE : ICMPV6_INVERSE;
  const type = types.get(tuple.dport >> 8);
  if (type === undefined) return null;
  return { family, protocol, src: dst, dst: src, sport: tuple.sport, dport: type * 256 + (tuple.dport & 255) };
}

/** `invertTuple` of a tuple that belongs to a flow: it has an inverse. */
export function invertOwn(tuple: Tuple): Tuple {
  const inverse = invertTuple(tuple);
  if (inverse === null) throw new Error('the tuple of a flow has no inverse');
  return inverse;
}

function pairs(...list: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(list.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
}

const ICMP_INVERSE = pairs(
  [ICMP.echo, ICMP.echoReply],
  [ICMP.timestamp, ICMP.timestampReply],
  [ICMP.infoRequest, ICMP.infoReply],
  [ICMP.address, ICMP.addressReply],
);
/** Echo, and node information (RFC 4620). */
const ICMPV6_INVERSE = pairs([ICMPV6.echoRequest, ICMPV6.echoReply], [139, 140]);

/** Kernel: nf_ct_tuple_equal() */
export function tupleEqual(a: Tuple, b: Tuple): boolean {
  return (
    a.dport === b.dport &&
    a.sport === b.sport &&
    a.protocol === b.protocol &&
    a.src === b.src &&
    a.dst === b.dst &&
    a.family === b.family
  );
}

/** 32 bits over everything that tells one tuple from another. Kernel: hash_conntrack_raw() (siphash there) */
export function hashTuple(tuple: Tuple, zoneId: number, seed: number): number {
  let h = seed ^ Math.imul(zoneId + 1, 0x9e3779b1);
  h = hashText(h, tuple.src);
  h = hashText(h, tuple.dst);
  h = Math.imul(h ^ (tuple.sport * 65536 + tuple.dport), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h ^ tuple.protocol, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hashText(h: number, text: string): number {
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
}

/** A number below `size`, in proportion. Kernel: reciprocal_scale() */
export function reciprocalScale(hash: number, size: number): number {
  return Math.floor((hash * size) / 0x1_0000_0000);
}

/** Protocols whose entries show two ports. GRE's are its keys. */
const SHOWN_PORTS: ReadonlySet<number> = new Set([
  IPPROTO.tcp,
  IPPROTO.udp,
  IPPROTO.udplite,
  IPPROTO.sctp,
  IPPROTO.gre,
]);

/** A tuple as a recording has it: ports, or type, code and id, where the protocol has them. */
export function tupleSnapshot(tuple: Tuple): TupleSnapshot {
  const { src, dst, sport, dport, protocol } = tuple;
  if (SHOWN_PORTS.has(protocol)) return { src, dst, sport, dport };
  if (protocol === IPPROTO.icmp || protocol === IPPROTO.icmpv6) {
    return { src, dst, type: dport >> 8, code: dport & 255, id: sport };
  }
  return { src, dst };
}
