import type { Field } from '../../base';
import type { Device } from '../../host';
import type { IpOptions } from './ip';

/** How an interface is told of. */
interface LinkForm {
  readonly options: IpOptions;
  /** By `ip link`. */
  readonly link: boolean;
  /** As IPv6 tells of it when all are asked for: without much. Kernel: inet6_fill_ifinfo() */
  readonly by6: boolean;
  /** Its addresses are asked for by their family: there is no line with the MAC. */
  readonly ofFamily: boolean;
}

/** One of `ip link show`. */
export function linkObject(iface: Device, options: IpOptions): readonly Field[] {
  const fields = linkFields(iface, { options, link: true, by6: false, ofFamily: false });
  if (options.brief || !options.statistics) return fields;
  return [...fields.slice(0, -1), ['', '\n'], statisticsField(iface), ['', '\n']];
}

/** iproute2: print_linkinfo(), print_linkinfo_brief() */
export function linkFields(iface: Device, form: LinkForm): readonly Field[] {
  const { name, index, mtu, master, qlen } = iface;
  const { link, by6, options } = form;
  const state = operstate(iface);
  const flags: Field = ['flags', linkFlags(iface), `<${linkFlags(iface).join(',')}> `];
  if (options.brief) {
    const more: readonly Field[] = link ? [['address', iface.mac, `${iface.mac} `], flags, ['', '\n']] : [];
    return [['ifname', name, `${name.padEnd(16)} `], ['operstate', state, `${state.padEnd(14)} `], ...more];
  }
  const out: Field[] = [['ifindex', index, `${index}: `], ['ifname', name, `${name}: `], flags, ['mtu', mtu]];
  if (!by6) out.push(['qdisc', iface.activated ? 'noqueue' : 'noop']);
  if (!by6 && master !== '') out.push(['master', master]);
  out.push(['operstate', state, `state ${state} `]);
  if (link) out.push(['linkmode', 'DEFAULT', 'mode DEFAULT ']);
  if (!by6) out.push(['group', iface.group === 0 ? 'default' : String(iface.group)]);
  if (qlen !== 0) out.push(['txqlen', qlen, `qlen ${qlen}`]);
  if (!form.ofFamily || options.details) out.push(...macFields(iface, by6));
  if (options.details && !by6) out.push(...detailFields(iface, link));
  out.push(['', '\n']);
  return out;
}

function macFields({ kind, mac }: Device, by6: boolean): readonly Field[] {
  const loopback = kind === 'loopback';
  const type = loopback ? 'loopback' : 'ether';
  const [address, broadcast] = loopback ? [NONE, NONE] : [mac, 'ff:ff:ff:ff:ff:ff'];
  const fields: readonly Field[] = [
    ['link_type', type, `\n    link/${type} `],
    ['address', address, address],
  ];
  return by6 ? fields : [...fields, ['broadcast', broadcast, ` brd ${broadcast}`]];
}

const NONE = '00:00:00:00:00:00';

/** The kind of an interface, as the kernel names it; lo has none. What is plugged into a segment is one end of a pair. */
export function linkKind({ kind }: Device): string {
  return kind === 'ethernet' ? 'veth' : kind === 'loopback' ? '' : kind;
}

/** Of bridges and their ports much changes with the clock; the drivers of other kinds have numbers of their own. */
export function detailsBeyond(
  { told, picks }: { readonly told: readonly Device[]; readonly picks: (iface: Device) => boolean },
  { details, brief }: IpOptions,
): string | null {
  if (!details || brief) return null;
  const beyond = (i: Device) => i.master !== '' || (i.kind !== 'ethernet' && i.kind !== 'loopback');
  return told.find((i) => picks(i) && beyond(i))?.name ?? null;
}

/** -d: a veth has a queue for each CPU, here one; no interface makes addresses of its own. */
function detailFields(iface: Device, link: boolean): readonly Field[] {
  const veth = iface.kind === 'ethernet';
  const number = (flag: string) => (iface.flags.has(flag) ? 1 : 0);
  return [
    ['promiscuity', number('promisc'), ` promiscuity ${number('promisc')} `],
    ['allmulti', number('allmulticast'), ` allmulti ${number('allmulticast')} `],
    ['min_mtu', veth ? 68 : 0, `minmtu ${veth ? 68 : 0} `],
    ['max_mtu', veth ? 65535 : 0, `maxmtu ${veth ? 65535 : 0} `],
    ...(veth ? [['linkinfo', { fields: [['info_kind', 'veth']] }, '\n    veth '] as const] : []),
    ...(link ? [['inet6_addr_gen_mode', 'none', 'addrgenmode none '] as const] : []),
    ['num_tx_queues', 1, 'numtxqueues 1 '],
    ['num_rx_queues', 1, 'numrxqueues 1 '],
    ['gso_max_size', 65536],
    ['gso_max_segs', 65535],
    ['tso_max_size', 524280],
    ['tso_max_segs', 65535],
    ['gro_max_size', 65536],
  ];
}

/** -s: what was counted. iproute2: print_stats64() */
export function statisticsField({ count: c }: Device): Field {
  const bytes = Math.max(10, String(c.rxBytes).length, String(c.txBytes).length);
  const packets = Math.max(7, String(c.rxPackets).length, String(c.txPackets).length);
  const n = (value: number | string, width: number) => String(value).padStart(width);
  const head = (name: string, last: string, more: string) =>
    `    ${name}: ${n('bytes', bytes - 4)} ${n('packets', packets)} errors dropped ${n(last, 7)} ${n(more, 7)} ${' '.repeat(10)}\n`;
  const line = (b: number, p: number) =>
    `    ${n(b, bytes)} ${n(p, packets)} ${n(0, 6)} ${n(0, 7)} ${n(0, 7)} ${n(0, 7)} `;
  const rx = `${head('RX', 'missed', 'mcast')}${line(c.rxBytes, c.rxPackets)}`;
  const tx = `${head('TX', 'carrier', 'collsns')}${line(c.txBytes, c.txPackets)}`;
  const counted = (b: number, p: number, last: string, more: string) => {
    const values = { bytes: b, packets: p, errors: 0, dropped: 0, [last]: 0, [more]: 0 };
    return { fields: Object.entries(values) };
  };
  const fields: readonly Field[] = [
    ['rx', counted(c.rxBytes, c.rxPackets, 'over_errors', 'multicast')],
    ['tx', counted(c.txBytes, c.txPackets, 'carrier_errors', 'collisions')],
  ];
  return ['stats64', { fields }, `${rx}\n${tx}`];
}

/** UP, DOWN, or UNKNOWN where an interface has no carrier to speak of. */
function operstate(iface: Device): string {
  if (!iface.up) return 'DOWN';
  return iface.kind === 'loopback' || iface.kind === 'dummy' ? 'UNKNOWN' : 'UP';
}

/** iproute2: print_link_flags() */
function linkFlags(iface: Device): readonly string[] {
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
  return words.flatMap(([name, on]) => (on ? [name] : []));
}
