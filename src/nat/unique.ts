import {
  allowsClash,
  type ConntrackState,
  type Flow,
  findTuple,
  invertOwn,
  killFlow,
  seqAfter,
  sourceKey,
  type TcpProto,
  tupleEqual,
  tupleTaken,
  zoneIdOf,
} from '../conntrack';
import { type HostPort, IPS, type Tuple } from '../model';
import { type Addr, addrFromWords, addrWords, compareAddr, IPPROTO } from '../wire';
import { jhash2, scale32, swap32 } from './jhash';
import { type Manip, NAT_RANGE, type NatRange, PROTO_RANDOM_ALL } from './range';

/** Where the mapping is made: the host's flows, and the flow that it is for. */
interface NatJob {
  readonly ct: ConntrackState;
  readonly port: HostPort;
  readonly flow: Flow;
}

const NAT_MASK = IPS.SRC_NAT | IPS.DST_NAT;

/** Whether another flow would get the same replies. Kernel: nf_nat_used_tuple() */
function usedTuple(job: NatJob, tuple: Tuple): boolean {
  return tupleTaken(job.ct, job.port, invertOwn(tuple), job.flow);
}

/** As `usedTuple`, for a tuple that NAT leaves as it is: two plain flows of opposite direction may merge at confirm. */
function usedTupleNew(job: NatJob, tuple: Tuple): boolean {
  const { ct, port, flow } = job;
  if (!usedTuple(job, tuple)) return false;
  if (!allowsClash(flow.original.protocol)) return true;
  const usesNat = NAT_MASK | IPS.SEQ_ADJUST;
  if ((flow.status & usesNat) !== 0) return true;
  const found = findTuple(ct, port, tuple, flow.zone) ?? findTuple(ct, port, invertOwn(tuple), flow.zone);
  if (found === null) return false;
  if ((found.flow.status & usesNat) !== 0) return true;
  return !tupleEqual(found.flow.original, flow.reply);
}

/** Tries that are left when a closed TCP flow may be thrown out for its port. Kernel: NF_NAT_HARDER_THRESH */
const HARDER_THRESH = 32;

/** Kernel: nf_nat_used_tuple_harder() */
function usedTupleHarder(job: NatJob, tuple: Tuple, attemptsLeft: number): boolean {
  const { ct, port, flow } = job;
  const tcp = flow.proto as TcpProto;
  if (attemptsLeft > HARDER_THRESH || tuple.protocol !== IPPROTO.tcp || tcp.state !== 'SYN_SENT') {
    return usedTuple(job, tuple);
  }
  const found = findTuple(ct, port, invertOwn(tuple), flow.zone);
  if (found === null) return false;
  if (found.dir === 0 || !mayKill(found.flow)) return true;
  const old = found.flow.proto as TcpProto;
  if (!seqAfter(tcp.seen[0].end, old.seen[0].end)) return true;
  killFlow(ct, port, null, found.flow, 'destroy', 'nat-port-reused');
  return false;
}

/** Kernel: nf_nat_may_kill() */
function mayKill(flow: Flow): boolean {
  const { state } = flow.proto;
  if (state !== 'TIME_WAIT' && state !== 'CLOSE' && state !== 'SYN_SENT2') return false;
  return (flow.status & (IPS.FIXED_TIMEOUT | IPS.DYING)) === 0 && (flow.status & IPS.SRC_NAT) !== 0;
}

/** Whether the part that NAT may change lies in the range's ports. Kernel: l4proto_in_range() */
function protoInRange(tuple: Tuple, manip: Manip, range: NatRange): boolean {
  const inside = (n: number) => n >= range.minProto && n <= range.maxProto;
  switch (tuple.protocol) {
    case IPPROTO.icmp:
    case IPPROTO.icmpv6:
      return inside(tuple.sport);
    case IPPROTO.gre:
    case IPPROTO.tcp:
    case IPPROTO.udp:
    case IPPROTO.udplite:
    case IPPROTO.sctp:
      return inside(manip === 'src' ? tuple.sport : tuple.dport);
    default:
      return true;
  }
}

/** Whether a source as it is meets the range. Kernel: nf_in_range() */
function inRange(tuple: Tuple, range: NatRange): boolean {
  const { minAddr, maxAddr } = range;
  if ((range.flags & NAT_RANGE.MAP_IPS) !== 0 && minAddr !== null && maxAddr !== null) {
    if (compareAddr(tuple.src, minAddr) < 0 || compareAddr(tuple.src, maxAddr) > 0) return false;
  }
  return (range.flags & NAT_RANGE.PROTO_SPECIFIED) === 0 || protoInRange(tuple, 'src', range);
}

/** The mapping that this source has already, if it meets the range. Kernel: find_appropriate_src() */
function findAppropriateSrc(job: NatJob, tuple: Tuple, range: NatRange): Tuple | null {
  const list = job.ct.bySource.get(sourceKey(tuple)) ?? [];
  for (let i = list.length - 1; i >= 0; i--) {
    const other = list[i]!;
    if (other.original.family !== tuple.family) continue;
    if (zoneIdOf(other.zone, 0) !== zoneIdOf(job.flow.zone, 0)) continue;
    const { src, sport } = invertOwn(other.reply);
    const mapped = { ...tuple, src, sport };
    if (inRange(mapped, range)) return mapped;
  }
  return null;
}

/** The address of a range that this pair of hosts gets. Kernel: find_best_ips_proto() */
function bestAddr(tuple: Tuple, range: NatRange, manip: Manip, zoneId: number): Addr {
  const { minAddr, maxAddr } = range;
  const own = manip === 'src' ? tuple.src : tuple.dst;
  if ((range.flags & NAT_RANGE.MAP_IPS) === 0 || minAddr === null || maxAddr === null) return own;
  if (minAddr === maxAddr) return minAddr;
  const last = tuple.family === 4 ? 0 : 3;
  const persistent = (range.flags & NAT_RANGE.PERSISTENT) !== 0;
  const src = addrWords(tuple.src).map(swap32);
  const dst = addrWords(tuple.dst).map(swap32);
  const min = addrWords(minAddr);
  const max = addrWords(maxAddr);
  const chosen: [number, number, number, number] = [0, 0, 0, 0];
  let hash = jhash2(src, persistent ? 0 : (dst[last]! ^ zoneId) >>> 0);
  let fullRange = false;
  for (let i = 0; i <= last; i++) {
    const low = fullRange ? 0 : min[i]!;
    const size = fullRange ? 0xffff_ffff : (max[i]! - low + 1) >>> 0;
    chosen[i] = (low + scale32(hash, size)) >>> 0;
    if (chosen[i] !== max[i]) fullRange = true;
    if (!persistent) hash = (hash ^ (manip === 'dst' ? swap32(chosen[i]!) : dst[i]!)) >>> 0;
  }
  return addrFromWords(chosen, tuple.family);
}

const MAX_ATTEMPTS = 128;

/** Why a port is not the packet's own. */
export type PortChosen = 'collision' | 'random' | 'range';

interface PortSpace {
  readonly key: 'sport' | 'dport';
  readonly min: number;
  readonly size: number;
}

/** The ports or ids that may be tried, or null if the protocol has none to change. */
function portSpace(tuple: Tuple, range: NatRange, manip: Manip, flow: Flow): PortSpace | null {
  const specified = (range.flags & NAT_RANGE.PROTO_SPECIFIED) !== 0;
  const key = manip === 'src' ? 'sport' : 'dport';
  switch (tuple.protocol) {
    case IPPROTO.icmp:
    case IPPROTO.icmpv6: {
      if (!specified) return { key: 'sport', min: 0, size: 65536 };
      return { key: 'sport', min: range.minProto, size: range.maxProto - range.minProto + 1 };
    }
    case IPPROTO.gre:
      if (flow.master === null) return null;
      if (!specified) return { key, min: 1, size: 65535 };
      return { key, min: range.minProto, size: range.maxProto - range.minProto + 1 };
    case IPPROTO.udp:
    case IPPROTO.udplite:
    case IPPROTO.tcp:
    case IPPROTO.sctp: {
      if (specified) {
        const min = Math.min(range.minProto, range.maxProto);
        return { key, min, size: Math.max(range.minProto, range.maxProto) - min + 1 };
      }
      if (manip === 'dst') return null;
      if (tuple[key] < 512) return { key, min: 1, size: 511 };
      if (tuple[key] < 1024) return { key, min: 600, size: 424 };
      return { key, min: 1024, size: 64512 };
    }
    default:
      return null;
  }
}

/** Kernel: nf_nat_l4proto_unique_tuple() */
function uniqueProto(job: NatJob, tuple: Tuple, range: NatRange, manip: Manip): Tuple {
  const space = portSpace(tuple, range, manip, job.flow);
  if (space === null) return tuple;
  const { key, min, size } = space;
  const { rng } = job.port;
  let offset = 0;
  if ((range.flags & NAT_RANGE.PROTO_OFFSET) !== 0) offset = (tuple[key] - range.baseProto) & 0xffff;
  else if ((range.flags & PROTO_RANDOM_ALL) !== 0 || manip === 'src') offset = rng.below(65536);
  let attempts = Math.min(size, MAX_ATTEMPTS);
  let candidate = tuple;
  for (;;) {
    for (let i = 0; i < attempts; i++) {
      candidate = { ...tuple, [key]: (min + (offset % size)) & 0xffff };
      if (!usedTupleHarder(job, candidate, attempts - i)) return candidate;
      offset = (offset + 1) & 0xffff;
    }
    if (attempts >= size || attempts < 16) return candidate;
    attempts = Math.floor(attempts / 2);
    offset = rng.below(65536);
  }
}

/**
 * The tuple that the flow gets by this range: unique if it can be; if not, confirm will drop the packet.
 *
 * Kernel: get_unique_tuple(), net/netfilter/nf_nat_core.c
 */
export function uniqueTuple(
  job: NatJob,
  original: Tuple,
  range: NatRange,
  manip: Manip,
): { readonly tuple: Tuple; readonly portChosen?: PortChosen } {
  const random = (range.flags & PROTO_RANDOM_ALL) !== 0;
  const specified = (range.flags & NAT_RANGE.PROTO_SPECIFIED) !== 0;
  if (manip === 'src' && !random) {
    if (inRange(original, range)) {
      if (!usedTupleNew(job, original)) return { tuple: original };
    } else {
      const known = findAppropriateSrc(job, original, range);
      if (known !== null && !usedTuple(job, known)) return { tuple: known };
    }
  }
  const addr = bestAddr(original, range, manip, job.flow.zone.id);
  const tuple = manip === 'src' ? { ...original, src: addr } : { ...original, dst: addr };
  if (!random) {
    if (!specified) {
      if (!usedTuple(job, tuple)) return { tuple };
    } else if (
      (range.flags & NAT_RANGE.PROTO_OFFSET) === 0 &&
      protoInRange(tuple, manip, range) &&
      (range.minProto === range.maxProto || !usedTuple(job, tuple))
    ) {
      return { tuple };
    }
  }
  const result = uniqueProto(job, tuple, range, manip);
  if (result.sport === tuple.sport && result.dport === tuple.dport) return { tuple: result };
  return { tuple: result, portChosen: random ? 'random' : specified ? 'range' : 'collision' };
}
