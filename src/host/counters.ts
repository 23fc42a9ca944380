import type { EventBody, Skb } from '../model';
import type { Host } from './host';

/**
 * Counts a frame at its interface: with its Ethernet header, but for what a bridge hands up and what goes over lo.
 * Kernel: veth_xmit(), br_dev_xmit(), br_pass_frame_up(), loopback_xmit()
 */
export function countFrame(host: Host, skb: Skb, body: EventBody): void {
  const { length } = skb.packet.bytes;
  if (body.type === 'loopback') {
    const { count } = host.devices.get('lo')!;
    count.txPackets++;
    count.txBytes += length;
    count.rxPackets++;
    count.rxBytes += length;
  } else if (body.type === 'wire') {
    const device = host.devices.get(body.interface)!;
    if (body.direction === 'out') {
      device.count.txPackets++;
      device.count.txBytes += length + 14;
    } else {
      device.count.rxPackets++;
      device.count.rxBytes += length + (device.kind === 'bridge' ? 0 : 14);
    }
  }
}
