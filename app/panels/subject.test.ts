import { expect, test } from 'vitest';
import type { TriedRule } from '../../src/engine';
import type { TraceEvent } from '../../src/model';
import type { Beat } from '../store';
import { framesOf, mergeTried } from './subject';

const rule = (number: number, outcome: TriedRule['outcome'], packets = 0): TriedRule => ({
  number,
  text: '',
  line: number,
  comment: '',
  outcome,
  criteria: [],
  target: '',
  counters: [packets, 0],
});
const chain = (rules: readonly TriedRule[]) => ({ policy: 'DROP', rules });

test('the pieces of a visit are one list: each rule as the piece that tried it says, counters of the last', () => {
  const first = chain([rule(1, 'failed'), rule(2, 'matched', 1), rule(3, 'not-reached')]);
  const second = chain([rule(1, 'not-reached'), rule(2, 'not-reached', 2), rule(3, 'matched', 1)]);
  expect(mergeTried([first, second])?.rules.map((r) => [r.outcome, r.counters[0]])).toEqual([
    ['failed', 0],
    ['matched', 2],
    ['matched', 1],
  ]);
  expect(mergeTried([])).toBeNull();
  expect(mergeTried([first])).toBe(first);
});

const event = (id: number, host: string, packet: string, frame: number): TraceEvent => ({
  id,
  step: 0,
  userStep: 0,
  at: 0,
  host,
  packet,
  frame,
  mark: 0,
  type: 'loopback',
});
const beat = { packet: '1', host: 'router', userStep: 0 } as Beat;

test('a packet before and after is that of this host, though others come in between', () => {
  const frames = [0, 1, 2, 3].map((n) => Uint8Array.of(n));
  const events = [
    event(0, 'client', '1', 0),
    event(1, 'router', '1', 1),
    event(2, 'router', '2', 3),
    event(3, 'router', '1', 2),
  ];
  expect(framesOf(events, frames, beat, 3)).toMatchObject({ before: Uint8Array.of(1), after: Uint8Array.of(2) });
  expect(framesOf(events, frames, beat, 1)).toMatchObject({ before: Uint8Array.of(1), after: Uint8Array.of(1) });
  expect(framesOf(events, frames, { ...beat, packet: '' }, 3)).toBeNull();
  expect(framesOf(events, frames, undefined, 3)).toBeNull();
});
