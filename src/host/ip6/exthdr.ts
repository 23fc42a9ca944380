import { type ExtensionHeader, IPPROTO, isMulticast } from '../../wire';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { icmp6Send } from './icmp-send';

/** The options for every hop. False if the packet is to be dropped. Kernel: ipv6_parse_hopopts() */
export function parseHopOpts(host: Host, skb: HostSkb): boolean {
  const first = skb.packet.extensions[0];
  if (first?.protocol !== IPPROTO.hopopts) return skb.packet.bytes[6] !== IPPROTO.hopopts;
  return parseOptions(host, skb, first, (type) => type === 5 || type === 0xc2);
}

/** The options for the destination. Kernel: ipv6_destopt_rcv() */
export function parseDestOpts(host: Host, skb: HostSkb, header: ExtensionHeader): boolean {
  return parseOptions(host, skb, header, () => false);
}

/** Unknown options say themselves what is to be done with the packet. Kernel: ip6_parse_tlv(), ip6_tlvopt_unknown(); RFC 8200 section 4.2 */
function parseOptions(host: Host, skb: HostSkb, header: ExtensionHeader, known: (type: number) => boolean): boolean {
  const { bytes } = skb.packet;
  const end = header.offset + header.length;
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
      if (!known(type) && !unknownOption(host, skb, type, i)) return false;
    }
    i += length;
  }
  return true;
}

function unknownOption(host: Host, skb: HostSkb, type: number, at: number): boolean {
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
  icmp6Send(host, skb, 4, 2, at);
  return false;
}
