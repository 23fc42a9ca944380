import { ctBucket, ctExpectations, ctList, ctSnapshot, protocolText } from '../conntrack';
import type { Host } from '../host';
import type { Moment } from '../lab';
import { type HookFamily, IPS, type Skb, type TraceEvent } from '../model';
import type { Family } from '../wire';
import { recordedCounters, ruleState } from '../xtables';
import type { ExpectationView, HostState, HostView, RouteLine, RouteRule, SetMember, SkbView, WorldState } from './api';

/** Longer sets are told member by member only when they are asked for. */
const LISTED_MEMBERS = 200;

/** The state of all hosts just after an event; without one, at the start. */
export function worldState(
  happened: TraceEvent | undefined,
  moment: Moment,
  reconfigured: readonly HostView[],
): WorldState {
  const { world, skb } = moment;
  const event = happened?.id ?? -1;
  const at = happened?.host ?? '';
  // A flow that is not confirmed goes with its packet.
  const alive = happened?.type === 'drop' ? null : skb;
  const hosts = [...world.hosts.values()].map((host) => hostState(host, host.name === at ? alive : null));
  return { event, at: world.time, hosts, reconfigured, skb: skb === null ? null : skbView(skb, at) };
}

/** All members of a set. */
export function members(host: Host, set: string): readonly SetMember[] {
  return host.sets.members(set);
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
      expectations: expectations(host),
      max: Number(host.sysctl('net.netfilter.nf_conntrack_max') ?? 0),
      buckets: host.ct.buckets,
    },
    counters: { ...recordedCounters(ip), ...recordedCounters(ip6) },
    routes: [...routeLines(host, 4), ...routeLines(host, 6)],
    rules: [...routeRules(host, 4), ...routeRules(host, 6)],
    addresses: host.interfaces().flatMap((i) => i.addresses.map((a) => `${i.name} ${a.addr}/${a.length}`)),
    ipset: host.sets.views(LISTED_MEMBERS),
    ruleState: { ...ruleState(ip, now), ...ruleState(ip6, now) },
  };
}

function skbView(skb: Skb, host: string): SkbView {
  const { id, mark, priority, secmark, socket, pktType } = skb;
  const sender = socket === null ? null : { uid: socket.uid, gid: socket.gid, mark: socket.mark };
  return { host, packet: id, mark, priority, secmark, socket: sender, pktType };
}

function expectations(host: Host): ExpectationView[] {
  const now = host.now();
  return ctExpectations(host.ct, host).map((e): ExpectationView => {
    const { src, dst, dport, family, protocol } = e.tuple;
    return {
      id: e.id,
      master: e.master.id,
      family,
      protocol: protocolText(protocol),
      src,
      dst,
      dport,
      timeLeft: Math.max(0, e.expires - now),
    };
  });
}

const hookFamily = (family: Family): HookFamily => (family === 4 ? 'ip' : 'ip6');

function routeLines(host: Host, family: Family): RouteLine[] {
  return host.routeLines(family, 'all').map((line): RouteLine => {
    const table = / table (\S+)/.exec(line)?.[1] ?? 'main';
    return { family: hookFamily(family), table, text: line.replace(/ table \S+/, '').trim() };
  });
}

function routeRules(host: Host, family: Family): RouteRule[] {
  return host.ruleLines(family).map((line): RouteRule => {
    const [, priority = '0', text = line] = /^(\d+):\s*(.*)$/.exec(line) ?? [];
    return { family: hookFamily(family), priority: Number(priority), text: text.trim() };
  });
}
