import { beforeEach, expect, test, vi } from 'vitest';
import { startClock } from './clock';
import { createPlayStore, type PlayStore } from './playStore';
import { RunScript, route, rule } from './testing';

/** Two packets in step 0, one in step 1. */
function script(target = 'ACCEPT'): RunScript {
  return new RunScript()
    .at('h', '1')
    .fn('PREROUTING', 'raw', rule('raw', 'PREROUTING', 1, target))
    .event(route('input'))
    .at('h', '1.reply1')
    .event(route('output'))
    .step()
    .at('h', '2')
    .event(route('output'), route('input'))
    .step();
}

let store: PlayStore;
const at = (): number => store.getState().beat;

beforeEach(() => {
  store = createPlayStore();
  store.getState().setRun(script().run());
});

test('next and prev stop at the ends', () => {
  const { next, prev } = store.getState();
  expect(at()).toBe(-1);
  for (let i = 0; i < 9; i++) next();
  expect(at()).toBe(4);
  for (let i = 0; i < 9; i++) prev();
  expect(at()).toBe(-1);
  expect(store.getState().cursor).toBe(-1);
});

test('a step that plays alone stops at its end, also when it was waited for', () => {
  vi.useFakeTimers();
  const frames = {
    request: (callback: (now: number) => void) => setTimeout(() => callback(Date.now()), 16) as unknown as number,
    cancel: (handle: number) => clearTimeout(handle),
  };
  const stop = startClock(store, frames);
  store.getState().playStep(0, true);
  vi.advanceTimersByTime(60_000);
  const { beats, playing } = store.getState();
  expect([playing, beats[at()]?.userStep, beats[at() + 1]?.userStep]).toEqual([false, 0, 1]);
  store.getState().play();
  vi.advanceTimersByTime(60_000);
  expect(at()).toBe(beats.length - 1);
  store.getState().setRun(null);
  store.setState({ pendingStep: 0, pendingAlone: true });
  store.getState().setRun(script().run());
  expect(store.getState()).toMatchObject({ playing: true, stopAfter: 0, pendingStep: null, pendingAlone: false });
  stop();
  vi.useRealTimers();
});

test('packet by packet', () => {
  const { nextPacket, prevPacket, seekBeat } = store.getState();
  seekBeat(0);
  nextPacket();
  expect(at()).toBe(2);
  nextPacket();
  expect(at()).toBe(3);
  nextPacket();
  expect(at()).toBe(3);
  seekBeat(4);
  prevPacket();
  expect(at()).toBe(3);
  prevPacket();
  expect(at()).toBe(2);
  prevPacket();
  expect(at()).toBe(0);
});

test('a run anew keeps the place, by what happens to which packet', () => {
  store.getState().seekBeat(3);
  const key = store.getState().beats[3]?.key;
  const longer = new RunScript()
    .at('h', '1')
    .fn('PREROUTING', 'raw', rule('raw', 'PREROUTING', 1, 'ACCEPT'))
    .fn('PREROUTING', 'mangle', rule('mangle', 'PREROUTING', 'policy', ''))
    .event(route('input'))
    .step()
    .at('h', '2')
    .event(route('output'), route('input'))
    .step();
  store.getState().setRun(longer.run());
  expect(store.getState().beats[at()]?.key).toBe(key);
  expect(store.getState().motion).toBe('jump');
});

test('a packet that ends earlier now leaves the playhead at its end', () => {
  store.getState().seekBeat(1);
  const shorter = new RunScript()
    .at('h', '1')
    .fn('PREROUTING', 'raw', rule('raw', 'PREROUTING', 1, 'DROP', { verdict: 'drop' }))
    .step();
  store.getState().setRun(shorter.run());
  expect(at()).toBe(0);
});

test('a step that was added plays as soon as it has run', () => {
  store.setState({ pendingStep: 1 });
  store.getState().setRun(script().run());
  expect(store.getState()).toMatchObject({ beat: 3, playing: true, pendingStep: null });
});

test('play from the end starts over', () => {
  store.getState().last();
  store.getState().play();
  expect(store.getState()).toMatchObject({ beat: 0, playing: true });
});

test('the clock goes through all beats, faster at a higher speed, and stops at the end', () => {
  const frames: ((now: number) => void)[] = [];
  const request = vi.fn((callback: (now: number) => void) => frames.push(callback));
  const stop = startClock(store, { request, cancel: () => {} });
  const run = (speed: number): number => {
    store.getState().first();
    store.getState().setSpeed(speed);
    store.getState().play();
    let now = 0;
    while (frames.length > 0 && now < 60_000) {
      now += 16;
      frames.shift()?.(now);
    }
    expect(store.getState()).toMatchObject({ beat: 4, playing: false });
    return now;
  };
  const slow = run(1);
  expect(slow).toBeGreaterThan(2000);
  expect(run(4)).toBeLessThan(slow / 3);
  stop();
});
