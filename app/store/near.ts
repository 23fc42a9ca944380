import type { Lab, RunResult } from '../../src/engine';
import type { NearEngine } from '../../src/engine/near';
import workerFile from '../../src/engine/worker.ts?worker&url';

/** The engine in the page itself, while rules are edited: what a key does is in the frame of the key. */
export interface Near {
  /** The editor has opened. */
  readonly warm: (lab: () => Lab) => void;
  /** It is closed. */
  readonly rest: () => void;
  /** The run of a lab; null if the worker has to be asked. */
  readonly run: (lab: Lab) => RunResult | null;
}

/** Milliseconds of work before others may do something, and until there is more. */
const SLICE = 4;
const PAUSE = 4;

/** From the worker's file, which is there already: the page loads no second copy of the engine. */
async function load(): Promise<NearEngine> {
  const { near }: typeof import('../../src/engine/worker') = await import(/* @vite-ignore */ workerFile);
  return (await near()).createNearEngine(() => performance.now());
}

/** `afterPaint`: what a key did is on show, and there is time to make ready for the next. */
export function createNear(afterPaint: (run: () => void) => void): Near {
  let engine: NearEngine | null = null;
  let isAwake = false;
  return {
    warm: async (lab) => {
      isAwake = true;
      try {
        engine ??= await load();
      } catch {
        return; // it cannot be loaded: the worker does all
      }
      engine.warm(lab(), (slice) => setTimeout(() => slice(isAwake ? SLICE : 0), PAUSE));
    },
    rest: () => {
      isAwake = false;
    },
    run: (lab) => {
      const result = isAwake ? (engine?.run(lab) ?? null) : null;
      if (result !== null) afterPaint(() => setTimeout(() => engine?.prepare(), PAUSE));
      return result;
    },
  };
}
