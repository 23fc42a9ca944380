import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Lab, Reply, Request, RunResult } from '../../src/engine';
import { createEngineClient, EngineFault, Superseded, type WorkerLike } from './engineClient';
import { createRunStore } from './runStore';

class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent<Reply>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly sent: Request[] = [];
  ended = false;
  postMessage(message: Request): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  reply(reply: Reply): void {
    this.onmessage?.({ data: reply } as MessageEvent<Reply>);
  }
}

const workers: FakeWorker[] = [];
const start = (): FakeWorker => {
  const worker = new FakeWorker();
  workers.push(worker);
  return worker;
};
const lab = (name: string): Lab => ({ format: 'lab/1', name, hosts: {}, steps: [] });
const result = (): RunResult => ({
  events: [],
  frames: [],
  steps: [],
  hosts: [],
  segments: [],
  refused: null,
  texts: [],
  notModelled: [],
});

beforeEach(() => {
  workers.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('answers go to their questions', async () => {
  const client = createEngineClient(start);
  const first = client.exec(0, 'h', 'a');
  const second = client.exec(0, 'h', 'b');
  workers[0]?.reply({ id: 1, kind: 'result', value: 'B' });
  workers[0]?.reply({ id: 0, kind: 'result', value: 'A' });
  expect([await first, await second]).toEqual(['A', 'B']);
});

test('silence ends the worker; the next call gets a new one', async () => {
  const client = createEngineClient(start, 10_000);
  const call = client.load(lab('a')).catch((e: unknown) => e);
  vi.advanceTimersByTime(10_001);
  expect(await call).toBeInstanceOf(EngineFault);
  expect(workers[0]?.ended).toBe(true);
  const again = client.load(lab('a'));
  workers[1]?.reply({ id: 1, kind: 'result', value: result() });
  expect(await again).toEqual(result());
});

test('a worker that owes nothing may be silent', async () => {
  const client = createEngineClient(start, 10_000);
  const call = client.load(lab('a'));
  workers[0]?.reply({ id: 0, kind: 'result', value: result() });
  await call;
  vi.advanceTimersByTime(60_000);
  expect(workers[0]?.ended).toBe(false);
});

test('only the newest lab counts', async () => {
  const client = createEngineClient(start);
  const store = createRunStore(client, () => 0);
  const [a, b] = [lab('a'), lab('b')];
  const runs = [store.getState().run(a), store.getState().run(b)];
  workers[0]?.reply({ id: 0, kind: 'superseded' });
  const value = result();
  workers[0]?.reply({ id: 1, kind: 'result', value });
  await Promise.all(runs);
  expect(store.getState()).toMatchObject({ status: 'ready', lab: b, serial: 1 });
});

test('a lab that is none keeps the last run and says why', async () => {
  const client = createEngineClient(start);
  const store = createRunStore(client, () => 0);
  const good = store.getState().run(lab('good'));
  const value = result();
  workers[0]?.reply({ id: 0, kind: 'result', value });
  await good;
  const bad = store.getState().run(lab('bad'));
  const diagnostic = {
    severity: 'error',
    message: 'no such host',
    line: 1,
    column: 1,
    endColumn: 2,
    code: 'x',
  } as const;
  workers[0]?.reply({ id: 1, kind: 'lab-error', diagnostics: [diagnostic] });
  await bad;
  expect(store.getState()).toMatchObject({ status: 'invalid', problems: ['no such host'] });
  expect(store.getState().result).toBe(value);
});

test('a fault ends the worker; the last good lab is loaded into the next', async () => {
  const client = createEngineClient(start);
  const store = createRunStore(client, () => 0);
  const good = lab('good');
  const first = store.getState().run(good);
  workers[0]?.reply({ id: 0, kind: 'result', value: result() });
  await first;
  const second = store.getState().run(lab('bad'));
  workers[0]?.reply({ id: 1, kind: 'fault', message: 'boom', stack: '' });
  await vi.advanceTimersByTimeAsync(0);
  expect(workers[0]?.ended).toBe(true);
  expect(workers[1]?.sent[0]).toMatchObject({ method: 'load', args: [good] });
  workers[1]?.reply({ id: 2, kind: 'result', value: result() });
  await second;
  expect(store.getState().status).toBe('failed');
  expect(store.getState().problems.join()).toContain('boom');
  expect(store.getState().lab).toBe(good);
});

test('a lab that ran elsewhere is loaded when it is painted, before the questions that came since', async () => {
  const painted: (() => void)[] = [];
  const client = createEngineClient(start, 10_000, (run) => painted.push(run));
  const followed = client.follow(lab('a')).catch((e: unknown) => e);
  const early = client.stateAt(1).catch((e: unknown) => e);
  expect(workers).toEqual([]);
  // A newer one comes before that: what was asked of the older has no answer any more.
  const newer = client.follow(lab('b'));
  const asked = client.stateAt(2);
  expect([await followed, await early]).toEqual([expect.any(Superseded), expect.any(Superseded)]);
  for (const run of painted) run();
  expect(workers[0]?.sent).toMatchObject([
    { method: 'load', args: [lab('b')] },
    { method: 'stateAt', args: [2] },
  ]);
  for (const { id } of workers[0]?.sent ?? []) workers[0]?.reply({ id, kind: 'result', value: id });
  expect([await newer, await asked]).toEqual([0, 1]);
});

test('a question that is about no lab is answered though another lab comes before the paint', async () => {
  for (const next of ['follow', 'load'] as const) {
    workers.length = 0;
    const client = createEngineClient(start, 10_000, () => undefined);
    const followed = client.follow(lab('a')).catch((e: unknown) => e);
    const forms = client.ruleForms('ip', ['-A INPUT']);
    expect(workers).toEqual([]);
    void client[next](lab('b'));
    expect(await followed).toBeInstanceOf(Superseded);
    expect(workers[0]?.sent[0]).toMatchObject({ method: 'ruleForms' });
    workers[0]?.reply({ id: workers[0].sent[0]?.id ?? -1, kind: 'result', value: [] });
    expect(await forms).toEqual([]);
  }
});

test('what runs at once is on show at once, and the worker follows', async () => {
  const value = result();
  const client = createEngineClient(start);
  const store = createRunStore(
    client,
    () => 0,
    ({ name }) => (name === 'short' ? value : null),
  );
  const long = store.getState().run(lab('long'));
  expect(store.getState()).toMatchObject({ status: 'running', serial: 0 });
  const short = store.getState().run(lab('short'));
  expect(store.getState()).toMatchObject({ status: 'ready', serial: 1, lab: lab('short'), result: value });
  expect(workers[0]?.sent.map((request) => request.method)).toEqual(['load', 'load']);
  for (const id of [0, 1]) workers[0]?.reply({ id, kind: 'result', value: result() });
  await Promise.all([long, short]);
  expect(store.getState()).toMatchObject({ serial: 1, lab: lab('short') });
  expect(store.getState().result).toBe(value);
});
