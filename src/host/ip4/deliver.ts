import { consumeSkb, kfreeSkb, nfResetCt } from '../free';
import type { Host } from '../host';
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
    consumeSkb(host, skb);
    return;
  }
  // The raw socket that sent it hears it, too, if it is bound to that address.
  if (packet.protocol === 255 && skb.iif === 'lo' && packet.src === packet.dst) {
    host.emit(skb, { type: 'deliver', to: 'raw', protocol: 255, port: null });
    consumeSkb(host, skb);
    return;
  }
  switch (packet.protocol) {
    case 1:
      icmpRcv(host, skb);
      return;
    case 6:
      nfResetCt(host, skb);
      tcpRcv(host, skb);
      return;
    case 17:
    case 136:
      nfResetCt(host, skb);
      udpRcv(host, skb);
      return;
    // IGMP and PIM know only their own groups.
    case 2:
    case 103:
      consumeSkb(host, skb);
      return;
    default:
      icmpSend(host, skb, 3, 2, 0);
      kfreeSkb(host, skb, 'IP_NOPROTO', 'ip_protocol_deliver');
  }
}
