import type { Host } from '../host';
import type { Lab, Placed, World } from '../lab';
import type { HookFamily, HookName } from '../model';
import { parsePrefix, prefixText } from '../wire';
import type { XtTables } from '../xtables';
import type { ChainView, FunctionView, HookView, HostView, InterfaceView, SegmentView } from './api';
import { addressOwners, type Views } from './result';

const FAMILIES: readonly HookFamily[] = ['ip', 'ip6', 'bridge', 'netdev'];
const HOOKS: readonly HookName[] = ['INGRESS', 'PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'EGRESS'];

/** The hosts as they stand configured, for the graphs. */
export function viewsOf(lab: Lab, world: World, placed: readonly Placed[]): Views {
  const hosts = Object.keys(lab.hosts).map((name) => hostView(lab, world.host(name), placed));
  return { hosts, segments: segmentViews(world, placed), owners: addressOwners(lab) };
}

/** A host as it stands configured. */
export function hostView(lab: Lab, host: Host, placed: readonly Placed[]): HostView {
  const spec = lab.hosts[host.name]!;
  return {
    name: host.name,
    title: spec.title ?? host.name,
    interfaces: host.interfaces().map((i): InterfaceView => {
      const place = placed.find((p) => p.host === host.name && p.dev === i.name);
      const addresses = i.addresses.map((a) => `${a.addr}/${a.length}`);
      return {
        name: i.name,
        kind: i.kind,
        addresses,
        mac: i.mac,
        mtu: i.mtu,
        segment: place?.segment ?? '',
        master: i.master,
      };
    }),
    hooks: hookViews(host),
    forwarding: {
      ip: host.sysctl('net.ipv4.ip_forward') === '1',
      ip6: host.sysctl('net.ipv6.conf.all.forwarding') === '1',
    },
    conntrack: { ...host.ct.active },
    listeners: (spec.listen ?? []).map((l) => ({
      protocol: l.protocol,
      address: l.address ?? '',
      port: l.port,
      service: l.silent ? 'silent' : (l.serves ?? 'echo'),
    })),
    chains: [...chains('ip', host.tables.ip), ...chains('ip6', host.tables.ip6)],
    queues: [...host.queuePrograms].map(([number, { name }]) => ({ number, program: name })),
    routes: [...host.routeLines(4), ...host.routeLines(6)].map((line) => line.trim()),
  };
}

function hookViews(host: Host): HookView[] {
  const out: HookView[] = [];
  for (const family of FAMILIES) {
    for (const hook of HOOKS) {
      const functions = host.hooks.at(family, hook).map((ops): FunctionView => {
        const { name, subsystem, priority, table } = ops;
        const tables = family === 'ip' || family === 'ip6' ? host.tables[family] : null;
        const chain = table ? tables?.get(table)?.ruleset.chain(hook) : undefined;
        const rules = chain?.rules.length ?? 0;
        return { name, subsystem, priority, table: table ?? null, rules, policy: chain?.policy ?? '' };
      });
      if (functions.length > 0) out.push({ family, hook, functions });
    }
  }
  return out;
}

function chains(family: HookFamily, tables: XtTables): ChainView[] {
  return [...tables.all()].flatMap((table) =>
    table.ruleset.chains.map(
      ({ name, policy, rules }): ChainView => ({
        family,
        table: table.name,
        chain: name,
        policy,
        rules: rules.length,
      }),
    ),
  );
}

function segmentViews(world: World, placed: readonly Placed[]): SegmentView[] {
  return [...world.segments.values()].map((segment) => {
    const prefixes = new Set<string>();
    for (const i of placed) {
      // What a bridge owns is on the segments of its ports, too.
      const here =
        i.segment === segment.name ||
        placed.some((p) => p.segment === segment.name && p.host === i.host && p.master === i.dev);
      if (!here) continue;
      for (const text of i.addresses) {
        const prefix = parsePrefix(text);
        if (prefix) prefixes.add(prefixText(prefix));
      }
    }
    return {
      name: segment.name,
      prefixes: [...prefixes],
      ports: segment.ports.map((p) => ({ host: p.host, interface: p.dev })),
    };
  });
}
