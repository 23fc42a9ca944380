import { createEngine } from './engine';
import { LabError, type Reply, type Request } from './protocol';

/** The few parts of a worker's global scope that are used here; no other file of the engine knows that it is one. */
interface Scope {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(message: Reply): void;
  setTimeout(run: () => void, milliseconds: number): unknown;
  readonly performance: { now(): number };
}

const scope = globalThis as unknown as Scope;
const engine = createEngine();

/** Milliseconds of work before messages are looked at again. */
const SLICE = 8;

const queue: Request[] = [];
let busy = false;

scope.onmessage = ({ data }) => {
  queue.push(data);
  if (!busy) next();
};
scope.postMessage({ id: -1, kind: 'ready' });

/** Takes the next request. A `load` that a newer one follows is not begun. */
function next(): void {
  const request = queue.shift();
  busy = request !== undefined;
  if (!request) return;
  if (request.method !== 'load') {
    answer(request.id, () => call(request));
    soon(next);
  } else if (queue.some((later) => later.method === 'load')) {
    scope.postMessage({ id: request.id, kind: 'superseded' });
    next();
  } else load(request.id, request.args[0]);
}

function call(request: Exclude<Request, { method: 'load' }>): unknown {
  // One of the methods with the arguments that belong to it: the union of calls says so.
  const method = engine[request.method] as (...args: unknown[]) => unknown;
  return method(...request.args);
}

/** Runs a lab in slices; a newer `load` ends it. */
function load(id: number, lab: unknown): void {
  const loading = engine.loading(lab);
  const slice = () => {
    if (queue.some((later) => later.method === 'load')) {
      loading.return(undefined as never);
      scope.postMessage({ id, kind: 'superseded' });
      next();
      return;
    }
    const end = scope.performance.now() + SLICE;
    try {
      do {
        const step = loading.next();
        if (step.done) {
          scope.postMessage({ id, kind: 'result', value: step.value });
          soon(next);
          return;
        }
      } while (scope.performance.now() < end);
      soon(slice);
    } catch (error) {
      fail(id, error);
      soon(next);
    }
  };
  slice();
}

/** Lets messages come in first. */
function soon(run: () => void): void {
  scope.setTimeout(run, 0);
}

function answer(id: number, run: () => unknown): void {
  try {
    scope.postMessage({ id, kind: 'result', value: run() });
  } catch (error) {
    fail(id, error);
  }
}

function fail(id: number, error: unknown): void {
  if (error instanceof LabError) {
    scope.postMessage({ id, kind: 'lab-error', diagnostics: error.diagnostics });
    return;
  }
  const fault = error instanceof Error ? error : new Error(String(error));
  scope.postMessage({ id, kind: 'fault', message: fault.message, stack: fault.stack ?? '' });
}
