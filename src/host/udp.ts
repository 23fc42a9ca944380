import { checksumHolds } from '../model';
import {
  ICMP,
  ICMP_CODE,
  ICMPV6,
  ICMPV6_CODE,
  IPPROTO,
  isLinkLocal,
  isMapped4,
  isMulticast,
  isUnspecified,
  latin1Bytes,
  latin1Text,
  makeUdp,
  payloadOf,
  summedRight,
  trimmed,
  trimSum,
  u16,
} from '../wire';
import { consumeSkb, kfreeSkb } from './free';
import type { Host } from './host';
import { icmpSend } from './ip4/icmp-send';
import { icmp6Send, realIif } from './ip6/icmp-send';
import { localOutTo } from './net/local-out';
import type { HostSkb } from './skb';
import { answerDns } from './sockets/services';
import type { Listener } from './tcp/types';

/** What a program that listens on UDP has to do. A plain value. */
export interface DatagramTask {
  readonly kind: 'datagram';
  readonly listener: number;
  readonly cause: string;
  readonly uncertain: boolean;
  readonly local: string;
  readonly remote: string;
  readonly rport: number;
  readonly data: string;
  /** The interface that it came by. */
  readonly iif: string;
}

/** Kernel: __udp4_lib_rcv(), net/ipv4/udp.c; __udp6_lib_rcv(), net/ipv6/udp.c */
export function udpRcv(host: Host, skb: HostSkb): void {
  const by = 'udp_rcv';
  const six = skb.packet.family === 6;
  if (skb.packet.protocol === IPPROTO.udp) trim(skb);
  const { packet } = skb;
  const at = packet.l4Offset;
  const length = packet.bytes.length - at;
  if (length < 8) {
    kfreeSkb(host, skb, 'PKT_TOO_SMALL', by);
    return;
  }
  const dport = u16(packet.bytes, at + 2);
  const dst = skb.dst!;
  const lite = packet.protocol === IPPROTO.udplite;
  // Of UDPLite it is how much the checksum covers.
  const said = u16(packet.bytes, at + 4);
  if (said > length || (!lite && said < 8 && !(six && said === 0))) {
    kfreeSkb(host, skb, 'PKT_TOO_SMALL', by);
    return;
  }
  if (!lite) {
    if (six && u16(packet.bytes, at + 6) === 0) {
      kfreeSkb(host, skb, 'UDP_CSUM', by);
      return;
    }
    if (headerChanged(skb, said || length)) {
      kfreeSkb(host, skb, 'UDP_CSUM', by);
      return;
    }
  }
  const listeners = lite ? [] : listenersFor(host, skb, dport);
  const group = dst.rtBroadcast || dst.rtMulticast || (six && isMulticast(packet.dst));
  if (listeners.length === 0) {
    if (!checksumHolds(skb)) {
      kfreeSkb(host, skb, 'UDP_CSUM', by);
      return;
    }
    if (group) {
      kfreeSkb(host, skb, 'NO_SOCKET', by);
      return;
    }
    host.emit(skb, { type: 'deliver', to: 'closed', protocol: packet.protocol, port: dport });
    if (six) icmp6Send(host, skb, ICMPV6.destUnreach, ICMPV6_CODE.portUnreach, 0);
    else icmpSend(host, skb, ICMP.destUnreach, ICMP_CODE.portUnreach, 0);
    consumeSkb(skb);
    return;
  }
  if (!checksumHolds(skb)) {
    kfreeSkb(host, skb, 'UDP_CSUM', by);
    return;
  }
  for (const listener of listeners) receive(host, skb, listener);
  consumeSkb(skb);
}

/** What a datagram has beyond its length is cut off before anything looks at it. Kernel: pskb_trim_rcsum() */
function trim(skb: HostSkb): void {
  const { packet } = skb;
  const said = packet.udp?.length ?? 0;
  const end = packet.l4Offset + said;
  if (said < 8 || end >= packet.bytes.length) return;
  if (skb.csum !== undefined) skb.csum = trimSum(skb.csum, packet.bytes, end);
  skb.packet = trimmed(packet, end);
}

/**
 * What conntrack summed up covers the IPv6 header. A rule that changes the header (TOS, HL) leaves the sum as it was, and
 * then it counts as wrong; only a short datagram is summed up anew.
 *
 * Kernel: nf_ip6_checksum(), udp6_csum_init(), CHECKSUM_BREAK
 */
function headerChanged(skb: HostSkb, length: number): boolean {
  return skb.csum !== undefined && length > 76 && !summedRight(skb.packet, skb.csum);
}

function listenersFor(host: Host, skb: HostSkb, port: number): readonly Listener[] {
  const { family, dst } = skb.packet;
  if (skb.dst!.rtBroadcast || skb.dst!.rtMulticast) {
    return host.sockets.listeners.filter(
      (l) =>
        l.protocol === 'udp' && l.family === family && l.port === port && (l.address === null || l.address === dst),
    );
  }
  const found = host.sockets.listener('udp', family, dst, port);
  return found ? [found] : [];
}

function receive(host: Host, skb: HostSkb, listener: Listener): void {
  const { packet } = skb;
  const { service, port } = listener;
  host.emit(skb, { type: 'deliver', to: 'listener', protocol: IPPROTO.udp, port, service });
  const data = payloadOf(packet);
  const task: DatagramTask = {
    kind: 'datagram',
    listener: listener.id,
    cause: skb.id,
    uncertain: skb.uncertain,
    local: packet.dst,
    remote: packet.src,
    rport: packet.udp!.sport,
    data: latin1Text(data),
    iif: realIif(skb),
  };
  host.world.wake(host.name, task);
}

/** fe80::/10 and the groups of one link, or of at most one link. */
function ofLink(addr: string, scope = /^ff.[12]:/): boolean {
  return isLinkLocal(addr) || scope.test(addr);
}

/** The program answers, from the address that it was asked at. Kernel: udp_sendmsg() */
export function runDatagram(host: Host, task: DatagramTask): void {
  const listener = host.sockets.listeners.find((l) => l.id === task.listener);
  if (!listener || task.rport === 0) return;
  // An address of one link is no source for another. Kernel: ip6_datagram_send_ctl()
  if (ofLink(task.local, /^ff.2:/) && !ofLink(task.remote)) return;
  const request = latin1Bytes(task.data);
  if (listener.service === 'sink') return;
  const payload = listener.service === 'dns' ? answerDns(request) : request;
  if (payload === null) return;
  const { rport } = task;
  // :: means the host itself, as BSD has it, and so does 0.0.0.0 if it is asked at that.
  const self = task.remote === '0.0.0.0' && task.local === task.remote;
  const remote = task.remote === '::' ? '::1' : self ? '127.0.0.1' : task.remote;
  const source = isUnspecified(task.local) ? host.sourceFor(remote) : ({ ok: true, src: task.local } as const);
  if (!source.ok) return;
  // A socket of IPv6 alone reaches no IPv4 address.
  if (isMapped4(remote)) return;
  const local = source.src;
  const { family, port: sport } = listener;
  const way = host.route({ family, dst: remote, src: local, protocol: IPPROTO.udp, sport, dport: rport });
  // A program has to ask for leave to broadcast, and this one does not. Kernel: SO_BROADCAST, RTCF_BROADCAST
  if (way.ok && way.dst.rtBroadcast) return;
  const head = listener.family === 4 ? 28 : 48;
  const short = payload.length + head <= (way.ok ? way.dst.mtu : 1500);
  const packet = makeUdp({
    src: local,
    dst: remote,
    sport: listener.port,
    dport: rport,
    payload,
    df: short,
    id: short ? 0 : host.nextIpId(),
    ttl: isMulticast(remote) ? 1 : host.defaultTtl(listener.family),
  });
  const socket = { uid: 0, gid: 0, protocol: IPPROTO.udp, mark: 0 };
  localOutTo(host, packet, {
    cause: task.cause,
    socket,
    uncertain: task.uncertain,
    mayFragment: true,
    pmtuDisc: listener.pmtuDisc,
    oif: isLinkLocal(remote) ? task.iif : '',
  });
}
