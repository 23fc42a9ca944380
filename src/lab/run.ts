import { type Configured, configure } from './configure';
import { endOf } from './end';
import { playStep, type StepContext, stepHost } from './play';
import type { RulesetCache } from './ruleset-cache';
import type { Toolbox } from './toolbox';
import { Recorder, type Story, type Trace, type TraceStep, type UserStepRange } from './trace';
import { type Lab, stepKind } from './types';
import { BudgetSpent, copyOf, countedCopyOf, STEP_BUDGET, type World } from './world';

/** A world as it stood before a step, and how long everything was then. */
export interface Checkpoint {
  readonly userStep: number;
  readonly world: World;
  /** How many objects the world is made of. */
  readonly objects: number;
  readonly events: number;
  readonly frames: number;
  readonly steps: number;
}

/** Events that are played again rather than kept a checkpoint for: a copy of a small world takes as long. */
const EVENTS_BETWEEN = 300;
/** Objects in all checkpoints of a run: about 64 MB. */
const OBJECTS_KEPT = 600_000;

/** What a run may take and keep. */
export interface RunLimits {
  /**
   * Checkpoints before steps, where isCheckpointDue() says so and as far as keepCheckpoint() has room; or before those
   * steps of the lab, from 0, of which a function says so.
   */
  readonly checkpoints: boolean | ((userStep: number) => boolean);
  /** Events of a step before it is stopped. */
  readonly budget: number;
}

/** Plays a lab, step by step. */
export class Run {
  readonly lab: Lab;
  readonly configured: Omit<Configured, 'world'>;
  readonly recorder: Recorder;
  readonly checkpoints: Checkpoint[] = [];
  world: World;
  private readonly steps: TraceStep[];
  private readonly userSteps: UserStepRange[];
  private stopped = false;
  private readonly limits: RunLimits;
  readonly toolbox: Toolbox;

  private constructor(
    lab: Lab,
    configured: Omit<Configured, 'world'>,
    world: World,
    recorder: Recorder,
    toolbox: Toolbox,
    limits: RunLimits,
  ) {
    this.lab = lab;
    this.configured = configured;
    this.world = world;
    this.recorder = recorder;
    this.steps = [];
    this.userSteps = [];
    this.toolbox = toolbox;
    this.limits = limits;
  }

  static start(
    lab: Lab,
    cache: RulesetCache,
    { checkpoints = true, budget = STEP_BUDGET }: Partial<RunLimits> = {},
  ): Run {
    const recorder = new Recorder();
    const { world, ...rest } = configure(lab, recorder, cache);
    return new Run(lab, rest, world, recorder, cache.toolbox, { checkpoints, budget });
  }

  /**
   * Goes on from a checkpoint of another run, whose configuration and first steps are the same. `world`: a copy of the
   * checkpoint's, which becomes the run's. `configured`: what is said of this lab's configuration, if that is not the same.
   */
  static resume(
    lab: Lab,
    before: Run,
    from: Checkpoint,
    world: World = copyOf(from.world),
    configured = before.configured,
  ): Run {
    const recorder = before.recorder.fork(from.events, from.frames);
    world.sink = recorder;
    const run = new Run(lab, configured, world, recorder, before.toolbox, before.limits);
    run.checkpoints.push(...before.checkpoints.filter((c) => c.userStep < from.userStep));
    run.steps.push(...before.steps.slice(0, from.steps));
    run.userSteps.push(...before.userSteps.slice(0, from.userStep));
    return run;
  }

  /** Plays all that is left. Yields now and then, so that a caller may give up or do something else. */
  *play(): Generator<void, void> {
    while (this.userSteps.length < this.lab.steps.length && !this.stopped) {
      yield* this.next();
      yield;
    }
  }

  /** Plays one step of the lab. */
  *next(): Generator<void, void> {
    const { world, recorder } = this;
    const index = this.userSteps.length;
    const step = this.lab.steps[index]!;
    const firstStep = this.steps.length;
    world.userStep = index;
    world.step = firstStep;
    world.budget = this.limits.budget;
    if (this.isCheckpointDue(index)) this.keepCheckpoint(index);
    const from = recorder.nextId();
    try {
      world.emit(stepHost(step), null, { type: 'step', kind: stepKind(step) });
      yield* playStep(this.context(), step);
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
      world.dropWork();
      world.budget = 1;
      world.emit('', null, { type: 'stopped', why: 'budget' });
      this.stopped = true;
      if (this.steps.length === firstStep)
        this.steps.push({ userStep: index, kind: 'send', from, to: recorder.nextId() });
    }
    this.userSteps.push({ from, to: recorder.nextId(), firstStep, lastStep: this.steps.length, stopped: this.stopped });
  }

  private context(): StepContext {
    const { lab, world, recorder, steps, toolbox } = this;
    const { placed } = this.configured;
    return { lab, world, placed, toolbox, sink: recorder, done: (step) => steps.push(step) };
  }

  /** Before the first step, when enough has happened since the last one, and after commands: they change the rules. */
  private isCheckpointDue(userStep: number): boolean {
    const { checkpoints } = this.limits;
    const last = this.checkpoints.at(-1);
    if (typeof checkpoints !== 'boolean') return last?.userStep !== userStep && checkpoints(userStep);
    if (!checkpoints) return false;
    if (last === undefined || this.recorder.events.length - last.events >= EVENTS_BETWEEN) return true;
    return stepKind(this.lab.steps[userStep - 1]!) === 'run';
  }

  private keepCheckpoint(userStep: number): void {
    const { recorder, checkpoints } = this;
    const { copy, objects } = countedCopyOf(this.world);
    const size = { events: recorder.events.length, frames: recorder.frames.length, steps: this.steps.length };
    checkpoints.push({ userStep, world: copy, objects, ...size });
    // Too much to keep: of every two neighbours one goes, but never the start. Replays then begin earlier.
    while (checkpoints.length > 2 && checkpoints.reduce((sum, c) => sum + c.objects, 0) > OBJECTS_KEPT) {
      const kept = checkpoints.filter((_, i) => i === 0 || i % 2 === 1 || i === checkpoints.length - 1);
      if (kept.length === checkpoints.length) kept.splice(1, 1);
      checkpoints.splice(0, checkpoints.length, ...kept);
    }
  }

  /** The last checkpoint that is not after a step of the lab; null if none was kept. */
  checkpointBefore(userStep: number): Checkpoint | null {
    return this.checkpoints.findLast((c) => c.userStep <= userStep) ?? null;
  }

  /** The world as it stands after all steps, to go on from. */
  end(): Checkpoint {
    const { recorder, world } = this;
    const size = { events: recorder.events.length, frames: recorder.frames.length, steps: this.steps.length };
    return { userStep: this.userSteps.length, world, objects: 0, ...size };
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** All that happened, without the state at the end. */
  story(): Story {
    const { lab, recorder, steps, userSteps } = this;
    const { refused, texts } = this.configured;
    return { lab, events: recorder.events, frames: recorder.frames, steps, userSteps, refused, texts };
  }

  trace(): Trace {
    return { ...this.story(), end: endOf(this.world) };
  }
}
