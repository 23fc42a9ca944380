import type { Command } from '../types';
import { conntrack } from './conntrack';
import { ip } from './ip';
import { ipset } from './ipset';
import { ip6tables, ip6tablesRestore, ip6tablesSave, iptables, iptablesRestore, iptablesSave } from './iptables';
import { netCommands } from './net';
import { sysctl } from './sysctl';
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
  ...netCommands,
  ...textCommands,
];

export function findCommand(name: string): Command | undefined {
  return commands.find((command) => command.names.includes(name));
}
