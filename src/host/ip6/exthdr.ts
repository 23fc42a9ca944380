import { type ExtensionHeader, ICMPV6, ICMPV6_CODE, IPPROTO, isMulticast, type Packet } from '../../wire';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { icmp6Send } from './icmp-send';

/** The option that a packet is longer than its header can say. RFC 2675 section 2 */
const JUMBO = 0xc2;
/** A label of security, which is refused where no domain is known. RFC 5570 section 5.1; kernel: calipso_validate() */
const CALIPSO = 7;
/** Measurements on the way; it stands at a multiple of four. RFC 9486; kernel: ipv6_hop_ioam() */
const IOAM = 0x31;

/** The options for every hop. False if the packet is to be dropped. Kernel: ipv6_parse_hopopts() */
export function parseHopOpts(host: Host, skb: HostSkb): boolean {
  const first = skb.packet.extensions[0];
  skb.transportBehind = false;
  skb.hopOptionsRead = first?.protocol === IPPROTO.hopopts;
  if (first?.protocol !== IPPROTO.hopopts) return skb.packet.bytes[6] !== IPPROTO.hopopts;
  return parseOptions(host, skb, first, 'hbh');
}

/**
 * Are the options for every hop cut as they should be, with none for a jumbo packet? Kernel: br_validate_ipv6(),
 * nf_ip6_check_hbh_len()
 */
export function nfIp6CheckHbhLen({ bytes, extensions: [first] }: Packet): boolean {
  if (bytes[6] !== IPPROTO.hopopts) return true;
  if (first?.protocol !== IPPROTO.hopopts) return false;
  const end = first.offset + first.length;
  let at = first.offset + 2;
  while (at < end) {
    if (bytes[at] === JUMBO) return false;
    at += bytes[at] === 0 ? 1 : (bytes[at + 1] ?? 0) + 2;
  }
  return at === end;
}

/** The options for the destination. Kernel: ipv6_destopt_rcv() */
export function parseDestOpts(host: Host, skb: HostSkb, header: ExtensionHeader): boolean {
  return parseOptions(host, skb, header, 'dst');
}

/** Unknown options say themselves what is to be done with the packet. Kernel: ip6_parse_tlv(); RFC 8200 section 4.2 */
function parseOptions(host: Host, skb: HostSkb, header: ExtensionHeader, kind: 'hbh' | 'dst'): boolean {
  const { bytes } = skb.packet;
  const end = header.offset + header.length;
  const most = host.proc.number(kind === 'hbh' ? 'ipv6.max_hbh_opts_number' : 'ipv6.max_dst_opts_number');
  if (header.length > host.proc.number(kind === 'hbh' ? 'ipv6.max_hbh_length' : 'ipv6.max_dst_opts_length'))
    return false;
  let count = 0;
  let padding = 0;
  for (let i = header.offset + 2; i < end; ) {
    const type = bytes[i]!;
    if (type === 0) {
      padding++;
      i++;
      if (padding > 7) return false;
      continue;
    }
    const length = (bytes[i + 1] ?? 0) + 2;
    if (i + 1 >= end || i + length > end) return false;
    if (type === 1) {
      padding += length;
      if (padding > 7) return false;
      for (let j = i + 2; j < i + length; j++) if (bytes[j] !== 0) return false;
    } else {
      padding = 0;
      count++;
      if (count > Math.abs(most)) return false;
      if (kind === 'hbh' && type === 5) {
        // Kernel: ipv6_hop_ra()
        if (length !== 4) return false;
      } else if (kind === 'hbh' && type === CALIPSO) {
        return false;
      } else if (kind === 'hbh' && type === IOAM) {
        if ((i & 3) !== 0) return false;
        if (host.proc.number(`ipv6.conf.${skb.iif}.ioam6_enabled`) !== 0)
          host.emit(skb, { type: 'not-modelled', what: 'an IOAM option' });
      } else if (kind === 'hbh' && type === JUMBO) {
        hopJumbo(host, skb, i, length);
        return false;
      } else if (!unknownOption(host, skb, type, i, most < 0)) return false;
    }
    i += length;
  }
  return true;
}

/** A packet with this option is never as long as it would have to be here. Kernel: ipv6_hop_jumbo() */
function hopJumbo(host: Host, skb: HostSkb, at: number, length: number): void {
  const { bytes } = skb.packet;
  if (length !== 6 || (at & 3) !== 2) return;
  if (bytes[at + 2] === 0 && bytes[at + 3] === 0) icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, at + 2);
  else if (bytes[4] !== 0 || bytes[5] !== 0) icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.hdrField, at);
}

/** Kernel: ip6_tlvopt_unknown() */
function unknownOption(host: Host, skb: HostSkb, type: number, at: number, never: boolean): boolean {
  if (never) return false;
  switch (type >> 6) {
    case 0:
      return true;
    case 1:
      return false;
    case 3:
      if (isMulticast(skb.packet.dst)) return false;
      break;
    default:
      break;
  }
  icmp6Send(host, skb, ICMPV6.paramProb, ICMPV6_CODE.unkOption, at);
  return false;
}
