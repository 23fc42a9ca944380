import { expect, type Page, test } from '@playwright/test';

async function open(page: Page, path = './'): Promise<void> {
  await page.goto(path);
  await expect(page.getByTestId('step-1')).toBeVisible();
}

async function addPing(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: 'Ping' }).click();
  await page.getByTestId('composer-inject').click();
}

/** The link that the share dialog shows, when it is made. */
async function shareLink(page: Page): Promise<string> {
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-link')).toHaveValue(/#/);
  return page.getByTestId('share-link').inputValue();
}

const steps = (page: Page) => page.getByTestId(/^step-\d+$/);

test('a reload keeps the lab', async ({ page }) => {
  await open(page);
  const before = await steps(page).count();
  await addPing(page);
  await expect(steps(page)).toHaveCount(before + 1);
  await expect(page.getByTestId('saved')).toContainText('saved');
  await page.reload();
  await expect(steps(page)).toHaveCount(before + 1);
});

test('Back leads from the host to the network', async ({ page }) => {
  await open(page);
  await page.getByTestId('crumb-network').click();
  await expect(page.getByTestId('network-canvas')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('host-canvas')).toBeVisible();
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
