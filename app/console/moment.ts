import type { LabStep } from '../../src/engine';
import type { EventId } from '../../src/model';
import type { Beat } from '../store';

/** A moment of a run that can be found again in another run of the edited lab. */
export interface Moment {
  /** The step that it is in, by identity; null: before the first. */
  readonly step: LabStep | null;
  readonly index: number;
  /** What happens then, and how many of the same there were in the step before it. */
  readonly key: string;
  readonly nth: number;
}

const START: Moment = { step: null, index: -1, key: '', nth: 0 };

/** The same for a step wherever it stands in the lab: without the numbers of step and packet. */
const keyOf = (beat: Beat): string => beat.key.replace(/^\d+\|\d*/, '');

export function momentAt(beats: readonly Beat[], index: number, steps: readonly LabStep[]): Moment {
  const beat = beats[index];
  const step = beat === undefined ? undefined : steps[beat.userStep];
  if (beat === undefined || step === undefined) return START;
  const key = keyOf(beat);
  const nth = beats.slice(0, index).filter((b) => b.userStep === beat.userStep && keyOf(b) === key).length;
  return { step, index: beat.userStep, key, nth };
}

/** The event at which the moment ends in this run: the same thing, else the end of its step, or of the one before. */
export function eventOf(moment: Moment, beats: readonly Beat[], steps: readonly LabStep[]): EventId {
  if (moment.step === null) return -1;
  const at = steps.indexOf(moment.step);
  if (at < 0) return beats.findLast((b) => b.userStep < Math.min(moment.index, steps.length))?.event ?? -1;
  const inStep = beats.filter((b) => b.userStep === at);
  const same = inStep.filter((b) => keyOf(b) === moment.key);
  return (same[Math.min(moment.nth, same.length - 1)] ?? inStep.at(-1))?.event ?? -1;
}
