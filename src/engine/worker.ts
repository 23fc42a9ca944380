import { PartMissing } from '../base';
import type { Lab } from '../lab';
import type { RunResult } from './api';
import { pack } from './delta';
import { engineOf } from './engine';
import { lazyParts } from './lazy-parts';
import { type Call, LabError, type Reply, type Request } from './protocol';

type Question = { readonly id: number } & Call;
type Load = Extract<Question, { method: 'load' }>;

/** The few parts of a worker's global scope that are used here; no other file of the engine knows that it is one. */
interface Scope {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(message: Reply): void;
  setTimeout(run: () => void, milliseconds: number): unknown;
  readonly performance: { now(): number };
  readonly MessageChannel: new () => {
    readonly port1: { onmessage: (() => void) | null };
    readonly port2: { postMessage(message: null): void };
  };
}

/** Milliseconds of work before messages are looked at again. */
const SLICE = 16;
/** Milliseconds of work, in all, that go into being fast when the first key comes, and at once. */
const WARM = 1000;
const WARM_SLICE = 2;
/** Characters of rules above which a run takes too long to be repeated for that. */
const WARM_RULES = 100_000;

serve(globalThis as unknown as Scope);

/** Answers the messages of a page, one after the other. */
function serve(scope: Scope): void {
  const { parts, load: loadPart } = lazyParts();
  const engine = engineOf(parts);
  const queue: Question[] = [];
  let busy = false;
  /** What the page has: later results are told by what they have more. */
  let told: RunResult | null = null;
  let lab: Lab | null = null;

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

  // Timers that start each other wait 4 ms each: a message to oneself does not, and still lets others come in first.
  const { port1, port2 } = new scope.MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  /** Lets messages come in first. */
  const soon = (run: () => void) => {
    waiting.push(run);
    port2.postMessage(null);
  };

  const answer = (request: Exclude<Question, Load>): void => {
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
  const failed = (request: Question, error: unknown): void => {
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
  const load = (request: Load): void => {
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
            scope.postMessage({ id, kind: 'run', value: pack(told, step.value) });
            told = step.value;
            lab = request.args[0] as Lab; // it has run, so it is one
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

  /** Runs the lab over and over, for as long as nobody asks for anything: code that has run often runs fast. */
  const warm = (again: unknown): void => {
    let left = WARM;
    let loading = engineOf(parts).loading(again);
    const slice = () => {
      if (busy || left <= 0) return;
      const start = scope.performance.now();
      try {
        while (scope.performance.now() < start + WARM_SLICE) {
          if (loading.next().done) loading = engineOf(parts).loading(again);
        }
      } catch {
        return; // a part that has not been loaded: it will be when it is asked for
      }
      left -= scope.performance.now() - start;
      scope.setTimeout(slice, WARM_SLICE);
    };
    slice();
  };

  scope.onmessage = ({ data }) => {
    if (data.method === 'warm') {
      if (lab !== null && !busy && rulesIn(lab) < WARM_RULES) warm(lab);
      return;
    }
    queue.push(data);
    if (!busy) next();
  };
  scope.postMessage({ id: -1, kind: 'ready' });
}

function rulesIn({ hosts }: Lab): number {
  return Object.values(hosts).reduce((n, h) => n + (h.iptables?.length ?? 0) + (h.ip6tables?.length ?? 0), 0);
}

function failure(id: number, error: unknown): Reply {
  if (error instanceof LabError) return { id, kind: 'lab-error', diagnostics: error.diagnostics };
  const fault = error instanceof Error ? error : new Error(String(error));
  return { id, kind: 'fault', message: fault.message, stack: fault.stack ?? '' };
}
