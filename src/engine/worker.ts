import { PartMissing } from '../base';
import { engineOf } from './engine';
import { lazyParts } from './lazy-parts';
import { LabError, type Reply, type Request } from './protocol';

/** The few parts of a worker's global scope that are used here; no other file of the engine knows that it is one. */
interface Scope {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(message: Reply): void;
  setTimeout(run: () => void, milliseconds: number): unknown;
  readonly performance: { now(): number };
}

/** Milliseconds of work before messages are looked at again. */
const SLICE = 8;

serve(globalThis as unknown as Scope);

/** Answers the messages of a page, one after the other. */
function serve(scope: Scope): void {
  const { parts, load: loadPart } = lazyParts();
  const engine = engineOf(parts);
  const queue: Request[] = [];
  let busy = false;

  /** Takes the next request. A `load` that a newer one follows is not begun. */
  const next = (): void => {
    const request = queue.shift();
    busy = request !== undefined;
    if (!request) return;
    if (request.method !== 'load') {
      answer(request);
    } else if (isOvertaken()) {
      scope.postMessage({ id: request.id, kind: 'superseded' });
      next();
    } else load(request);
  };

  const isOvertaken = () => queue.some((later) => later.method === 'load');

  /** Lets messages come in first. */
  const soon = (run: () => void) => scope.setTimeout(run, 0);

  const answer = (request: Exclude<Request, { method: 'load' }>): void => {
    // One of the methods, with the arguments that belong to it: the union of calls says so.
    const method = engine[request.method] as (...args: unknown[]) => unknown;
    try {
      scope.postMessage({ id: request.id, kind: 'result', value: method(...request.args) });
      soon(next);
    } catch (error) {
      failed(request, error);
    }
  };

  /** A part that is missing is loaded, and the request begun again; anything else is told. */
  const failed = (request: Request, error: unknown): void => {
    if (!(error instanceof PartMissing)) {
      scope.postMessage(failure(request.id, error));
      soon(next);
      return;
    }
    loadPart(error.part).then(
      () => {
        queue.unshift(request);
        next();
      },
      (reason) => {
        scope.postMessage(failure(request.id, reason));
        next();
      },
    );
  };

  /** Runs a lab in slices; a newer `load` ends it. */
  const load = (request: Extract<Request, { method: 'load' }>): void => {
    const { id } = request;
    const loading = engine.loading(request.args[0]);
    const slice = () => {
      if (isOvertaken()) {
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
        failed(request, error);
      }
    };
    slice();
  };

  scope.onmessage = ({ data }) => {
    queue.push(data);
    if (!busy) next();
  };
  scope.postMessage({ id: -1, kind: 'ready' });
}

function failure(id: number, error: unknown): Reply {
  if (error instanceof LabError) return { id, kind: 'lab-error', diagnostics: error.diagnostics };
  const fault = error instanceof Error ? error : new Error(String(error));
  return { id, kind: 'fault', message: fault.message, stack: fault.stack ?? '' };
}
