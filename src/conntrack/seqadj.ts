import { type CtInfo, IPS, type Skb } from '../model';
import { IPPROTO, TCP_ACK, TCPOPT, u32, withTcp, withTransportBytes } from '../wire';
import { type Dir, dirOf, type Flow } from './flow';

/** How far one direction's sequence numbers are shifted before and after a position. Kernel: struct nf_ct_seqadj */
export interface SeqAdj {
  position: number;
  before: number;
  after: number;
}

/** Whether sequence number `a` comes before `b`. Kernel: before(), include/net/tcp.h */
export function seqBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** Whether `a` comes after `b`, by sequence numbers. Kernel: after() */
export function seqAfter(a: number, b: number): boolean {
  return seqBefore(b, a);
}

export function fresh(): SeqAdj {
  return { position: 0, before: 0, after: 0 };
}

/** A helper changed the length of a payload. Kernel: nf_ct_seqadj_set(), net/netfilter/nf_conntrack_seqadj.c */
export function seqadjSet(flow: Flow, info: CtInfo, seq: number, offset: number): void {
  if (offset === 0) return;
  flow.seqadj ??= [fresh(), fresh()];
  flow.status |= IPS.SEQ_ADJUST;
  const way = flow.seqadj[dirOf(info)];
  if (way.before === way.after || seqBefore(way.position, seq)) {
    way.position = seq;
    way.before = way.after;
    way.after += offset;
  }
}

/** Kernel: nf_ct_seq_offset() */
export function seqOffset(flow: Flow, dir: Dir, seq: number): number {
  if (flow.seqadj === null) return 0;
  const way = flow.seqadj[dir];
  return seqAfter(seq, way.position) ? way.after : way.before;
}

/** Shifts the packet's numbers by what helpers did before. Kernel: nf_ct_seq_adjust() */
export function seqAdjust(flow: Flow, skb: Skb): void {
  const tcp = skb.packet.tcp;
  if (flow.seqadj === null || tcp === undefined || skb.packet.protocol !== IPPROTO.tcp) return;
  const dir = dirOf(skb.ctinfo);
  const other = flow.seqadj[dir === 0 ? 1 : 0];
  const seq = (tcp.seq + seqOffset(flow, dir, tcp.seq)) >>> 0;
  if ((tcp.flags & TCP_ACK) === 0) {
    skb.packet = withTcp(skb.packet, { seq });
    return;
  }
  const back = seqAfter((tcp.ack - other.before) >>> 0, other.position) ? other.after : other.before;
  skb.packet = withTcp(skb.packet, { seq, ack: (tcp.ack - back) >>> 0 });
  adjustSack(skb, other);
}

/** Kernel: nf_ct_sack_adjust() */
function adjustSack(skb: Skb, other: SeqAdj): void {
  for (const at of sackEdges(skb)) {
    const edge = u32(skb.packet.bytes, at);
    const back = seqAfter((edge - other.before) >>> 0, other.position) ? other.after : other.before;
    const value = (edge - back) >>> 0;
    const bytes = Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
    skb.packet = withTransportBytes(skb.packet, at, bytes);
  }
}

/** Offsets of the left and right edges in the SACK option (RFC 2018), in order. */
export function sackEdges(skb: Pick<Skb, 'packet'>): number[] {
  const { bytes, l4Offset, tcp } = skb.packet;
  const edges: number[] = [];
  if (tcp === undefined || !tcp.options.includes(TCPOPT.sack)) return edges;
  const end = l4Offset + tcp.headerLength;
  for (let i = l4Offset + 20; i < end; ) {
    const kind = bytes[i]!;
    if (kind === TCPOPT.eol) break;
    if (kind === TCPOPT.nop) {
      i++;
      continue;
    }
    const length = i + 1 < end ? bytes[i + 1]! : 0;
    if (length < 2 || i + length > end) break;
    if (kind === TCPOPT.sack && length >= 10 && (length - 2) % 8 === 0) {
      for (let at = i + 2; at < i + length; at += 4) edges.push(at);
      break;
    }
    i += length;
  }
  return edges;
}
