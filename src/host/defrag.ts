import { SECOND, type SimTime } from '../base';
import type { HookAnswer, HookState } from '../model';
import {
  ICMP,
  ICMP_CODE,
  ICMPV6,
  ICMPV6_CODE,
  IPPROTO,
  isExtensionHeader,
  type Packet,
  reassemble,
  u16,
} from '../wire';
import { kfreeSkb } from './free';
import type { Host } from './host';
import { icmpSend } from './ip4/icmp-send';
import { icmp6Send } from './ip6/icmp-send';
import { ipRouteInput } from './net/route4-input';
import type { HostSkb } from './skb';

/** Who puts fragments together; pieces of one packet that meet different ones do not find each other. */
type DefragUser = 'local-deliver' | 'conntrack-in' | 'conntrack-out' | 'bridge-in';

/** Pieces of one packet, as far as they have come. Kernel: struct ipq, struct frag_queue */
interface FragQueue {
  readonly key: string;
  readonly user: DefragUser;
  expires: SimTime;
  /** In the order in which they came. */
  readonly pieces: HostSkb[];
  /** Bytes from the front as far as is known, and whether the last piece is there. */
  length: number;
  lastIn: boolean;
  covered: number;
  /** How many pieces its sender had sent, of any packet, when the last of these came. Kernel: ipq.rid */
  rid: number;
}

export class FragCache {
  readonly queues = new Map<string, FragQueue>();
  /** How many pieces came from each IPv4 address. Kernel: inet_peer.rid */
  readonly rids = new Map<string, number>();

  nextExpiry(): SimTime {
    let next = Number.POSITIVE_INFINITY;
    for (const q of this.queues.values()) next = Math.min(next, q.expires);
    return next;
  }
}

/**
 * Takes in a fragment. True if the packet is whole now: the skb has become it. Else the piece waits, or was dropped.
 *
 * Kernel: ip_defrag(), ip_frag_queue(), ip_frag_reasm(), net/ipv4/ip_fragment.c; nf_ct_frag6_gather(),
 * net/ipv6/netfilter/nf_conntrack_reasm.c
 */
export function ipDefrag(host: Host, skb: HostSkb, user: DefragUser): boolean {
  return gather(host, skb, user) === 'whole';
}

/** `conflict`: the piece does not fit the others; it goes, and they do. `refused`: it goes alone. */
function gather(host: Host, skb: HostSkb, user: DefragUser): 'whole' | 'waits' | 'conflict' | 'refused' {
  const { packet } = skb;
  if (packet.family === 6 && user === 'local-deliver' && refused6(host, skb)) return 'waits';
  const threshold = highThresh(packet, user);
  const room = host.proc.number(threshold);
  if (room === 0) {
    if (user === 'local-deliver' || packet.family === 4) kfreeSkb(host, skb, 'FRAG_REASM_TIMEOUT', 'ip_defrag');
    return 'refused';
  }
  // Of what the kernel takes for a piece nothing is known here.
  if (room < 1_000_000) host.emit(skb, { type: 'not-modelled', what: `net.${threshold}` });
  const key = keyOf(packet, user);
  let queue = host.frags.queues.get(key);
  if (queue === undefined) {
    const expires = expiry(host, packet, user);
    queue = { key, user, expires, pieces: [], length: 0, lastIn: false, covered: 0, rid: 0 };
    host.frags.queues.set(key, queue);
  }
  if (packet.family === 4 && ipFragTooFar(host, queue, packet.src)) {
    // It begins anew with this piece. Kernel: ip_frag_reinit()
    for (const piece of queue.pieces.splice(0)) kfreeSkb(host, piece, 'FRAG_TOO_FAR', 'ip_defrag');
    Object.assign(queue, { expires: expiry(host, packet, user), length: 0, lastIn: false, covered: 0 });
  }
  const fate = enqueue(queue, skb);
  if (fate === 'refused') return fate;
  if (fate === 'duplicate') {
    kfreeSkb(host, skb, 'DUP_FRAG', 'ip_defrag');
    return 'waits';
  }
  if (fate === 'conflict') {
    dropQueue(host, queue);
    if (user === 'local-deliver' || packet.family === 4) kfreeSkb(host, skb, 'FRAG_TOO_FAR', 'ip_defrag');
    return 'conflict';
  }
  const whole = queue.lastIn && queue.covered === queue.length ? reassemble(queue.pieces.map((s) => s.packet)) : null;
  if (whole === null) {
    if (queue.lastIn && queue.covered === queue.length) dropQueue(host, queue);
    else host.emit(skb, { type: 'fragment', what: 'queued', pieces: queue.pieces.length });
    return 'waits';
  }
  host.frags.queues.delete(key);
  becomeWhole(host, skb, queue, whole);
  return 'whole';
}

function expiry(host: Host, packet: Packet, user: DefragUser): SimTime {
  return host.now() + host.proc.number(timeoutName(packet, user)) * SECOND;
}

/** Whether too many other pieces of the same sender came since the last one of this packet. Kernel: ip_frag_too_far() */
function ipFragTooFar(host: Host, queue: FragQueue, src: string): boolean {
  const most = host.proc.number('ipv4.ipfrag_max_dist');
  if (most === 0) return false;
  const before = queue.rid;
  queue.rid = (host.frags.rids.get(src) ?? 0) + 1;
  host.frags.rids.set(src, queue.rid);
  return queue.pieces.length > 0 && queue.rid - before > most;
}

/** A piece that its sender is told about. Kernel: ipv6_frag_rcv(), ip6_frag_queue(), net/ipv6/reassembly.c */
function refused6(host: Host, skb: HostSkb): boolean {
  const { packet } = skb;
  const to = packet.fragment!.offset + packet.bytes.length - fragmentedAt(packet);
  const at = fragmentedAt(packet) - 8;
  if (headerCut(packet)) icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrIncomp, 0);
  else if (to > 0xffff) icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, at + 2);
  else if (packet.fragment!.more && (to & 7) !== 0) icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, 4);
  else return false;
  kfreeSkb(host, skb, 'IP_INHDR', 'ipv6_frag_rcv');
  return true;
}

/** A first piece that does not have all headers. Kernel: ipv6frag_thdr_truncated(); RFC 8200 section 4.5 */
function headerCut({ fragment, protocol, l4Offset, bytes, extensions }: Packet): boolean {
  if (fragment!.offset > 0) return false;
  if (protocol === IPPROTO.none) return false;
  // A header whose end is missing counts, with what it says comes next. Kernel: ipv6_skip_exthdr()
  if (isExtensionHeader(protocol)) {
    const next = l4Offset + 2 > bytes.length ? IPPROTO.none : bytes[l4Offset]!;
    return next !== IPPROTO.none && !isExtensionHeader(next);
  }
  if (extensions.length === 0) return false;
  const needed = protocol === IPPROTO.tcp ? 20 : protocol === IPPROTO.udp || protocol === IPPROTO.icmpv6 ? 8 : 1;
  return l4Offset + needed > bytes.length;
}

/**
 * Pieces that conntrack lets pass as they are. One that is cut at an odd place ends what it waits for.
 *
 * Kernel: nf_ct_frag6_gather(), nf_ct_frag6_queue()
 */
function passes6(host: Host, packet: Packet, user: DefragUser): boolean {
  if (packet.family === 4) return false;
  const to = packet.fragment!.offset + packet.bytes.length - fragmentedAt(packet);
  if (headerCut(packet)) return true;
  if (!packet.fragment!.more || to > 0xffff || (to & 7) === 0) return false;
  const queue = host.frags.queues.get(keyOf(packet, user));
  if (queue !== undefined) dropQueue(host, queue);
  return true;
}

function keyOf(packet: Packet, user: DefragUser): string {
  const head = `${packet.family} ${user} ${packet.src} ${packet.dst} ${packet.id}`;
  return packet.family === 4 ? `${head} ${packet.protocol}` : head;
}

function timeoutName(packet: Packet, user: DefragUser): string {
  if (packet.family === 4) return 'ipv4.ipfrag_time';
  return user === 'local-deliver' ? 'ipv6.ip6frag_time' : 'netfilter.nf_conntrack_frag6_timeout';
}

function highThresh(packet: Packet, user: DefragUser): string {
  if (packet.family === 4) return 'ipv4.ipfrag_high_thresh';
  return user === 'local-deliver' ? 'ipv6.ip6frag_high_thresh' : 'netfilter.nf_conntrack_frag6_high_thresh';
}

/** Where what fragments carry begins. */
export function fragmentedAt(packet: Packet): number {
  const header = packet.extensions.find((e) => e.protocol === IPPROTO.fragment);
  return header ? header.offset + 8 : packet.l4Offset;
}

function span(packet: Packet): readonly [from: number, to: number] {
  const from = packet.fragment!.offset;
  const length = packet.bytes.length - fragmentedAt(packet);
  return [from, from + (packet.fragment!.more ? length & ~7 : length)];
}

function enqueue(queue: FragQueue, skb: HostSkb): 'ok' | 'duplicate' | 'conflict' | 'refused' {
  const { packet } = skb;
  const [from, to] = span(packet);
  // Only where pieces overlap does IPv6's conntrack forget the others. Kernel: nf_ct_frag6_queue()
  const unfit = packet.family === 6 && queue.user !== 'local-deliver' ? 'refused' : 'conflict';
  if (unfit === 'refused' && to > 0xffff) return unfit;
  if (!packet.fragment!.more) {
    if (to < queue.length || (queue.lastIn && to !== queue.length)) return unfit;
    queue.lastIn = true;
    queue.length = to;
  } else if (to > queue.length) {
    if (queue.lastIn) return unfit;
    queue.length = to;
  }
  if (to <= from) return unfit;
  const others = queue.pieces.map((s) => span(s.packet)).sort((a, b) => a[0] - b[0]);
  let at = from;
  for (const [f, t] of others) if (f <= at && t > at) at = t;
  if (at >= to) return 'duplicate';
  if (others.some(([f, t]) => from < t && f < to)) return 'conflict';
  queue.pieces.push(skb);
  queue.covered += to - from;
  return 'ok';
}

function dropQueue(host: Host, queue: FragQueue): void {
  host.frags.queues.delete(queue.key);
  for (const piece of queue.pieces) kfreeSkb(host, piece, 'FRAG_REASM_TIMEOUT', 'ip_defrag');
}

function becomeWhole(host: Host, skb: HostSkb, queue: FragQueue, whole: Packet): void {
  const sorted = [...queue.pieces].sort((a, b) => a.packet.fragment!.offset - b.packet.fragment!.offset);
  const head = sorted[0]!;
  const largest = Math.max(...sorted.map((s) => s.packet.bytes.length));
  const largestDf = Math.max(0, ...sorted.filter((s) => s.packet.df).map((s) => s.packet.bytes.length));
  const parents = new Set(sorted.map((s) => s.parent));
  const parent = parents.size === 1 ? head.parent : null;
  // A piece with fewer headers before its own has no room for those of the first: then they are cut anew. Kernel: ip6_fragment()
  const roomy = whole.family === 4 || sorted.every((s) => fragmentedAt(s.packet) >= fragmentedAt(head.packet));
  const sizes = roomy ? sorted.map((s) => span(s.packet)[1] - span(s.packet)[0]) : null;
  const [first, second] = head.packet.extensions;
  const before = first?.protocol === IPPROTO.hopopts ? second : first;
  // Pieces that the network cut become the packet again that they were cut from.
  if (parent !== null) renamed(skb, parent);
  skb.packet = whole;
  skb.mark = head.mark;
  skb.ct = head.ct;
  skb.ctinfo = head.ctinfo;
  skb.fragMaxSize = largest;
  skb.fragDf = largestDf === largest;
  skb.fragSizes = sizes;
  if (queue.user === 'conntrack-in') skb.transportBehind = before !== undefined && before.protocol !== IPPROTO.fragment;
  host.emit(skb, { type: 'fragment', what: 'reassembled', pieces: sorted.length });
}

function renamed(skb: HostSkb, id: string): void {
  const writable: { id: string; parent: string | null } = skb;
  writable.id = id;
  writable.parent = null;
}

/** Pieces whose packet never became whole go. Kernel: ip_expire(), nf_ct_frag6_expire(), ip6frag_expire_frag_queue() */
export function expireFragments(host: Host): void {
  for (const queue of [...host.frags.queues.values()]) {
    if (queue.expires > host.now()) continue;
    host.frags.queues.delete(queue.key);
    const head = queue.pieces.find((s) => s.packet.fragment!.offset === 0);
    for (const piece of queue.pieces)
      host.emit(piece, { type: 'fragment', what: 'timeout', pieces: queue.pieces.length });
    if (head) answerTimeout(host, queue, head);
    for (const piece of queue.pieces) kfreeSkb(host, piece, 'FRAG_REASM_TIMEOUT', 'ip_expire');
  }
}

function answerTimeout(host: Host, queue: FragQueue, head: HostSkb): void {
  if (head.iif === '') return;
  if (head.packet.family === 6) {
    icmp6Send(host, head, ICMPV6.timeExceed, ICMPV6_CODE.excFragTime, 0);
    return;
  }
  head.dst = null;
  if (ipRouteInput(host, head, head.iif) !== null) return;
  if (queue.user !== 'local-deliver' && head.dst && !(head.dst as { rtLocal: boolean }).rtLocal) return;
  icmpSend(host, head, ICMP.timeExceeded, ICMP_CODE.excFragTime, 0);
}

/**
 * Whether a fragment's header is not all there. If it says where a transport header would begin, that one is cut off, and the
 * packet is left alone, as one without payload is. Kernel: nf_ct_frag6_gather(), ipv6frag_thdr_truncated()
 */
function isFragmentCut({ bytes, family, fragment, protocol, l4Offset: at }: Packet): boolean {
  if (family === 4 || fragment !== null || protocol !== IPPROTO.fragment || bytes.length === 40) return false;
  if (at + 4 > bytes.length || (u16(bytes, at + 2) & 0xfff8) !== 0) return true;
  return isExtensionHeader(bytes[at]!) || bytes[at] === IPPROTO.none;
}

/** Hook function at -400: before conntrack sees them, packets are whole. Kernel: ipv4_conntrack_defrag(), ipv6_defrag() */
export function conntrackDefrag(host: Host, skb: HostSkb, state: HookState): HookAnswer {
  const { packet } = skb;
  const cut = isFragmentCut(packet);
  if (skb.untracked || (packet.fragment === null && !cut)) return 'accept';
  // Pieces over lo that belong to a flow already are put together once more by IPv4 alone.
  if (packet.family === 6 && skb.ct !== null && !skb.ct.template) return 'accept';
  if (cut) return 'drop';
  const user = state.hook === 'OUTPUT' ? 'conntrack-out' : skb.bridged ? 'bridge-in' : 'conntrack-in';
  if (passes6(host, packet, user)) return 'accept';
  const fate = gather(host, skb, user);
  // IPv6 tells the sender that a hook dropped it. Kernel: ipv6_defrag()
  if ((fate === 'conflict' || fate === 'refused') && packet.family === 6)
    return { verdict: 'drop', reason: 'FRAG_TOO_FAR' };
  if (fate !== 'whole') return 'stolen';
  skb.ignoreDf = true;
  return 'accept';
}
