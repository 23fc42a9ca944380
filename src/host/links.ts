import { Bridge } from '../bridge';
import { IpError, Reader, unsigned } from '../fib';
import { natForgetInterface } from '../nat';
import { IPV6_MIN_MTU, localMac, parseMac } from '../wire';
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

function setMac(host: Host, device: Device, mac: string): string | null {
  if (Number.parseInt(mac.slice(0, 2), 16) & 1) return 'RTNETLINK answers: Cannot assign requested address';
  device.mac = mac;
  host.neigh.flush(device.name); // permanent ones too. Kernel: neigh_changeaddr()
  host.bridges.get(device.kind === 'bridge' ? device.name : device.master)?.setMac(device.name, mac);
  return null;
}

function setMtu(host: Host, device: Device, mtu: number): string | null {
  // Kernel: dev_validate_mtu(); lo has no greatest one.
  if (mtu < 68 || (mtu > 65535 && device.kind !== 'loopback'))
    return `Error: mtu ${mtu < 68 ? 'less than device minimum' : 'greater than device maximum'}.`;
  if (mtu === device.mtu) return null;
  changeMtu(host, device, mtu);
  if (device.kind === 'bridge') device.mtuByUser = true;
  brMtuAutoAdjust(host, device.master);
  return null;
}

function changeMtu(host: Host, device: Device, mtu: number): void {
  device.mtu = mtu;
  mtuOf6(host, device);
}

/** A bridge takes over the smallest MTU of its ports. Kernel: br_mtu_auto_adjust(), net/bridge/br_if.c */
function brMtuAutoAdjust(host: Host, name: string): void {
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

function setQlen(device: Device, qlen: number): void {
  device.qlen = qlen;
}

function setHairpin(device: Device, on: boolean): void {
  device.hairpin = on;
}

function setArp(host: Host, device: Device, on: boolean): void {
  if (on !== device.noArp) return;
  if (on) device.flags.add('arp');
  else device.flags.delete('arp');
  if (device.up) host.neigh.flush(device.name); // Kernel: arp_netdev_event(), ndisc_netdev_event()
}

/** Words of `ip link set` that change nothing here but what the interface's own line would say. */
const FLAGS = ['multicast', 'allmulticast', 'promisc', 'dynamic', 'trailers'];

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
      const mac = linkAddress(r);
      act((d) => setMac(host, d, mac));
    } else if (word === 'master') {
      const master = r.parsed((t) => (host.devices.has(t) ? t : null), 'Device does not exist\n');
      act((d) => setMaster(host, d, master));
    } else if (word === 'nomaster') act((d) => setMaster(host, d, ''));
    else if (word === 'group') {
      const group = r.parsed((t) => (t === 'default' ? 0 : unsigned(t)), 'Invalid "group" value\n');
      act((d) => done(setGroup(d, group)));
    } else if (word === 'type') r.value();
    else if (word === 'hairpin') {
      const on = r.value();
      if (on !== 'on' && on !== 'off') {
        const message = `argument of "hairpin" must be one of "off", "on", not "${on}"`;
        throw new IpError(message, r.at - 1, 1);
      }
      act((d) => (d.master === '' ? 'RTNETLINK answers: Operation not supported' : done(setHairpin(d, on === 'on'))));
    } else if (word === 'arp') {
      const on = r.onOff(word);
      act((d) => done(setArp(host, d, on)));
    } else if (FLAGS.includes(word)) {
      const on = r.onOff(word);
      act((d) => done(on ? d.flags.add(word) : d.flags.delete(word)));
    } else if (/^(txqueuelen|txqlen|qlen)$/.test(word)) {
      const qlen = r.parsed(unsigned, 'Invalid "txqueuelen" value\n');
      act((d) => done(setQlen(d, qlen)));
    } else dev = deviceName(r, word, dev);
  }
  if (dev === '') throw NO_DEVICE;
  const device = host.devices.get(dev);
  if (!device) throw new IpError(`Cannot find device "${dev}"`, -1, 1);
  for (const f of acts) {
    const error = f(device);
    if (error !== null) return error;
  }
  return null;
}

const NO_DEVICE = new IpError('Not enough information: "dev" argument is required.', -1);

/** `dev NAME`, or NAME alone, but once. */
function deviceName(r: Reader, word: string, before: string): string {
  const name = word === 'dev' || word === 'name' ? r.value() : word;
  if (before !== '') throw r.garbage('dev');
  return name;
}

/** Bytes of an interface's address. libnetlink: ll_addr_a2n() */
function linkAddress(r: Reader): string {
  const text = r.value();
  const mac = parseMac(text);
  if (mac !== null) return mac;
  if (!/^[0-9a-f]/i.test(text)) throw new IpError(`"${text}" is invalid lladdr.`, r.at - 1, 1);
  throw new IpError(`Invalid address length ${text.split(':').length} - must be 6 bytes`, r.at - 1, 1);
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
    else if (word === 'address') mac = linkAddress(r);
    else if (word === 'mtu') mtu = r.parsed(unsigned, 'Invalid "mtu" value\n');
    else {
      name = deviceName(r, word, name);
      if (/[/\s]/.test(name) || name === '')
        throw r.invalid(`"${word === 'name' ? 'name' : 'dev'}" not a valid ifname`);
    }
  }
  if (!r.done) throw new IpError(`${kind}: unknown command "${r.value()}"?`, r.at - 1, 1);
  if (kind === '') throw new IpError('Not enough information: "type" argument is required', -1, 1);
  if (name.length > 15) return 'Error: Attribute failed policy validation.';
  if (kind !== 'bridge' && kind !== 'dummy') return 'Error: Unknown device type.';
  if (name === '') name = freeName(host, kind);
  if (!validName(name)) return 'RTNETLINK answers: Invalid argument';
  if (host.devices.has(name)) return 'RTNETLINK answers: File exists';
  const n = host.nextIfIndex;
  addDevice(host, name, kind, mac || localMac(1, host.index, n), mtu, '');
  return null;
}

/** The name that an interface gets without one. Kernel: __dev_alloc_name() */
function freeName(host: Host, kind: string): string {
  let n = 0;
  while (host.devices.has(`${kind}${n}`)) n++;
  return `${kind}${n}`;
}

function deleteLink(host: Host, words: readonly string[]): string | null {
  const r = new Reader(words);
  let name = '';
  while (!r.done) {
    const word = r.value();
    if (word === 'type') r.value();
    else name = deviceName(r, word, name);
  }
  if (name === '') throw NO_DEVICE;
  const device = host.devices.get(name);
  if (!device) throw new IpError(`Cannot find device "${name}"`, -1, 1);
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
