import { expect, type Page, test } from '@playwright/test';
import { open, sound, until } from './helpers';

/** The first lab, with what is edited of its router beside the text. */
async function openHooks(page: Page): Promise<void> {
  await open(page);
  await page.keyboard.press('e');
  await page.getByRole('tab', { name: 'Hooks' }).click();
  await expect(page.getByTestId('add-own-hook')).toBeVisible();
}

async function openShipped(page: Page, title: string): Promise<void> {
  await open(page);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill(title);
  await page.getByRole('option', { name: title }).first().click();
  await expect(page.getByTestId('step-1')).toContainText('A query');
}

test('a function of its own that drops: the outcome changes, it stands in the graph, and undo takes it back', async ({
  page,
}) => {
  await openHooks(page);
  await page.getByTestId('add-own-hook').click();
  await expect(page.getByTestId('own-hook-1-name')).toBeFocused();
  await page.keyboard.type('blocker');
  await page.getByTestId('own-hook-1-priority').fill('-250');
  await page.getByTestId('own-hook-1-match').fill('-p tcp --dport 80');
  await page.getByTestId('own-hook-1-verdict').selectOption('drop');
  await expect(page.getByTestId('outcomes')).toContainText('blocker');
  await expect(page.getByTestId('own-hook-1')).toContainText(
    /Runs (after [a-z]+ \(−\d+\), )?before conntrack \(−200\)/,
  );
  await expect(page.locator('.cm-content')).toContainText('"name": "blocker"');
  // What is wrong is said beside the field, and in the text; all else goes on.
  await page.getByTestId('own-hook-1-match').fill('-p tcp --dprt 80');
  await expect(page.getByTestId('own-hook-1-match-problem')).toContainText('--dprt');
  await expect(page.getByTestId('problem-1')).toContainText('--dprt');
  await page.getByTestId('own-hook-1-match').fill('-p tcp --dport 80');
  await expect(page.getByTestId('own-hook-1-match-problem')).toHaveCount(0);
  await page.getByTestId('own-hook-1-name').fill('conntrack');
  await expect(page.getByTestId('own-hook-1-name-problem')).toContainText('The kernel has a function of this name');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('own-hook-1-name')).toHaveValue('blocker');
  await sound(page, 'hook functions');
  // The graph has it at its place, between raw and conntrack.
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('hook-PREROUTING').getByTestId(/^chain-/)).toHaveText([
    /raw/,
    /blocker.*priority −250/,
    /conntrack/,
    /mangle/,
    /nat/,
  ]);
  await until(page, /blocker drops the packet/);
  await expect(page.getByTestId('chain-blocker-PREROUTING')).toHaveAttribute('data-state', /current|dropped/);
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', /dropped|failed/);
  for (let i = 0; i < 12; i++) await page.keyboard.press('Control+z');
  await expect(page.getByTestId('chain-blocker-PREROUTING')).toHaveCount(0);
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', /delivered|done/);
});

test('a program behind NFQUEUE sends a packet back changed; undo takes it back', async ({ page }) => {
  await openHooks(page);
  await page.getByTestId('add-own-hook').click();
  await page.getByTestId('own-hook-1-hook').selectOption('INPUT');
  await page.getByTestId('own-hook-1-match').fill('-p tcp --dport 22');
  await page.getByTestId('own-hook-1-verdict').selectOption('queue');
  await page.getByTestId('own-hook-1-queue').fill('5');
  await page.getByTestId('own-hook-1-program').click();
  await expect(page.getByTestId('own-queue-1-number')).toHaveValue('5');
  await expect(page.getByTestId('own-queue-1-fed')).toContainText('Packets come from mymod');
  await page.getByTestId('own-queue-1-name').fill('changer');
  await page.getByTestId('own-queue-1-add-rule').click();
  await expect(page.getByTestId('own-queue-1-rule-1-match')).toBeFocused();
  await page.getByTestId('own-queue-1-rule-1-verdict').selectOption('repeat');
  await expect(page.getByTestId('own-queue-1-rule-1-endless')).toContainText('Nothing ends this');
  await page.getByTestId('own-queue-1-rule-1-verdict').selectOption('accept');
  await page.getByTestId('own-queue-1-rule-1-ttl').fill('300');
  await expect(page.getByTestId('own-queue-1-rule-1-ttl-problem')).toContainText('0 to 255');
  await page.getByTestId('own-queue-1-rule-1-ttl').fill('9');
  await page.getByTestId('own-queue-1-rule-1-dport').fill('2222');
  await sound(page, 'queue programs');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByTestId('step-4').click();
  await until(page, /changer behind queue 5 sends the packet back changed/);
  await expect(page.getByTestId('queue-5')).toHaveAttribute('data-state', 'current');
  await expect(page.getByTestId('packet-pill')).toContainText(':2222');
  await expect(page.getByTestId('chain-mymod-INPUT')).toHaveAttribute('title', 'queue 5: changed');
  for (let i = 0; i < 20; i++) await page.keyboard.press('Control+z');
  await expect(page.getByTestId('queue-5')).toHaveCount(0);
});

test('the lab with a program: repeat runs the rules again, and no program drops', async ({ page }) => {
  await openShipped(page, 'A program behind NFQUEUE');
  await until(page, /Rule 2 of dns-guard behind queue 0 sends the packet back changed, and says repeat/);
  await expect(page.getByTestId('queue-0')).toHaveAttribute('data-state', 'current');
  await expect(page.getByTestId('queue-0')).toContainText('dns-guard');
  await until(page, /Rule 1 of filter FORWARD matches/);
  await until(page, /No program listens to queue 7; with bypass/);
  await until(page, /No program listens to queue 7, so the packet is dropped/);
});

test('from a hook in the graph: a function is added there, and opened again', async ({ page }) => {
  await open(page);
  await page.getByTestId('hook-FORWARD').getByRole('button', { name: 'FORWARD', exact: true }).click();
  await page.getByTestId('add-function-here').click();
  await expect(page.getByTestId('own-hook-1-hook')).toHaveValue('FORWARD');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('chain-mymod-FORWARD')).toContainText('priority −50');
  await page.getByTestId('chain-mymod-FORWARD').getByRole('button').click();
  await page.getByTestId('edit-function-mymod').click();
  await page.getByTestId('remove-own-hook-1').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('chain-mymod-FORWARD')).toHaveCount(0);
});
