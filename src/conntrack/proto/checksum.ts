import type { HookState, HostPort, Skb } from '../../model';
import { checksumOk, IPPROTO, internetChecksum } from '../../wire';
import { ctSysctl } from '../sysctl';

const SUMMED: ReadonlySet<number> = new Set([IPPROTO.tcp, IPPROTO.udp, IPPROTO.icmpv6]);

/** Where a packet comes in its transport checksum is looked at, unless nf_conntrack_checksum is 0. Kernel: nf_checksum() */
export function badChecksum(port: HostPort, skb: Skb, state: HookState): boolean {
  if (state.hook !== 'PREROUTING' || ctSysctl(port, 'checksum') === 0) return false;
  const { packet } = skb;
  if (skb.csumPartial) return false;
  // UDPLite is held against UDP's pseudo header, so that the right sum is a wrong one. Kernel: udplite_error()
  const inPseudo = packet.protocol === IPPROTO.udplite ? IPPROTO.udp : packet.protocol;
  skb.csumValid = checksumOk(packet, inPseudo);
  if (!skb.csumValid) return true;
  if (packet.family === 6 && SUMMED.has(packet.protocol)) skb.csum = internetChecksum(packet.bytes);
  return false;
}
