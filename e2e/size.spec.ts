import path from 'node:path';
import { expect, type Request, test } from '@playwright/test';
import { at } from '../src/cli/dev/lib.mjs';
import { gzipSize, limits } from '../src/cli/dev/sizes.mjs';

test('loads little JavaScript before the graph shows', async ({ page, baseURL }) => {
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  await page.addInitScript(() => {
    const look = (): void => {
      const node = document.querySelector('.react-flow__node');
      if (node !== null && getComputedStyle(node).visibility === 'visible') performance.mark('graph');
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('./');
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  await expect(page.getByTestId('explain')).not.toBeEmpty();
  // A request has no time before it is answered; those that come meanwhile came after the graph.
  const asked = [...requests];
  await Promise.all(asked.map((request) => request.response()));
  const shown = await page.evaluate(
    () => performance.timeOrigin + (performance.getEntriesByName('graph')[0]?.startTime ?? Number.NaN),
  );
  expect(shown).not.toBeNaN();
  const scripts = new Set(
    asked
      .filter((request) => request.timing().startTime <= shown)
      .map((request) => new URL(request.url()).pathname)
      .filter((pathname) => pathname.endsWith('.js'))
      .map((pathname) => pathname.slice(new URL(`${baseURL}`).pathname.length)),
  );

  const kinds = { page: [] as string[], worker: [] as string[] };
  for (const script of scripts) kinds[path.dirname(script) === 'assets/worker' ? 'worker' : 'page'].push(script);
  expect(kinds.page).not.toEqual([]);
  for (const kind of ['page', 'worker'] as const) {
    const size = kinds[kind].reduce((sum, script) => sum + gzipSize(at(`dist/${script}`)), 0);
    expect(size, `${kind}: ${kinds[kind].join(', ')}`).toBeLessThanOrEqual(limits[kind]);
  }
});
