import type { Frame } from '../model';
import { BROADCAST_MAC, isMulticastMac } from '../wire';
import { brHandleFrame } from './bridge';
import type { Device } from './device';
import type { Host } from './host';
import { ipRcv } from './ip4/input';
import { ip6Rcv } from './ip6/input';
import { type HostSkb, newSkb } from './skb';

/** A frame arrives by an Ethernet interface. Kernel: netif_rx(), eth_type_trans(), __netif_receive_skb_core() */
export function receiveFrame(host: Host, dev: string, frame: Frame): void {
  const device = host.devices.get(dev);
  if (!device?.up) return;
  const { id, parent, cause, bytes, uncertain } = frame;
  const { packet } = bytes;
  // Four bytes are left for a VLAN tag. Kernel: is_skb_forwardable(), which veth asks before netif_rx()
  if (packet.bytes.length > device.mtu + 4) return;
  const pktType = pktTypeOf(device, frame.dstMac);
  const skb = newSkb(id, packet, {
    parent,
    cause,
    iif: dev,
    mac: { src: frame.srcMac, dst: frame.dstMac },
    pktType,
    shared: bytes,
    uncertain,
  });
  skb.csumValid = frame.csumValid;
  const other = pktType === 'otherhost' && device.master === '';
  host.emit(skb, {
    type: 'wire',
    interface: dev,
    direction: 'in',
    segment: device.segment,
    mac: { src: frame.srcMac, dst: frame.dstMac },
    ...(other ? { otherhost: true as const } : null),
  });
  if (device.master !== '' && host.bridges.has(device.master)) {
    brHandleFrame(host, skb, device);
    return;
  }
  receiveUp(host, skb, dev);
}

/** Kernel: eth_type_trans() */
function pktTypeOf(device: Device, dstMac: string): HostSkb['pktType'] {
  if (dstMac === BROADCAST_MAC) return 'broadcast';
  if (isMulticastMac(dstMac)) return 'multicast';
  return dstMac === device.mac ? 'host' : 'otherhost';
}

/** To the protocol that the frame carries. */
export function receiveUp(host: Host, skb: HostSkb, dev: string): void {
  if (skb.packet.family === 4) ipRcv(host, skb, dev);
  else ip6Rcv(host, skb, dev);
}
