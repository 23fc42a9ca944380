import type { EventOf, TraceEvent } from '../model';
import { IPPROTO, parsePacket, type RecordedPacket, recordPacket } from '../wire';
import { recordedEntry } from './end';
import { expandLab } from './expand';
import { RandomNames } from './random';
import type {
  NotModelled,
  RecordedEnd,
  RecordedEntry,
  RecordedHost,
  RecordedStep,
  RecordedTrace,
  RecordedWire,
  Recording,
} from './recording';
import type { HostEnd, Story, Trace, TraceStep } from './trace';

/** What a recording says of who made it. */
const BY = 'Hookline 0.1';

/**
 * The recording of a run: nothing but a view of its events and of the state at its end.
 */
export function toRecording(trace: Trace): Recording {
  const head = { format: 'recording/1', lab: trace.lab.name, by: BY } as const;
  if (trace.refused) return { ...head, refused: trace.refused };
  const packets = new Packets(trace.frames);
  const names = new RandomNames(JSON.stringify(expandLab(trace)));
  const steps = trace.steps.map((step) => recordStep(trace.events, step, packets, names));
  const end = recordEnd(trace.end, names);
  const unknown = notModelled(trace);
  const recording: Recording = {
    ...head,
    steps,
    ...(Object.keys(end).length > 0 ? { end } : {}),
    ...(unknown.length > 0 ? { notModelled: unknown } : {}),
  };
  return names.rename(recording);
}

/** What was reached and is not modelled, each once a step and host. */
export function notModelled(trace: Pick<Story, 'events'>): readonly NotModelled[] {
  const found = new Map<string, NotModelled>();
  for (const event of trace.events) {
    if (event.type !== 'not-modelled') continue;
    const one = { step: event.step + 1, host: event.host, what: event.what };
    found.set(JSON.stringify(one), one);
  }
  return [...found.values()];
}

/** Packets as a recording has them, each frame read once. */
class Packets {
  private readonly frames: readonly Uint8Array[];
  private readonly known: RecordedPacket[] = [];

  constructor(frames: readonly Uint8Array[]) {
    this.frames = frames;
  }

  of(event: TraceEvent): RecordedPacket {
    const id = event.frame;
    this.known[id] ??= recordPacket(parsePacket(this.frames[id]!));
    return this.known[id]!;
  }
}

/** Neighbour discovery, multicast listener discovery and IGMP of the hosts' own stacks never show. */
function isNoise(packet: RecordedPacket): boolean {
  if ('unknown' in packet) return false;
  if (packet.icmpv6) return packet.icmpv6.type >= 130 && packet.icmpv6.type <= 143;
  return packet.protocol === IPPROTO.igmp;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface HostDraft {
  readonly trace: RecordedTrace[];
  readonly wire: RecordedWire[];
  readonly conntrack: { event: string; entry: RecordedEntry }[];
}

function recordStep(
  events: readonly TraceEvent[],
  step: TraceStep,
  packets: Packets,
  names: RandomNames,
): RecordedStep {
  const hosts = new Map<string, HostDraft>();
  const host = (name: string): HostDraft => {
    const known = hosts.get(name) ?? { trace: [], wire: [], conntrack: [] };
    hosts.set(name, known);
    return known;
  };
  for (let i = step.from; i < step.to; i++) {
    const event = events[i]!;
    if (event.type === 'rule') {
      const packet = packets.of(event);
      if (!isNoise(packet)) host(event.host).trace.push(recordRule(event, packet));
    } else if (event.type === 'wire') {
      const packet = packets.of(event);
      if (isNoise(packet)) continue;
      host(event.host).wire.push({ interface: event.interface, direction: event.direction, packet });
    } else if (event.type === 'conntrack' && event.event && event.entry) {
      const entry: Writable<RecordedEntry> = recordedEntry(event.entry);
      if (event.event === 'UPDATE' && !event.stateChanged) delete entry.state;
      host(event.host).conntrack.push({ event: event.event, entry });
      names.note(entry);
    }
  }
  const out: Writable<RecordedStep> = {};
  if (step.error !== undefined) out.error = step.error;
  if (step.exit !== undefined) out.exit = step.exit;
  if (step.output !== undefined) out.output = step.output;
  if (hosts.size > 0) {
    const sorted = step.kind === 'wait' || step.kind === 'run';
    out.hosts = Object.fromEntries([...hosts].map(([name, draft]) => [name, recordHost(draft, sorted)]));
  }
  return out;
}

function recordHost(draft: HostDraft, sorted: boolean): RecordedHost {
  const { trace, wire } = draft;
  const conntrack = sorted ? draft.conntrack.sort(byEvent) : draft.conntrack;
  return {
    ...(trace.length > 0 ? { trace } : {}),
    ...(wire.length > 0 ? { wire } : {}),
    ...(conntrack.length > 0 ? { conntrack } : {}),
  };
}

function recordRule(event: EventOf<'rule'>, packet: RecordedPacket): RecordedTrace {
  const nft = event.tool === 'nft';
  return {
    ...(nft ? { tool: 'nft' as const } : {}),
    family: event.family,
    table: event.table,
    chain: event.chain,
    rule: event.rule,
    in: event.in,
    out: event.out,
    mark: event.mark,
    ...(nft && event.nftVerdict !== undefined ? { verdict: event.nftVerdict } : {}),
    packet,
  };
}

/** What expired, or was flushed, has the order of a hash table: it is sorted, as the recorder sorts it. */
function byEvent(a: { event: string; entry: RecordedEntry }, b: { event: string; entry: RecordedEntry }): number {
  return a.event < b.event ? -1 : a.event > b.event ? 1 : compareEntries(a.entry, b.entry);
}

function compareEntries(a: RecordedEntry, b: RecordedEntry): number {
  const [x, y] = [entryKey(a), entryKey(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function entryKey(e: RecordedEntry): string {
  const { original: o } = e;
  const port = (n: number | string | undefined) => String(n ?? '').padStart(9);
  const parts = [e.protocol, o.src, o.dst, port(o.sport), port(o.dport), o.type ?? 0, o.id ?? '', e.zone];
  return `${parts.join('\0')}\0${JSON.stringify(e)}`;
}

function recordEnd(end: Readonly<Record<string, HostEnd>>, names: RandomNames): Record<string, RecordedEnd> {
  const out: Record<string, RecordedEnd> = {};
  for (const [host, state] of Object.entries(end)) {
    for (const entry of state.conntrack) names.note(entry);
    const one: Writable<RecordedEnd> = {};
    if (state.conntrack.length > 0) one.conntrack = state.conntrack.toSorted(compareEntries);
    const counted = Object.entries(state.counters).filter(([, [packets, bytes]]) => packets !== 0 || bytes !== 0);
    if (counted.length > 0) one.counters = Object.fromEntries(counted);
    if (Object.keys(state.ipset).length > 0) one.ipset = state.ipset;
    if (Object.keys(one).length > 0) out[host] = one;
  }
  return out;
}
