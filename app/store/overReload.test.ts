import { beforeEach, expect, test, vi } from 'vitest';
import type { Lab } from '../../src/engine';
import { EMPTY_LAB } from './stores';

const storage = new Map<string, string>();

beforeEach(() => {
  storage.clear();
});

/** The page anew, as after a reload; `leave` is its end. */
async function page(lab: Lab, id = '1') {
  vi.resetModules();
  let leave = (): void => undefined;
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, text: string) => storage.set(key, text),
    removeItem: (key: string) => storage.delete(key),
  });
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => {
    leave = listener;
  });
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame, 0));
  const { keepOverReload, readKept, whenKept } = await import('./overReload');
  const { graphShown, stores } = await import('./stores');
  const restored: [string, Lab][] = [];
  const load = vi.fn(async (talk: string | null = null) => {
    keepOverReload<string>(
      'talk',
      () => talk,
      (kept, of) => restored.push([kept, of]),
    );
  });
  whenKept('talk', load);
  stores.lab.getState().openLab(lab, id);
  readKept(stores.lab);
  return { lab: stores.lab, load, restored, graphShown, leave: () => leave() };
}

const named = (name: string): Lab => ({ ...EMPTY_LAB, name });

async function talkedOf(lab: Lab, talk = 'hello'): Promise<void> {
  const before = await page(lab);
  await before.load(talk);
  before.leave();
}

test('what was kept is loaded when the graph is on show, and given back once', async () => {
  await talkedOf(named('a'));
  const now = await page(named('a'));
  expect(now.load).not.toHaveBeenCalled();
  now.graphShown();
  await expect.poll(() => now.restored).toEqual([['hello', named('a')]]);
  now.leave();
  expect((await page(named('a'))).load).not.toHaveBeenCalled();
  expect(storage.size).toBe(0);
});

test('an edit before that changes nothing', async () => {
  await talkedOf(named('a'));
  const now = await page(named('a'));
  now.lab.getState().addStep({ wait: { seconds: 1 } }, 0);
  await now.load();
  expect(now.restored).toEqual([['hello', named('a')]]);
});

test('another lab has nothing of it', async () => {
  await talkedOf(named('a'));
  const opened = await page(named('a'));
  opened.lab.getState().openLab(named('b'), '2');
  await opened.load();
  expect(opened.restored).toEqual([]);
  await talkedOf(named('a'));
  const other = await page(named('b'));
  await other.load();
  expect(other.restored).toEqual([]);
  expect(storage.size).toBe(0);
});

test('of a large lab as much is kept as of a small one; long talk is not', async () => {
  const large = named('a'.repeat(3_000_000));
  await talkedOf(large);
  const now = await page(large);
  await now.load();
  expect(now.restored.map(([kept]) => kept)).toEqual(['hello']);
  await talkedOf(named('a'), 'a'.repeat(2_000_000));
  expect(storage.size).toBe(0);
});
