import type { Outcome, RunResult } from '../../src/engine';
import type { HookName, TraceEvent } from '../../src/model';
import { type Beat, dropPlace, endpoint, type Place, readHeader } from '../store';
import type { MiniSpot, MiniState } from './MiniHooks';

/** One wire that the packet on show has been on, as it was addressed there. */
export interface WireLine {
  readonly segment: string;
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  readonly srcChanged: boolean;
  readonly dstChanged: boolean;
  readonly here: boolean;
  readonly event: number;
}

/** One hop of the packet: out of a port, over a segment, into a port. */
export interface Hop {
  readonly segment: string;
  /** Port ids `host/interface`; null where the other end is not in the lab. */
  readonly from: string | null;
  readonly to: string | null;
  readonly event: number;
}

export interface NetworkState {
  readonly wires: readonly WireLine[];
  readonly hops: readonly Hop[];
  /** The packet is on its way over the last hop, else inside `host`. */
  readonly onWire: boolean;
  readonly host: string;
  /** How the packet ended, if it has. */
  readonly ended: Outcome | null;
  /** Hosts at which other packets of the step wait meanwhile. */
  readonly others: readonly string[];
  readonly mini: ReadonlyMap<string, MiniState>;
}

/** A host that no packet has come to. */
export const NOTHING: MiniState = { passed: new Set(), dropped: new Set(), delivered: false };

/** What ends a packet on a host, and what shows that it goes on there. */
const ENDS: ReadonlySet<TraceEvent['type']> = new Set(['drop', 'deliver']);
const MOVES: ReadonlySet<TraceEvent['type']> = new Set(['hook-enter', 'route', 'wire', 'loopback']);

/** The packet's way over the network as far as the playhead, and where the steps of the lab ended. */
export function networkState(run: RunResult, beat: Beat | undefined, ends = endsOf(run)): NetworkState {
  const mini = new Map(ends);
  if (beat === undefined || beat.packet === '')
    return { wires: [], hops: [], onWire: false, host: '', ended: null, others: [], mini };
  const step = run.steps[beat.userStep];
  let gone = false;
  const wires: WireLine[] = [];
  const hops: Hop[] = [];
  const pass = (host: string, spot: MiniSpot): void => {
    const state = mini.get(host) ?? NOTHING;
    if (!state.passed.has(spot)) mini.set(host, { ...state, passed: new Set([...state.passed, spot]) });
  };
  for (let i = step?.from ?? 0; i <= beat.event; i++) {
    const e = run.events[i] as TraceEvent;
    if (e.packet !== beat.packet) continue;
    if (e.host === beat.host && (ENDS.has(e.type) || MOVES.has(e.type))) gone = ENDS.has(e.type);
    const spot = spotOf(e);
    if (spot !== null) pass(e.host, spot);
    if (e.type !== 'wire' || e.otherhost) continue;
    const last = hops.at(-1);
    if (e.direction === 'in') {
      if (last?.to === `${e.host}/${e.interface}`) continue; // seen leaving already
      hops.push({ segment: e.segment, from: null, to: `${e.host}/${e.interface}`, event: e.id });
    } else
      hops.push({
        segment: e.segment,
        from: `${e.host}/${e.interface}`,
        to: nextPort(run, e, step?.to ?? 0),
        event: e.id,
      });
    const header = readHeader(run.frames[e.frame]);
    // What passes a bridge within its host is on no other wire.
    if (header === null || e.segment === '') continue;
    const src = endpoint(header.src, header.sport);
    const dst = endpoint(header.dst, header.dport);
    const before = wires.at(-1);
    wires.push({
      segment: e.segment,
      src,
      dst,
      ttl: header.ttl,
      srcChanged: before !== undefined && before.src !== src,
      dstChanged: before !== undefined && before.dst !== dst,
      here: beat.kind === 'wire' && e.id >= beat.first && e.id <= beat.event,
      event: e.id,
    });
  }
  const ended = gone ? (step?.packets.find((p) => p.id === beat.packet)?.outcome ?? null) : null;
  return { wires, hops, onWire: beat.kind === 'wire', host: beat.host, ended, others: othersAt(run, beat), mini };
}

/** How a packet ended, in a word. */
export function endWord(outcome: Outcome): string {
  if (outcome.kind === 'error') return outcome.errno;
  return outcome.kind === 'delivered' && outcome.place === 'closed' ? 'refused' : outcome.kind;
}

/** Where the steps of the lab ended, by host: the same at every beat. */
export function endsOf(run: RunResult): ReadonlyMap<string, MiniState> {
  return new Map(run.hosts.map((h) => [h.name, endsAt(run, h.name)]));
}

/** Packets of the same step that are under way while this one is looked at. */
function othersAt(run: RunResult, beat: Beat): readonly string[] {
  const hosts = (run.steps[beat.userStep]?.packets ?? []).flatMap((p): readonly string[] => {
    if (p.id === beat.packet || p.from > beat.event || p.to - 1 <= beat.event) return [];
    for (let i = beat.event; i >= p.from; i--) {
      const e = run.events[i];
      if (e?.packet === p.id) return [e.host];
    }
    return [];
  });
  return [...new Set(hosts)];
}

/** Where the packet that leaves comes in next. */
function nextPort(run: RunResult, out: TraceEvent, to: number): string | null {
  if (out.type !== 'wire') return null;
  for (let i = out.id + 1; i < to; i++) {
    const e = run.events[i] as TraceEvent;
    if (e.type !== 'wire' || e.packet !== out.packet) continue;
    return e.direction === 'in' && e.segment === out.segment && !e.otherhost ? `${e.host}/${e.interface}` : null;
  }
  return null;
}

const HOOK_SPOTS: Readonly<Partial<Record<HookName, MiniSpot>>> = {
  PREROUTING: 'pre',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'post',
};

/** What of a host an event shows the packet at. */
function spotOf(e: TraceEvent): MiniSpot | null {
  if (e.type === 'hook-enter') return HOOK_SPOTS[e.hook] ?? null;
  if (e.type === 'route') return e.kind === 'input' ? 'route' : null;
  if (e.type === 'deliver') return 'local';
  return e.type === 'wire' && e.direction === 'out' ? 'out' : null;
}

function endsAt(run: RunResult, host: string): MiniState {
  const dropped = new Set<MiniSpot>();
  let delivered = false;
  for (const { outcome } of run.steps) {
    if (outcome.kind === 'delivered' && outcome.host === host) delivered = true;
    if ((outcome.kind !== 'dropped' && outcome.kind !== 'rejected') || outcome.host !== host) continue;
    const event = run.events[outcome.event];
    if (event?.type === 'drop') dropped.add(spotAt(dropPlace(event, run)));
  }
  return { passed: NOTHING.passed, dropped, delivered };
}

function spotAt(place: Place): MiniSpot {
  switch (place.at) {
    case 'function':
      return HOOK_SPOTS[place.hook] ?? 'pre';
    case 'route':
      return place.which === 'input' ? 'route' : 'output';
    case 'out':
    case 'wire':
      return 'out';
    case 'local':
    case 'loopback':
    case 'host':
      return 'local';
    case 'in':
    case 'bridge':
      return 'pre';
  }
}
