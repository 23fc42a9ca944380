import type { Command } from '../types';
import { brctl, bridge } from './bridge';
import { conntrack } from './conntrack';
import { ls } from './files';
import { helpCommands } from './help';
import { ip } from './ip';
import { ipset } from './ipset';
import { ip6tables, ip6tablesRestore, ip6tablesSave, iptables, iptablesRestore, iptablesSave } from './iptables';
import { tcpdump } from './listeners';
import { lsmod, modprobe } from './modules';
import { netCommands } from './net';
import { arp } from './nettools/arp';
import { ifconfig } from './nettools/ifconfig';
import { netstat } from './nettools/netstat';
import { route } from './nettools/route';
import { notModelledTools } from './not-modelled';
import { ss } from './ss';
import { sysctl } from './sysctl';
import { systemCommands } from './system';
import { textCommands } from './text';

/** Every command that is modelled. */
export const commands: readonly Command[] = [
  iptables,
  ip6tables,
  iptablesSave,
  ip6tablesSave,
  iptablesRestore,
  ip6tablesRestore,
  ip,
  ipset,
  conntrack,
  sysctl,
  ss,
  bridge,
  tcpdump,
  ifconfig,
  route,
  arp,
  netstat,
  brctl,
  lsmod,
  modprobe,
  ls,
  ...helpCommands(() => commands),
  ...netCommands,
  ...systemCommands,
  ...textCommands,
  ...notModelledTools,
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.names.includes(name));
}
