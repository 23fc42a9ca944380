import { expect, type Locator, type Page, test } from '@playwright/test';
import { open, section, until } from './helpers';

// What a phone has less room for.
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, contextOptions: { reducedMotion: 'reduce' } });

test('the line behind the packet is in one piece, beside what it did not pass, too', async ({ page }) => {
  await open(page);
  await until(page, /This is an answer of a translated flow/);
  await expect(page.getByTestId('branch-OUTPUT')).toBeVisible();
  const pale = (): Promise<readonly (string | undefined)[]> =>
    page.getByTestId('host-canvas-vertical').evaluate((host) => {
      const here = host.querySelector('[data-here]');
      return [...host.querySelectorAll('.vrail:not(.vrail-lit, .vrail-half)')]
        .filter(
          (rail) => here !== null && (rail.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
        )
        .map((rail) => rail.closest<HTMLElement>('[data-testid]')?.dataset.testid);
    });
  await expect.poll(pale).toEqual([]);
});

test('the list of keys has the keys: a keyboard may be attached', async ({ page }) => {
  await open(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog').getByText('Space', { exact: true })).toBeVisible();
});

test('a long menu stays within the page', async ({ page }) => {
  await open(page);
  await page.keyboard.press('e');
  await page.getByTestId('rule-filter-INPUT-4').locator('[data-rule]').click();
  await page.getByTestId('target-more').click();
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await expect.poll(async () => (await menu.boundingBox())?.y).toBeGreaterThanOrEqual(0);
  await expect(menu).toBeInViewport({ ratio: 1 });
});

/** How far what is chosen in a list reaches over the room that it has there. */
const cut = (list: Locator): Promise<number> =>
  list.evaluate((select: HTMLSelectElement) => {
    const { font, paddingLeft } = getComputedStyle(select);
    const canvas = document.createElement('canvas').getContext('2d');
    if (canvas === null) throw new Error('no canvas');
    canvas.font = font;
    const words = canvas.measureText(select.selectedOptions[0]?.text ?? '').width;
    // Beside the words the list has its arrow.
    return words + Number.parseFloat(paddingLeft) + 18 - select.clientWidth;
  });

test('what a program of a socket does can be read', async ({ page }) => {
  await open(page);
  await section(page, 'sockets');
  for (const socket of [1, 2])
    await expect.poll(() => cut(page.getByTestId(`socket-${socket}-answer`))).toBeLessThan(0);
});

/** How far the beginning of an open rule, and its title, are below the upper edge of the form. */
const below = async (page: Page, rule: string): Promise<readonly number[]> => {
  const form = await page.getByTestId('chain-form').boundingBox();
  const boxes = [page.getByTestId(rule), page.getByTestId(rule).getByTestId('rule-comment')].map((e) =>
    e.boundingBox(),
  );
  return (await Promise.all(boxes)).map((box) => (box?.y ?? Number.NaN) - (form?.y ?? Number.NaN));
};

for (const number of [1, 4])
  test(`rule ${number} that is opened shows its beginning, where it is longer than the page`, async ({ page }) => {
    await open(page);
    await page.keyboard.press('e');
    const rule = `rule-filter-INPUT-${number}`;
    await page.getByTestId(rule).locator('[data-rule]').tap();
    await expect(page.getByTestId('target-more')).toBeAttached();
    // What is measured a moment later moves it no more.
    await page.waitForTimeout(300);
    const [top, title] = await below(page, rule);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(title).toBeLessThan(300);
  });

const under = async (page: Page, field: Locator): Promise<number> => {
  const [typed, strip] = [await field.boundingBox(), await page.getByTestId('outcomes').boundingBox()];
  return (typed?.y ?? Number.NaN) + (typed?.height ?? 0) - (strip?.y ?? Number.NaN);
};

test('the field that is typed in stays in sight when what it changes is told', async ({ page }) => {
  await open(page);
  await page.keyboard.press('e');
  await page.getByTestId('chain-select').selectOption('filter FORWARD');
  await page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]').click();
  const field = page.getByTestId('input-dport');
  await field.click();
  // At the lower edge of the form, where the strip will come to be.
  await field.evaluate((e) => e.scrollIntoView({ block: 'end' }));
  await field.fill('81');
  await expect(page.getByTestId('outcomes').locator('[data-state=changed]')).toHaveCount(1);
  await expect.poll(() => under(page, field)).toBeLessThan(1);
});

test('with less motion what has run for the first time is not ringed as if it had changed', async ({ page }) => {
  await page.addInitScript(() => {
    const ringed: string[] = [];
    Object.assign(globalThis, { ringed });
    new MutationObserver(() => {
      for (const e of document.querySelectorAll('.cross-fade-in[data-fresh]')) ringed.push(e.innerHTML);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page);
  const ringed = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { ringed: readonly string[] }).ringed.length);
  await expect(page.getByTestId('outcome-step-4')).toHaveAttribute('data-state', 'dropped');
  await expect.poll(ringed).toBe(0);
  // An edit that changes an outcome does ring it.
  await page.getByTestId('step-1').getByRole('button').first().press('Delete');
  await expect.poll(ringed).toBeGreaterThan(0);
});

test('what a drawer is used for is told in it', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Send a packet', exact: true }).first().click();
  const drawer = page.getByTestId('drawer-packets');
  await drawer.getByTestId('step-4').getByRole('button').first().press('Delete');
  await expect(drawer.getByTestId('step-4')).toBeHidden();
  const undo = page.getByTestId('notices').getByRole('button', { name: 'Undo' });
  await expect(undo).toBeInViewport({ ratio: 1 });
  await undo.click();
  await expect(drawer.getByTestId('step-4')).toBeVisible();
  await expect(page.getByTestId('notices')).not.toContainText('removed');
});
