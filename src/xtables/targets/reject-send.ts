import { checksumHolds } from '../../model';
import {
  type Addr,
  foldSum,
  IPPROTO,
  isExtensionHeader,
  isMapped4,
  isMulticast,
  isUnspecified,
  makeTcp,
  type Packet,
  pseudoHeaderSum,
  sumWords,
  TCP_ACK,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
  u16,
} from '../../wire';
import type { XtAction } from '../record';

/** The answers of REJECT. */

/** Why REJECT stays silent, for the explanation. */
export type Silence = 'fragment' | 'rst' | 'checksum' | 'broadcast' | 'not-unicast';

function hopLimit({ env, family }: XtAction): number {
  const key = family === 'ip' ? 'net.ipv4.ip_default_ttl' : 'net.ipv6.conf.all.hop_limit';
  return Number(env.port.sysctl(key) ?? 64);
}

/** fwmark_reflect: whether answers carry the mark of what they answer. Kernel: IP4_REPLY_MARK() */
function replyMark({ env, family, skb }: XtAction): number {
  const key = family === 'ip' ? 'net.ipv4.fwmark_reflect' : 'net.ipv6.fwmark_reflect';
  return (env.port.sysctl(key) ?? '0') === '0' ? 0 : skb.mark;
}

/** Kernel: nf_send_reset(), net/ipv4/netfilter/nf_reject_ipv4.c; nf_send_reset6() */
export function sendReset(action: XtAction): Silence | null {
  const { skb, env } = action;
  const { packet } = skb;
  const { tcp } = packet;
  if (packet.family === 6 && !(isUnicast6(packet.src) && isUnicast6(packet.dst))) return 'not-unicast';
  if (tcp === undefined || action.fragoff !== 0) return 'fragment';
  if ((tcp.flags & TCP_RST) !== 0) return 'rst';
  if (!(packet.fragment === null ? checksumHolds(skb) : bytesSumUp(packet))) return 'checksum';
  if (skb.dst?.type === 'broadcast' || skb.dst?.type === 'multicast') return 'broadcast';
  const acked = (tcp.flags & TCP_ACK) !== 0;
  const length = packet.bytes.length - packet.l4Offset - tcp.headerLength;
  const used = ((tcp.flags & TCP_SYN) !== 0 ? 1 : 0) + ((tcp.flags & TCP_FIN) !== 0 ? 1 : 0) + length;
  const reset = makeTcp({
    src: packet.dst,
    dst: packet.src,
    ttl: hopLimit(action),
    tos: 0,
    sport: tcp.dport,
    dport: tcp.sport,
    flags: acked ? TCP_RST : TCP_RST | TCP_ACK,
    seq: acked ? tcp.ack : 0,
    ack: acked ? 0 : (tcp.seq + used) >>> 0,
    window: 0,
  });
  env.port.sendLocal(reset, skb, 'reject', { mark: replyMark(action), attachCt: true });
  return null;
}

function isUnicast6(addr: Addr): boolean {
  return !isMulticast(addr) && !isUnspecified(addr) && !isMapped4(addr);
}

/** Kernel: nf_send_unreach(), net/ipv4/netfilter/nf_reject_ipv4.c; nf_send_unreach6() */
export function sendUnreachable(action: XtAction, code: number): string | null {
  const { skb, env, family } = action;
  if (action.fragoff !== 0) return 'fragment';
  if (!rejectChecksumOk(action)) return 'checksum';
  return env.port.sendError(skb, family === 'ip' ? 3 : 1, code, 'reject');
}

/** Protocols whose payload has no plain checksum over all of it. Kernel: nf_reject_verify_csum() */
const UNCHECKED = new Set([47, 50, 51, 132, 136]);

/**
 * What has a bad checksum is not answered; what was found right before is believed, also if another host found it.
 * Of protocols that the kernel does not know, the whole payload is summed up, whether that means anything or not.
 */
function rejectChecksumOk({ skb }: XtAction): boolean {
  const { packet } = skb;
  const { bytes, l4Offset: at, family, protocol } = packet;
  if (skb.csumValid) return true;
  if (family === 6 && (protocol === IPPROTO.none || isExtensionHeader(protocol) || at >= bytes.length)) return false;
  if (UNCHECKED.has(protocol) || (packet.udp && u16(bytes, at + 6) === 0)) return true;
  if (packet.fragment === null && known(packet)) return checksumHolds(skb);
  return bytesSumUp(packet);
}

/** A first piece is summed up as if it were the whole packet, so it is nearly always wrong. Kernel: nf_ip_checksum() */
function bytesSumUp({ bytes, l4Offset: at, protocol, family }: Packet): boolean {
  // IPv4's own header, which is summed up as well, counts as 0xffff.
  const pseudo = family === 6 || protocol === IPPROTO.tcp || protocol === IPPROTO.udp;
  const head = pseudo ? pseudoHeaderSum(bytes, protocol, bytes.length - at) : 0xffff;
  return foldSum(head + sumWords(bytes, at, bytes.length)) === 0xffff;
}

function known(packet: Packet): boolean {
  const icmp = packet.family === 4 ? packet.icmp : packet.icmpv6;
  return packet.tcp !== undefined || packet.udp !== undefined || icmp !== undefined;
}
