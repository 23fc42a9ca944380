import { SECOND, type SimTime } from '../../base';
import { type Conn, type CtInfo, type HookState, type HostPort, IPS, type Skb, type TcpCtState } from '../../model';
import { type Packet, TCP_RST, type TcpHeader } from '../../wire';
import { cacheEvent, IPCT } from '../events';
import { type Dir, dirOf, type Flow, flowOf, isConfirmed } from '../flow';
import { account, killFlow, refreshAcct } from '../lifetime';
import { seqBefore } from '../seqadj';
import type { ConntrackState } from '../state';
import { type CtSysctl, ctSysctl, ctTimeout } from '../sysctl';
import { ACCEPT, ignored, invalid, REPEAT, type TrackerAnswer } from './answer';
import { badChecksum } from './checksum';
import { type TcpIndex, tcpFlagsValid, tcpIndex, tcpNext } from './tcp-table';
import { newSeen, newTcpProto, readTcpOptions, segmentEnd, TCPF, type TcpProto, tcpInWindow } from './tcp-window';

/** Protects against broken segments. Kernel: tcp_error() */
function tcpError(port: HostPort, skb: Skb, state: HookState): string | null {
  const { packet } = skb;
  const tcp = packet.tcp!;
  if (tcp.headerLength < 20 || packet.bytes.length - packet.l4Offset < tcp.headerLength) return 'tcp-truncated';
  if (badChecksum(port, skb, state)) return 'bad-checksum';
  return tcpFlagsValid(tcp.flags) ? null : 'tcp-flags';
}

/** The first segment of a flow; null if it may begin one, else why not. Kernel: tcp_new() */
function tcpNew(port: HostPort, flow: Flow, packet: Packet): string | null {
  const tcp = packet.tcp!;
  const next = tcpNext(0, tcpIndex(tcp.flags), 'NONE');
  if (next === 'invalid' || next === 'ignore') return 'tcp-not-a-start';
  if (next !== 'SYN_SENT' && ctSysctl(port, 'tcp_loose') === 0) return 'tcp-no-pickup';
  const proto = newTcpProto();
  flow.proto = proto;
  const [sender, receiver] = proto.seen;
  sender.end = segmentEnd(packet, tcp);
  sender.maxwin = tcp.window === 0 ? 1 : tcp.window;
  sender.maxend = sender.end;
  if (next === 'SYN_SENT') readTcpOptions(tcp, sender);
  else {
    sender.maxend = (sender.end + sender.maxwin) >>> 0;
    sender.flags = TCPF.SACK_PERM | TCPF.BE_LIBERAL;
    receiver.flags = sender.flags;
  }
  return null;
}

/** States in which a flow is on its way out. Kernel: tcp_can_early_drop() */
const CLOSING: ReadonlySet<TcpCtState> = new Set<TcpCtState>([
  'FIN_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
]);

/** Kernel: nf_conntrack_tcp_packet(), net/netfilter/nf_conntrack_proto_tcp.c */
export function tcpPacket(
  ct: ConntrackState,
  port: HostPort,
  flow: Flow,
  skb: Skb,
  info: CtInfo,
  state: HookState,
): TrackerAnswer {
  const { packet } = skb;
  const { tcp } = packet;
  if (tcp === undefined) return invalid('tcp-truncated');
  const error = tcpError(port, skb, state) ?? (isConfirmed(flow) ? null : tcpNew(port, flow, packet));
  if (error !== null) return invalid(error);

  const proto = flow.proto as TcpProto;
  const dir = dirOf(info);
  const index = tcpIndex(tcp.flags);
  const step = transition(ct, port, flow, skb, proto, dir, index);
  if (step.kind === 'done') return step.answer;
  const { oldState, newState } = step;
  let reason: string | undefined;
  if (step.kind === 'check') {
    const window = tcpInWindow(port, flow, dir, index, packet);
    reason = window.reason;
    if (window.action === 'ignore') return ignored(window.reason!);
    if (window.action === 'invalid') {
      handleInvalid(port, flow, dir, index);
      return invalid(window.reason!);
    }
  }

  proto.lastIndex = index;
  proto.lastDir = dir;
  proto.state = newState;
  if (oldState !== newState && newState === 'FIN_WAIT') proto.seen[dir].flags |= TCPF.CLOSE_INIT;
  let timeout = pickTimeout(port, proto, newState, index);
  if (newState !== oldState) cacheEvent(flow, IPCT.protoinfo);

  if ((flow.status & IPS.SEEN_REPLY) === 0) {
    if (tcp.flags & TCP_RST) {
      account(flow, dir, packet.bytes.length);
      killFlow(ct, port, skb, flow, 'destroy', 'tcp-rst-unreplied');
      return ACCEPT;
    }
    if (index === 'syn' && oldState === 'SYN_SENT') return ignored('tcp-syn-retransmitted');
    if (newState === 'ESTABLISHED') timeout = Math.min(timeout, ctTimeout(port, 'tcp_timeout_unacknowledged'));
  } else if (
    (flow.status & IPS.ASSURED) === 0 &&
    (oldState === 'SYN_RECV' || oldState === 'ESTABLISHED') &&
    newState === 'ESTABLISHED'
  ) {
    flow.status |= IPS.ASSURED;
    cacheEvent(flow, IPCT.assured);
  }
  refreshAcct(port, flow, info, skb, timeout);
  return reason === undefined ? ACCEPT : ignored(reason);
}

type Step =
  | { readonly kind: 'done'; readonly answer: TrackerAnswer }
  /** `check`: the window decides yet. `in-window`: taken as it is. */
  | { readonly kind: 'check' | 'in-window'; readonly oldState: TcpCtState; readonly newState: TcpCtState };

/** What the table says, and the exceptions that it does not know. */
function transition(
  ct: ConntrackState,
  port: HostPort,
  flow: Flow,
  skb: Skb,
  proto: TcpProto,
  dir: Dir,
  index: TcpIndex,
): Step {
  const { packet } = skb;
  const tcp = packet.tcp!;
  const oldState = proto.state;
  const check = (newState: TcpCtState): Step => ({ kind: 'check', oldState, newState });
  const next = tcpNext(dir, index, oldState);
  switch (next) {
    case 'SYN_SENT': {
      if (oldState !== 'TIME_WAIT' && oldState !== 'CLOSE' && oldState !== 'SYN_SENT2') return check(next);
      const closed = ((proto.seen[0].flags | proto.seen[1].flags) & TCPF.CLOSE_INIT) !== 0;
      if (closed || (proto.lastDir === dir && proto.lastIndex === 'rst')) {
        killFlow(ct, port, skb, flow, 'destroy', 'tcp-reopened');
        return { kind: 'done', answer: REPEAT };
      }
      return ignore(proto, dir, index, packet, tcp);
    }
    case 'ignore':
      return ignore(proto, dir, index, packet, tcp);
    case 'invalid':
      if (flow.synproxy?.isKeepAlive(proto, dir, index, tcp))
        return { kind: 'done', answer: ignored('tcp-synproxy-keepalive') };
      return { kind: 'done', answer: invalid(`tcp-${index}-in-${oldState}`) };
    case 'TIME_WAIT':
      if (
        oldState === 'LAST_ACK' &&
        index === 'ack' &&
        proto.lastDir !== dir &&
        proto.lastIndex === 'syn' &&
        (proto.lastFlags & TCPF.EXP_CHALLENGE_ACK) !== 0
      ) {
        proto.lastFlags &= ~TCPF.EXP_CHALLENGE_ACK;
        return { kind: 'done', answer: ignored('tcp-challenge-ack') };
      }
      return check(next);
    case 'SYN_SENT2':
      proto.lastFlags |= TCPF.SIMULTANEOUS_OPEN;
      return check(next);
    case 'SYN_RECV':
      if (dir === 1 && index === 'ack' && (proto.lastFlags & TCPF.SIMULTANEOUS_OPEN) !== 0) return check('ESTABLISHED');
      return check(next);
    case 'CLOSE':
      return index === 'rst' ? reset(port, flow, proto, dir, tcp) : check(next);
    default:
      return check(next);
  }
}

/** Segments that may mean that the two ends are in step with each other, but not with us. */
function ignore(proto: TcpProto, dir: Dir, index: TcpIndex, packet: Packet, tcp: TcpHeader): Step {
  const oldState = proto.state;
  if (index === 'synack' && proto.lastIndex === 'syn' && proto.lastDir !== dir && tcp.ack === proto.lastEnd) {
    const other = proto.seen[proto.lastDir];
    proto.lastFlags &= ~TCPF.EXP_CHALLENGE_ACK;
    other.end = proto.lastEnd;
    other.maxend = proto.lastEnd;
    other.maxwin = proto.lastWin === 0 ? 1 : proto.lastWin;
    other.scale = proto.lastWscale;
    other.flags = proto.lastFlags;
    const own = proto.seen[dir];
    proto.seen[dir] = { ...newSeen(), flags: own.flags & TCPF.BE_LIBERAL };
    return { kind: 'check', oldState: 'SYN_SENT', newState: 'SYN_RECV' };
  }
  proto.lastIndex = index;
  proto.lastDir = dir;
  proto.lastSeq = tcp.seq;
  proto.lastEnd = segmentEnd(packet, tcp);
  proto.lastWin = tcp.window;
  if (index === 'syn' && dir === 0) {
    const seen = newSeen();
    readTcpOptions(tcp, seen);
    proto.lastFlags = seen.flags & (TCPF.WINDOW_SCALE | TCPF.SACK_PERM);
    proto.lastWscale = seen.flags & TCPF.WINDOW_SCALE ? seen.scale : 0;
    if (oldState === 'LAST_ACK') proto.lastFlags |= TCPF.EXP_CHALLENGE_ACK;
  }
  if (oldState === 'SYN_SENT' && index === 'ack' && dir === 1) proto.lastAck = tcp.ack;
  return { kind: 'done', answer: ignored(`tcp-${index}-in-${oldState}`) };
}

/** Kernel: nf_conntrack_tcp_established() */
function established(flow: Flow, proto: TcpProto): boolean {
  return proto.state === 'ESTABLISHED' && (flow.status & IPS.ASSURED) !== 0;
}

/** A RST: whether it ends the flow depends on its numbers (RFC 5961 section 3). */
function reset(port: HostPort, flow: Flow, proto: TcpProto, dir: Dir, tcp: TcpHeader): Step {
  const oldState = proto.state;
  const inWindow: Step = { kind: 'in-window', oldState, newState: 'CLOSE' };
  const close: Step = { kind: 'check', oldState, newState: 'CLOSE' };
  if (CLOSING.has(oldState)) return inWindow;
  let newState: TcpCtState = 'CLOSE';
  const other = proto.seen[dir === 0 ? 1 : 0];
  if ((other.flags & TCPF.MAXACK_SET) !== 0 && proto.lastIndex !== 'syn') {
    if (tcp.seq === 0 && !established(flow, proto)) return close;
    if (seqBefore(tcp.seq, other.maxack) && ctSysctl(port, 'tcp_ignore_invalid_rst') === 0) {
      return { kind: 'done', answer: invalid('tcp-rst-old') };
    }
    if (!established(flow, proto) || tcp.seq === other.maxack) return close;
    if (proto.lastIndex === 'ack' && proto.lastDir === dir && tcp.seq === proto.lastEnd) return close;
    newState = oldState;
  }
  const toIgnoredSyn = (flow.status & IPS.SEEN_REPLY) !== 0 && proto.lastIndex === 'syn' && proto.lastDir !== dir;
  const toHalfOpen = (flow.status & IPS.ASSURED) === 0 && proto.lastIndex === 'ack';
  if ((toIgnoredSyn || toHalfOpen) && tcp.ack === proto.lastEnd) return { ...inWindow, newState };
  if (oldState === 'SYN_SENT' && proto.lastIndex === 'ack' && proto.lastDir === 1 && tcp.seq === proto.lastAck) {
    return { ...inWindow, newState };
  }
  return { ...close, newState };
}

/** A FIN or RST outside the window: a flow that both ends hold for dead shall not stay for days. */
function handleInvalid(port: HostPort, flow: Flow, dir: Dir, index: TcpIndex): void {
  if ((flow.status & IPS.ASSURED) === 0 || (flow.status & IPS.FIXED_TIMEOUT) !== 0) return;
  if (index !== 'rst' && index !== 'fin') return;
  const proto = flow.proto as TcpProto;
  if (proto.lastDir !== dir && (proto.lastIndex === 'fin' || proto.lastIndex === 'rst')) {
    const left = flow.timeout - port.now();
    const timeout = ctTimeout(port, 'tcp_timeout_unacknowledged');
    if (left >= 120 * SECOND && left > timeout) {
      flow.span = timeout;
      flow.timeout = port.now() + timeout;
    }
    return;
  }
  proto.lastIndex = index;
  proto.lastDir = dir;
}

/** Kernel: tcp_timeouts[]; a simultaneous open has no sysctl. */
const TIMEOUTS: Readonly<Record<TcpCtState, CtSysctl | null>> = {
  NONE: 'tcp_timeout_syn_sent',
  SYN_SENT: 'tcp_timeout_syn_sent',
  SYN_RECV: 'tcp_timeout_syn_recv',
  ESTABLISHED: 'tcp_timeout_established',
  FIN_WAIT: 'tcp_timeout_fin_wait',
  CLOSE_WAIT: 'tcp_timeout_close_wait',
  LAST_ACK: 'tcp_timeout_last_ack',
  TIME_WAIT: 'tcp_timeout_time_wait',
  CLOSE: 'tcp_timeout_close',
  SYN_SENT2: null,
};

function stateTimeout(port: HostPort, state: TcpCtState): SimTime {
  const sysctl = TIMEOUTS[state];
  return sysctl === null ? 120 * SECOND : ctTimeout(port, sysctl);
}

/**
 * The connection is closed from here, if conntrack knows it: a reset is on its way.
 * Kernel: nf_conntrack_tcp_set_closing(), net/netfilter/nf_conntrack_proto_tcp.c
 */
export function nfCtSetClosing(port: HostPort, conn: Conn | null): void {
  if (conn === null || conn.proto.kind !== 'tcp') return;
  const flow = flowOf(conn);
  const proto = flow.proto as TcpProto;
  if (!isConfirmed(flow) || proto.state === 'CLOSE') return;
  proto.state = 'CLOSE';
  if ((flow.status & IPS.FIXED_TIMEOUT) !== 0) return;
  flow.span = stateTimeout(port, 'CLOSE');
  flow.timeout = port.now() + flow.span;
  cacheEvent(flow, IPCT.protoinfo);
}

/** How long a connection lasts without another packet. Kernel: the end of nf_conntrack_tcp_packet() */
function pickTimeout(port: HostPort, proto: TcpProto, state: TcpCtState, index: TcpIndex): SimTime {
  const own = stateTimeout(port, state);
  const retrans = ctTimeout(port, 'tcp_timeout_max_retrans');
  if (proto.retrans >= ctSysctl(port, 'tcp_max_retrans') && own > retrans) return retrans;
  if (index === 'rst') return stateTimeout(port, 'CLOSE');
  const flags = proto.seen[0].flags | proto.seen[1].flags;
  if ((flags & TCPF.DATA_UNACKNOWLEDGED) !== 0) {
    const unack = ctTimeout(port, 'tcp_timeout_unacknowledged');
    if (own > unack) return unack;
  }
  return proto.lastWin === 0 && own > retrans ? retrans : own;
}
