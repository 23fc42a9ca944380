import { useMemo } from 'react';
import type { StepResult } from '../../src/engine';
import { type Beat, usePlay, useRun } from '../store';

export interface StepBeats {
  /** Index of the lab's step that the playhead is in; the first before it has moved. */
  readonly step: number;
  readonly result: StepResult | undefined;
  readonly beats: readonly Beat[];
  /** Index of the beat on show, and its number in the step: 0 before the first. */
  readonly beat: number;
  readonly position: number;
}

/** The beats of the step that the playhead is in. */
export function useStepBeats(): StepBeats {
  const all = usePlay((s) => s.beats);
  const beat = usePlay((s) => s.beat);
  const step = all[Math.max(0, beat)]?.userStep ?? 0;
  const result = useRun((s) => s.result?.steps[step]);
  const beats = useMemo(() => all.filter((b) => b.userStep === step), [all, step]);
  // The beats of a step stand together.
  const position = beat < 0 ? 0 : beat - (beats[0]?.index ?? 0) + 1;
  return { step, result, beats, beat, position };
}
