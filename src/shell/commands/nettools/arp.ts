import type { Host } from '../../../host';
import { neighCommand } from '../../../host/lazy';
import { parseMac } from '../../../wire';
import { getopt, getoptText } from '../../getopt';
import { fails } from '../../output';
import type { CommandOutput, LocalCommand } from '../../types';
import { ARP_USAGE } from './arp-usage';
import { VERSIONS } from './versions';

const SHORT = 'A:H:adfp:nsei:t:vh?DNV';

const LONG: Readonly<Record<string, string>> = {
  verbose: 'v',
  version: 'V',
  all: 'a',
  delete: 'd',
  file: 'f',
  numeric: 'n',
  set: 's',
  'protocol=': 'A',
  'hw-type=': 'H',
  'device=': 'i',
  help: 'h',
  'use-device': 'D',
  symbolic: 'N',
};

/** net-tools 2.10 */
export const arp: LocalCommand = {
  names: ['arp'],
  help: 'Shows and changes the neighbours of IPv4',
  run: ({ host, args }) => {
    const { options, rest, wrong } = getopt(args, SHORT, LONG);
    if (wrong) return fails(3, getoptText('arp', wrong) + ARP_USAGE);
    const given = new Map(options.map(({ name, value }) => [name, value]));
    const has = (letter: string) => given.has(letter);
    if (has('V')) return { stdout: VERSIONS.arp };
    if (has('h') || has('?')) return { stdout: ARP_USAGE };
    const other = ['f', 'D', 'A', 'p'].find(has);
    if (other !== undefined) return { notModelled: `arp -${other}` };
    const kind = given.get('H') ?? given.get('t') ?? 'ether';
    if (kind !== 'ether') return { notModelled: `arp -H ${kind}` };
    const dev = given.get('i') ?? null;
    if (has('s') || has('d')) return changeEntry(host, has('s') ? 'set' : 'delete', dev, rest);
    return { stdout: listed(host, has, dev, rest[0]) };
  },
};

function changeEntry(
  host: Host,
  what: 'set' | 'delete',
  dev: string | null,
  [address, mac]: readonly string[],
): CommandOutput {
  if (address === undefined) return fails(255, 'arp: need host name');
  if (what === 'set' && mac === undefined) return fails(255, 'arp: need hardware address');
  if (what === 'set' && parseMac(mac!) === null) return fails(255, 'arp: invalid hardware address');
  const ioctl = what === 'set' ? 'SIOCSARP' : 'SIOCDARP(dontpub)';
  if (dev !== null && !host.iface(dev)) return fails(255, `${ioctl}: No such device`);
  const answer = dev === null ? host.route({ family: 4, dst: address }) : null;
  if (answer !== null && !answer.ok) return fails(255, `${ioctl}: Network is unreachable`);
  const error = neighCommand(host, {
    verb: what === 'set' ? 'replace' : 'del',
    address,
    dev: dev ?? answer!.dst.dev,
    mac: what === 'set' ? parseMac(mac!) : null,
    router: false,
  });
  if (error === null) return { changed: true };
  return fails(255, what === 'set' ? `${ioctl}: Invalid argument` : `No ARP entry for ${address}`);
}

function listed(host: Host, has: (letter: string) => boolean, dev: string | null, wanted: string | undefined): string {
  const all = host.neighbours().filter((n) => !n.address.includes(':'));
  const list = all.filter((n) => (dev === null || n.dev === dev) && (wanted === undefined || n.address === wanted));
  const found = list.length;
  const counts = has('v') ? `Entries: ${all.length}\tSkipped: ${all.length - found}\tFound: ${found}\n` : '';
  if (found === 0) {
    if (wanted !== undefined && !has('a')) return `${counts}${wanted} (${wanted}) -- no entry\n`;
    return counts + (has('a') || dev !== null ? `arp: in ${all.length} entries no match found.\n` : '');
  }
  if (has('a')) {
    const at = (mac: string | null) => (mac === null ? '<incomplete>' : `${mac} [ether] PERM`);
    return list.map((n) => `? (${n.address}) at ${at(n.mac)} on ${n.dev}\n`).join('') + counts;
  }
  const head = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';
  const line = ({ address, mac, dev: on }: (typeof list)[number]) => {
    const what = mac === null ? '        (incomplete)' : `ether   ${mac}   CM`;
    return `${address.padEnd(24)} ${what.padEnd(50)}${on}\n`;
  };
  return head + list.map(line).join('') + counts;
}
