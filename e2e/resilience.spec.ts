import { expect, type Page, test } from '@playwright/test';
import { addPing, open, steps } from './helpers';

/** The link that the share dialog shows, when it is made. */
async function shareLink(page: Page): Promise<string> {
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-link')).toHaveValue(/#/);
  return page.getByTestId('share-link').inputValue();
}

test('a reload keeps the lab', async ({ page }) => {
  await open(page);
  const before = await steps(page).count();
  await addPing(page);
  await expect(steps(page)).toHaveCount(before + 1);
  await expect(page.getByTestId('saved')).toContainText('saved');
  await page.reload();
  await expect(steps(page)).toHaveCount(before + 1);
});

test('what was typed just before a reload is there after it, also where it is wrong', async ({ page }) => {
  await open(page);
  await page.keyboard.press('e');
  await page.getByTestId('chain-select').selectOption('filter INPUT');
  await page.getByTestId('rule-filter-INPUT-1').locator('[data-rule]').click();
  const line = page.locator('.hl-picked');
  await line.click();
  const text = page.locator('.cm-content');
  for (const word of [' --nonsense', ' --more']) {
    await page.keyboard.press('End');
    await page.keyboard.type(word);
    await expect(text).toContainText(word);
    await page.reload();
    await expect(text).toContainText(word);
    await expect(page.getByTestId('left-out')).toContainText('1 line left out');
    await page.locator('.cm-line').filter({ hasText: '--nonsense' }).click();
  }
  await expect(page.getByTestId('notices')).not.toContainText('Another tab');
  await expect(page.getByTestId('saved')).toHaveText('saved');
  await page.reload();
  await expect(text).toContainText('--nonsense --more');
});

test('what is being written while the page is left is there after it', async ({ page }) => {
  await open(page);
  const before = await steps(page).count();
  // Another tab writes for long: nothing that is written now ends.
  await page.evaluate(async () => {
    const opened = indexedDB.open('hookline');
    await new Promise((done) => opened.addEventListener('success', done));
    const labs = opened.result.transaction('labs', 'readwrite').objectStore('labs');
    const goOn = (): void => labs.get('').addEventListener('success', goOn);
    goOn();
  });
  await addPing(page);
  await expect(steps(page)).toHaveCount(before + 1);
  // Longer than an edit waits until it is written.
  await page.waitForTimeout(1_000);
  await expect(page.getByTestId('saved')).not.toHaveText('saved');
  await page.reload();
  await expect(steps(page)).toHaveCount(before + 1);
  await expect(page.getByTestId('saved')).toHaveText('saved');
  await expect(page.getByTestId('notices')).not.toContainText('Another tab');
});

test('while a lab is opened that takes long, nothing of the one before is on show', async ({ page }) => {
  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    const held: (() => void)[] = [];
    const release = (): void => {
      for (const send of held.splice(0)) send();
    };
    const hold = { on: false, release };
    Object.assign(globalThis, { hold });
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof post>) {
      if (hold.on && (args[0] as { method?: string }).method === 'load') held.push(() => post.apply(this, args));
      else post.apply(this, args);
    } as typeof post;
  });
  await open(page);
  await expect(page.getByTestId('hook-PREROUTING')).toBeVisible();
  const set = (on: boolean): Promise<void> =>
    page.evaluate((value) => {
      const { hold } = globalThis as unknown as { hold: { on: boolean; release: () => void } };
      hold.on = value;
      if (!value) hold.release();
    }, on);
  await set(true);
  await page.getByTestId('lab-name').click();
  await page.getByTestId('lab-load-balancing').click();
  await expect(page.getByTestId('opening')).toHaveText('“Load balancing by turns” is being opened …');
  await expect(page.getByTestId('explain')).toContainText('The lab is being opened');
  await expect(page.getByTestId('hook-PREROUTING')).toBeHidden();
  await page.keyboard.press('g');
  await expect(page.getByTestId('opening')).toBeVisible();
  await set(false);
  await expect(page.getByTestId('host-balancer')).toBeVisible();
  await expect(page.getByTestId('position')).toHaveText(/^0 of [1-9]/);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('position')).toHaveText(/^1 of/);
});

test('Back leads from the host to the network', async ({ page }) => {
  await open(page);
  await page.getByTestId('crumb-network').click();
  await expect(page.getByTestId('network-canvas')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('host-canvas')).toBeVisible();
});

test('Back and Forward go through what was on show, and add nothing to it', async ({ page }) => {
  await open(page);
  const hash = (): string => new URL(page.url()).hash;
  const host = hash();
  const length = (): Promise<number> => page.evaluate(() => history.length);
  await page.getByTestId('tab-conntrack').click();
  await expect.poll(hash).toBe(`${host}/conntrack`);
  await page.keyboard.press('e');
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  const places = await length();
  for (let i = 0; i < 2; i++) {
    await page.goBack();
    await expect(page.getByTestId('rules-editor')).toBeHidden();
    expect(hash()).toBe(`${host}/conntrack`);
    await page.goForward();
    await expect(page.getByTestId('rules-editor')).toBeVisible();
    expect(hash()).toBe(`${host}/edit`);
    expect(await length()).toBe(places);
  }
  await page.goBack();
  await expect(page.getByTestId('tab-conntrack')).toHaveAttribute('aria-selected', 'true');
});

test('the editor that was opened from the network is that of its host after a reload, and after Forward', async ({
  page,
}) => {
  await open(page);
  await page.getByTestId('crumb-network').click();
  await page.getByTestId('network-edit').click();
  await page.getByTestId('host-client').click();
  await page.getByTestId('edit-host-client').click();
  const editor = page.getByTestId('rules-editor');
  const isClients = async (): Promise<void> => {
    await expect(editor).toHaveAttribute('aria-label', 'Rules of client');
    expect(new URL(page.url()).hash).toBe('#/host/client/edit');
  };
  await isClients();
  const length = (): Promise<number> => page.evaluate(() => history.length);
  const places = await length();
  await page.reload();
  await isClients();
  await page.goBack();
  await expect(page.getByTestId('network-canvas')).toBeVisible();
  await page.goForward();
  await isClients();
  expect(await length()).toBe(places);
});

test('a share link opens in another browser and leaves the lab that is stored there alone', async ({
  browser,
  page,
}) => {
  await open(page);
  await addPing(page);
  const count = await steps(page).count();
  const link = await shareLink(page);

  const other = await browser.newContext();
  const friend = await other.newPage();
  await open(friend, new URL('./', page.url()).href);
  const own = await steps(friend).count();
  await friend.goto(link);
  await expect(steps(friend)).toHaveCount(count);
  await friend.goto(new URL('./', page.url()).href);
  await expect(steps(friend)).toHaveCount(own);
  await other.close();
});

test('an edit that was made just before another lab is opened is kept, in the lab that it was made in', async ({
  page,
}) => {
  await open(page);
  const before = await steps(page).count();
  await addPing(page);
  await page.getByTestId('undo').click();
  await expect(steps(page)).toHaveCount(before);
  await expect(page.getByTestId('saved')).toHaveText('saved');
  const id = await page.evaluate(() => sessionStorage.getItem('hookline-lab'));
  await page.getByTestId('lab-name').click();
  await expect(page.getByTestId('lab-load-balancing')).toBeVisible();
  // Both at once: sooner than an edit is written by itself.
  await page.evaluate(() => {
    for (const name of ['redo', 'lab-load-balancing']) {
      document.querySelector<HTMLElement>(`[data-testid="${name}"]`)?.click();
    }
  });
  await expect(page.getByTestId('lab-name')).toContainText('balanc');
  await expect(page.getByTestId('saved')).toHaveText('saved');
  const stored = (): Promise<unknown> =>
    page.evaluate(
      (key) =>
        new Promise((resolve, reject) => {
          const asked = indexedDB.open('hookline');
          asked.onerror = () => reject(asked.error);
          asked.onsuccess = () => {
            const got = asked.result.transaction('labs').objectStore('labs').get(`${key}`);
            got.onsuccess = () => resolve(got.result?.lab.steps.length);
          };
        }),
      id,
    );
  await expect.poll(stored).toBe(before + 1);
  // The lab that was opened is the one that a reload shows.
  await page.reload();
  await expect(page.getByTestId('lab-name')).toContainText('balanc');
});

for (const [what, fragment] of [
  ['cut off', (link: string) => link.slice(0, -40)],
  ['changed', (link: string) => `${link.slice(0, -20)}AAAAAAAAAA${link.slice(-10)}`],
] as const) {
  test(`a damaged link (${what}) is said to be damaged, and nothing is lost`, async ({ page }) => {
    await open(page);
    const before = await steps(page).count();
    const link = await shareLink(page);
    await page.goto('about:blank');
    await page.goto(fragment(link));
    await expect(page.getByTestId('notices')).toContainText(/link/i);
    await expect(steps(page)).toHaveCount(before);
  });
}

test('two tabs that change the same lab both keep what was done in them', async ({ context, page }) => {
  await open(page);
  const count = await steps(page).count();
  await addPing(page);
  await expect(steps(page)).toHaveCount(count + 1);
  await expect(page.getByTestId('saved')).toHaveText('saved');
  const other = await context.newPage();
  await open(other);
  await expect(steps(other)).toHaveCount(count + 1);
  await addPing(other);
  await expect(other.getByTestId('saved')).toHaveText('saved');
  await expect(steps(other)).toHaveCount(count + 2);

  // The first tab knows nothing of it. Its next edit does not overwrite the other's: it goes on with a copy.
  await page.bringToFront();
  await page.getByTestId('undo').click();
  await expect(steps(page)).toHaveCount(count);
  await expect(page.getByTestId('notices')).toContainText('Another tab changed');
  await expect(page.getByTestId('saved')).toHaveText('saved');
  await page.reload();
  await expect(steps(page)).toHaveCount(count);
  await other.reload();
  await expect(steps(other)).toHaveCount(count + 2);
});

/** Changes the records of the browser's storage, as a fault of disk or program would. */
async function damage(page: Page, how: 'garbage' | 'half'): Promise<void> {
  await page.evaluate(async (kind) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open('hookline');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    await new Promise((resolve, reject) => {
      const tx = db.transaction('labs', 'readwrite');
      const all = tx.objectStore('labs').getAll();
      all.onsuccess = () => {
        for (const record of all.result as { id: string; lab: unknown }[])
          tx.objectStore('labs').put(
            kind === 'garbage'
              ? { id: record.id, lab: 'garbage', revision: 'x' }
              : { ...record, lab: { format: 'lab/1', hosts: { router: null }, steps: 7 } },
          );
      };
      tx.oncomplete = resolve;
      tx.onerror = () => reject(tx.error);
    });
    db.close();
  }, how);
}

for (const how of ['garbage', 'half'] as const) {
  test(`a damaged saved lab (${how}) is said, left as it is, and the page works`, async ({ page }) => {
    await open(page);
    await addPing(page);
    await expect(page.getByTestId('saved')).toHaveText('saved');
    await damage(page, how);
    await page.reload();
    await expect(page.getByTestId('notices')).toContainText('damaged');
    await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
    const left = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const asked = indexedDB.open('hookline');
          asked.onsuccess = () => {
            const all = asked.result.transaction('labs').objectStore('labs').getAll();
            all.onsuccess = () => resolve(all.result.filter((r) => !Array.isArray(r.lab?.steps)).length);
          };
        }),
    );
    expect(left).toBe(1);
  });
}
