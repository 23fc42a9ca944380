import { expect, type Page, test } from '@playwright/test';
import { open, paste, pasteLab, sound } from './helpers';

/** Opens the page at an event with a packet on its way. */
async function openThere(page: Page): Promise<void> {
  await open(page);
  await page.keyboard.press('Home');
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('packet-pill')).toBeVisible();
}

test.describe('with less motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('axe finds nothing while the menu of hosts is open, nor while a control is explained', async ({ page }) => {
    await open(page);
    await page.getByTestId('crumb-host').click();
    await expect(page.getByTestId('host-edit')).toBeVisible();
    await sound(page, 'menu of hosts');
    await page.keyboard.press('Escape');
    await page.getByTestId('transport-forward').hover();
    await expect(page.getByTestId('tip')).toContainText('Forward');
    await sound(page, 'tip');
  });

  test('axe finds nothing in a long chain, whose rules are told as items of one list', async ({ page }) => {
    const rules = Array.from({ length: 500 }, (_, i) => `-A FORWARD -s 10.9.${i >> 8}.${i & 255}/32 -j DROP\n`);
    await open(page);
    await pasteLab(page, {
      format: 'lab/1',
      name: 'long-chain',
      hosts: {
        router: {
          interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } },
          iptables: `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.join('')}COMMIT\n`,
        },
      },
      steps: [],
    });
    await page.getByTestId('chain-filter-FORWARD').click();
    const first = page.locator('li[aria-posinset="1"]', { has: page.getByTestId('rule-filter-FORWARD-1') });
    await expect(first).toHaveAttribute('aria-setsize', '500');
    await sound(page, 'long chain', '[data-testid=inspector]');
  });
});

for (const scheme of ['dark', 'light'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } });

    test('axe finds nothing in the host view, its panels, the network view and the presenter', async ({ page }) => {
      test.slow();
      await openThere(page);
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
      await openThere(page);
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
      await paste(page, '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j NOWHERE\nCOMMIT\n');
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
        await openThere(page);
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
