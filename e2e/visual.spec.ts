import { expect, type Page, test } from '@playwright/test';
import { open } from './helpers';

// The page as it was looked at, kept as pictures: with no motion, at fixed events of the lab that opens first. Another
// machine smooths edges differently, so a small part of the pixels may differ.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

async function at(page: Page, event: number): Promise<void> {
  await open(page);
  await page.evaluate(() => document.fonts.ready);
  for (let i = 0; i < event; i++) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('position')).toContainText(new RegExp(`^${event} `));
  await expect(page.getByTestId('saved').or(page.getByTestId('dock')).first()).toBeVisible();
}

/** What changed is ringed for a moment; the picture is taken after it. */
async function looks(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1800);
  await expect(page).toHaveScreenshot(`${name}.png`, {
    maxDiffPixelRatio: 0.03,
    animations: 'disabled',
    caret: 'hide',
  });
}

for (const scheme of ['dark', 'light'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    test('host view', async ({ page }) => {
      await at(page, 9);
      await looks(page, `host-${scheme}`);
    });
  });
}

test.describe('dark', () => {
  test.use({ colorScheme: 'dark' });
  test('network view', async ({ page }) => {
    await at(page, 17);
    await page.keyboard.press('g');
    await expect(page.getByTestId('network-canvas')).toBeVisible();
    await looks(page, 'network-dark');
  });

  test.describe('narrow', () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
    test('phone', async ({ page }) => {
      await at(page, 9);
      await looks(page, 'phone-dark');
    });
  });
});

test.describe('light', () => {
  test.use({ colorScheme: 'light', viewport: { width: 1280, height: 720 } });
  test('presenter', async ({ page }) => {
    await at(page, 10);
    await page.keyboard.press('p');
    await expect(page.getByTestId('pane-inspector')).toBeHidden();
    await looks(page, 'presenter-light');
  });

  test.describe('middle', () => {
    test.use({ viewport: { width: 1024, height: 768 } });
    test('tablet', async ({ page }) => {
      await at(page, 9);
      await looks(page, 'tablet-light');
    });
  });
});
