import type { ConnSnapshot, TraceEvent } from '../../src/model';

/** What an event has just done to a flow. */
export type Phase = 'born' | 'confirmed' | 'gone';

const GONE: ReadonlySet<string> = new Set(['destroy', 'timeout', 'flush', 'delete', 'early-drop']);

/** What a beat's events did to the flows of a host, by the flow's id; the last counts. */
export function phases(events: readonly TraceEvent[], host: string): ReadonlyMap<number, Phase> {
  const found = new Map<number, Phase>();
  for (const event of events) {
    if (event.host !== host || event.type !== 'conntrack' || event.entry === undefined) continue;
    if (event.what === 'new') found.set(event.entry.id, 'born');
    else if (event.what === 'confirm') found.set(event.entry.id, 'confirmed');
    else if (GONE.has(event.what)) found.set(event.entry.id, 'gone');
  }
  return found;
}

/** The flows that a beat's events took out of a host's table, as they were. */
export function departed(events: readonly TraceEvent[], host: string): readonly ConnSnapshot[] {
  return events.flatMap((event) =>
    event.host === host && event.type === 'conntrack' && GONE.has(event.what) && event.entry?.confirmed
      ? [event.entry]
      : [],
  );
}

/** Ids of the flows that packets of a step have had to do with on a host, up to an event. */
export function flowsOfStep(
  events: readonly TraceEvent[],
  cursor: number,
  step: number,
  host: string,
): ReadonlySet<number> {
  const ids = new Set<number>();
  for (let i = cursor; i >= 0; i--) {
    const event = events[i];
    if (event === undefined || event.userStep !== step) break;
    if (event.host !== host || event.packet === '') continue;
    if ((event.type === 'conntrack' || event.type === 'nat-setup') && event.entry !== undefined)
      ids.add(event.entry.id);
  }
  return ids;
}

/** A flow whose port is not the sender's own, because another flow had it already. */
export interface Collision {
  readonly id: number;
  /** The flow that holds it; null if it is gone. */
  readonly holder: number | null;
  readonly wanted: number;
  readonly given: number;
  readonly side: 'src' | 'dst';
}

/** The collisions of ports among flows that are still there. */
export function collisions(
  events: readonly TraceEvent[],
  cursor: number,
  host: string,
  flows: readonly ConnSnapshot[],
): readonly Collision[] {
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const found = new Map<number, Collision>();
  for (let i = 0; i <= cursor; i++) {
    const event = events[i];
    if (event?.type !== 'nat-setup' || event.host !== host || event.portChosen !== 'collision') continue;
    const flow = byId.get(event.entry.id);
    const { before, after, manip } = event;
    if (flow === undefined || before.port === null || after.port === null || before.port === after.port) continue;
    const holder = flows.find((other) => other.id !== flow.id && holds(other, flow, manip, before.port as number));
    found.set(flow.id, {
      id: flow.id,
      holder: holder?.id ?? null,
      wanted: before.port,
      given: after.port,
      side: manip,
    });
  }
  return [...found.values()];
}

/** Whether a flow's answers look as another's would, had it kept its port. */
function holds(other: ConnSnapshot, flow: ConnSnapshot, manip: 'src' | 'dst', port: number): boolean {
  const [a, b] = [other.reply, flow.reply];
  if (other.protocol !== flow.protocol || a.src !== b.src || a.dst !== b.dst) return false;
  if (a.id !== undefined) return a.id === port;
  return manip === 'src' ? a.dport === port && a.sport === b.sport : a.sport === port && a.dport === b.dport;
}
