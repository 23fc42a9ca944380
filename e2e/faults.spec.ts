import { expect, test } from '@playwright/test';
import { addPing, open, steps } from './helpers';

// What breaks or does not come is said, the rest of the page goes on, and the lab is kept.

test('an engine that cannot be started is said, the lab stays, and Run again runs it', async ({ page }) => {
  let broken = true;
  await page.route(/worker[^/]*\.js/, (route) => (broken ? route.abort() : route.continue()));
  await page.goto('./');
  const message = page.getByTestId('engine-message');
  await expect(message).toContainText('engine');
  await expect(steps(page)).not.toHaveCount(0);
  broken = false;
  await message.getByRole('button', { name: 'Run again' }).click();
  await expect(message).toBeHidden();
  await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
});

test('an engine that dies in the middle is said, nothing is lost, and a reload asks before it runs the lab', async ({
  page,
}) => {
  // The worker that the page starts, within reach of the test.
  await page.addInitScript(() => {
    const made: Worker[] = [];
    const Real = globalThis.Worker;
    globalThis.Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        made.push(this);
      }
    };
    Object.assign(globalThis, { workersOfTheTest: made });
  });
  await open(page);
  await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
  const count = await steps(page).count();
  await page.evaluate(() => {
    const { workersOfTheTest } = globalThis as unknown as { workersOfTheTest: Worker[] };
    const last = workersOfTheTest.at(-1);
    last?.onerror?.(new ErrorEvent('error', { message: 'out of memory' }));
  });
  // With nothing asked of it, it is started anew by the next edit.
  await addPing(page);
  await expect(steps(page)).toHaveCount(count + 1);
  await expect(page.getByTestId('packet-pill').or(page.getByTestId('elsewhere'))).toBeVisible();

  // In the middle of a run: the worker takes the request and is gone.
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof post>) {
      if ((args[0] as { method?: string }).method !== 'load') return post.apply(this, args);
      queueMicrotask(() => this.onerror?.(new ErrorEvent('error', { message: 'out of memory' })));
    } as typeof post;
  });
  await addPing(page);
  const message = page.getByTestId('engine-message');
  await expect(message).toContainText('out of memory');
  await expect(message).toContainText('Nothing is lost');
  await expect(steps(page)).toHaveCount(count + 2);
  await expect(page.getByTestId('saved')).toHaveText('saved');
  await page.reload();
  await expect(steps(page)).toHaveCount(count + 2);
  await expect(message).toContainText('shown, but not run');
  await message.getByRole('button', { name: 'Run again' }).click();
  await expect(message).toBeHidden();
  await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
});

test('a part of the page that cannot be loaded says so, and the others go on', async ({ page }) => {
  await open(page);
  // What the panes load late is there, or it would be what stops.
  await expect(page.getByTestId('inspector')).toContainText('packets may pass at once');
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.keyboard.press('e');
  await expect(page.getByTestId('part-stopped')).toContainText('The editor could not be loaded. The lab is kept.');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('part-stopped')).toBeHidden();
  await page.keyboard.press('End');
  await expect(page.getByTestId('explain')).not.toBeEmpty();
});

test('after the site was renewed, a part that is gone there is told in plain words; Reload keeps the lab', async ({
  page,
}) => {
  await open(page);
  await expect(page.getByTestId('inspector')).toContainText('packets may pass at once');
  await addPing(page);
  const count = await steps(page).count();
  // The same page under a new name of its script, without the parts of the old one.
  let renewed = true;
  await page.route('**/assets/*.js', (route) => (renewed ? route.fulfill({ status: 404 }) : route.continue()));
  await page.route(page.url().replace(/#.*/, ''), async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({ response: answer, body: renewed ? text.replace(/index-[\w-]+\.js/, 'index-new.js') : text });
  });
  const notices = page.getByTestId('notices');
  await page.getByTestId('lab-name').click();
  await expect(notices).toContainText('This page was renewed on its site since you opened it');
  await expect(page.getByTestId('part-stopped')).toContainText('The dialog could not be loaded. The lab is kept.');
  await expect(page.locator('body')).not.toContainText('dynamically imported');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('part-stopped')).toBeHidden();
  renewed = false;
  await notices.getByRole('button', { name: 'Reload' }).click();
  await expect(steps(page)).toHaveCount(count);
  await page.getByTestId('lab-name').click();
  await expect(page.getByTestId('lab-load-balancing')).toBeVisible();
});

test('a part that did not come is asked for again, and a menu by its next press', async ({ page }) => {
  await open(page);
  await expect(page.getByTestId('inspector')).toContainText('packets may pass at once');
  await page.route('**/assets/*.js', (route) => route.abort());
  const stopped = page.getByTestId('part-stopped');
  await page.getByTestId('crumb-host').click();
  await expect(page.getByTestId('notices')).toContainText('A part of the page could not be loaded');
  await expect(page.getByTestId('host-edit')).toBeHidden();
  await page.keyboard.press('e');
  await expect(stopped).toContainText('The editor could not be loaded. The lab is kept.');
  await page.unroute('**/assets/*.js');
  await stopped.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await page.getByTestId('crumb-host').click();
  await expect(page.getByTestId('host-edit')).toBeVisible();
});
