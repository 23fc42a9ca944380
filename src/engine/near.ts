import { PartMissing } from '../base';
import { type Lab, RULE_TEXTS } from '../lab';
import type { RunResult } from './api';
import { pack, unpack } from './delta';
import { engineOf } from './engine';
import { lazyParts } from './lazy-parts';
import type { Parts } from './parts';
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

/** An engine that knows what an edited rule leaves as it was, and its runs, told by what they have more. */
function createRuns(parts: Parts) {
  const edits = new RuleEdits();
  const limits = { checkpoints: (step: number) => edits.isCheckpoint(step), budget: EVENTS };
  const engine = engineOf(parts, limits, (before, edited, cache) => edits.begin(before, edited, cache));
  let last: RunResult | null = null;
  return {
    *loading(lab: Lab): Generator<void, RunResult> {
      const result = yield* engine.loading(lab);
      edits.ended(engine.last()!);
      if (result.events.at(-1)?.type === 'stopped') return result;
      last = unpack(last, pack(last, result));
      return last;
    },
    hasRun: () => engine.last() !== null,
    prepare: () => {
      const run = engine.last();
      if (run !== null) edits.prepare(run);
    },
  };
}

/** Rules of each text that are edited to warm up. */
const REHEARSED = 12;

/** What keys are to do: the lab runs, then with one rule after the other edited and put back. */
function* rehearsal(parts: Parts, lab: Lab): Generator<void> {
  const runs = createRuns(parts);
  yield* runs.loading(lab);
  for (const [host, spec] of Object.entries(lab.hosts)) {
    for (const [member] of RULE_TEXTS) {
      const lines = spec[member]?.split('\n') ?? [];
      const rules = lines.flatMap((line, i) => (line.startsWith('-A ') ? [i] : []));
      for (const at of rules.slice(0, REHEARSED)) {
        const text = lines.with(at, `${lines[at]} -m comment --comment x`).join('\n');
        for (const edited of [{ ...lab, hosts: { ...lab.hosts, [host]: { ...spec, [member]: text } } }, lab]) {
          yield* runs.loading(edited);
          runs.prepare();
          yield;
        }
      }
    }
  }
}

/** @param now a clock in milliseconds */
export function createNearEngine(now: () => number): NearEngine {
  const { parts, load } = lazyParts();
  const runs = createRuns(parts);
  let skips = 0;
  let left = 0;

  const within = (lab: Lab): RunResult | null => {
    const end = now() + BUDGET;
    const loading = runs.loading(lab);
    for (let step = loading.next(); ; step = loading.next()) {
      if (step.done) return step.value.events.at(-1)?.type === 'stopped' ? null : step.value;
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
      if (isShort(lab))
        warmUp(
          () => rehearsal(parts, lab),
          WARM,
          now,
          later,
          () => runs.hasRun() || within(lab),
        );
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
        return result;
      } catch (error) {
        // What is wrong with the lab, or with us, the worker finds as well, and tells.
        if (error instanceof PartMissing) load(error.part).catch(() => undefined);
        return null;
      }
    },
    prepare: runs.prepare,
  };
}
