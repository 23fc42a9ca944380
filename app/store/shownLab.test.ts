import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunResult } from '../../src/engine';
import { createShownLab } from './shownLab';
import { createLabStore, createRunStore } from './testing';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const answers: (() => void)[] = [];
  const lab = createLabStore({
    id: '',
    lab: { format: 'lab/1', name: 'x', hosts: { a: { iptables: 'one' } }, steps: [] },
  });
  const load = (): Promise<RunResult> => new Promise((done) => answers.push(() => done({} as RunResult)));
  const run = createRunStore({ load, follow: load });
  const shown = createShownLab(lab, run);
  lab.subscribe((now) => void run.getState().run(now.lab));
  return {
    shown,
    write: (text: string) => lab.getState().setHostText('a', 'iptables', text),
    text: () => shown.store.getState().lab.hosts.a?.iptables,
    answer: async () => {
      answers.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

test('an edit is shown at once; one that is typed, with its run', async () => {
  const { shown, write, text, answer } = setUp();
  write('two');
  expect(text()).toBe('two');
  await answer();
  shown.typing(() => write('three'));
  expect(text()).toBe('two');
  await answer();
  expect(text()).toBe('three');
});

test('what was typed is shown soon though its run goes on, and before any other edit', () => {
  const { shown, write, text } = setUp();
  shown.typing(() => write('two'));
  vi.advanceTimersByTime(100);
  expect(text()).toBe('two');
  shown.typing(() => write('three'));
  shown.settle();
  expect(text()).toBe('three');
  shown.typing(() => write('four'));
  write('five');
  expect(text()).toBe('five');
});

test('where the run is there at once, its outcomes are painted first, unless lines came or went', () => {
  const painted: (() => void)[] = [];
  const lab = createLabStore({
    id: '',
    lab: { format: 'lab/1', name: 'x', hosts: { a: { iptables: 'one' } }, steps: [] },
  });
  const load = (): Promise<RunResult> => Promise.resolve({} as RunResult);
  const run = createRunStore({ load, follow: load }, undefined, () => ({}) as RunResult);
  const shown = createShownLab(lab, run, (then) => painted.push(then));
  lab.subscribe((now) => void run.getState().run(now.lab));
  const write = (text: string) => (): void => lab.getState().setHostText('a', 'iptables', text);
  const text = (): string | undefined => shown.store.getState().lab.hosts.a?.iptables;
  shown.typing(write('two'), true);
  expect(run.getState().lab?.hosts.a?.iptables).toBe('two');
  expect(text()).toBe('one');
  painted.shift()?.();
  expect(text()).toBe('two');
  shown.typing(write('two\nthree'));
  expect(text()).toBe('two\nthree');
  shown.typing(write('four\nthree'), true);
  shown.settle();
  expect(text()).toBe('four\nthree');
});
