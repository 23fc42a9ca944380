import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseLab } from './parse-lab';
import { shippedLabs } from './shipped';

const files = readdirSync(new URL('labs/', import.meta.url)).map((file) => file.replace('.json', ''));

it('lists every lab that comes along, with its title and notes', async () => {
  expect(files.length).toBeGreaterThanOrEqual(8);
  expect(shippedLabs.map((lab) => lab.name).toSorted()).toEqual(files.toSorted());
  expect(shippedLabs[0]!.name).toBe('home-router');
  for (const { name, title, notes, load } of shippedLabs) {
    const lab = await load();
    expect(parseLab(lab)).toMatchObject({ ok: true, warnings: [] });
    expect({ name, title, notes }).toEqual({ name: lab.name, title: lab.title, notes: lab.notes });
  }
});
