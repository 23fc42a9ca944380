import { Bridge } from '../bridge';
import { Reader, unsigned } from '../fib';
import { natForgetInterface } from '../nat';
import { parseMac } from '../wire';
import { syncDevice } from './addresses';
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
  if (mtu !== 1500) host.proc.set(`ipv6.conf.${name}.mtu`, String(mtu));
  if (kind === 'bridge') {
    const bridge = new Bridge(name);
    bridge.setMac(mac);
    host.bridges.set(name, bridge);
  }
  return device;
}

export function setUp(host: Host, device: Device, up: boolean): void {
  if (device.up === up) return;
  device.up = up;
  if (!up) {
    const keeps = (a: HostAddr) => a.family === 4 || host.proc.number(`ipv6.conf.${device.name}.keep_addr_on_down`) > 0;
    device.addresses = device.addresses.filter(keeps);
    natForgetInterface(host.ct, host, device.name);
    host.neigh.flush(device.name); // permanent ones too. Kernel: neigh_ifdown()
  }
  syncDevice(host, device);
}

/** A port joins a bridge, or leaves it (''). What is wrong with it, or null. Kernel: do_set_master(), br_add_if() */
export function setMaster(host: Host, device: Device, master: string): string | null {
  if (master === device.master) return null;
  if (master !== '') {
    const bridge = host.bridges.get(master);
    if (!host.devices.has(master)) return `Error: argument "${master}" is wrong: Device does not exist\n`;
    if (!bridge) return 'RTNETLINK answers: Operation not supported';
    if (device.kind === 'loopback' || device.kind === 'bridge') return 'RTNETLINK answers: Invalid argument';
    host.bridges.get(device.master)?.removePort(device.name);
    bridge.addPort(device.name, device.mac);
  } else host.bridges.get(device.master)?.removePort(device.name);
  device.master = master;
  syncDevice(host, device);
  return null;
}

function setMac(host: Host, device: Device, mac: string): void {
  device.mac = mac;
  host.bridges.get(device.name)?.setMac(mac);
  const master = device.master;
  if (master === '') return;
  const bridge = host.bridges.get(master)!;
  bridge.removePort(device.name);
  bridge.addPort(device.name, mac);
}

function setMtu(host: Host, device: Device, mtu: number): string | null {
  if (mtu < 68 || mtu > 65535)
    return `Error: mtu ${mtu < 68 ? 'less than device minimum' : 'greater than device maximum'}.`;
  device.mtu = mtu;
  host.proc.set(`ipv6.conf.${device.name}.mtu`, String(mtu));
  return null;
}

/** Does what `ip link VERB` asks. Throws IpError. */
export function changeLink(host: Host, verb: 'set' | 'add' | 'del', words: readonly string[]): string | null {
  if (verb === 'add') return addLink(host, words);
  if (verb === 'del') return deleteLink(host, words);
  return setLink(host, words);
}

/** Nothing can be wrong with it. */
function done(_: unknown): null {
  return null;
}

function setGroup(device: Device, group: number): void {
  device.group = group;
}

function setHairpin(device: Device, on: boolean): void {
  device.hairpin = on;
}

/** iproute2: iplink_parse(), ip/iplink.c */
function setLink(host: Host, words: readonly string[]): string | null {
  const r = new Reader(words);
  let dev = '';
  const acts: ((d: Device) => string | null)[] = [];
  const act = (f: (d: Device) => string | null) => acts.push(f);
  while (!r.done) {
    const word = r.value();
    if (word === 'up' || word === 'down') act((d) => done(setUp(host, d, word === 'up')));
    else if (word === 'mtu') {
      const mtu = r.parsed(unsigned, 'Invalid "mtu" value\n');
      act((d) => setMtu(host, d, mtu));
    } else if (word === 'address') {
      const mac = r.parsed(parseMac, 'invalid lladdr');
      act((d) => done(setMac(host, d, mac)));
    } else if (word === 'master') {
      const master = r.value();
      act((d) => setMaster(host, d, master));
    } else if (word === 'nomaster') act((d) => setMaster(host, d, ''));
    else if (word === 'group') {
      const group = r.parsed((t) => (t === 'default' ? 0 : unsigned(t)), 'Invalid "group" value\n');
      act((d) => done(setGroup(d, group)));
    } else if (word === 'type') r.value();
    else if (word === 'hairpin') {
      const on = r.value() === 'on';
      act((d) => done(setHairpin(d, on)));
    } else if (word === 'arp' || word === 'multicast' || word === 'promisc' || word === 'txqueuelen') r.value();
    else dev = word === 'dev' ? r.value() : word;
  }
  const device = host.devices.get(dev);
  if (!device) return `Cannot find device "${dev}"`;
  for (const f of acts) {
    const error = f(device);
    if (error !== null) return error;
  }
  return null;
}

function addLink(host: Host, words: readonly string[]): string | null {
  const r = new Reader(words);
  let name = '';
  let kind = '';
  let mac = '';
  let mtu = 1500;
  while (!r.done && kind === '') {
    const word = r.value();
    if (word === 'type') kind = r.value();
    else if (word === 'address') mac = r.parsed(parseMac, 'invalid lladdr');
    else if (word === 'mtu') mtu = r.parsed(unsigned, 'Invalid "mtu" value\n');
    else name = word === 'name' || word === 'dev' ? r.value() : word;
  }
  if (!validName(name)) throw r.invalid('"name" not a valid ifname');
  if (host.devices.has(name)) return 'RTNETLINK answers: File exists';
  if (kind !== 'bridge' && kind !== 'dummy') return 'Error: Unknown device type.';
  const n = host.nextIfIndex;
  addDevice(host, name, kind, mac || `02:00:00:01:${hex(host.index)}:${hex(n)}`, mtu, '');
  return null;
}

function deleteLink(host: Host, words: readonly string[]): string | null {
  const name = words.find((w) => w !== 'dev' && w !== 'type' && w !== 'bridge' && w !== 'dummy') ?? '';
  const device = host.devices.get(name);
  if (!device) return `Cannot find device "${name}"`;
  if (device.kind === 'loopback' || device.kind === 'ethernet') return 'RTNETLINK answers: Operation not supported';
  for (const d of host.devices.values()) if (d.master === name) setMaster(host, d, '');
  setUp(host, device, false);
  device.addresses = [];
  syncDevice(host, device);
  host.devices.delete(name);
  host.bridges.delete(name);
  host.proc.removeDevice(name);
  return null;
}

/** Kernel: dev_valid_name() */
export function validName(name: string): boolean {
  return name !== '' && name.length <= 15 && name !== '.' && name !== '..' && !/[/:\s]/.test(name);
}

function hex(n: number): string {
  return n.toString(16).padStart(2, '0');
}
