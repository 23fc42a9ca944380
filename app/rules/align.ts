import type { RunResult } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import { type Beat, beats } from '../store';
import { likeness } from './compare';

/** One line of a comparison: what happened in the one run, beside what happened in the other. */
export interface Row {
  readonly before: Beat | null;
  readonly after: Beat | null;
  /** The same happened. */
  readonly same: boolean;
}

/** Steps of which more happens than this are aligned at their first difference only. */
const MOST = 600;

/** What happens in a step of the lab in two runs, side by side. */
export function alignStep(before: RunResult, after: RunResult, step: number): readonly Row[] {
  const old = told(before, step);
  const now = told(after, step);
  const rows: Row[] = [];
  const from = commonStart(old, now);
  for (let i = 0; i < from; i++) rows.push(pair(old[i]!, now[i]!));
  rows.push(...alignRest(old.slice(from), now.slice(from)));
  return rows;
}

/** Index of the first row in which the runs differ; -1 if none does. */
export const firstDifferent = (rows: readonly Row[]): number => rows.findIndex((row) => !row.same);

interface Told {
  readonly beat: Beat;
  readonly like: string;
}

function told(run: RunResult, step: number): readonly Told[] {
  return beats(run)
    .filter((beat) => beat.userStep === step)
    .map((beat) => ({ beat, like: `${beat.key} ${likeness(run.events[beat.say] as TraceEvent)}` }));
}

const pair = (a: Told, b: Told): Row => ({ before: a.beat, after: b.beat, same: true });
const gone = (a: Told): Row => ({ before: a.beat, after: null, same: false });
const come = (b: Told): Row => ({ before: null, after: b.beat, same: false });

function commonStart(old: readonly Told[], now: readonly Told[]): number {
  let n = 0;
  while (n < old.length && n < now.length && old[n]!.like === now[n]!.like) n++;
  return n;
}

/** A longest common subsequence; what is in one run only is put beside what is in the other only, where both are. */
function alignRest(old: readonly Told[], now: readonly Told[]): Row[] {
  if (old.length > MOST || now.length > MOST) return beside(old.map(gone), now.map(come));
  const length = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      length[i]![j] =
        old[i]!.like === now[j]!.like ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const rows: Row[] = [];
  let lost: Row[] = [];
  let found: Row[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const a = old[i];
    const b = now[j];
    if (a && b && a.like === b.like) {
      rows.push(...beside(lost, found), pair(a, b));
      lost = [];
      found = [];
      i++;
      j++;
    } else if (a && (!b || length[i + 1]![j]! >= length[i]![j + 1]!)) {
      lost.push(gone(a));
      i++;
    } else {
      found.push(come(b!));
      j++;
    }
  }
  return [...rows, ...beside(lost, found)];
}

function beside(lost: readonly Row[], found: readonly Row[]): Row[] {
  return Array.from({ length: Math.max(lost.length, found.length) }, (_, n) => ({
    before: lost[n]?.before ?? null,
    after: found[n]?.after ?? null,
    same: false,
  }));
}
