import type { EventId, Skb, TraceEvent, VerboseWalk } from '../model';
import { playStep, type StepContext, stepHost } from './play';
import type { Checkpoint, Run } from './run';
import { ReplaySink, ReplayStop, type ReplayWatch } from './trace';
import { stepKind } from './types';
import { copyOf, STEP_BUDGET, type World } from './world';

/**
 * The world as it stood just after an event, and the packet that it happened to. After the last event of a step it is
 * the world that the step leaves behind: a wait has passed.
 */
export interface Moment {
  readonly world: World;
  readonly skb: Skb | null;
}

interface ReplayListener {
  /** Every event that is played again, the wanted one last. */
  event?(event: TraceEvent): void;
  /** Hears of the rules that are tried. */
  readonly walk?: VerboseWalk;
}

/**
 * Plays a run again up to an event (-1: the start), from the nearest checkpoint before it. The world that comes of it is
 * the caller's; the run is not touched.
 */
export function replayTo(run: Run, event: EventId, listener: ReplayListener = {}): Moment {
  const { userSteps } = run.story();
  const userStep = userSteps.findIndex((range) => event < range.to);
  const last = userSteps.length - 1;
  const target = event < 0 ? 0 : userStep < 0 ? last : userStep;
  const from = run.checkpointBefore(Math.max(0, target));
  if (!from) return { world: copyOf(run.world), skb: null };
  const world = copyOf(from.world);
  if (event < 0) return { world, skb: null };
  const toTheEnd = event === userSteps[target]!.to - 1;
  let skbThen: Skb | null = null;
  const watch: ReplayWatch = {
    event(played, skb) {
      listener.event?.(played);
      if (played.id < event) return;
      if (!toTheEnd) throw new ReplayStop(skb);
      skbThen = skb;
    },
  };
  const skb = playUntil(run, world, from, target, watch, listener);
  return { world, skb: skb ?? skbThen };
}

function playUntil(
  run: Run,
  world: World,
  from: Checkpoint,
  target: number,
  watch: ReplayWatch,
  listener: ReplayListener,
): Skb | null {
  const sink = new ReplaySink(from.events, watch);
  world.sink = sink;
  world.verbose = listener.walk ?? null;
  const { lab, toolbox } = run;
  const at: StepContext = { lab, world, placed: run.configured.placed, toolbox, sink, done: () => {} };
  let steps = from.steps;
  try {
    for (let i = from.userStep; i <= target; i++) {
      const step = run.lab.steps[i]!;
      world.userStep = i;
      world.step = steps;
      world.budget = STEP_BUDGET;
      world.emit(stepHost(step), null, { type: 'step', kind: stepKind(step) });
      for (const _ of playStep(at, step));
      steps = world.step;
    }
    return null;
  } catch (error) {
    if (error instanceof ReplayStop) return error.skb;
    throw error;
  } finally {
    world.sink = null;
    world.verbose = null;
  }
}
