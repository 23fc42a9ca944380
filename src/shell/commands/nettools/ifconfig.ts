import { addrCommand, type Device, type Host, linkCommand } from '../../../host';
import { maskLength, maskOf, parseAddr } from '../../../wire';
import { fails } from '../../output';
import type { CommandOutput, LocalCommand } from '../../types';

/** net-tools 2.10 */
export const ifconfig: LocalCommand = {
  names: ['ifconfig'],
  help: 'Shows and sets interfaces, in the old way',
  run: ({ host, args }) => {
    const options = args.filter((a) => a.startsWith('-') && a.length > 1 && !(a.slice(1) in SWITCHES));
    const odd = options.find((a) => !/^-[asv]$/.test(a));
    if (odd !== undefined) {
      return fails(1, `ifconfig: option \`${odd}' not recognised.\nifconfig: \`--help' gives usage information.`);
    }
    const [name, ...rest] = args.filter((a) => !options.includes(a));
    if (rest.length > 0) return change(host, name!, rest);
    const short = options.includes('-s');
    if (name !== undefined) {
      const found = host.devices.get(name);
      if (!found) return fails(1, `${name}: error fetching interface information: Device not found`);
      return { stdout: short ? interfaceTable([found]) : block(found) };
    }
    const shown = sorted(host).filter((i) => i.up || options.includes('-a'));
    if (short) return { stdout: interfaceTable(shown) };
    return { stdout: shown.map((i) => block(i)).join('') };
  },
};

/** Words that turn something on and with - off, as ip calls it. */
const SWITCHES: Readonly<Record<string, string>> = {
  arp: 'arp',
  promisc: 'promisc',
  allmulti: 'allmulticast',
  multicast: 'multicast',
};

/** By name, numbers in it by their value. net-tools: nstrcmp() */
export function sorted(host: Host): readonly Device[] {
  const key = (i: Device) => /^(.*?)(\d*)$/.exec(i.name)!;
  return [...host.devices.values()].sort((a, b) => {
    const [, an = '', ai = ''] = key(a);
    const [, bn = '', bi = ''] = key(b);
    return an < bn ? -1 : an > bn ? 1 : Number(ai) - Number(bi);
  });
}

const FLAGS = [
  [1, 'UP'],
  [2, 'BROADCAST'],
  [8, 'LOOPBACK'],
  [0x40, 'RUNNING'],
  [0x80, 'NOARP'],
  [0x100, 'PROMISC'],
  [0x200, 'ALLMULTI'],
  [0x1000, 'MULTICAST'],
] as const;

function flagsOf({ up, kind, flags }: Device): number {
  const loopback = kind === 'loopback';
  const bits: readonly (readonly [number, boolean])[] = [
    [0x41, up],
    [2, !loopback],
    [8, loopback],
    [0x80, kind === 'dummy' || (!loopback && !flags.has('arp'))],
    [0x100, flags.has('promisc')],
    [0x200, flags.has('allmulticast')],
    [0x1000, flags.has('multicast') && (kind === 'ethernet' || kind === 'bridge')],
  ];
  return bits.reduce((sum, [bit, on]) => (on ? sum | bit : sum), 0);
}

export function block(iface: Device): string {
  const flags = flagsOf(iface);
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const lines = [`${iface.name}: flags=${flags}<${names.join(',')}>  mtu ${iface.mtu}`];
  const first = iface.addresses.find((a) => a.family === 4 && !a.secondary);
  if (first) {
    const broadcast = iface.kind === 'loopback' ? '' : `  broadcast ${first.broadcast ?? '0.0.0.0'}`;
    lines.push(`inet ${first.addr}  netmask ${maskOf(first.length, 4)}${broadcast}`);
  }
  for (const a of iface.addresses) {
    if (a.family !== 6) continue;
    const scope = a.scope === 254 ? '0x10<host>' : a.scope === 253 ? '0x20<link>' : '0x0<global>';
    lines.push(`inet6 ${a.addr}  prefixlen ${a.length}  scopeid ${scope}`);
  }
  lines.push(
    iface.kind === 'loopback'
      ? `loop  txqueuelen ${iface.qlen}  (Local Loopback)`
      : `ether ${iface.mac}  txqueuelen ${iface.qlen}  (Ethernet)`,
  );
  const c = iface.count;
  lines.push(
    `RX packets ${c.rxPackets}  bytes ${c.rxBytes} (${amount(c.rxBytes)})`,
    'RX errors 0  dropped 0  overruns 0  frame 0',
    `TX packets ${c.txPackets}  bytes ${c.txBytes} (${amount(c.txBytes)})`,
    'TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0',
  );
  return `${lines.join('\n        ')}\n\n`;
}

function amount(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let divisor = 1;
  while (unit < 4 && bytes > divisor * 1024) {
    divisor *= 1024;
    unit++;
  }
  const tenths = Math.floor((bytes * 10) / divisor);
  return `${Math.floor(tenths / 10)}.${tenths % 10} ${units[unit]}`;
}

const LETTERS = [
  [0x200, 'A'],
  [2, 'B'],
  [8, 'L'],
  [0x1000, 'M'],
  [0x80, 'O'],
  [0x100, 'P'],
  [0x40, 'R'],
  [1, 'U'],
] as const;

/** `netstat -i`, `ifconfig -s`. */
export function interfaceTable(ifaces: readonly Device[]): string {
  const head = 'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';
  const lines = ifaces.map((i) => {
    const c = i.count;
    const flags = LETTERS.filter(([bit]) => (flagsOf(i) & bit) !== 0).map(([, letter]) => letter);
    const rx = `${String(c.rxPackets).padStart(8)}      0      0 0     `;
    return `${i.name.padEnd(16)}${String(i.mtu).padStart(5)} ${rx} ${String(c.txPackets).padStart(8)}      0      0      0 ${flags.join('')}\n`;
  });
  return head + lines.join('');
}

/** The length of the mask that an address without one has. Kernel: inet_abc_len() */
function classLength(addr: string): number {
  const first = Number(addr.split('.')[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

function change(host: Host, name: string, words: readonly string[]): CommandOutput {
  const fail = (message: string) => fails(255, message);
  if (!host.iface(name)) return fail(`SIOCSIFFLAGS: No such device`);
  let address: string | null = null;
  let length: number | null = null;
  const acts: (() => { readonly message: string } | null)[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const next = () => words[++i] ?? '';
    if (word === 'up' || word === 'down') acts.push(() => linkCommand(host, 'set', [name, word]));
    else if (word === 'mtu') {
      const mtu = next();
      acts.push(() => linkCommand(host, 'set', [name, 'mtu', mtu]));
    } else if (word === 'hw') {
      if (next() !== 'ether') return { notModelled: `ifconfig hw ${words[i]}` };
      const mac = next();
      acts.push(() => linkCommand(host, 'set', [name, 'address', mac]));
    } else if (word === 'netmask') {
      const mask = next();
      length = maskLength(mask);
      if (length === null) return fails(1, `netmask: Unknown host`);
    } else if (word === 'broadcast' || word === '-broadcast') {
      if (word === 'broadcast') next();
      return { notModelled: `ifconfig ${name} broadcast` };
    } else if (word === 'add' || word === 'del' || word === 'inet6') {
      const verb = word === 'del' ? 'del' : 'add';
      let prefix = next();
      if (prefix === 'add') prefix = next();
      acts.push(() => addrCommand(host, verb, [prefix, 'dev', name]));
    } else if (word.replace('-', '') in SWITCHES) {
      const flag = SWITCHES[word.replace('-', '')]!;
      acts.push(() => linkCommand(host, 'set', [name, flag, word.startsWith('-') ? 'off' : 'on']));
    } else if (word === 'txqueuelen') {
      const length = next();
      acts.push(() => linkCommand(host, 'set', [name, 'txqueuelen', length]));
    } else if (word !== 'inet') {
      const [addr = '', bits] = word.split('/');
      if (parseAddr(addr) === null || addr.includes(':')) {
        return fails(1, `${word}: Unknown host\nifconfig: \`--help' gives usage information.`);
      }
      address = addr;
      if (bits !== undefined) length = Number(bits);
    }
  }
  const before = host.iface(name)!.addresses.find((a) => a.family === 4);
  if (address !== null || length !== null) {
    const addr = address ?? before?.addr;
    if (addr === undefined) return fail('SIOCSIFNETMASK: Cannot assign requested address');
    const prefix = `${addr}/${length ?? classLength(addr)}`;
    // An address takes the place of the first one, and puts the interface up.
    acts.unshift(
      () => (before ? addrCommand(host, 'del', [`${before.addr}/${before.length}`, 'dev', name]) : null),
      () => addrCommand(host, 'add', [prefix, 'brd', '+', 'dev', name]),
      ...(address === null || words.includes('down') ? [] : [() => linkCommand(host, 'set', [name, 'up'])]),
    );
  }
  for (const act of acts) {
    const error = act();
    if (error)
      return { ...fail(`SIOCSIFADDR: ${error.message.replace(/^(RTNETLINK answers|Error): /, '')}`), changed: true };
  }
  return { changed: true };
}
