import { expect, type Page, test } from '@playwright/test';
import { open, steps, tabTo, until } from './helpers';

const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute('data-testid') ?? at?.closest('[data-testid]')?.getAttribute('data-testid') ?? '';
  });

test('a packet is put in and followed to its end with no mouse', async ({ page }) => {
  test.slow();
  await open(page);
  const count = await steps(page).count();
  await page.keyboard.press('n');
  await expect(page.getByTestId('composer-to')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('router:22');
  await page.keyboard.press('Enter');
  await expect(steps(page)).toHaveCount(count + 1);
  await expect(page.getByTestId('transport-play')).toHaveAttribute('data-state', 'playing');
  // Out of the field, where Space is a letter, to the transport.
  await tabTo(page, 'transport-play');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('transport-play')).not.toHaveAttribute('data-state', 'playing');
  await until(page, /ends here/);
  await expect(page.getByTestId('explain')).toContainText('filter INPUT dropped');
  await expect(page.getByTestId('chain-filter-INPUT')).toHaveAttribute('data-state', 'dropped');
});

test('the graph is walked by Tab and arrows, and Enter shows a table', async ({ page }) => {
  await open(page);
  await tabTo(page, 'hook-POSTROUTING');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page)).toBe('chain-nat-POSTROUTING');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chain-name')).toHaveText('POSTROUTING');
  await expect(page.getByTestId('follow')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('follow')).toBeHidden();
});

test('the network view is walked by Tab, and Enter opens a host', async ({ page }) => {
  await open(page);
  await page.keyboard.press('g');
  await expect(page.getByTestId('network-canvas')).toBeVisible();
  await tabTo(page, 'host-web');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('host-canvas')).toBeVisible();
  await expect(page.getByTestId('crumb-host')).toContainText('web');
});

test('after a click on a tab the arrow keys are still those of the packet; who comes by keys goes from tab to tab', async ({
  page,
}) => {
  await open(page);
  await page.getByTestId('tab-packet').click();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('position')).toContainText(/^1 of/);
  await expect(page.getByTestId('tab-packet')).toHaveAttribute('aria-selected', 'true');
  await page.getByTestId('tab-packet').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('tab-conntrack')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('position')).toContainText(/^1 of/);
});

test('panels, views, theme and help have their keys; in a field they are letters', async ({ page }) => {
  await open(page);
  await page.keyboard.press('2');
  await expect(page.getByTestId('tab-packet')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('t');
  await expect(page.locator('html')).toHaveAttribute('data-theme', /dark|light/);
  await page.keyboard.press('p');
  await expect(page.getByTestId('pane-packets')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('pane-packets')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('n');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('gpt');
  await expect(page.getByTestId('composer-to')).toHaveValue('gpt');
  await expect(page.getByTestId('host-canvas')).toBeVisible();
});

test('what takes itself away passes the focus on: Done, and Undo with nothing left to undo', async ({ page }) => {
  await open(page);
  await page.keyboard.press('g');
  for (const key of ['Enter', 'Escape']) {
    await page.getByTestId('network-edit').press('Enter');
    await page.getByTestId('network-done').press(key);
    await expect(page.getByTestId('network-edit')).toBeFocused();
  }
  await page.goBack();
  await page.keyboard.press('e');
  await page.getByTestId('chain-select').selectOption('filter FORWARD');
  await page.getByTestId('switch-rule-filter-FORWARD-3').click();
  await page.getByTestId('edit-undo').press('Enter');
  await expect(page.getByTestId('rules-editor')).toBeFocused();
  const rule = page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]');
  await rule.click();
  await page.getByTestId('input-dport').fill('81');
  await page.getByTestId('edit-undo').press('Enter');
  await expect(rule).toBeFocused();
});

test('Undo and Redo keep the focus when there is no more to take back, or to do again', async ({ page }) => {
  await open(page);
  const count = await steps(page).count();
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await expect(steps(page)).toHaveCount(count + 1);
  const [undo, redo] = [page.getByTestId('undo'), page.getByTestId('redo')];
  for (const [button, left] of [
    [undo, count],
    [redo, count + 1],
  ] as const) {
    await button.press('Enter');
    await expect(steps(page)).toHaveCount(left);
    await expect(button).toBeDisabled();
    await expect(button).toBeFocused();
    await button.press('Enter');
    await expect(steps(page)).toHaveCount(left);
  }
  await page.keyboard.press('Shift+Tab');
  await expect(undo).toBeFocused();
});
