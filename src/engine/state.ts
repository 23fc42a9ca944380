import { ctBucket, ctExpectations, ctList, ctSnapshot } from '../conntrack';
import type { Host } from '../host';
import { setViews } from '../ipset';
import type { Moment } from '../lab';
import { type EventId, IPS, type Skb } from '../model';
import { recordedCounters, ruleState } from '../xtables';
import type { HostState, RouteLine, WorldState } from './api';

/** The state of all hosts at a moment. `at`: the host that the moment's event is of. */
export function worldState(event: EventId, moment: Moment, at: string): WorldState {
  const { world } = moment;
  const hosts = [...world.hosts.values()].map((host) => hostState(host, host.name === at ? moment.skb : null));
  return { event, at: world.time, hosts };
}

function hostState(host: Host, skb: Skb | null): HostState {
  const now = host.now();
  const { ip, ip6 } = host.tables;
  const flow = skb?.ct;
  const waiting = flow && !flow.template && (flow.status & IPS.CONFIRMED) === 0 ? [flow] : [];
  return {
    name: host.name,
    conntrack: {
      active: host.ct.active.ip || host.ct.active.ip6,
      entries: ctList(host.ct, host).map((conn) => ({
        ...ctSnapshot(conn, now),
        bucketOriginal: ctBucket(host.ct, conn.original, conn.zone.id),
        bucketReply: ctBucket(host.ct, conn.reply, conn.zone.id),
      })),
      unconfirmed: waiting.map((conn) => ctSnapshot(conn, now)),
      expectations: ctExpectations(host.ct, host).map((e) => {
        const port = e.mask.sport ? `:${e.tuple.sport}` : '';
        return `${e.tuple.src}${port} → ${e.tuple.dst}:${e.tuple.dport}${e.helper === null ? '' : ` (${e.helper})`}`;
      }),
      max: Number(host.sysctl('net.netfilter.nf_conntrack_max') ?? 0),
      buckets: host.ct.buckets,
    },
    counters: { ...recordedCounters(ip), ...recordedCounters(ip6) },
    routes: [...routeLines(host, 4), ...routeLines(host, 6)],
    rules: [...host.ruleLines(4), ...host.ruleLines(6)],
    addresses: host.interfaces().flatMap((i) => i.addresses.map((a) => `${i.name} ${a.addr}/${a.length}`)),
    ipset: setViews(host.sets),
    ruleState: { ...ruleState(ip, now), ...ruleState(ip6, now) },
  };
}

function routeLines(host: Host, family: 4 | 6): RouteLine[] {
  return host.routeLines(family, 'all').map((line): RouteLine => {
    const table = / table (\S+)/.exec(line)?.[1] ?? 'main';
    return { family: family === 4 ? 'ip' : 'ip6', table, text: line.replace(/ table \S+/, '').trim() };
  });
}
