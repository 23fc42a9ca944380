import type { CommandError, Host } from '../../../host';
import { addrCommand, linkCommand } from '../../../host/lazy';
import { maskLength, parseAddr } from '../../../wire';
import { fails } from '../../output';
import type { CommandOutput } from '../../types';

/** Words that turn something on and with - off, as ip calls it. */
export const SWITCHES: Readonly<Record<string, string>> = {
  arp: 'arp',
  promisc: 'promisc',
  allmulti: 'allmulticast',
  multicast: 'multicast',
};

/** What is done, and how a failure of it is told; null if it was. */
type Act = () => CommandOutput | null;

const ioctl =
  (name: string, act: () => CommandError | null, exit = 255): Act =>
  () => {
    const error = act();
    if (error === null) return null;
    const known = /(File exists|No such device|Invalid argument|Cannot assign requested address)/.exec(error.message);
    const why = known?.[1] ?? (name === 'SIOCSIFMTU' ? 'Invalid argument' : error.message.replace(/^[^:]*: /, ''));
    return { ...fails(exit, `${name}: ${why}`), changed: true };
  };

/** What follows the name of an interface, or of an alias of it (eth0:1). */
export function changeInterface(host: Host, label: string, words: readonly string[]): CommandOutput {
  const name = label.split(':')[0]!;
  const device = host.devices.get(name);
  if (!device) return noDevice(label, words);
  const set = (...args: string[]) => linkCommand(host, 'set', [name, ...args]);
  const own = () => device.addresses.find((a) => a.family === 4 && a.label === label);
  const removed = () => {
    const first = own();
    return first ? addrCommand(host, 'del', [`${first.addr}/${first.length}`, 'dev', name]) : null;
  };
  let address: string | null = null;
  let length: number | null = null;
  let broadcast = '+';
  const acts: Act[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const next = () => words[++i] ?? '';
    if ((word === 'up' || word === 'down') && label !== name) {
      // There is no alias without its address, which goes when it is put down.
      acts.push(() => (own() ? null : fails(255, 'SIOCSIFFLAGS: Cannot assign requested address')));
      if (word === 'down') acts.push(ioctl('SIOCSIFFLAGS', removed));
    } else if (word === 'up' || word === 'down') acts.push(ioctl('SIOCSIFFLAGS', () => set(word)));
    else if (word === 'mtu') {
      const mtu = next();
      acts.push(ioctl('SIOCSIFMTU', () => set('mtu', mtu), 1));
    } else if (word === 'hw') {
      if (next() !== 'ether') return { notModelled: `ifconfig hw ${words[i]}` };
      const mac = next();
      if (!/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(mac)) return fails(1, `${mac}: invalid ether address.`);
      acts.push(ioctl('SIOCSIFHWADDR', () => set('address', mac)));
    } else if (word === 'netmask') {
      length = maskLength(next());
      if (length === null) return fails(1, 'netmask: Unknown host');
    } else if (word === 'broadcast') broadcast = next();
    else if (word === '-broadcast') return { notModelled: `ifconfig ${label} -broadcast` };
    else if (word === 'add' || word === 'del' || word === 'inet6') {
      const verb = word === 'del' ? 'del' : 'add';
      let prefix = next();
      if (prefix === 'add') prefix = next();
      // Of IPv4 it takes an address without a length, for an alias of its own.
      if (!prefix.includes(':') && prefix.includes('/')) return fails(1, `${prefix}: Unknown host`);
      if (parseAddr(prefix) !== null && !prefix.includes(':')) return { notModelled: `ifconfig ${word} of IPv4` };
      acts.push(ioctl('SIOCSIFADDR', () => addrCommand(host, verb, [prefix, 'dev', name])));
    } else if (word.replace('-', '') in SWITCHES) {
      const flag = SWITCHES[word.replace('-', '')]!;
      acts.push(ioctl('SIOCSIFFLAGS', () => set(flag, word.startsWith('-') ? 'off' : 'on')));
    } else if (word === 'txqueuelen') {
      const qlen = next();
      acts.push(ioctl('SIOCSIFTXQLEN', () => set('txqueuelen', qlen)));
    } else if (word !== 'inet') {
      const [addr = '', bits] = word.split('/');
      if (parseAddr(addr) === null || addr.includes(':'))
        return fails(1, `${word}: Unknown host\nifconfig: \`--help' gives usage information.`);
      address = addr;
      if (bits !== undefined) length = Number(bits);
    }
  }
  if (address === null && broadcast !== '+') return { notModelled: `ifconfig ${label} broadcast` };
  if (address !== null || length !== null) {
    const addr = address ?? own()?.addr;
    if (addr === undefined) return fails(255, 'SIOCSIFNETMASK: Cannot assign requested address');
    const prefix = `${addr}/${length ?? classLength(addr)}`;
    const added = () => addrCommand(host, 'add', [prefix, 'brd', broadcast, 'dev', name, 'label', label]);
    // An address takes the place of the one with this label, and puts the interface up; 0.0.0.0 only takes it away.
    acts.unshift(
      ioctl('SIOCSIFADDR', removed),
      ...(addr === '0.0.0.0' ? [] : [ioctl('SIOCSIFADDR', added)]),
      ...(address === null || words.includes('down') ? [] : [ioctl('SIOCSIFFLAGS', () => set('up'))]),
    );
  }
  for (const act of acts) {
    const failed = act();
    if (failed) return failed;
  }
  return { changed: true };
}

function noDevice(label: string, [first = '', ...more]: readonly string[]): CommandOutput {
  if (first === 'mtu' || first === 'hw') return fails(1, `SIOCSIF${first === 'hw' ? 'HWADDR' : 'MTU'}: No such device`);
  const address = /^\d/.test(first) ? 'SIOCSIFADDR: No such device\n' : '';
  const mask = more.includes('netmask') ? 'SIOCSIFNETMASK: No such device\n' : '';
  return fails(255, `${address}${label}: ERROR while getting interface flags: No such device\n${mask}`);
}

/** The length of the mask that an address without one has. Kernel: inet_abc_len() */
function classLength(addr: string): number {
  const first = Number(addr.split('.')[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}
