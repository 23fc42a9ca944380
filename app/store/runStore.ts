import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Lab, LabError, type RunResult } from '../../src/engine';
import { EngineFault, Superseded } from './engineClient';

type RunStatus =
  /** Nothing has been asked for yet. */
  | 'idle'
  /** A run is under way; `result` is still the one before. */
  | 'running'
  | 'ready'
  /** The lab is none: `problems` says why. `result` is the last good one. */
  | 'invalid'
  /** The engine broke or was silent; it has been ended. `result` is the last good one. */
  | 'failed'
  /** A lab that made the engine fail before is on show, and is not run until asked for. */
  | 'paused';

export interface RunState {
  readonly status: RunStatus;
  /** The latest run that ended well, and the lab that it was of. */
  readonly result: RunResult | null;
  readonly lab: Lab | null;
  /** Counts the results: changes exactly when `result` does. */
  readonly serial: number;
  /** Sentences for a person, for `invalid` and `failed`. */
  readonly problems: readonly string[];
  /** Moment (performance.now) at which the run under way was asked for. */
  readonly since: number | null;

  readonly run: (lab: Lab) => Promise<void>;
  /** Another lab is being opened, and takes its time: nothing of the one before is on show any more. */
  readonly clear: () => void;
  /** Shows a lab without running it, because it made the engine fail. */
  readonly hold: (lab: Lab, why: string) => void;
  /** Runs the lab on show again, after a failure. */
  readonly retry: () => Promise<void>;
}

export type RunStore = StoreApi<RunState>;

const NO_PROBLEMS: readonly string[] = [];

/** The part of the engine's client that runs labs. */
interface Loader {
  readonly load: (lab: unknown) => Promise<RunResult>;
  readonly follow: (lab: Lab) => Promise<RunResult>;
}

/** `atOnce`: the run of a lab while the caller waits, null if that is to be asked of the engine. */
export function createRunStore(
  engine: Loader,
  now: () => number = () => performance.now(),
  atOnce: (lab: Lab) => RunResult | null = () => null,
): RunStore {
  let wanted: Lab | null = null;
  return createStore<RunState>()((set, get) => ({
    status: 'idle',
    result: null,
    lab: null,
    serial: 0,
    problems: NO_PROBLEMS,
    since: null,
    run: async (lab) => {
      wanted = lab;
      const ran = (result: RunResult): void =>
        set({ status: 'ready', result, lab, serial: get().serial + 1, problems: NO_PROBLEMS, since: null });
      const known = atOnce(lab);
      if (known !== null) ran(known);
      else set({ status: 'running', since: get().since ?? now() });
      try {
        if (known !== null) await engine.follow(lab);
        else {
          const result = await engine.load(lab);
          if (wanted === lab) ran(result);
        }
      } catch (error) {
        if (wanted !== lab || error instanceof Superseded) return;
        if (error instanceof LabError) {
          set({ status: 'invalid', problems: error.diagnostics.map((d) => d.message), since: null });
        } else {
          const message = error instanceof Error ? error.message : String(error);
          const lead =
            error instanceof EngineFault && error.why === 'silence'
              ? 'The engine did not answer and was stopped.'
              : 'The engine stopped.';
          set({ status: 'failed', problems: [`${lead} ${message}`], since: null });
          await recover();
        }
      }
      /** The new worker knows no run; it gets the last good one, so that questions about it can be answered. */
      async function recover(): Promise<void> {
        const good = get().lab;
        if (good === null || good === lab) return;
        try {
          await engine.load(good);
        } catch {
          // The message of the failure is on show already; a second one would say no more.
        }
      }
    },
    clear: () => set({ result: null, lab: null, serial: get().serial + 1 }),
    hold: (lab, why) => {
      wanted = lab;
      set({ status: 'paused', problems: [why], since: null });
    },
    retry: async () => {
      if (wanted !== null) await get().run(wanted);
    },
  }));
}
