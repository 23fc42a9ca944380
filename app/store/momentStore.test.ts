import { expect, test } from 'vitest';
import type { AsyncEngine, WorldState } from '../../src/engine';
import { Superseded } from './engineClient';
import { createMomentStore } from './momentStore';

const moment = (serial: number, event: number) => ({ serial, event, rule: -1, from: 0, to: 0 });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test('nothing is asked of a run while a newer lab is on its way to the engine; its result asks again', async () => {
  const asked: number[] = [];
  const engine = {
    stateAt: (event: number) => {
      asked.push(event);
      return Promise.resolve({ event, hosts: [], reconfigured: [] } as unknown as WorldState);
    },
  } as unknown as AsyncEngine;
  let overtaken = false;
  const { store, show, tried } = createMomentStore(engine, undefined, () => overtaken);
  show(moment(1, 7));
  await settled();
  expect(store.getState().world?.event).toBe(7);

  overtaken = true;
  show(moment(1, 8));
  await settled();
  await expect(tried(3)).rejects.toThrow(Superseded);
  expect(asked).toEqual([7]);
  expect(store.getState().world?.event).toBe(7);

  overtaken = false;
  show(moment(2, 5));
  await settled();
  expect(asked).toEqual([7, 5]);
  expect(store.getState().world?.event).toBe(5);
});

test('a host that commands have configured is the same object until it stands in another way', async () => {
  const stateAt = (event: number) =>
    Promise.resolve({ event, hosts: [], reconfigured: [{ name: 'a', routes: event < 9 ? ['x'] : [] }] });
  const { store, show } = createMomentStore({ stateAt } as unknown as AsyncEngine);
  const at = async (event: number) => {
    show(moment(1, event));
    await settled();
    return store.getState().world?.reconfigured[0];
  };
  const first = await at(7);
  expect(first).toEqual({ name: 'a', routes: ['x'] });
  expect(await at(8)).toBe(first);
  expect(await at(9)).toEqual({ name: 'a', routes: [] });
});
