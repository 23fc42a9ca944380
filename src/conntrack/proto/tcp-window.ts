import type { ConnProto, HostPort, TcpCtState } from '../../model';
import { type Packet, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, type TcpHeader, u32 } from '../../wire';
import type { Dir, Flow } from '../flow';
import { sackEdges, seqAfter, seqBefore, seqOffset } from '../seqadj';
import { ctSysctl } from '../sysctl';
import type { TcpIndex } from './tcp-table';

/** Bits of `TcpSeen.flags` and `TcpProto.lastFlags`. Kernel: IP_CT_TCP_FLAG_*, IP_CT_EXP_CHALLENGE_ACK … */
export const TCPF = {
  WINDOW_SCALE: 1,
  SACK_PERM: 2,
  CLOSE_INIT: 4,
  BE_LIBERAL: 8,
  DATA_UNACKNOWLEDGED: 16,
  MAXACK_SET: 32,
  EXP_CHALLENGE_ACK: 64,
  SIMULTANEOUS_OPEN: 128,
} as const;

/** What was seen of one side. Kernel: struct ip_ct_tcp_state */
interface TcpSeen {
  /** Highest seq + length sent. */
  end: number;
  /** Highest seq + length that the other side's window allows. */
  maxend: number;
  /** Largest window advertised. */
  maxwin: number;
  /** Highest ack sent. */
  maxack: number;
  scale: number;
  flags: number;
}

/** Kernel: struct ip_ct_tcp */
export interface TcpProto extends ConnProto {
  readonly kind: 'tcp';
  state: TcpCtState;
  seen: [TcpSeen, TcpSeen];
  lastDir: Dir;
  lastIndex: TcpIndex;
  retrans: number;
  lastSeq: number;
  lastAck: number;
  lastEnd: number;
  lastWin: number;
  lastWscale: number;
  lastFlags: number;
}

/** One direction of a connection that nothing was seen of. */
export function newSeen(): TcpSeen {
  return { end: 0, maxend: 0, maxwin: 0, maxack: 0, scale: 0, flags: 0 };
}

/** A connection that nothing was seen of. */
export function newTcpProto(): TcpProto {
  return {
    kind: 'tcp',
    state: 'NONE',
    seen: [newSeen(), newSeen()],
    lastDir: 0,
    lastIndex: 'none',
    retrans: 0,
    lastSeq: 0,
    lastAck: 0,
    lastEnd: 0,
    lastWin: 0,
    lastWscale: 0,
    lastFlags: 0,
  };
}

/**
 * A state that was told, not seen. The conntrack tool tells with it that windows are judged liberally, and of a connection
 * that has ended, that it may be opened anew. Kernel: nlattr_to_tcp()
 */
export function withToldState(proto: TcpProto, state: TcpCtState): TcpProto {
  const ended = state === 'TIME_WAIT' || state === 'CLOSE';
  const flags = TCPF.SACK_PERM | TCPF.BE_LIBERAL | (ended ? TCPF.CLOSE_INIT : 0);
  const [original, reply] = proto.seen;
  const told = (seen: TcpSeen): TcpSeen => ({ ...seen, flags: seen.flags | flags });
  return { ...proto, state, seen: [told(original), told(reply)] };
}

/** The sequence number after the segment. Kernel: segment_seq_plus_len() */
export function segmentEnd(packet: Packet, tcp: TcpHeader): number {
  const data = packet.bytes.length - packet.l4Offset - tcp.headerLength;
  return (tcp.seq + data + (tcp.flags & TCP_SYN ? 1 : 0) + (tcp.flags & TCP_FIN ? 1 : 0)) >>> 0;
}

const MAX_WSCALE = 14;

/** Window scale and SACK from the options, if there are any. Kernel: tcp_options() */
export function readTcpOptions(tcp: TcpHeader, seen: TcpSeen): void {
  if (tcp.headerLength === 20) return;
  seen.scale = 0;
  seen.flags &= TCPF.BE_LIBERAL;
  if (tcp.sackPermitted) seen.flags |= TCPF.SACK_PERM;
  if (tcp.wscale !== null) {
    seen.scale = Math.min(tcp.wscale, MAX_WSCALE);
    seen.flags |= TCPF.WINDOW_SCALE;
  }
}

/** Kernel: tcp_init_sender() */
function initSender(sender: TcpSeen, receiver: TcpSeen, tcp: TcpHeader, end: number, dir: Dir): void {
  sender.end = end;
  sender.maxend = end;
  sender.maxwin = tcp.window === 0 ? 1 : tcp.window;
  readTcpOptions(tcp, sender);
  if (dir === 1 && (sender.flags & receiver.flags & TCPF.WINDOW_SCALE) === 0) {
    sender.scale = 0;
    receiver.scale = 0;
  }
}

/** Kernel: tcp_sack() */
function highestSack(packet: Packet, ack: number): number {
  let sack = ack;
  const edges = sackEdges({ packet });
  for (let i = 1; i < edges.length; i += 2) {
    const right = u32(packet.bytes, edges[i]!);
    if (seqAfter(right, sack)) sack = right;
  }
  return sack;
}

const MAXACKWINCONST = 66000;

/**
 * `accept`; `ignore`: it passes, but nothing is learned from it; `invalid`. With a key for the explanation.
 * Kernel: enum nf_ct_tcp_action
 */
interface WindowAnswer {
  readonly action: 'accept' | 'ignore' | 'invalid';
  readonly reason?: string;
}

const IN_WINDOW: WindowAnswer = Object.freeze({ action: 'accept' });

/**
 * Whether the segment lies in the window of its receiver; if so, what it tells is noted.
 *
 * Kernel: tcp_in_window(), net/netfilter/nf_conntrack_proto_tcp.c; after G. van Rooij, "Real Stateful TCP Packet
 * Filtering in IP Filter"
 */
export function tcpInWindow(port: HostPort, flow: Flow, dir: Dir, index: TcpIndex, packet: Packet): WindowAnswer {
  const tcp = packet.tcp!;
  const proto = flow.proto as TcpProto;
  const sender = proto.seen[dir];
  const receiver = proto.seen[dir === 0 ? 1 : 0];
  const has = (flag: number) => (tcp.flags & flag) !== 0;
  let seq = tcp.seq;
  let ack = tcp.ack;
  let end = segmentEnd(packet, tcp);
  let sack = receiver.flags & TCPF.SACK_PERM ? highestSack(packet, ack) : ack;
  const offset = seqOffset(flow, dir === 0 ? 1 : 0, (ack - 1) >>> 0);
  ack = (ack - offset) >>> 0;
  sack = (sack - offset) >>> 0;

  if (sender.maxwin === 0) {
    if (has(TCP_SYN)) {
      initSender(sender, receiver, tcp, end, dir);
      if (!has(TCP_ACK)) return IN_WINDOW;
    } else {
      sender.end = end;
      const window = (tcp.window << sender.scale) >>> 0;
      sender.maxwin = window === 0 ? 1 : window;
      sender.maxend = (end + sender.maxwin) >>> 0;
      if (receiver.maxwin === 0) {
        receiver.end = sack;
        receiver.maxend = sack;
      } else if (sack === (receiver.end + 1) >>> 0) receiver.end = sack;
    }
  } else if (has(TCP_SYN) && seqAfter(end, sender.end) && (proto.state === 'SYN_SENT' || proto.state === 'SYN_RECV')) {
    initSender(sender, receiver, tcp, end, dir);
    if (dir === 1 && !has(TCP_ACK)) return IN_WINDOW;
  }

  if (!has(TCP_ACK) || (has(TCP_RST) && ack === 0)) {
    ack = receiver.end;
    sack = receiver.end;
  }
  if (has(TCP_RST) && seq === 0 && proto.state === 'SYN_SENT') {
    seq = sender.end;
    end = sender.end;
  }

  const judged = judge(port, sender, receiver, seq, end, sack);
  if (judged !== IN_WINDOW) return judged;
  learn(proto, dir, index, tcp, { seq, ack, sack, end });
  return IN_WINDOW;
}

/** The four bounds. `tcp_be_liberal` lets pass what lies outside, without learning from it. */
function judge(
  port: HostPort,
  sender: TcpSeen,
  receiver: TcpSeen,
  seq: number,
  end: number,
  sack: number,
): WindowAnswer {
  const outside = (action: 'ignore' | 'invalid', reason: string): WindowAnswer => {
    const liberal = (sender.flags & TCPF.BE_LIBERAL) !== 0 || ctSysctl(port, 'tcp_be_liberal') !== 0;
    return { action: liberal ? 'accept' : action, reason };
  };
  const inReceiveWindow = seqAfter(end, (sender.end - receiver.maxwin - 1) >>> 0);
  const ackWindow = Math.max(sender.maxwin, MAXACKWINCONST);
  const ackLow = !seqAfter(sack, (receiver.end - ackWindow - 1) >>> 0);
  const ackHigh = !seqBefore(sack, (receiver.end + 1) >>> 0);
  if (!seqBefore(seq, (sender.maxend + 1) >>> 0)) {
    const overshot = (end - sender.maxend + 1) >>> 0;
    if (receiver.maxwin !== 0 && inReceiveWindow && !ackLow && overshot <= receiver.maxwin && !ackHigh) {
      sender.end = end;
      sender.flags |= TCPF.DATA_UNACKNOWLEDGED;
      return outside('ignore', 'tcp-more-than-window');
    }
    return outside('invalid', 'tcp-seq-over-window');
  }
  if (ackHigh) return outside('invalid', 'tcp-ack-unseen-data');
  if (receiver.maxwin !== 0 && !inReceiveWindow) return outside('ignore', 'tcp-seq-already-acked');
  if (ackLow) return outside('ignore', 'tcp-ack-too-old');
  return IN_WINDOW;
}

interface Numbers {
  readonly seq: number;
  readonly ack: number;
  readonly sack: number;
  readonly end: number;
}

function learn(proto: TcpProto, dir: Dir, index: TcpIndex, tcp: TcpHeader, n: Numbers): void {
  const sender = proto.seen[dir];
  const receiver = proto.seen[dir === 0 ? 1 : 0];
  const { seq, ack, sack, end } = n;
  const win = tcp.flags & TCP_SYN ? tcp.window : (tcp.window << sender.scale) >>> 0;
  const sackWin = (win + (sack - ack)) >>> 0;
  if (sender.maxwin < sackWin) sender.maxwin = sackWin;
  if (seqAfter(end, sender.end)) {
    sender.end = end;
    sender.flags |= TCPF.DATA_UNACKNOWLEDGED;
  }
  if (tcp.flags & TCP_ACK) {
    if ((sender.flags & TCPF.MAXACK_SET) === 0) {
      sender.maxack = ack;
      sender.flags |= TCPF.MAXACK_SET;
    } else if (seqAfter(ack, sender.maxack)) sender.maxack = ack;
  }
  if (receiver.maxwin !== 0 && seqAfter(end, sender.maxend)) {
    receiver.maxwin = (receiver.maxwin + ((end - sender.maxend) >>> 0)) >>> 0;
  }
  if (seqAfter((sack + win) >>> 0, (receiver.maxend - 1) >>> 0)) {
    receiver.maxend = (sack + win + (win === 0 ? 1 : 0)) >>> 0;
  }
  if (ack === receiver.end) receiver.flags &= ~TCPF.DATA_UNACKNOWLEDGED;
  if (index !== 'ack') return;
  if (
    proto.lastDir === dir &&
    proto.lastSeq === seq &&
    proto.lastAck === ack &&
    proto.lastEnd === end &&
    proto.lastWin === tcp.window
  ) {
    proto.retrans++;
    return;
  }
  proto.lastDir = dir;
  proto.lastSeq = seq;
  proto.lastAck = ack;
  proto.lastEnd = end;
  proto.lastWin = tcp.window;
  proto.retrans = 0;
}
