import { IpError, Reader, unsigned } from '../fib';
import { formatMac, localMac } from '../wire';
import { syncDevice } from './addresses';
import type { Device } from './device';
import type { Host } from './host';
import { linkAddressBytes } from './link-address';
import { addDevice, brMtuAutoAdjust, changeMtu, setMaster, setUp, validName } from './links';

/** Does what `ip link VERB` asks. Throws IpError. */
export function changeLink(host: Host, verb: 'set' | 'add' | 'del', words: readonly string[]): string | null {
  if (verb === 'add') return addLink(host, words);
  if (verb === 'del') return deleteLink(host, words);
  return setLink(host, words);
}

function setMac(host: Host, device: Device, mac: string): string | null {
  if (mac === device.mac) return null;
  if (Number.parseInt(mac.slice(0, 2), 16) & 1 || mac === '00:00:00:00:00:00')
    return 'RTNETLINK answers: Cannot assign requested address';
  device.mac = mac;
  host.neigh.flush(device.name); // permanent ones too. Kernel: neigh_changeaddr()
  host.bridges.get(device.kind === 'bridge' ? device.name : device.master)?.setMac(device.name, mac);
  return null;
}

/** Kernel: dev_validate_mtu(); lo has no greatest one. */
function checkMtu(mtu: number, boundless: boolean): string | null {
  if (mtu >= 68 && (mtu <= 65535 || boundless)) return null;
  return `Error: mtu ${mtu < 68 ? 'less than device minimum' : 'greater than device maximum'}.`;
}

function setMtu(host: Host, device: Device, mtu: number): string | null {
  const wrong = checkMtu(mtu, device.kind === 'loopback');
  if (wrong !== null) return wrong;
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

/** What may be said but once. */
class Once {
  private readonly said = new Set<string>();

  /** Throws IpError. */
  check(r: Reader, option: string): void {
    if (this.said.has(option)) throw r.duplicate(option);
    this.said.add(option);
  }
}

/** libiproute: get_integer() */
function integer(text: string): number | null {
  const size = unsigned(text.replace(/^-/, ''));
  return size === null || size > 0x7fff_ffff ? null : text.startsWith('-') ? -size : size;
}

function readMtu(r: Reader, once: Once): number {
  const text = r.value();
  once.check(r, 'mtu');
  const mtu = integer(text);
  if (mtu === null) throw r.invalid('Invalid "mtu" value\n');
  return mtu;
}

/** Words that may be cut short, in the order in which the tool tries them. libiproute: matches() */
const SHORT = ['address', 'txqueuelen', 'txqlen', 'master', 'nomaster', 'dynamic', 'type'];
const WHOLE = ['up', 'down', 'name', 'mtu', 'multicast', 'trailers', 'arp', 'dev'];

function meant(word: string): string {
  if (word === '' || WHOLE.includes(word)) return word;
  return SHORT.find((name) => name.startsWith(word)) ?? word;
}

/** iproute2: iplink_parse(), ip/iplink.c */
function setLink(host: Host, words: readonly string[]): string | null {
  const r = new Reader(words);
  const once = new Once();
  let dev = '';
  let mac: readonly number[] | null = null;
  const acts: ((d: Device) => string | null)[] = [];
  const act = (f: (d: Device) => string | null) => acts.push(f);
  while (!r.done) {
    const word = meant(r.value());
    if (word === 'up' || word === 'down') act((d) => done(setUp(host, d, word === 'up')));
    else if (word === 'mtu') {
      const mtu = readMtu(r, once);
      act((d) => setMtu(host, d, mtu));
    } else if (word === 'address') {
      const bytes = linkAddressBytes(r.value());
      mac = bytes;
      act((d) => setMac(host, d, formatMac(Uint8Array.from(bytes))));
    } else if (word === 'master') {
      const master = r.parsed((t) => (host.devices.has(t) ? t : null), 'Device does not exist\n');
      act((d) => setMaster(host, d, master));
    } else if (word === 'nomaster') act((d) => setMaster(host, d, ''));
    else if (word === 'group') {
      const text = r.value();
      once.check(r, 'group');
      const group = text === 'default' ? 0 : unsigned(text);
      if (group === null) throw r.invalid('Invalid "group" value\n');
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
      const text = r.value();
      once.check(r, 'txqueuelen');
      const qlen = unsigned(text);
      if (qlen === null) throw r.invalid('Invalid "txqueuelen" value\n');
      act((d) => done(setQlen(d, qlen)));
    } else dev = deviceName(r, word, dev);
  }
  const device = host.devices.get(dev);
  if (mac && device) checkLength(mac);
  if (dev === '') throw NO_DEVICE;
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

function checkLength(bytes: readonly number[]): void {
  if (bytes.length !== 6) throw new IpError(`Invalid address length ${bytes.length} - must be 6 bytes`, -1, 1);
}

function addLink(host: Host, words: readonly string[]): string | null {
  const r = new Reader(words);
  let name = '';
  let kind = '';
  let mac: readonly number[] | null = null;
  let mtu = 1500;
  const once = new Once();
  while (!r.done && kind === '') {
    const word = meant(r.value());
    if (word === 'type') kind = r.value();
    else if (word === 'address') mac = linkAddressBytes(r.value());
    else if (word === 'mtu') mtu = readMtu(r, once);
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
  if (mac !== null && mac.length < 6) return 'RTNETLINK answers: Invalid argument';
  const wrong = checkMtu(mtu, false);
  if (wrong !== null) return wrong;
  const n = host.nextIfIndex;
  const own = mac === null ? localMac(1, host.index, n) : formatMac(Uint8Array.from(mac));
  addDevice(host, name, kind, own, mtu, '');
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
