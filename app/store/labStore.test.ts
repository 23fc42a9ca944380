import { expect, test } from 'vitest';
import type { Lab, LabStep } from '../../src/engine';
import { createLabStore } from './labStore';

const wait = (seconds: number): LabStep => ({ wait: { seconds } });
const lab: Lab = { format: 'lab/1', name: 'a', hosts: { h: { iptables: '' } }, steps: [wait(1), wait(2), wait(3)] };

function make() {
  let now = 0;
  const store = createLabStore({ id: '1', lab }, () => now);
  return {
    store,
    later: (ms: number): void => {
      now += ms;
    },
    get: () => store.getState(),
    seconds: () => store.getState().lab.steps.map((s) => ('wait' in s ? s.wait.seconds : 0)),
  };
}

test('typing within half a second is undone as one', () => {
  const { get, later } = make();
  for (const text of ['*', '*f', '*fi']) {
    get().setHostText('h', 'iptables', text);
    later(100);
  }
  later(600);
  get().setHostText('h', 'iptables', '*filter');
  get().undo();
  expect(get().lab.hosts.h?.iptables).toBe('*fi');
  get().undo();
  expect(get().lab.hosts.h?.iptables).toBe('');
  get().redo();
  expect(get().lab.hosts.h?.iptables).toBe('*fi');
});

test('another text, or an undo, ends the group', () => {
  const { get } = make();
  get().setHostText('h', 'iptables', 'a');
  get().setHostText('h', 'routes', 'b');
  get().undo();
  expect(get().lab.hosts.h).toMatchObject({ iptables: 'a' });
  get().setHostText('h', 'iptables', 'ab');
  get().undo();
  expect(get().lab.hosts.h?.iptables).toBe('a');
});

test('steps are added, moved, replaced and removed, each undoable', () => {
  const { get, seconds } = make();
  expect(get().addStep(wait(9), 1)).toBe(1);
  expect(seconds()).toEqual([1, 9, 2, 3]);
  get().moveStep(0, 3);
  expect(seconds()).toEqual([9, 2, 3, 1]);
  get().replaceStep(0, wait(7));
  get().removeStep(1);
  expect(seconds()).toEqual([7, 3, 1]);
  for (let i = 0; i < 4; i++) get().undo();
  expect(seconds()).toEqual([1, 2, 3]);
  get().undo();
  expect(seconds()).toEqual([1, 2, 3]);
});

test('what changes nothing is not in the history', () => {
  const { get, store } = make();
  get().setHostText('h', 'iptables', '');
  get().setHostText('nobody', 'iptables', 'x');
  get().moveStep(5, 1);
  get().removeStep(17);
  expect(store.temporal.getState().pastStates).toHaveLength(0);
});

test('another lab starts a history of its own', () => {
  const { get, store } = make();
  get().setTitle('t');
  get().openLab({ ...lab, name: 'b' }, '2');
  expect(store.temporal.getState().pastStates).toHaveLength(0);
  get().undo();
  expect(get()).toMatchObject({ id: '2', lab: { name: 'b' } });
});
