import type { TraceEvent } from '../model';
import type { HostView, RunResult, StepResult } from './api';
import { equal } from './same';

/**
 * A result as what it has that the one before had not: most keys that are typed into a ruleset change the fate of few
 * packets or of none. Null stands for what is as it was, at the same place.
 */
export interface PackedResult extends Pick<RunResult, 'segments' | 'refused' | 'texts' | 'notModelled'> {
  /** By step, each with what is between the one before and it; at last, what comes after all steps. */
  readonly events: readonly (readonly TraceEvent[] | null)[];
  readonly steps: readonly (StepResult | null)[];
  readonly frames: readonly Uint8Array[] | null;
  readonly hosts: readonly (HostView | null)[];
}

/** Of a result: what `unpack` needs besides the result before. */
export function pack(before: RunResult | null, now: RunResult): PackedResult {
  const { segments, refused, texts, notModelled } = now;
  const frames = before !== null && equal(before.frames, now.frames) ? null : now.frames;
  const old = before === null ? [] : ranges(before.steps);
  const events = ranges(now.steps).map(([from, to], i): readonly TraceEvent[] | null => {
    const isSame =
      before && old[i]?.[0] === from && old[i]?.[1] === to && sameEvents(before.events, now.events, from, to);
    return isSame ? null : now.events.slice(from, to);
  });
  const steps = now.steps.map((step, i) => (equal(step, before?.steps[i]) ? null : step));
  const hosts = now.hosts.map((host, i) => (equal(host, before?.hosts[i]) ? null : host));
  return { segments, refused, texts, notModelled, events, steps, frames, hosts };
}

/** The result that was packed. What did not change is the very same object as in the result before. */
export function unpack(before: RunResult | null, packed: PackedResult): RunResult {
  const { segments, refused, texts, notModelled } = packed;
  const same = <T>(list: readonly (T | null)[], old: readonly T[] | undefined): readonly T[] =>
    old?.length === list.length && list.every((item) => item === null)
      ? old
      : list.map((item, i) => item ?? (old as readonly T[])[i]!);
  const steps = same(packed.steps, before?.steps);
  const hosts = same(packed.hosts, before?.hosts);
  const frames = packed.frames ?? (before as RunResult).frames;
  const isAll = steps === before?.steps && packed.events.every((list) => list === null);
  const places = ranges(steps);
  const events = isAll
    ? before.events
    : noEvents.concat(...packed.events.map((list, i) => list ?? (before as RunResult).events.slice(...places[i]!)));
  return { events, frames, steps, hosts, segments, refused, texts, notModelled };
}

const noEvents: readonly TraceEvent[] = [];

/** Where the events of a run are cut: at the ends of its steps. */
function ranges(steps: readonly StepResult[]): readonly (readonly [from: number, to: number | undefined])[] {
  const ends = steps.map((step) => step.to);
  return [...ends, undefined].map((to, i) => [ends[i - 1] ?? 0, to] as const);
}

/** Whether both have the same events in a range; of one without an end, to their ends. */
function sameEvents(a: readonly TraceEvent[], b: readonly TraceEvent[], from: number, to: number | undefined): boolean {
  if (to === undefined && a.length !== b.length) return false;
  for (let i = from; i < (to ?? b.length); i++) if (!equal(a[i], b[i])) return false;
  return true;
}
