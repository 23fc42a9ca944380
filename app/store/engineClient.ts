import {
  type AsyncEngine,
  type Call,
  type Engine,
  type Lab,
  LabError,
  type Reply,
  type Request,
  type RunResult,
  unpack,
} from '../../src/engine';

/** What a worker is to the client; a fake in tests. */
export interface WorkerLike {
  postMessage(message: Request): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A newer `load` came before this one was done. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** The engine broke, or has been silent for too long; it has been ended. The lab is not to blame, or only its size. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
  readonly why: 'fault' | 'silence' | 'start';

  constructor(why: EngineFault['why'], message: string) {
    super(message);
    this.why = why;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Questions that have the same answer whatever lab is loaded. */
const OF_NO_LAB: ReadonlySet<string> = new Set<keyof Engine>(['check', 'catalogue', 'ruleForms', 'findings']);

/** Milliseconds of silence after which a worker that owes an answer is ended. */
const SILENCE = 10_000;

/**
 * The engine behind a worker's edge. The worker is started with the first call, and anew with the first call after a
 * fault or a long silence; all calls that waited then fail with an `EngineFault`.
 */
export interface EngineClient extends AsyncEngine {
  /** Loads a lab whose result is known and on show soon: questions from now on are about it, and wait until it is painted. */
  readonly follow: (lab: Lab) => Promise<RunResult>;
  /** The lab that was loaded last is about to be edited. */
  readonly warm: () => void;
  /** Who is told when the engine has been ended by a fault. */
  readonly onFault: (told: (fault: EngineFault) => void) => void;
  readonly dispose: () => void;
}

export function createEngineClient(
  start: () => WorkerLike,
  silence = SILENCE,
  afterPaint: (run: () => void) => void = (run) => run(),
): EngineClient {
  let worker: WorkerLike | null = null;
  let next = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<number, Waiting>();
  /** The result that the worker said last: the next is told by what it has more. */
  let last: RunResult | null = null;
  let told: (fault: EngineFault) => void = () => undefined;

  const end = (fault: EngineFault): void => {
    clearTimeout(timer);
    worker?.terminate();
    worker = null;
    last = null;
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(fault);
    told(fault);
  };
  const watch = (): void => {
    clearTimeout(timer);
    if (waiting.size === 0) return;
    timer = setTimeout(() => {
      end(new EngineFault('silence', `No answer for ${Math.round(silence / 1000)} seconds.`));
    }, silence);
  };
  const receive = (reply: Reply): void => {
    if (reply.kind === 'ready') {
      watch();
      return;
    }
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    watch();
    switch (reply.kind) {
      case 'result':
        call?.resolve(reply.value);
        break;
      case 'run':
        last = unpack(last, reply.value);
        call?.resolve(last);
        break;
      case 'lab-error':
        call?.reject(new LabError(reply.diagnostics));
        break;
      case 'superseded':
        call?.reject(new Superseded());
        break;
      case 'fault': {
        const fault = new EngineFault('fault', reply.message);
        call?.reject(fault);
        end(fault);
        break;
      }
    }
  };
  const started = (): WorkerLike => {
    if (worker !== null) return worker;
    const made = start();
    made.onmessage = (event) => receive(event.data);
    made.onerror = (event) => end(new EngineFault('start', event.message || 'The engine could not be started.'));
    worker = made;
    return made;
  };
  const post = (request: Call, call: Waiting): void => {
    const id = next++;
    waiting.set(id, call);
    started().postMessage({ id, ...request });
    watch();
  };
  /** A lab that is followed and not painted yet: its `load`, and the questions that wait for that. */
  let held: { readonly call: Call; readonly waiting: Waiting }[] = [];
  const release = (): void => {
    const all = held;
    held = [];
    for (const { call, waiting: one } of all) post(call, one);
  };
  /** Another lab is loaded: what was asked of the one that is held has no answer any more; the rest need not wait. */
  const overtake = (): void => {
    const all = held;
    held = [];
    for (const { call, waiting: one } of all) {
      if (OF_NO_LAB.has(call.method)) post(call, one);
      else one.reject(new Superseded());
    }
  };
  const call = <K extends keyof Engine>(method: K, args: Parameters<Engine[K]>): Promise<ReturnType<Engine[K]>> =>
    new Promise((resolve, reject) => {
      const one = { resolve: resolve as (value: unknown) => void, reject };
      const question = { method, args } as Call;
      if (held.length === 0) post(question, one);
      else held.push({ call: question, waiting: one });
    });

  return {
    load: (...args) => {
      overtake();
      return call('load', args);
    },
    follow: (lab) => {
      overtake();
      return new Promise((resolve, reject) => {
        const one = { resolve: resolve as (value: unknown) => void, reject };
        held.push({ call: { method: 'load', args: [lab] }, waiting: one });
        afterPaint(release);
      });
    },
    check: (...args) => call('check', args),
    stateAt: (...args) => call('stateAt', args),
    members: (...args) => call('members', args),
    tried: (...args) => call('tried', args),
    chain: (...args) => call('chain', args),
    explain: (...args) => call('explain', args),
    exec: (...args) => call('exec', args),
    live: (...args) => call('live', args),
    complete: (...args) => call('complete', args),
    catalogue: (...args) => call('catalogue', args),
    ruleForms: (...args) => call('ruleForms', args),
    findings: (...args) => call('findings', args),
    warm: () => worker?.postMessage({ id: -1, method: 'warm' }),
    onFault: (listener) => {
      told = listener;
    },
    dispose: () => end(new EngineFault('fault', 'The page is closed.')),
  };
}
