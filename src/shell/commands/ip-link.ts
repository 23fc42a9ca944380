import type { IfaceInfo } from '../../model';
import type { CommandOutput } from '../types';
import { changed, type IpInput, showFilters, unknownVerb, verbOf } from './ip';

const VERBS = ['show', 'set', 'add', 'delete', 'change', 'replace'] as const;

export function ipLink({ host, options, args }: IpInput): CommandOutput {
  const verb = verbOf(args, VERBS);
  const rest = args.slice(1);
  switch (verb) {
    case null:
      return unknownVerb(args[0]!, 'link');
    case 'set':
    case 'add':
      return changed(host.linkCommand(verb, rest));
    case 'delete':
      return changed(host.linkCommand('del', rest));
    case 'show': {
      const filter = showFilters(rest);
      const dev = filter.dev ?? filter.rest.find((word) => word !== 'up') ?? null;
      if (filter.rest.filter((word) => word !== 'up').length > (filter.dev === null ? 1 : 0)) {
        return { notModelled: `ip link show ${filter.rest.join(' ')}` };
      }
      if (dev !== null && !host.iface(dev)) return { stderr: `Device "${dev}" does not exist.\n`, exit: 1 };
      const up = filter.rest.includes('up');
      const shown = host.interfaces().filter((i) => (dev === null || i.name === dev) && (!up || i.up));
      return { stdout: shown.map((i) => linkText(i, options)).join('') };
    }
    default:
      return { notModelled: `ip link ${verb}` };
  }
}

function linkText(iface: IfaceInfo, options: { readonly brief: boolean; readonly oneLine: boolean }): string {
  if (options.brief) {
    return `${iface.name.padEnd(16)} ${briefState(iface).padEnd(14)} ${iface.mac} <${flags(iface)}> \n`;
  }
  const head = linkHead(iface).replace(' group ', ' mode DEFAULT group ');
  return options.oneLine ? `${head}\\${linkMac(iface)}` : `${head}\n${linkMac(iface)}`;
}

/** UP, DOWN, or UNKNOWN where an interface has no carrier to speak of. */
export function briefState(iface: IfaceInfo): string {
  if (!iface.up) return 'DOWN';
  return iface.kind === 'loopback' || iface.kind === 'dummy' ? 'UNKNOWN' : 'UP';
}

function flags(iface: IfaceInfo): string {
  const up = iface.up ? ',UP,LOWER_UP' : '';
  if (iface.kind === 'loopback') return `LOOPBACK${up}`;
  return iface.kind === 'dummy' ? `BROADCAST,NOARP${up}` : `BROADCAST,MULTICAST${up}`;
}

export function linkHead(iface: IfaceInfo): string {
  const master = iface.master === '' ? '' : ` master ${iface.master}`;
  const qdisc = iface.up ? 'noqueue' : 'noop';
  const group = iface.group === 0 ? 'default' : String(iface.group);
  return `${iface.index}: ${iface.name}: <${flags(iface)}> mtu ${iface.mtu} qdisc ${qdisc}${master} state ${briefState(iface)} group ${group} qlen 1000`;
}

export function linkMac(iface: IfaceInfo): string {
  if (iface.kind === 'loopback') return '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';
  return `    link/ether ${iface.mac} brd ff:ff:ff:ff:ff:ff\n`;
}
