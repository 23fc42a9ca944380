import type { Errno } from '../../model';
import { fragmentPacket, ICMP, ICMP_CODE, type Packet } from '../../wire';
import { fragmentedAt } from '../defrag';
import { consumeSkb, kfreeSkb } from '../free';
import type { Host } from '../host';
import { neighOutput4 } from '../net/neighbour';
import { devLoopbackXmit, devQueueXmit } from '../net/xmit';
import { withCauseAlive } from '../sharing';
import type { HostSkb, RouteDst } from '../skb';
import { cloneSkb } from '../skb';
import { nfHook } from '../slow';
import { icmpSend } from './icmp-send';

/** What the host makes itself goes out. What the sender is told. Kernel: ip_local_out(), __ip_local_out() */
export function ipLocalOut(host: Host, skb: HostSkb): Errno | null {
  return nfHook(host, 'ip', 'OUTPUT', skb, { in: '', out: skb.dst!.dev }, dstOutput);
}

/** Kernel: dst_output() */
export function dstOutput(host: Host, skb: HostSkb): Errno | null {
  const dst = skb.dst!;
  if (dst.error !== null) {
    kfreeSkb(host, skb, 'IP_OUTNOROUTES', 'dst_output', dst.error);
    return dst.error;
  }
  return dst.loopsBack ? ipMcOutput(host, skb) : ipOutput(host, skb);
}

/** Kernel: ip_output(), net/ipv4/ip_output.c */
function ipOutput(host: Host, skb: HostSkb): Errno | null {
  return nfHook(host, 'ip', 'POSTROUTING', skb, { in: skb.iif, out: skb.dst!.dev }, ipFinishOutput);
}

/** Broadcasts, and multicasts that the host listens to, come back as well. Kernel: ip_mc_output() */
function ipMcOutput(host: Host, skb: HostSkb): Errno | null {
  const out = skb.dst!.dev;
  const copy = cloneSkb(skb, host.packetId(skb.id, 'copy'));
  host.emit(copy, { type: 'born', how: 'copy', parent: skb.id, cause: null });
  withCauseAlive(host, skb, () => nfHook(host, 'ip', 'POSTROUTING', copy, { in: '', out }, devLoopbackXmit));
  if (skb.dst!.rtMulticast && skb.packet.ttl === 0) {
    consumeSkb(skb);
    return null;
  }
  return nfHook(host, 'ip', 'POSTROUTING', skb, { in: '', out }, ipFinishOutput);
}

/** Kernel: __ip_finish_output(), ip_fragment() */
function ipFinishOutput(host: Host, skb: HostSkb): Errno | null {
  const mtu = dstMtuMaybeForward(host, skb.dst!, skb.forwarded);
  const { packet } = skb;
  if (skb.gsoSize > 0 || (packet.bytes.length <= mtu && skb.fragMaxSize === 0)) return ipFinishOutput2(host, skb);
  if (packet.df && (!skb.ignoreDf || skb.fragMaxSize > mtu)) {
    icmpSend(host, skb, ICMP.destUnreach, ICMP_CODE.fragNeeded, mtu);
    kfreeSkb(host, skb, 'PKT_TOO_BIG', 'ip_fragment', 'EMSGSIZE');
    return 'EMSGSIZE';
  }
  return ipDoFragment(host, skb, mtu);
}

/** Kernel: ip_do_fragment() */
function ipDoFragment(host: Host, skb: HostSkb, mtu: number): Errno | null {
  const size = skb.fragMaxSize > 0 && skb.fragMaxSize < mtu ? skb.fragMaxSize : mtu;
  const sizes = skb.fragSizes;
  const pieces = refragment(skb, size, sizes);
  if (pieces.length === 1) return ipFinishOutput2(host, skb);
  host.emit(skb, { type: 'fragment', what: 'split', pieces: pieces.length });
  for (const piece of pieces) {
    const part = fragmentSkb(host, skb, piece);
    const errno = ipFinishOutput2(host, part);
    if (errno !== null) return errno;
  }
  consumeSkb(skb);
  return null;
}

/**
 * Cuts at the places where the pieces were before, if they fit; then none has DF. Else anew, and with DF if all had it.
 * Kernel: ip_fraglist_prepare(), ip_frag_next()
 */
export function refragment(skb: HostSkb, size: number, sizes: readonly number[] | null): readonly Packet[] {
  const { packet } = skb;
  if (sizes !== null) {
    const again = fragmentPacket(packet, size, { sizes, df: false });
    const as = (p: Packet) => p.bytes.length - p.l4Offset;
    if (again.length === sizes.length && again.every((p, i) => as(p) === sizes[i])) return again;
  }
  return fragmentPacket(packet, size, { df: skb.fragDf });
}

/** Cut where it was before, the first piece goes on as the packet that it came in. Kernel: ip_fraglist_init() */
function isFirstAgain({ fragSizes }: HostSkb, piece: Packet): boolean {
  if (fragSizes === null || piece.fragment?.offset !== 0) return false;
  return piece.bytes.length - fragmentedAt(piece) === fragSizes[0];
}

/** One piece of a packet, as an skb of its own. */
export function fragmentSkb(host: Host, skb: HostSkb, piece: Packet): HostSkb {
  const part: HostSkb = {
    ...cloneSkb(skb, host.packetId(skb.id, 'frag')),
    packet: piece,
    socket: skb.socket,
    fragMaxSize: 0,
    fragSizes: null,
    csumValid: skb.csumValid === true && isFirstAgain(skb, piece),
  };
  host.emit(part, { type: 'born', how: 'fragment', parent: skb.id, cause: null });
  return part;
}

/** Kernel: ip_finish_output2() */
function ipFinishOutput2(host: Host, skb: HostSkb): Errno | null {
  const dst = skb.dst!;
  const mac = neighOutput4(host, skb, dst);
  if (mac === null) return null;
  devQueueXmit(host, skb, dst.dev, mac);
  return null;
}

/** Kernel: ip_dst_mtu_maybe_forward(), include/net/ip.h */
export function dstMtuMaybeForward(host: Host, dst: RouteDst, forwarding: boolean): number {
  const usePmtu = host.proc.number('ipv4.ip_forward_use_pmtu') !== 0 || dst.mtuLocked || !forwarding;
  if (usePmtu) return dst.mtu;
  return dst.routeMtu || Math.min(host.devices.get(dst.dev)?.mtu ?? 65535, 65535);
}
