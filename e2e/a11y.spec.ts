import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

async function open(page: Page): Promise<void> {
  await page.goto('./');
  // The first run is there.
  await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
  await page.keyboard.press('Home');
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('packet-pill')).toBeVisible();
}

/** What axe finds, after everything that fades in has come. */
async function sound(page: Page, where: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        return violations.flatMap((v) => v.nodes.map((n) => `${where}: ${v.id} ${n.target.join(' ')}`));
      },
      { timeout: 15_000, intervals: [300, 600, 1200] },
    )
    .toEqual([]);
}

for (const scheme of ['dark', 'light'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } });

    test('axe finds nothing in the host view, its panels, the network view and the presenter', async ({ page }) => {
      test.slow();
      await open(page);
      await sound(page, 'host');
      for (const tab of ['packet', 'conntrack', 'routes']) {
        await page.getByTestId(`tab-${tab}`).click();
        await sound(page, tab);
      }
      await page.keyboard.press('Escape');
      await page.getByTestId('crumb-network').click();
      await expect(page.getByTestId('network-canvas')).toBeVisible();
      await sound(page, 'network');
      await page.goBack();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press('p');
      await expect(page.getByTestId('pane-inspector')).toBeHidden();
      await sound(page, 'presenter');
    });

    test('axe finds nothing in dialogs, the palette and the editor', async ({ page }) => {
      test.slow();
      await open(page);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await sound(page, 'help');
      await page.keyboard.press('Escape');
      await page.getByTestId('lab-name').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await sound(page, 'labs');
      await page.keyboard.press('Escape');
      await page.getByTestId('share').click();
      await expect(page.getByTestId('share-link')).toHaveValue(/#lab=/);
      await sound(page, 'share');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-input').fill('nat');
      await sound(page, 'palette');
      await page.keyboard.press('Escape');
      await page.evaluate(() => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j NOWHERE\nCOMMIT\n');
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      });
      await expect(page.getByTestId('import-problems')).toBeVisible();
      await sound(page, 'import');
      await page.getByTestId('import-replace').click();
      await expect(page.getByTestId('left-out-iptables')).toBeVisible();
      await sound(page, 'a host with a line left out');
      await page.getByTestId('left-out-iptables').click();
      await expect(page.getByTestId('rules-editor')).toBeVisible();
      await sound(page, 'editor');
    });

    test.describe('on a phone', () => {
      test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
      test('axe finds nothing', async ({ page }) => {
        test.slow();
        await open(page);
        await sound(page, 'phone');
        await page.getByRole('button', { name: 'Send a packet', exact: true }).click();
        await expect(page.getByTestId('composer')).toBeVisible();
        await sound(page, 'phone, packets');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Show the network' }).click();
        await sound(page, 'phone, network');
      });
    });
  });
}
