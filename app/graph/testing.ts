import type { FunctionView, HostView, InterfaceView } from '../../src/engine';
import type { HookName } from '../../src/model';

/** For tests: a host with the given hook functions and interfaces. */
export function hostView(
  registry: Partial<Record<HookName, readonly string[]>>,
  interfaces: readonly (string | Partial<InterfaceView>)[] = ['eth0', 'eth1'],
): HostView {
  const functions = (names: readonly string[]): FunctionView[] =>
    names.map((name, i) => ({
      name,
      priority: i,
      subsystem:
        name === 'conntrack' || name === 'confirm' || name === 'defrag' || name === 'nat'
          ? name
          : name.startsWith('nft')
            ? 'nft'
            : 'iptables',
      table: ['raw', 'mangle', 'nat', 'filter', 'security'].includes(name) ? (name as FunctionView['table']) : null,
      rules: 1,
      policy: 'ACCEPT',
    }));
  const hooks = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
  return {
    name: 'router',
    title: 'router',
    interfaces: interfaces.map(
      (i): InterfaceView => ({
        name: 'eth0',
        kind: 'ethernet',
        addresses: ['10.0.0.1/24'],
        mac: '02:00:00:00:00:01',
        mtu: 1500,
        segment: 's',
        master: '',
        ...(typeof i === 'string' ? { name: i } : i),
      }),
    ),
    hooks: hooks.map((hook) => ({ family: 'ip', hook, functions: functions(registry[hook] ?? []) })),
    forwarding: { ip: true, ip6: false },
    conntrack: { ip: true, ip6: false },
    listeners: [],
    chains: [],
    routes: [],
    queues: [],
  };
}

/** Everything that iptables and conntrack register. */
export const FULL: Partial<Record<HookName, readonly string[]>> = {
  PREROUTING: ['raw', 'conntrack', 'mangle', 'nat'],
  INPUT: ['mangle', 'filter', 'security', 'nat', 'confirm'],
  FORWARD: ['mangle', 'filter', 'security'],
  OUTPUT: ['raw', 'conntrack', 'mangle', 'nat', 'filter', 'security'],
  POSTROUTING: ['mangle', 'nat', 'confirm'],
};
