import { type ExtensionHeader, ICMPV6, ICMPV6_CODE, IPPROTO, isMulticast } from '../../wire';
import { ipDefrag } from '../defrag';
import { consumeSkb, kfreeSkb, nfResetCt } from '../free';
import type { Host } from '../host';
import { rawSenderHears } from '../send';
import type { HostSkb } from '../skb';
import { ownPortOf } from '../sockets/own';
import { tcpRcv } from '../tcp/receive';
import { udpRcv } from '../udp';
import { parseDestOpts } from './exthdr';
import { icmp6Rcv } from './icmp-rcv';
import { icmp6Send } from './icmp-send';

/** A packet for this host: its headers one by one, then its protocol. Kernel: ip6_protocol_deliver_rcu() */
export function ip6ProtocolDeliver(host: Host, skb: HostSkb): void {
  if (taken(host, skb)) return;
  if (skb.transportBehind) {
    skb.uncertain = true;
    host.emit(skb, { type: 'not-modelled', what: 'a header before that of fragments which conntrack put together' });
  }
  for (let i = 0; i < skb.packet.extensions.length; i++) {
    const header = skb.packet.extensions[i]!;
    if (header.protocol === IPPROTO.fragment) {
      if (skb.fragMaxSize > 0) {
        refuseSecondFragment(host, skb, header);
        return;
      }
      if (skb.packet.fragment === null) continue;
      const { offset, more } = skb.packet.fragment;
      // A fragment that is the whole packet goes on as it is.
      if (offset === 0 && !more) {
        skb.fragMaxSize = skb.packet.bytes.length;
        continue;
      }
      if (!ipDefrag(host, skb, 'local-deliver')) return;
      i--;
      continue;
    }
    if (!extensionHeader(host, skb, header)) return;
  }
  finalProtocol(host, skb);
}

/** What was a fragment already is none again. Kernel: ipv6_frag_rcv(), IP6SKB_FRAGMENTED */
function refuseSecondFragment(host: Host, skb: HostSkb, header: ExtensionHeader): void {
  icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, header.offset);
  kfreeSkb(host, skb, 'IP_INHDR', 'ipv6_frag_rcv');
}

function taken(host: Host, skb: HostSkb): boolean {
  if (skb.packet.fragment !== null && skb.packet.fragment.offset > 0) return false;
  // No host here reads AH, nor what is behind.
  if (skb.packet.extensions.some((header) => header.protocol === IPPROTO.ah)) return false;
  const own = ownPortOf(host, skb.packet);
  if (own === null) return false;
  host.emit(skb, { type: 'deliver', to: own.to, protocol: skb.packet.protocol, port: own.port });
  own.client?.receive(skb.packet);
  consumeSkb(skb);
  return true;
}

function extensionHeader(host: Host, skb: HostSkb, header: ExtensionHeader): boolean {
  if (header.protocol === IPPROTO.dstopts) {
    if (parseDestOpts(host, skb, header)) return true;
    kfreeSkb(host, skb, 'IP_INHDR', 'ipv6_destopt_rcv');
    return false;
  }
  if (header.protocol === IPPROTO.routing) return routingHeader(host, skb, header);
  // Options for every hop have their place at the front alone, and not behind the header of a fragment that is put together.
  if (header.protocol === IPPROTO.hopopts && header.offset === 40 && skb.hopOptionsRead) return true;
  unknownHeader(host, skb, header.offset);
  return false;
}

/** Kernel: ipv6_rthdr_rcv() */
function routingHeader(host: Host, skb: HostSkb, header: ExtensionHeader): boolean {
  const left = skb.packet.bytes[header.offset + 3]!;
  const type = skb.packet.bytes[header.offset + 2]!;
  // Segment routing and RPL are off, and say nothing. Kernel: ipv6_srh_rcv(), ipv6_rpl_srh_rcv()
  if (type === 3 || type === 4) {
    const on = type === 4 ? 'seg6_enabled' : 'rpl_seg_enabled';
    if (host.proc.number(`ipv6.conf.all.${on}`) !== 0 && host.proc.number(`ipv6.conf.${skb.iif}.${on}`) !== 0)
      host.emit(skb, { type: 'not-modelled', what: `a routing header with ${on}` });
    kfreeSkb(host, skb, 'IP_INHDR', 'ipv6_rthdr_rcv');
    return false;
  }
  if (left === 0) return true;
  icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, header.offset + 2);
  kfreeSkb(host, skb, 'IP_INHDR', 'ipv6_rthdr_rcv');
  return false;
}

function finalProtocol(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  const { protocol } = packet;
  // PIM is known, but has nobody who listens.
  if (protocol === IPPROTO.none || protocol === IPPROTO.pim) {
    consumeSkb(skb);
    return;
  }
  if (rawSenderHears(host, packet)) {
    host.emit(skb, { type: 'deliver', to: 'raw', protocol: IPPROTO.raw, port: null });
    consumeSkb(skb);
    return;
  }
  const known =
    protocol === IPPROTO.tcp || protocol === IPPROTO.udp || protocol === IPPROTO.udplite || protocol === IPPROTO.icmpv6;
  if (!known) {
    if (cutHeader(host, skb)) return;
    unknownHeader(host, skb, packet.l4Offset);
    return;
  }
  nfResetCt(skb);
  if (isMulticast(packet.dst) && !host.joined(skb.iif, packet.dst)) {
    kfreeSkb(host, skb, 'NOT_SPECIFIED', 'ip6_input');
    return;
  }
  if (protocol === IPPROTO.tcp) tcpRcv(host, skb);
  else if (protocol === IPPROTO.icmpv6) icmp6Rcv(host, skb);
  else udpRcv(host, skb);
}

/**
 * A known extension header that is cut off: only of that of a fragment is the sender told. False if it is none.
 *
 * Kernel: ipv6_rthdr_rcv(), ipv6_destopt_rcv(), ipv6_frag_rcv()
 */
function cutHeader(host: Host, skb: HostSkb): boolean {
  const { protocol, l4Offset } = skb.packet;
  const by = CUT_BY.get(protocol);
  if (by === undefined) return false;
  if (protocol === IPPROTO.fragment) icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, l4Offset);
  kfreeSkb(host, skb, 'IP_INHDR', by);
  return true;
}

const CUT_BY: ReadonlyMap<number, string> = new Map([
  [IPPROTO.routing, 'ipv6_rthdr_rcv'],
  [IPPROTO.dstopts, 'ipv6_destopt_rcv'],
  [IPPROTO.fragment, 'ipv6_frag_rcv'],
]);

/** Nobody knows what this is; the error points at the number that named it. */
function unknownHeader(host: Host, skb: HostSkb, offset: number): void {
  const before = skb.packet.extensions.find((e) => e.offset + e.length === offset);
  icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.unkNexthdr, before?.offset ?? 6);
  kfreeSkb(host, skb, 'IP_NOPROTO', 'ip6_protocol_deliver');
}
