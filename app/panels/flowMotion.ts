import { useEffect, useMemo, useState } from 'react';
import type { ConnSnapshot } from '../../src/model';
import { useBeat, usePlay, useRun } from '../store';
import { useReducedMotion } from '../ui';
import { type Collision, collisions, departed, flowsOfStep, type Phase, phases } from './flows';
import { useBeatEvents } from './subject';

/** For how long a flow that is gone is still to be seen, at speed 1. */
const UNWIND = 300;

/** What the beat on show does to a host's flows; nothing when the playhead was set down, not stepped. */
export function useFlowMotion(host: string): {
  readonly phases: ReadonlyMap<number, Phase>;
  readonly gone: readonly ConnSnapshot[];
  readonly speed: number;
} {
  const events = useBeatEvents();
  const stepped = usePlay((s) => s.motion === 'step' && !s.scrubbing);
  const speed = usePlay((s) => s.speed);
  const still = useReducedMotion();
  const [over, setOver] = useState<readonly unknown[] | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setOver(events), UNWIND / speed);
    return () => clearTimeout(timer);
  }, [events, speed]);
  if (!stepped) return { phases: NONE, gone: [], speed };
  return { phases: phases(events, host), gone: still || over === events ? [] : departed(events, host), speed };
}

const NONE: ReadonlyMap<number, Phase> = new Map();

/** The step on show, the flows that it has had to do with, and the flows that could not keep their port. */
export function useFlowsAbout(
  host: string,
  flows: readonly ConnSnapshot[],
): { readonly step: number | null; readonly mine: ReadonlySet<number>; readonly moved: readonly Collision[] } {
  const events = useRun((s) => s.result?.events);
  const cursor = usePlay((s) => s.cursor);
  const step = useBeat()?.userStep ?? null;
  return useMemo(
    () => ({
      step,
      mine: events === undefined || step === null ? new Set<number>() : flowsOfStep(events, cursor, step, host),
      moved: events === undefined ? [] : collisions(events, cursor, host, flows),
    }),
    [events, cursor, step, host, flows],
  );
}
