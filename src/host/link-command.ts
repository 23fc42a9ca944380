import { IpError, Reader, unsigned } from '../fib';
import { localMac, parseMac } from '../wire';
import { syncDevice } from './addresses';
import type { Device } from './device';
import type { Host } from './host';
import { addDevice, brMtuAutoAdjust, changeMtu, setMaster, setUp, validName } from './links';

/** Does what `ip link VERB` asks. Throws IpError. */
export function changeLink(host: Host, verb: 'set' | 'add' | 'del', words: readonly string[]): string | null {
  if (verb === 'add') return addLink(host, words);
  if (verb === 'del') return deleteLink(host, words);
  return setLink(host, words);
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
