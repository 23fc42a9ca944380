import type { Device, Host } from '../../../host';
import { maskOf } from '../../../wire';
import { fails } from '../../output';
import type { LocalCommand } from '../../types';
import { changeInterface, SWITCHES } from './ifconfig-change';
import { VERSIONS } from './versions';

/** net-tools 2.10 */
export const ifconfig: LocalCommand = {
  names: ['ifconfig'],
  help: 'Shows and sets interfaces, in the old way',
  run: ({ host, args }) => {
    if (args[0] === '-V' || args[0] === '--version') return { stdout: VERSIONS.ifconfig };
    const options = args.filter((a) => a.startsWith('-') && a.length > 1 && !(a.slice(1) in SWITCHES));
    const odd = options.find((a) => !/^-[asv]$/.test(a));
    if (odd !== undefined) {
      return fails(1, `ifconfig: option \`${odd}' not recognised.\nifconfig: \`--help' gives usage information.`);
    }
    const [name, ...rest] = args.filter((a) => !options.includes(a));
    if (rest.length > 0) return changeInterface(host, name!, rest);
    const short = options.includes('-s');
    if (name !== undefined) {
      const [dev = '', tag] = name.split(':');
      const found = host.devices.get(dev);
      if (!found) return fails(1, `${name}: error fetching interface information: Device not found`);
      const label = tag === undefined ? [] : [name];
      return { stdout: short ? interfaceTable([found]) : (label.map((l) => aliasBlock(found, l))[0] ?? block(found)) };
    }
    const shown = sorted(host).filter((i) => i.up || options.includes('-a'));
    if (short) return { stdout: interfaceTable(shown) };
    return {
      stdout: shown
        .map(
          (i) =>
            block(i) +
            aliasesOf(i)
              .map((l) => aliasBlock(i, l))
              .join(''),
        )
        .join(''),
    };
  },
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

function flagsOf({ up, kind, flags, noArp }: Device): number {
  const loopback = kind === 'loopback';
  const bits: readonly (readonly [number, boolean])[] = [
    [0x41, up],
    [2, !loopback],
    [8, loopback],
    [0x80, noArp],
    [0x100, flags.has('promisc')],
    [0x200, flags.has('allmulticast')],
    [0x1000, flags.has('multicast') && (kind === 'ethernet' || kind === 'bridge')],
  ];
  return bits.reduce((sum, [bit, on]) => (on ? sum | bit : sum), 0);
}

/** Labels of its addresses that are not its own name: eth0:1. */
function aliasesOf({ name, addresses }: Device): readonly string[] {
  return [...new Set(addresses.flatMap((a) => (a.family === 4 && a.label !== name ? [a.label] : [])))];
}

/** The first line, and that of the address with this label. */
function headLines(iface: Device, label: string): readonly string[] {
  const flags = flagsOf(iface);
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const head = `${label}: flags=${flags}<${names.join(',')}>  mtu ${iface.mtu}`;
  const first = iface.addresses.find((a) => a.family === 4 && a.label === label);
  if (!first) return [head];
  const broadcast = iface.kind === 'loopback' ? '' : `  broadcast ${first.broadcast ?? '0.0.0.0'}`;
  return [head, `inet ${first.addr}  netmask ${maskOf(first.length, 4)}${broadcast}`];
}

function hardwareLine({ kind, mac, qlen }: Device): string {
  return kind === 'loopback'
    ? `loop  txqueuelen ${qlen}  (Local Loopback)`
    : `ether ${mac}  txqueuelen ${qlen}  (Ethernet)`;
}

function aliasBlock(iface: Device, label: string): string {
  return `${[...headLines(iface, label), hardwareLine(iface)].join('\n        ')}\n\n`;
}

export function block(iface: Device): string {
  const lines = [...headLines(iface, iface.name)];
  for (const a of iface.addresses) {
    if (a.family !== 6) continue;
    const scope = a.scope === 254 ? '0x10<host>' : a.scope === 253 ? '0x20<link>' : '0x0<global>';
    lines.push(`inet6 ${a.addr}  prefixlen ${a.length}  scopeid ${scope}`);
  }
  lines.push(hardwareLine(iface));
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
  const lines = ifaces.flatMap((i) => {
    const c = i.count;
    const flags = LETTERS.filter(([bit]) => (flagsOf(i) & bit) !== 0).map(([, letter]) => letter);
    const rx = `${String(c.rxPackets).padStart(8)}      0      0 0     `;
    const begin = (name: string) => `${name.padEnd(16)}${String(i.mtu).padStart(5)}`;
    const own = `${begin(i.name)} ${rx} ${String(c.txPackets).padStart(8)}      0      0      0 ${flags.join('')}\n`;
    const none = '      - no statistics available -                        ';
    return [own, ...aliasesOf(i).map((label) => `${begin(label)}${none}${flags.join('')}\n`)];
  });
  return head + lines.join('');
}
