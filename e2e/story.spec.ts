import { expect, type Page, test } from '@playwright/test';
import { open, steps, until } from './helpers';

const explain = (page: Page) => page.getByTestId('explain');

test('Play tells the story of the port forward, to its end', async ({ page }) => {
  test.slow();
  await open(page);
  await expect(explain(page)).toContainText('Play');
  const position = page.getByTestId('position');
  for (let i = 0; i < 4; i++) await page.keyboard.press(']');
  await page.getByTestId('transport-play').click();
  await expect(page.getByTestId('packet-pill')).toBeVisible();
  // It plays by itself, through the steps, up to the last event.
  await expect(position).toHaveText(/^([2-9]|\d\d+) of/);
  await page.getByTestId('transport-play').click();
  const stopped = await position.innerText();
  await page.waitForTimeout(400);
  expect(await position.innerText()).toBe(stopped);
});

test('the packet is followed hook by hook, forwards and backwards, and so is the reply', async ({ page }) => {
  await open(page);
  await until(page, /begins a new one \(NEW\)/);
  await expect(page.getByTestId('hook-PREROUTING')).toHaveAttribute('data-state', 'current');
  await until(page, /Rule 2 of nat PREROUTING matches/);
  // Each criterion of the rules that were tried says yes or no.
  await expect(page.getByTestId('rule-nat-PREROUTING-1')).toHaveAttribute('data-state', 'passed');
  await expect(page.getByTestId('rule-nat-PREROUTING-1')).toContainText('--dport 443');
  await expect(page.getByTestId('rule-nat-PREROUTING-1')).toContainText('the destination port is 80');
  await expect(page.getByTestId('rule-nat-PREROUTING-2')).toHaveAttribute('data-state', /matched|current/);
  await until(page, /destination changes from 203\.0\.113\.1:80 to 10\.0\.0\.5:8080/);
  await expect(page.getByTestId('packet-pill')).toContainText('10.0.0.5:8080');
  await until(page, /it goes on by eth1 to 10\.0\.0\.5/);
  await until(page, /Rule 3 of filter FORWARD matches/);
  await until(page, /enters the table of connections/);
  await until(page, /delivered to the http service on port 8080 of web/);
  await until(page, /answer of a translated flow: its source changes back from 10\.0\.0\.5:8080 to 203\.0\.113\.1:80/);
  await expect(page.getByTestId('packet-pill')).toContainText('203.0.113.1:80');
  await until(page, /delivered to the program on client/);
  // And back again.
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('ArrowLeft');
    await expect(explain(page)).toHaveText(/\S/);
    if (/Rule 2 matches, so the destination changes/.test(await explain(page).innerText())) break;
  }
  await expect(explain(page)).toContainText('203.0.113.1:80 to 10.0.0.5:8080');
  await page.keyboard.press('Home');
  await expect(page.getByTestId('position')).toHaveText(/^[01] of/);
});

test('a click on Add to lab injects a packet and plays it', async ({ page }) => {
  await open(page);
  const count = await steps(page).count();
  await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: 'Ping' }).click();
  await page.getByTestId('composer-inject').click();
  await expect(steps(page)).toHaveCount(count + 1);
  await expect(page.getByTestId('packet-pill')).toBeVisible();
  await page.getByTestId('undo').click();
  await expect(steps(page)).toHaveCount(count);
});

test('Space pauses what was just added, by mouse and by keys; the steps are called by the kind chosen', async ({
  page,
}) => {
  await open(page);
  const count = await steps(page).count();
  await page.getByTestId('transport-play').focus();
  await page.getByTestId('preset-dns').click();
  await page.getByTestId('composer-inject').click();
  await expect(page.getByTestId('transport-play')).toHaveAttribute('data-state', 'playing');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('transport-play')).toHaveAttribute('data-state', 'paused');
  await expect(steps(page)).toHaveCount(count + 1);
  await expect(page.getByTestId('steps').locator('[aria-current=step]')).toContainText('DNS query');
  await page.getByTestId('preset-http').click();
  await page.getByTestId('composer-inject').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('transport-play')).toHaveAttribute('data-state', 'playing');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('transport-play')).toHaveAttribute('data-state', 'paused');
  await expect(steps(page)).toHaveCount(count + 2);
  await expect(page.getByTestId('steps').locator('[aria-current=step]')).toContainText('HTTP request');
});

test('the panels show the headers, the entry and the routes of the moment', async ({ page }) => {
  await open(page);
  await until(page, /Rule 2 matches, so the destination changes/);
  await page.getByTestId('tab-packet').click();
  await expect(page.getByTestId('inspector')).toContainText('10.0.0.5');
  await page.getByTestId('tab-conntrack').click();
  await expect(page.getByTestId('inspector')).toContainText('10.0.0.5:8080');
  await until(page, /it goes on by eth1 to 10\.0\.0\.5/);
  await page.getByTestId('tab-routes').click();
  await expect(page.getByTestId('inspector')).toContainText('10.0.0.0/24');
});
