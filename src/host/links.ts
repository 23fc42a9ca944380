import { Bridge } from '../bridge';
import { natForgetInterface } from '../nat';
import { IPV6_MIN_MTU } from '../wire';
import { initLoopback, ipv6Changed, syncDevice } from './addresses';
import { Device, type HostAddr } from './device';
import type { Host } from './host';

/** Makes an interface. lo is there from the beginning. */
export function addDevice(
  host: Host,
  name: string,
  kind: 'ethernet' | 'bridge' | 'dummy' | 'loopback',
  mac: string,
  mtu: number,
  segment: string,
): Device {
  const device = new Device(name, host.nextIfIndex++, kind, mac, mtu, segment);
  host.devices.set(name, device);
  host.proc.addDevice(name);
  mtuOf6(host, device);
  if (kind === 'bridge') {
    const bridge = new Bridge(name);
    bridge.setMac(name, mac);
    host.bridges.set(name, bridge);
  }
  return device;
}

/** `ip link set DEV up` and `down`, with what comes of it. Kernel: __dev_change_flags() */
export function setUp(host: Host, device: Device, up: boolean): void {
  if (device.up === up) return;
  device.up = up;
  device.activated = true;
  if (!up) {
    const keeps = (a: HostAddr) => a.family === 4 || host.proc.number(`ipv6.conf.${device.name}.keep_addr_on_down`) > 0;
    device.addresses = device.addresses.filter(keeps);
    natForgetInterface(host.ct, host, device.name);
    host.neigh.flush(device.name); // permanent ones too. Kernel: neigh_ifdown()
    host.bridges.get(device.kind === 'bridge' ? device.name : device.master)?.forget(device.name);
  } else initLoopback(host, device);
  syncDevice(host, device);
}

/** A port joins a bridge, or leaves it (''). What is wrong with it, or null. Kernel: do_set_master(), br_add_if() */
export function setMaster(host: Host, device: Device, master: string): string | null {
  if (master === device.master) return null;
  if (master !== '') {
    const bridge = host.bridges.get(master);
    if (!host.devices.has(master)) return `Error: argument "${master}" is wrong: Device does not exist\n`;
    if (!bridge) return 'RTNETLINK answers: Operation not supported';
    if (device.kind === 'bridge') return 'Error: Can not enslave a bridge to a bridge.';
    if (device.kind === 'loopback') return 'RTNETLINK answers: Invalid argument';
    host.bridges.get(device.master)?.removePort(device.name);
    bridge.addPort(device.name, device.mac);
  } else host.bridges.get(device.master)?.removePort(device.name);
  const left = device.master;
  device.master = master;
  brMtuAutoAdjust(host, left);
  brMtuAutoAdjust(host, master);
  syncDevice(host, device);
  return null;
}

export function changeMtu(host: Host, device: Device, mtu: number): void {
  device.mtu = mtu;
  mtuOf6(host, device);
}

/** A bridge takes over the smallest MTU of its ports. Kernel: br_mtu_auto_adjust(), net/bridge/br_if.c */
export function brMtuAutoAdjust(host: Host, name: string): void {
  const bridge = host.devices.get(name);
  if (!bridge || bridge.mtuByUser) return;
  const mtus = [...host.devices.values()].filter((d) => d.master === name).map((d) => d.mtu);
  changeMtu(host, bridge, mtus.length > 0 ? Math.min(...mtus) : 1500);
}

/** IPv6 takes over the interface's MTU, or leaves one that is too small for it. Kernel: addrconf_notify() */
function mtuOf6(host: Host, { name, mtu }: Device): void {
  const had = host.proc.hasIpv6(name);
  host.proc.setIpv6(name, mtu >= IPV6_MIN_MTU);
  if (had !== host.proc.hasIpv6(name)) ipv6Changed(host);
  host.proc.set(`ipv6.conf.${name}.mtu`, String(mtu));
}

/** Kernel: dev_valid_name() */
export function validName(name: string): boolean {
  return name !== '' && name.length <= 15 && name !== '.' && name !== '..' && !/[/:\s]/.test(name);
}
