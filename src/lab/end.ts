import { ctList, ctSnapshot } from '../conntrack';
import type { Host } from '../host';
import type { ConnSnapshot, TupleSnapshot } from '../model';
import { recordedCounters } from '../xtables';
import type { RecordedEntry, RecordedTuple } from './recording';
import type { HostEnd } from './trace';
import type { World } from './world';

/** The state of every host as a recording ends with it. */
export function endOf(world: World): Record<string, HostEnd> {
  const end: Record<string, HostEnd> = {};
  for (const host of world.hosts.values()) end[host.name] = hostEnd(host);
  return end;
}

function hostEnd(host: Host): HostEnd {
  const conntrack = ctList(host.ct, host).map((conn) => recordedEntry(ctSnapshot(conn, host.now())));
  const counters = { ...recordedCounters(host.tables.ip), ...recordedCounters(host.tables.ip6) };
  return { conntrack, counters, ipset: recordedSets(host) };
}

/** Members by set, without timeouts and counters, sorted. */
function recordedSets({ sets }: Host): HostEnd['ipset'] {
  return Object.fromEntries(sets.views().map((s) => [s.name, s.members.map((m) => m.text).sort()]));
}

/** An entry as `conntrack -L` shows it. */
export function recordedEntry(s: ConnSnapshot): RecordedEntry {
  return {
    protocol: s.protocol,
    ...(s.state === undefined ? {} : { state: s.state }),
    original: tuple(s.original),
    reply: tuple(s.reply),
    status: s.status,
    mark: s.mark,
    zone: s.zone,
    ...(s.zoneOriginal === undefined ? {} : { zoneOriginal: s.zoneOriginal }),
    ...(s.zoneReply === undefined ? {} : { zoneReply: s.zoneReply }),
    ...(s.helper === undefined ? {} : { helper: s.helper }),
  };
}

function tuple(t: TupleSnapshot): RecordedTuple {
  return {
    src: t.src,
    dst: t.dst,
    ...(t.sport === undefined ? {} : { sport: t.sport }),
    ...(t.dport === undefined ? {} : { dport: t.dport }),
    ...(t.type === undefined ? {} : { type: t.type }),
    ...(t.code === undefined ? {} : { code: t.code }),
    ...(t.id === undefined ? {} : { id: t.id }),
  };
}
