import { type Device, type Host, linkCommand } from '../../host';
import type { CommandOutput } from '../types';
import { changed, INCOMPLETE, type IpInput, type IpOptions, unknownVerb, verbOf } from './ip';

const VERBS = [
  ['add'],
  ['set', 'change'],
  ['replace'],
  ['delete'],
  ['show', 'lst', 'list'],
  ['xstats'],
  ['afstats'],
  ['property'],
] as const;

export function ipLink({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'link');
    case 'set':
    case 'add': {
      const beyond = BEYOND[verb].find((word) => rest.includes(word));
      if (beyond !== undefined) return { notModelled: `ip link ${verb} … ${beyond}` };
      if (verb === 'set' && rest[0] === 'group') return { notModelled: 'ip link set group' };
      const kind = rest[rest.indexOf('type') + 1];
      if (verb === 'add' && rest.includes('type') && KINDS.includes(`${kind}`))
        return { notModelled: `ip link add … type ${kind}` };
      return changed(linkCommand(host, verb, rest));
    }
    case 'delete':
      return changed(linkCommand(host, 'del', rest));
    case 'show':
      return show(host, options, rest);
    default:
      return { notModelled: `ip link ${verb}` };
  }
}

/** Kinds of interface that Linux has and a host here has not. */
const KINDS =
  'vlan vxlan veth bond gre gretap ip6gre ipip sit vti wireguard macvlan macvtap ipvlan ifb vrf geneve team tun tap can'.split(
    ' ',
  );

/** What an interface may have that one here has not; bridges have neither a spanning tree nor VLANs. */
const BEYOND = {
  set: 'name alias netns vf xdp xdpgeneric carrier addrgenmode mode state protodown numtxqueues gso_max_size brd broadcast index dynamic trailers altname vrf stp_state vlan_filtering forward_delay hello_time max_age ageing_time priority mcast_snooping'.split(
    ' ',
  ),
  add: 'link peer netns stp_state vlan_filtering forward_delay hello_time max_age ageing_time priority mcast_snooping group_fwd_mask vlan_default_pvid nf_call_iptables nf_call_ip6tables'.split(
    ' ',
  ),
} as const;

function show(host: Host, options: IpOptions, args: readonly string[]): CommandOutput {
  const chosen = selectLinks(host, args, 'link');
  if (!('rest' in chosen)) return chosen;
  if (chosen.rest.length > 0) return { notModelled: `ip link show ${chosen.rest.join(' ')}` };
  if (options.details && !options.brief) return { notModelled: 'ip -d link' };
  return { stdout: chosen.shown.map((i) => linkText(host, i, options)).join('') };
}

interface Links {
  readonly shown: readonly Device[];
  /** Words that are none of a link's. */
  readonly rest: readonly string[];
  /** The one that was asked for by its name. */
  readonly dev: string | null;
}

/** The interfaces that `dev`, `up`, `master`, `type`, `group` and a bare name pick. */
export function selectLinks(host: Host, args: readonly string[], what: 'link' | 'addr'): Links | CommandOutput {
  let dev: string | null = null;
  const rest: string[] = [];
  const tests: ((i: Device) => boolean)[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === 'up') tests.push((link) => link.up);
    else if (word === 'master' || word === 'vrf') {
      const master = args[++i] ?? '';
      if (!host.iface(master))
        return { stderr: `Error: argument "${master}" is wrong: Device does not exist\n\n`, exit: 255 };
      tests.push((link) => link.master === master);
    } else if (word === 'type') {
      const type = args[++i] ?? '';
      if (/_slave$/.test(type)) return { notModelled: `ip ${what} show type ${type}` };
      tests.push((link) => link.kind === type);
    } else if (word === 'group') {
      const group = args[++i] ?? '';
      tests.push((link) => String(link.group) === (group === 'default' ? '0' : group));
    } else if (what === 'addr' && ADDRESS_WORDS.test(word)) {
      rest.push(word);
      if (/^(scope|to|label)$/.test(word)) {
        const value = args[++i];
        if (value === undefined) return INCOMPLETE;
        rest.push(value);
      }
    } else {
      const name = word === 'dev' ? args[++i] : word;
      if (name === undefined) return INCOMPLETE;
      if (dev !== null) return { stderr: `Error: either "dev" is duplicate, or "${name}" is a garbage.\n`, exit: 255 };
      dev = name;
    }
  }
  if (dev !== null && !host.iface(dev)) return { stderr: `Device "${dev}" does not exist.\n`, exit: 1 };
  const shown = [...host.devices.values()].filter(
    (i) => (dev === null || i.name === dev) && tests.every((test) => test(i)),
  );
  return { shown, rest, dev };
}

/** What picks addresses, not interfaces. */
export const ADDRESS_WORDS =
  /^-?(scope|to|label|dynamic|permanent|primary|secondary|tentative|deprecated|dadfailed|temporary|home|mngtmpaddr|nodad|optimistic|noprefixroute|autojoin)$/;

/** -s: what was counted. iproute2: print_stats64() */
export function linkStatistics(host: Host, iface: Device, oneLine: boolean): string {
  const c = iface.count;
  const bytes = Math.max(10, String(c.rxBytes).length, String(c.txBytes).length) - 4;
  const packets = Math.max(7, String(c.rxPackets).length, String(c.txPackets).length);
  const end = oneLine ? '\\' : '\n';
  const n = (value: number | string, width: number) => String(value).padStart(width);
  const head = (name: string, last: string, more: string) =>
    `    ${name}: ${n('bytes', bytes)} ${n('packets', packets)} errors dropped ${n(last, 7)} ${n(more, 7)} ${' '.repeat(10)}`;
  const line = (b: number, p: number) =>
    `    ${n(b, bytes + 4)} ${n(p, packets)} ${n(0, 6)} ${n(0, 7)} ${n(0, 7)} ${n(0, 7)} `;
  const rx = `${head('RX', 'missed', 'mcast')}${end}${line(c.rxBytes, c.rxPackets)}`;
  return `${rx}${end}${head('TX', 'carrier', 'collsns')}${end}${line(c.txBytes, c.txPackets)}\n`;
}

function linkText(host: Host, iface: Device, options: IpOptions): string {
  if (options.brief) {
    return `${iface.name.padEnd(16)} ${briefState(iface).padEnd(14)} ${iface.mac} <${flags(iface)}> \n`;
  }
  const head = linkHead(iface).replace(' group ', ' mode DEFAULT group ');
  const mac = linkMac(iface);
  if (!options.statistics) return options.oneLine ? `${head}\\${mac}` : `${head}\n${mac}`;
  const more = linkStatistics(host, iface, options.oneLine);
  return options.oneLine ? `${head}\\${mac.trimEnd()}\\${more}` : `${head}\n${mac}${more}`;
}

/** UP, DOWN, or UNKNOWN where an interface has no carrier to speak of. */
export function briefState(iface: Device): string {
  if (!iface.up) return 'DOWN';
  return iface.kind === 'loopback' || iface.kind === 'dummy' ? 'UNKNOWN' : 'UP';
}

/** libiproute: print_link_flags() */
function flags(iface: Device): string {
  const { kind } = iface;
  const has = (word: string) => iface.flags.has(word);
  const words: readonly (readonly [string, boolean])[] = [
    ['LOOPBACK', kind === 'loopback'],
    ['BROADCAST', kind !== 'loopback'],
    ['MULTICAST', has('multicast') && (kind === 'ethernet' || kind === 'bridge')],
    ['ALLMULTI', has('allmulticast')],
    ['PROMISC', has('promisc')],
    ['NOARP', iface.noArp],
    ['UP', iface.up],
    ['LOWER_UP', iface.up],
  ];
  return words.flatMap(([name, on]) => (on ? [name] : [])).join(',');
}

/** `by6`: as IPv6 tells of an interface when all are asked for, without its qdisc, master and group. Kernel: inet6_fill_ifinfo() */
export function linkHead(iface: Device, by6 = false): string {
  const master = iface.master === '' ? '' : ` master ${iface.master}`;
  const qdisc = iface.activated ? 'noqueue' : 'noop';
  const group = iface.group === 0 ? 'default' : String(iface.group);
  const [before, after] = by6 ? ['', ''] : [` qdisc ${qdisc}${master}`, ` group ${group}`];
  return `${iface.index}: ${iface.name}: <${flags(iface)}> mtu ${iface.mtu}${before} state ${briefState(iface)}${after} qlen ${iface.qlen}`;
}

export function linkMac(iface: Device): string {
  if (iface.kind === 'loopback') return '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';
  return `    link/ether ${iface.mac} brd ff:ff:ff:ff:ff:ff\n`;
}
