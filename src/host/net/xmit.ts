import type { Errno, Frame } from '../../model';
import { brDevXmit } from '../bridge';
import type { Device } from '../device';
import { consumeSkb } from '../free';
import type { Host } from '../host';
import type { HostSkb } from '../skb';
import { gsoSegment } from './gso';

/** A packet leaves by a device, in a frame to this MAC. Kernel: __dev_queue_xmit(), net/core/dev.c */
export function devQueueXmit(host: Host, skb: HostSkb, dev: string, dstMac: string, srcMac?: string): void {
  const device = host.devices.get(dev);
  if (!device?.up) {
    consumeSkb(skb);
    return;
  }
  if (device.kind === 'loopback') loopbackXmit(host, skb);
  else
    for (const piece of device.kind === 'dummy' ? [skb] : gsoSegment(host, skb))
      xmitOne(host, piece, device, dstMac, srcMac ?? device.mac);
  host.world.localBhEnable();
}

/** Kernel: xmit_one() */
function xmitOne(host: Host, skb: HostSkb, device: Device, dstMac: string, srcMac: string): void {
  const mac = { srcMac, dstMac };
  const frame = { src: srcMac, dst: dstMac };
  host.emit(skb, { type: 'wire', interface: device.name, direction: 'out', segment: device.segment, mac: frame });
  if (device.kind === 'bridge') brDevXmit(host, skb, device, mac);
  else xmitFrame(host, skb, device.name, mac);
}

/** Puts a frame onto the segment of an interface. Kernel: veth_xmit() */
export function xmitFrame(
  host: Host,
  skb: HostSkb,
  dev: string,
  mac: { readonly srcMac: string; readonly dstMac: string },
): void {
  const { id, parent, cause, packet, shared, uncertain } = skb;
  const bytes = shared?.packet === packet ? shared : { packet };
  const frame: Frame = { id, parent, cause, ...mac, bytes, uncertain, csumValid: skb.csumValid ?? false };
  consumeSkb(skb);
  host.world.transmit(host.name, dev, frame);
}

/** Kernel: loopback_xmit(), drivers/net/loopback.c */
function loopbackXmit(host: Host, skb: HostSkb): void {
  skb.iif = 'lo';
  skb.pktType = 'host';
  skb.socket = null;
  skb.physIn = '';
  skb.physOut = '';
  skb.forwarded = false;
  host.emit(skb, { type: 'loopback' });
  host.world.loopback(host.name, skb);
}

/** A multicast or broadcast that the host hears itself. Kernel: dev_loopback_xmit(), net/core/dev.c */
export function devLoopbackXmit(host: Host, skb: HostSkb): Errno | null {
  skb.pktType = 'loopback';
  skb.iif = skb.dst!.dev;
  skb.socket = null;
  host.world.loopback(host.name, skb);
  host.world.localBhEnable();
  return null;
}
