import path from 'node:path';
import { expect, test } from '@playwright/test';
import { at } from '../src/cli/dev/lib.mjs';
import { gzipSize, limits } from '../src/cli/dev/sizes.mjs';
import { scriptsBeforeGraph } from './helpers';

test('loads little JavaScript before the graph shows', async ({ page, baseURL }) => {
  const scripts = await scriptsBeforeGraph(page, baseURL);
  const kinds = { page: [] as string[], worker: [] as string[] };
  for (const script of scripts) kinds[path.dirname(script) === 'assets/worker' ? 'worker' : 'page'].push(script);
  expect(kinds.page).not.toEqual([]);
  for (const kind of ['page', 'worker'] as const) {
    const size = kinds[kind].reduce((sum, script) => sum + gzipSize(at(`dist/${script}`)), 0);
    expect(size, `${kind}: ${kinds[kind].join(', ')}`).toBeLessThanOrEqual(limits[kind]);
  }
});
