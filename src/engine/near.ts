import { PartMissing } from '../base';
import type { Lab } from '../lab';
import type { RunResult } from './api';
import { pack, unpack } from './delta';
import { engineOf, type RunningEngine } from './engine';
import { lazyParts } from './lazy-parts';
import { RuleEdits } from './rule-edits';
import { isShort, warmUp } from './warm';

/** Milliseconds, a frame, that a run may hold its caller up. */
const BUDGET = 16;
/** Events of a step, which take about as long: a step is one bite where a packet meets rule after rule. */
const EVENTS = 20_000;
/** After a run that took longer so many are not begun: 1, 2, 4 … of those in a row. */
const MOST_SKIPPED = 32;
/** Milliseconds of work that go into being fast when the first key comes. */
const WARM = 2500;

/**
 * An engine on the caller's own thread, for labs that run within a few milliseconds. What a worker says comes to a page
 * only after the frame of the key that it answers; what is run here is in that frame.
 */
export interface NearEngine {
  /** The lab is about to be edited. `later`: runs a slice a moment later, with the milliseconds that it may take. */
  readonly warm: (lab: Lab, later: (slice: (milliseconds: number) => void) => void) => void;
  /** Null where a worker has to be asked: a long lab, one that is none, a part that is not loaded, a fault. */
  readonly run: (lab: Lab) => RunResult | null;
  /** Makes ready what the next run can go on from. Called while nobody waits. */
  readonly prepare: () => void;
}

/** @param now a clock in milliseconds */
export function createNearEngine(now: () => number): NearEngine {
  const { parts, load } = lazyParts();
  const fresh = (): RunningEngine => engineOf(parts, { checkpoints: false, budget: EVENTS });
  const edits = new RuleEdits();
  const limits = { checkpoints: (step: number) => edits.isCheckpoint(step), budget: EVENTS };
  const engine = engineOf(parts, limits, (before, edited, cache) => edits.begin(before, edited, cache));
  let last: RunResult | null = null;
  let skips = 0;
  let left = 0;

  const within = (lab: Lab): RunResult | null => {
    const end = now() + BUDGET;
    const loading = engine.loading(lab);
    for (let step = loading.next(); ; step = loading.next()) {
      if (step.done) {
        edits.ended(engine.last()!);
        return step.value.events.at(-1)?.type === 'stopped' ? null : step.value;
      }
      if (now() > end) {
        loading.return(undefined as never);
        return null;
      }
    }
  };
  return {
    warm: (lab, later) => {
      skips = 0;
      left = 0;
      if (isShort(lab)) warmUp(fresh, lab, WARM, now, later, () => engine.last() ?? within(lab));
    },
    run: (lab) => {
      if (!isShort(lab)) return null;
      if (left > 0) {
        left--;
        return null;
      }
      try {
        const result = within(lab);
        skips = result === null ? Math.min(Math.max(1, skips * 2), MOST_SKIPPED) : 0;
        left = skips;
        if (result === null) return null;
        last = unpack(last, pack(last, result));
        return last;
      } catch (error) {
        // What is wrong with the lab, or with us, the worker finds as well, and tells.
        if (error instanceof PartMissing) load(error.part).catch(() => undefined);
        return null;
      }
    },
    prepare: () => {
      const run = engine.last();
      if (run !== null) edits.prepare(run);
    },
  };
}
