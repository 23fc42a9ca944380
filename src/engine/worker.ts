import { PartMissing } from '../base';
import type { Lab } from '../lab';
import type { RunResult } from './api';
import { pack } from './delta';
import { engineOf } from './engine';
import { lazyParts } from './lazy-parts';
import { type Call, LabError, type Reply, type Request } from './protocol';
import { isShort, warmUp } from './warm';

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

/** Answers the messages of a page, one after the other. */
class Server {
  private readonly scope: Scope;
  private readonly lazy = lazyParts();
  private readonly engine = engineOf(this.lazy.parts);
  private readonly queue: Question[] = [];
  private busy = false;
  /** What the page has: later results are told by what they have more. */
  private told: RunResult | null = null;
  private lab: Lab | null = null;
  private readonly soon: (run: () => void) => void;

  constructor(scope: Scope) {
    this.scope = scope;
    this.soon = letOthersIn(scope);
    scope.onmessage = ({ data }) => this.receive(data);
    scope.postMessage({ id: -1, kind: 'ready' });
  }

  private receive(request: Request): void {
    if (request.method === 'warm') {
      if (this.lab !== null && !this.busy && isShort(this.lab)) this.warm(this.lab);
      return;
    }
    this.queue.push(request);
    if (!this.busy) this.next();
  }

  /** Takes the next request. A `load` that a newer one follows is not begun. */
  private next(): void {
    const request = this.queue.shift();
    this.busy = request !== undefined;
    if (!request) return;
    if (request.method !== 'load') this.answer(request);
    else if (this.isOvertaken()) this.giveUp(request);
    else this.load(request);
  }

  private isOvertaken(): boolean {
    return this.queue.some((later) => later.method === 'load');
  }

  private giveUp({ id }: Load): void {
    this.scope.postMessage({ id, kind: 'superseded' });
    this.next();
  }

  private answer(request: Exclude<Question, Load>): void {
    // One of the methods, with the arguments that belong to it: the union of calls says so.
    const method = this.engine[request.method] as (...args: unknown[]) => unknown;
    try {
      this.scope.postMessage({ id: request.id, kind: 'result', value: method(...request.args) });
      this.soon(() => this.next());
    } catch (error) {
      this.failed(request, error);
    }
  }

  /** A part that is missing is loaded, and the request begun again; anything else is told. */
  private failed(request: Question, error: unknown): void {
    if (!(error instanceof PartMissing)) {
      this.scope.postMessage(failure(request.id, error));
      this.soon(() => this.next());
      return;
    }
    this.lazy.load(error.part).then(
      () => {
        this.queue.unshift(request);
        this.next();
      },
      (reason) => {
        this.scope.postMessage(failure(request.id, reason));
        this.next();
      },
    );
  }

  /** Runs a lab in slices; a newer `load` ends it. */
  private load(request: Load): void {
    const loading = this.engine.loading(request.args[0]);
    const slice = (): void => {
      if (this.isOvertaken()) {
        loading.return(undefined as never);
        this.giveUp(request);
        return;
      }
      const end = this.scope.performance.now() + SLICE;
      try {
        do {
          const step = loading.next();
          if (step.done) {
            this.ran(request, step.value);
            return;
          }
        } while (this.scope.performance.now() < end);
        this.soon(slice);
      } catch (error) {
        this.failed(request, error);
      }
    };
    slice();
  }

  private ran({ id, args: [lab] }: Load, result: RunResult): void {
    this.scope.postMessage({ id, kind: 'run', value: pack(this.told, result) });
    this.told = result;
    this.lab = lab as Lab; // it has run, so it is one
    this.soon(() => this.next());
  }

  /** For as long as nobody asks for anything. */
  private warm(lab: Lab): void {
    const { scope, lazy } = this;
    const now = (): number => scope.performance.now();
    const fresh = () => engineOf(lazy.parts).loading(lab);
    warmUp(fresh, WARM, now, (slice) => scope.setTimeout(() => slice(this.busy ? 0 : WARM_SLICE), WARM_SLICE));
  }
}

/** Runs something as soon as the messages that have come are in. */
function letOthersIn(scope: Scope): (run: () => void) => void {
  // Timers that start each other wait 4 ms each: a message to oneself does not, and still lets others come in first.
  const { port1, port2 } = new scope.MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    port2.postMessage(null);
  };
}

function failure(id: number, error: unknown): Reply {
  if (error instanceof LabError) return { id, kind: 'lab-error', diagnostics: error.diagnostics };
  const fault = error instanceof Error ? error : new Error(String(error));
  return { id, kind: 'fault', message: fault.message, stack: fault.stack ?? '' };
}

/** The page takes its own engine from here: this code has come already, for the worker. */
export const near = (): Promise<typeof import('./near')> => import('./near');

if (!('document' in globalThis)) new Server(globalThis as unknown as Scope);
