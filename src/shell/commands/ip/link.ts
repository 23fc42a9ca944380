import type { IfaceInfo } from '../../../model';
import { fails, prints } from '../../output';
import type { CommandOutput } from '../../types';
import { changedOr, type IpObject, notModelled, verbOf } from './index';

const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';

function linkFlags(iface: IfaceInfo): string {
  const flags: string[] = iface.kind === 'loopback' ? ['LOOPBACK'] : ['BROADCAST', 'MULTICAST'];
  if (iface.up) flags.push('UP', 'LOWER_UP');
  return `<${flags.join(',')}>`;
}

function linkState(iface: IfaceInfo): string {
  if (!iface.up) return 'DOWN';
  return iface.kind === 'loopback' ? 'UNKNOWN' : 'UP';
}

/** The first two lines of an interface, as `ip link` (`withMode`) and `ip addr` print them. */
export function linkLines(iface: IfaceInfo, withMode: boolean): string[] {
  const master = iface.master === '' ? '' : ` master ${iface.master}`;
  const qdisc = iface.up ? 'noqueue' : 'noop';
  const mode = withMode ? ' mode DEFAULT' : '';
  const group = iface.group === 0 ? 'default' : String(iface.group);
  const loopback = iface.kind === 'loopback';
  return [
    `${iface.index}: ${iface.name}: ${linkFlags(iface)} mtu ${iface.mtu} qdisc ${qdisc}${master} state ${linkState(iface)}${mode} group ${group} qlen 1000`,
    `    link/${loopback ? 'loopback' : 'ether'} ${iface.mac} brd ${loopback ? '00:00:00:00:00:00' : BROADCAST_MAC}`,
  ];
}

/** One line of `ip -br`: name, state, and the rest. */
export function briefLine(iface: IfaceInfo, rest: readonly string[]): string {
  return `${iface.name.padEnd(16)} ${linkState(iface).padEnd(14)} ${rest.map((r) => `${r} `).join('')}`;
}

/** The interfaces that `dev NAME`, NAME or `up` asks for; a message if there is none. */
export function chosen(all: readonly IfaceInfo[], args: readonly string[]): readonly IfaceInfo[] | CommandOutput {
  let list = all;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === 'up') {
      list = list.filter((f) => f.up);
      continue;
    }
    if (word === 'master') {
      const master = args[++i] ?? '';
      list = list.filter((f) => f.master === master);
      continue;
    }
    if (['type', 'scope', 'to', 'label', 'group', 'vrf'].includes(word)) return notModelled(`show ${word}`);
    const name = word === 'dev' ? (args[++i] ?? '') : word;
    list = list.filter((f) => f.name === name);
    if (list.length === 0) return fails(1, `Device "${name}" does not exist.`);
  }
  return list;
}

export const ipLink: IpObject = (host, args, flags) => {
  const verb = verbOf(args[0]);
  switch (verb) {
    case 'show': {
      const list = chosen(host.interfaces(), args.slice(1));
      if (!('length' in list)) return list;
      if (flags.brief) return prints(list.map((f) => briefLine(f, [f.mac, linkFlags(f)])));
      return prints(list.flatMap((f) => (flags.oneline ? [linkLines(f, true).join('\\')] : linkLines(f, true))));
    }
    case 'set':
    case 'add':
    case 'del':
      return changedOr(host.linkCommand(verb, args.slice(1)));
    default:
      return verb === null
        ? fails(255, `Command "${args[0]}" is unknown, try "ip link help".`)
        : notModelled(`link ${args[0]}`);
  }
};
