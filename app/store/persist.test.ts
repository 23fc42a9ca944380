import { expect, test } from 'vitest';
import type { Lab } from '../../src/engine';
import { isStoredLab, type LabArchive, looksLikeLab, saveLab } from './persist';
import { routeOfHash, routeToHash } from './route';

const lab = (name: string): Lab => ({ format: 'lab/1', name, hosts: {}, steps: [] });

function memory(): LabArchive & { readonly all: Map<string, unknown> } {
  const all = new Map<string, unknown>();
  return {
    all,
    get: async (id) => all.get(id),
    list: async () => [...all.values()],
    update: async (id, change) => {
      const next = change(all.get(id));
      if (next !== null) all.set(next.id, next);
    },
    remove: async (id) => {
      all.delete(id);
    },
  };
}

test('a lab is written over the revision that the tab knows', async () => {
  const archive = memory();
  const stamp = { now: 1, newId: 'n' };
  expect(await saveLab(archive, { id: 'a', lab: lab('one') }, 0, stamp)).toEqual({ kind: 'saved', revision: 1 });
  expect(await saveLab(archive, { id: 'a', lab: lab('two') }, 1, stamp)).toEqual({ kind: 'saved', revision: 2 });
  expect(archive.all.get('a')).toMatchObject({ lab: { name: 'two' }, revision: 2 });
});

test('of two tabs neither loses anything', async () => {
  const archive = memory();
  await saveLab(archive, { id: 'a', lab: lab('start') }, 0, { now: 1, newId: 'x' });
  await saveLab(archive, { id: 'a', lab: lab('first tab') }, 1, { now: 2, newId: 'x' });
  const second = await saveLab(archive, { id: 'a', lab: lab('second tab') }, 1, { now: 3, newId: 'fork' });
  expect(second).toEqual({ kind: 'forked', id: 'fork', revision: 1 });
  expect(archive.all.get('a')).toMatchObject({ lab: { name: 'first tab' } });
  expect(archive.all.get('fork')).toMatchObject({ lab: { name: 'second tab' } });
});

test('what the page before still wrote while it was left is not another tab’s', async () => {
  const archive = memory();
  await saveLab(archive, { id: 'a', lab: lab('half') }, 3, { now: 1, newId: 'x', by: 'before' });
  const stamp = { now: 2, newId: 'fork', by: 'now' };
  expect(await saveLab(archive, { id: 'a', lab: lab('whole') }, 3, { ...stamp, after: 'before' })).toEqual({
    kind: 'saved',
    revision: 5,
  });
  expect(archive.all.get('a')).toMatchObject({ lab: { name: 'whole' }, revision: 5, by: 'now' });
  const other = await saveLab(archive, { id: 'a', lab: lab('other') }, 3, { ...stamp, after: 'another' });
  expect(other.kind).toBe('forked');
});

test.each([
  null,
  'text',
  {},
  { format: 'lab/2', name: 'a', hosts: {}, steps: [] },
  { format: 'lab/1', hosts: {}, steps: [] },
  { format: 'lab/1', name: 'a', hosts: null, steps: [] },
  { format: 'lab/1', name: 'a', hosts: { h: 3 }, steps: [] },
  { format: 'lab/1', name: 'a', hosts: {}, steps: {} },
  { format: 'lab/1', name: 'a', hosts: {}, steps: [null] },
])('%j is no lab to put on show', (value) => {
  expect(looksLikeLab(value)).toBe(false);
  expect(isStoredLab({ id: 'a', revision: 1, saved: 1, lab: value })).toBe(false);
});

test.each([
  { view: 'host', host: 'router', tab: 'chain', editor: false },
  { view: 'host', host: 'a/b ü', tab: 'conntrack', editor: false },
  { view: 'host', host: 'a/b ü', tab: 'chain', editor: true },
  { view: 'network', host: '', tab: 'routes', editor: false },
] as const)('the address of %j leads back to it', (route) => {
  expect(routeOfHash(routeToHash(route))).toEqual(route);
});

test.each(['', '#', '#lab=abc', '#/host', '#/host/', '#/other/x'])('%s is no place', (hash) => {
  expect(routeOfHash(hash)).toBeNull();
});

test('a damaged address does not throw', () => {
  expect(routeOfHash('#/host/%E0%A4%A')).toMatchObject({ host: '%E0%A4%A' });
});
