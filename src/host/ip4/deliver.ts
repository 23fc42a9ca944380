import { ICMP, ICMP_CODE, IPPROTO } from '../../wire';
import { consumeSkb, kfreeSkb, nfResetCt } from '../free';
import type { Host } from '../host';
import { rawSenderHears } from '../send';
import type { HostSkb } from '../skb';
import { ownPortOf } from '../sockets/own';
import { tcpRcv } from '../tcp/receive';
import { udpRcv } from '../udp';
import { icmpRcv } from './icmp-rcv';
import { icmpSend } from './icmp-send';

/** A packet that is for this host reaches its protocol. Kernel: ip_protocol_deliver_rcu(), net/ipv4/ip_input.c */
export function ipProtocolDeliver(host: Host, skb: HostSkb): void {
  const { packet } = skb;
  const own = ownPortOf(host, packet);
  if (own !== null) {
    host.emit(skb, { type: 'deliver', to: own.to, protocol: packet.protocol, port: own.port });
    own.client?.receive(packet);
    consumeSkb(skb);
    return;
  }
  if (rawSenderHears(host, packet)) {
    host.emit(skb, { type: 'deliver', to: 'raw', protocol: IPPROTO.raw, port: null });
    consumeSkb(skb);
    return;
  }
  switch (packet.protocol) {
    case IPPROTO.icmp:
      icmpRcv(host, skb);
      return;
    case IPPROTO.tcp:
      nfResetCt(skb);
      tcpRcv(host, skb);
      return;
    case IPPROTO.udp:
    case IPPROTO.udplite:
      nfResetCt(skb);
      udpRcv(host, skb);
      return;
    // These know only their own groups.
    case IPPROTO.igmp:
    case IPPROTO.pim:
      consumeSkb(skb);
      return;
    default:
      icmpSend(host, skb, ICMP.destUnreach, ICMP_CODE.protUnreach, 0);
      kfreeSkb(host, skb, 'IP_NOPROTO', 'ip_protocol_deliver');
  }
}
