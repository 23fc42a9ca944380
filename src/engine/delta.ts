import type { TraceEvent } from '../model';
import type { HostView, RunResult, StepResult } from './api';
import { equal } from './same';

/**
 * A result as what it has that the one before had not: most keys that are typed into a ruleset change the fate of few
 * packets or of none. Null stands for what is as it was, at the same place.
 */
export interface PackedResult extends Pick<RunResult, 'segments' | 'refused' | 'texts' | 'notModelled'> {
  /** By step. */
  readonly events: readonly (readonly TraceEvent[] | null)[];
  readonly steps: readonly (StepResult | null)[];
  readonly frames: readonly Uint8Array[] | null;
  readonly hosts: readonly (HostView | null)[];
}

/** Of a result: what `unpack` needs besides the result before. */
export function pack(before: RunResult | null, now: RunResult): PackedResult {
  const { segments, refused, texts, notModelled } = now;
  const frames = before !== null && equal(before.frames, now.frames) ? null : now.frames;
  const events = now.steps.map(({ from, to }, i): readonly TraceEvent[] | null => {
    const old = before?.steps[i];
    const isSame = before && old?.from === from && old.to === to && sameEvents(before.events, now.events, from, to);
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
  const events = isAll
    ? before.events
    : packed.events.flatMap((list, i) => {
        const { from, to } = steps[i]!;
        return list ?? (before as RunResult).events.slice(from, to);
      });
  return { events, frames, steps, hosts, segments, refused, texts, notModelled };
}

function sameEvents(a: readonly TraceEvent[], b: readonly TraceEvent[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!equal(a[i], b[i])) return false;
  return true;
}
