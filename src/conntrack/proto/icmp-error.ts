import type { CtInfo, HookState, HostPort, Skb, Zone } from '../../model';
import { ICMPV6, isIcmpError, isLinkLocal, type Packet, parseQuoted } from '../../wire';
import { type Flow, tupleIn } from '../flow';
import { type ConntrackState, findTuple } from '../state';
import { invertTuple, tupleOf } from '../tuple';
import { badChecksum } from './checksum';

/** What ICMP's own rules make of a message, before any lookup. */
type IcmpAnswer =
  /** No error: to be tracked by its own tuple. */
  | { readonly kind: 'own' }
  | { readonly kind: 'invalid'; readonly reason: string }
  /** Neighbour and multicast listener discovery are not tracked. */
  | { readonly kind: 'untracked' }
  /** An error about a flow. */
  | { readonly kind: 'related'; readonly flow: Flow; readonly info: CtInfo };

const OWN: IcmpAnswer = Object.freeze({ kind: 'own' });
const NR_ICMP_TYPES = 18;

/** Kernel: nf_conntrack_icmpv4_error(), net/netfilter/nf_conntrack_proto_icmp.c */
export function icmpError(ct: ConntrackState, port: HostPort, skb: Skb, zone: Zone, state: HookState): IcmpAnswer {
  const { packet } = skb;
  const { icmp } = packet;
  if (icmp === undefined) return { kind: 'invalid', reason: 'icmp-truncated' };
  if (badChecksum(port, skb, state)) return { kind: 'invalid', reason: 'bad-checksum' };
  if (icmp.type > NR_ICMP_TYPES) return { kind: 'invalid', reason: 'icmp-unknown-type' };
  if (!isIcmpError(4, icmp.type)) return OWN;
  return inetError(ct, port, packet, packet.payloadOffset, zone);
}

/** Kernel: nf_conntrack_icmpv6_error(), net/netfilter/nf_conntrack_proto_icmpv6.c */
export function icmpv6Error(ct: ConntrackState, port: HostPort, skb: Skb, zone: Zone, state: HookState): IcmpAnswer {
  const { packet } = skb;
  const { icmpv6 } = packet;
  if (icmpv6 === undefined) return { kind: 'invalid', reason: 'icmp-truncated' };
  if (badChecksum(port, skb, state)) return { kind: 'invalid', reason: 'bad-checksum' };
  if (UNTRACKED_TYPES.has(icmpv6.type)) return { kind: 'untracked' };
  if (icmpv6.type === ICMPV6.redirect) return redirect(ct, port, packet, zone);
  if (icmpv6.type >= 128) return OWN;
  return inetError(ct, port, packet, packet.payloadOffset, zone);
}

/** MLD (130-132, 143), neighbour discovery (133-136), multicast router discovery (151, 152). */
const UNTRACKED_TYPES: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 143, 151, 152]);

const ND_OPT_REDIRECT_HDR = 4;
/** An ICMPv6 redirect up to its options: header, target, destination. */
const REDIRECT_LENGTH = 40;

/** Kernel: nf_conntrack_icmpv6_redirect() */
function redirect(ct: ConntrackState, port: HostPort, packet: Packet, zone: Zone): IcmpAnswer {
  const at = packet.l4Offset + REDIRECT_LENGTH;
  if (at > packet.bytes.length) return { kind: 'invalid', reason: 'icmp-truncated' };
  if (packet.icmpv6!.code !== 0) return OWN;
  if (packet.ttl !== 255 || !isLinkLocal(packet.src)) return { kind: 'invalid', reason: 'icmp-bad-redirect' };
  if (at + 2 > packet.bytes.length || packet.bytes[at + 1] === 0) {
    return { kind: 'invalid', reason: 'icmp-bad-redirect' };
  }
  if (packet.bytes[at] !== ND_OPT_REDIRECT_HDR) return OWN;
  return inetError(ct, port, packet, at + 8, zone);
}

/** The flow that the quoted packet belongs to. Kernel: nf_conntrack_inet_error() */
function inetError(ct: ConntrackState, port: HostPort, packet: Packet, at: number, zone: Zone): IcmpAnswer {
  const inner = parseQuoted(packet.bytes.slice(at));
  const quoted = inner.headerError === null && inner.family === packet.family ? tupleOf(inner) : null;
  if (quoted === null) return { kind: 'invalid', reason: 'icmp-quote-unreadable' };
  const tuple = invertTuple(quoted);
  if (tuple === null) return { kind: 'invalid', reason: 'icmp-quote-unreadable' };
  const found = findTuple(ct, port, tuple, zone);
  if (found === null) return { kind: 'invalid', reason: 'icmp-about-no-flow' };
  const { flow, dir } = found;
  if (packet.dst !== tupleIn(flow, dir).dst) return { kind: 'invalid', reason: 'icmp-wrong-addressee' };
  return { kind: 'related', flow, info: dir === 0 ? 'RELATED' : 'RELATED_REPLY' };
}
