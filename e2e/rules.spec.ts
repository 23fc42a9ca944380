import { expect, type Page, test } from '@playwright/test';
import { command, open, sound } from './helpers';

/** Opens the rule editor of the first lab at a chain. */
async function edit(page: Page, chain: string): Promise<void> {
  await open(page);
  await page.keyboard.press('e');
  await page.getByTestId('chain-select').selectOption(chain);
  await expect(page.getByTestId('outcomes-summary')).toContainText('what an edit changes');
}

/** Lines of the text that are rules of a chain, as they stand in the editor. */
const lines = (page: Page, chain: string): Promise<string[]> =>
  page
    .locator('.cm-line')
    .allInnerTexts()
    .then((all) => all.filter((line) => new RegExp(`^#?-A ${chain}( |$)`).test(line)));

/** Of the filter table; mangle has a FORWARD chain, too. */
const forward = async (page: Page): Promise<string[]> =>
  (await lines(page, 'FORWARD')).filter((line) => !line.includes('TCPMSS'));

test('a field of the form edits the text, and the strip says which packet ends differently', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]').click();
  await page.getByTestId('input-dport').fill('9999');
  await expect(page.locator('.hl-picked')).toContainText('--dport 9999');
  await expect(page.getByTestId('outcomes-summary')).toContainText('1 of 4 packets ends differently');
  await expect(page.getByTestId('outcomes').locator('[data-state=changed]')).toContainText('DROP');
  await expect(page.getByTestId('field-dport')).toContainText('DNAT already ran in PREROUTING');
  await expect(page.getByTestId('field-dport').locator('s')).toHaveText('8080');
  await page.getByTestId('edit-undo').click();
  await expect(page.getByTestId('input-dport')).toHaveValue('8080');
  await expect(page.getByTestId('outcomes')).not.toContainText('With this edit');
});

test('rules are turned off, moved, copied and deleted by keyboard, and undo takes each back', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  const start = await forward(page);
  const first = page.getByTestId('rule-filter-FORWARD-1').locator('[data-rule]');
  await first.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(() => forward(page)).toEqual([start[1], start[0], start[2]]);
  await expect(page.getByTestId('rule-filter-FORWARD-2').locator('[data-rule]')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect.poll(() => forward(page)).toEqual(start);
  await page.getByTestId('switch-rule-filter-FORWARD-2').press(' ');
  await expect.poll(() => forward(page)).toEqual([start[0], `#${start[1]}`, start[2]]);
  await expect(page.locator('[data-testid^=rule-off-filter-FORWARD-L]')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await first.focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Delete');
  await expect.poll(() => forward(page)).toEqual([start[2]]);
  await page.keyboard.press('Control+z');
  await expect.poll(() => forward(page)).toEqual(start);
});

test('a rule is made from nothing: chain, matches, target, comment', async ({ page }) => {
  await edit(page, 'filter INPUT');
  await page.getByTestId('chain-menu').click();
  await page.getByTestId('chain-new').click();
  await page.keyboard.type('WEB');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chain-form').getByTestId('chain-name')).toHaveText('WEB');
  await page.getByTestId('add-rule').click();
  await expect(page.getByTestId('find-match')).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.getByTestId('find-match')).toBeFocused();
  await page.keyboard.type('tcp dport');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('input-dport')).toBeFocused();
  await page.keyboard.type('443');
  await page.getByTestId('target-ACCEPT').click();
  await page.getByTestId('rule-comment').fill('web, for all');
  await expect
    .poll(() => lines(page, 'WEB'))
    .toEqual(['-A WEB -p tcp -m tcp --dport 443 -m comment --comment "web, for all" -j ACCEPT']);
  await expect(page.getByTestId('left-out')).toBeHidden();
  // What is found in the rules comes after them, and makes room for itself above the form.
  await expect(page.getByTestId('chain-form')).toContainText('No rule jumps to WEB');
  await page.getByTestId('target-more').click();
  await expect(page.getByTestId('target-DNAT')).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByTestId('target-DNAT')).toContainText('Only in table nat');
  await page.keyboard.press('Escape');
  // What was found in another line stays where it is while one types.
  await page.getByTestId('rule-comment').fill('web');
  expect(await page.locator('[data-testid^=finding-uncalled-]').count()).toBe(1);
});

test('a broken line is named beside the text and in the form, and mended by its button', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await page.locator('.cm-line', { hasText: '--dport 8080 -m conntrack' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\n-A FORWARD -i eth0 -p udp --dprot 53 -j ACCEPT');
  // The last word is whole: nothing is offered for it, which would lie over the message.
  await expect(page.getByTestId('problem-37')).toContainText('would refuse the whole file');
  await expect(page.locator('.cm-tooltip-autocomplete')).toBeHidden();
  const row = page.getByTestId('chain-form').locator('[data-state=left-out]');
  await expect(row).toContainText('left out');
  await row.locator('[data-rule]').click();
  await expect(row).toContainText('would refuse the whole file');
  await row.getByTestId('line-fix').click();
  await expect(page.getByTestId('rule-filter-FORWARD-4')).toContainText('0 pkts');
  expect((await forward(page)).at(-1)).toContain('--dport 53');
});

test('a protocol that is missing is added by a button, in the text and in the form', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await page.locator('.cm-line', { hasText: '--dport 8080 -m conntrack' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\n-A FORWARD -i eth0 ! --dport 53 -j ACCEPT');
  const problem = page.getByTestId('problem-37');
  await expect(problem).toContainText('Unknown option "--dport".');
  await problem.getByRole('button', { name: 'Add -p tcp' }).click();
  await expect(problem).toBeHidden();
  expect((await forward(page)).at(-1)).toBe('-A FORWARD -i eth0 -p tcp ! --dport 53 -j ACCEPT');
  await page.keyboard.press('End');
  await page.keyboard.press('End');
  await page.keyboard.type('\n-A FORWARD -m multiport --dports 80,443 -j ACCEPT');
  const row = page.getByTestId('chain-form').locator('[data-state=left-out]');
  await row.locator('[data-rule]').click();
  await row.getByTestId('line-fix').click();
  await expect(row).toBeHidden();
  expect((await forward(page)).at(-1)).toBe('-A FORWARD -p tcp -m multiport --dports 80,443 -j ACCEPT');
});

test('what is wrong with many lines is told at length once; help sets apart what is typed', async ({ page }) => {
  await edit(page, 'filter INPUT');
  await page.locator('.cm-line', { hasText: '--dport 22' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type('\n-A INPUT -p tcq\n-A INPUT --dprot 1 ');
  await expect(page.getByTestId('problem-34')).toContainText('would refuse the whole file');
  await expect(page.getByTestId('problem-35')).toContainText('Disable line');
  await expect(page.getByTestId('problem-35')).not.toContainText('would refuse');
  await page.getByTestId('rule-filter-INPUT-3').locator('[data-rule]').click();
  const limit = page.getByTestId('field-limit');
  await expect(limit.locator('code').first()).toHaveText('N/second');
  await expect(limit).not.toContainText('`');
});

test('watch plays the packet from where it goes another way', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await page.getByTestId('chain-policy').selectOption('ACCEPT');
  await page.getByTestId('switch-rule-filter-FORWARD-3').click();
  await page.getByTestId('chain-policy').selectOption('DROP');
  await page.locator('[data-testid^=watch-packet-]').click();
  await expect(page.getByTestId('rules-editor')).toBeHidden();
  await expect(page.getByTestId('explain')).toContainText(/FORWARD/);
});

test('has no violation of accessibility, open and closed', async ({ page }) => {
  test.slow();
  await edit(page, 'filter FORWARD');
  await sound(page, 'rules');
  await page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]').click();
  await page.getByTestId('input-dport').fill('9');
  await expect(page.getByTestId('outcomes-summary')).toContainText('differently');
  await sound(page, 'an open rule');
  for (const menu of ['target-more', 'chain-menu']) {
    await page.getByTestId(menu).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await sound(page, menu);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, 'on a phone');
});

test('before and after stand side by side, aligned where they part', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await expect(page.getByTestId('compare')).toBeHidden();
  await page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]').click();
  await page.getByTestId('input-dport').fill('9999');
  await page.getByTestId('compare').click();
  const dialog = page.getByTestId('compare-dialog');
  await expect(dialog.getByTestId('compare-before')).toContainText('ACCEPT');
  await expect(dialog.getByTestId('compare-after')).toContainText('DROP');
  const parting = dialog.locator('[data-state=different]').first();
  await expect(parting).toContainText('Rule 3 of filter FORWARD matches');
  await expect(parting).toContainText('None of the 3 rules of filter FORWARD decides');
  await sound(page, 'compare', '[data-testid=compare-dialog]');
  await dialog.getByTestId('compare-unfold').click();
  await expect(dialog.getByTestId('compare-row-0')).toHaveAttribute('data-state', 'same');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('compare')).toBeVisible();
});

test('an edit that cuts off SSH is told with what takes it', async ({ page }) => {
  await open(page);
  await command(page, 'Host firewall that lets replies in');
  await expect(page.getByTestId('lab-name')).toHaveText('Host firewall that lets replies in');
  await page.keyboard.press('e');
  await page.getByTestId('chain-select').selectOption('filter INPUT');
  await page.getByTestId('rule-filter-INPUT-4').locator('[data-rule]').click();
  await page.getByTestId('input-dport').fill('2222');
  await expect(page.getByTestId('lockout')).toContainText('DROP by the policy of INPUT');
  await page.getByTestId('input-dport').fill('22');
  await expect(page.getByTestId('lockout')).toBeHidden();
});

test('messages stand above the buttons of the strip', async ({ page }) => {
  await open(page);
  await command(page, 'load balancing');
  await expect(page.getByTestId('notices')).toContainText('is open');
  await page.keyboard.press('e');
  await page.getByRole('switch').first().click();
  await expect(page.getByTestId('edit-undo')).toBeEnabled();
  const message = page.getByTestId('notices').getByText('is open');
  const apart = async (): Promise<boolean> => {
    const [words, strip] = [await message.boundingBox(), await page.getByTestId('outcomes').boundingBox()];
    return words !== null && strip !== null && words.y + words.height < strip.y;
  };
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(apart).toBe(true);
  }
});

test('a long comment is read in whole on a rule that is closed', async ({ page }) => {
  await edit(page, 'filter INPUT');
  const comment = `Asked for by ${'the people of the third floor and '.repeat(6)}nobody else`;
  await page.getByTestId('rule-filter-INPUT-3').locator('[data-rule]').click();
  await page.getByTestId('rule-comment').fill(comment);
  await page.keyboard.press('Escape');
  const row = page.getByTestId('rule-filter-INPUT-3');
  await expect(row).toContainText(comment);
  const cut = (): Promise<number> =>
    row.getByText(comment).evaluate((e) => Math.max(e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight));
  await expect.poll(cut).toBeLessThanOrEqual(1);
});

test('a chain to go on in is made where the target is chosen, and undone with the jump', async ({ page }) => {
  await edit(page, 'mangle FORWARD');
  await page.getByTestId('rule-mangle-FORWARD-1').locator('[data-rule]').click();
  await page.getByTestId('target-chain').click();
  await expect(page.getByTestId('target-picker')).toContainText('No chain of your own yet.');
  await page.getByTestId('target-chain-new').click();
  await page.getByTestId('chain-name-input').fill('CLAMPED');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('target-chain-name')).toHaveValue('CLAMPED');
  await expect(page.getByTestId('target-chain-name')).toBeFocused();
  await expect(page.getByTestId('chain-name')).toHaveText('FORWARD');
  await expect(page.locator('.cm-content')).toContainText(':CLAMPED - [0:0]');
  await expect.poll(() => lines(page, 'FORWARD').then((all) => all.join())).toContain('-j CLAMPED');
  await page.getByTestId('edit-undo').click();
  await expect(page.locator('.cm-content')).not.toContainText('CLAMPED');
});

test('matches of two protocols that are called the same say of which they are', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await page.getByTestId('add-rule').click();
  await page.getByTestId('find-match').fill('port');
  await expect(page.getByTestId('add-tcp-dport')).toHaveText('Destination port (TCP)--dport');
  await expect(page.getByTestId('add-udp-dport')).toHaveText('Destination port (UDP)--dport');
  const offers = await page.getByTestId(/^add-(?!rule$)/).allInnerTexts();
  expect(new Set(offers).size).toBe(offers.length);
  // Of one protocol alone there is nothing to say.
  await page.getByTestId('find-match').fill('tcp flags');
  await expect(page.getByTestId('add-tcp-tcp-flags')).toHaveText('TCP flags--tcp-flags');
});

test('a double click on the cross of a match takes that match alone', async ({ page }) => {
  await edit(page, 'filter FORWARD');
  await page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]').click();
  const crosses = page.getByTestId('rule-form').getByRole('button', { name: /^Remove / });
  const before = await crosses.count();
  const at = await crosses.first().boundingBox();
  const [x, y] = [(at?.x ?? 0) + 10, (at?.y ?? 0) + 10];
  await page.mouse.click(x, y);
  await expect(crosses).toHaveCount(before - 1);
  // The next one stands there now.
  await page.mouse.move(x, y);
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await page.waitForTimeout(300);
  await expect(crosses).toHaveCount(before - 1);
  await page.mouse.click(x, y);
  await expect(crosses).toHaveCount(before - 2);
});

test('what keys type, what is composed and what is put in at once all come into the text, once', async ({ page }) => {
  await edit(page, 'filter INPUT');
  const line = page.locator('.cm-line', { hasText: '--dport 22' });
  const forward = page.locator('.cm-line', { hasText: '--dport 8080' });
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type(' -m comment --comment a"b" é');
  await expect(line).toHaveText('-A INPUT -i eth1 -p tcp -m tcp --dport 22 -j ACCEPT -m comment --comment a"b" é');
  const row = page.getByTestId('chain-form').locator('[data-state=off]');
  await expect(row).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+/');
  await expect(line).toHaveText(/^#-A INPUT -i eth1 /);
  await expect(row).toContainText('--dport 22');
  await page.keyboard.press('ControlOrMeta+/');
  await expect(line).toHaveText(/^-A INPUT -i eth1 /);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.type('{');
  await expect(line).toHaveText(/ --comment a"b"\{$/);
  // Composed, as by a dead key or for Japanese: what is on the way is the browser's.
  await forward.click();
  await page.keyboard.press('End');
  const client = await page.context().newCDPSession(page);
  await client.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
  await client.send('Input.imeSetComposition', { text: '日本', selectionStart: 2, selectionEnd: 2 });
  await client.send('Input.insertText', { text: '日本' });
  await page.keyboard.insertText('語');
  await page.keyboard.type('!');
  await expect(forward).toHaveText(/ ACCEPT日本語!$/);
});

test('a list of completions lies in view, at the word that it completes', async ({ page }) => {
  await edit(page, 'filter INPUT');
  await page.locator('.cm-line', { hasText: '--dport 22' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' -m comm');
  const list = page.locator('.cm-tooltip-autocomplete');
  await expect(list).toContainText('comment');
  const [box, word] = [await list.boundingBox(), await page.locator('.cm-line', { hasText: '-m comm' }).boundingBox()];
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  expect(box!.x).toBeGreaterThan(word!.x);
  expect(box!.x + box!.width).toBeLessThanOrEqual(width);
  expect(box!.y + box!.height).toBeLessThanOrEqual(height);
  expect(Math.abs(box!.y - (word!.y + word!.height))).toBeLessThan(12);
  // Nothing lies over it, and it is not cut off.
  const seen = await list.evaluate((e, { x, y }) => e.contains(document.elementFromPoint(x, y)), {
    x: box!.x + box!.width / 2,
    y: box!.y + box!.height - 8,
  });
  expect(seen).toBe(true);
  await sound(page, 'completions');
  await page.keyboard.press('Enter');
  await expect(page.locator('.cm-line', { hasText: '--dport 22' })).toHaveText(/-m comment$/);
});
