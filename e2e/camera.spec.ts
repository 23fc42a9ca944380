import { expect, type Page, test } from '@playwright/test';
import { command, open, pasteLab } from './helpers';

// What the camera shows of a drawing, and its buttons beside it.

test.beforeEach(() => test.slow());

/** Test ids, or words, of what lies below the buttons of the camera. */
const underZoom = (page: Page, selector: string): Promise<readonly string[]> =>
  page.getByTestId('zoom').evaluate((buttons, of) => {
    const b = buttons.getBoundingClientRect();
    // In a bar they are below the drawing, which shows nothing there.
    if (b.top >= (document.querySelector('.react-flow')?.getBoundingClientRect().bottom ?? Number.NaN)) return [];
    return [...document.querySelectorAll<HTMLElement>(of)]
      .filter((box) => {
        const r = box.getBoundingClientRect();
        return r.left < b.right && b.left < r.right && r.top < b.bottom && b.top < r.bottom;
      })
      .map((box) => box.dataset.testid ?? box.innerText);
  }, selector);

for (const [width, height, console] of [
  [1440, 900, false],
  [1440, 900, true],
  [1280, 720, false],
  [1280, 720, true],
  [1024, 768, false],
  [800, 900, false],
] as const) {
  test(`the zoom buttons cover nothing, ${width}×${height}${console ? ' with the console' : ''}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    if (console) {
      await page.getByTestId('console-toggle').click();
      await expect(page.getByTestId('console')).toBeVisible();
    }
    await expect.poll(() => underZoom(page, '.react-flow__node')).toEqual([]);
    // Of the network, what is open is not to be covered either: the hosts.
    await page.getByTestId('crumb-network').click();
    await expect(page.getByTestId('host-router')).toBeVisible();
    await expect.poll(() => underZoom(page, '[data-testid^="host-"][data-state]')).toEqual([]);
  });
}

/** A lab of hosts that are all on one segment. */
const crowd = (count: number) => ({
  format: 'lab/1',
  name: 'crowd',
  hosts: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `host-${i + 1}`,
      { interfaces: { eth0: { segment: 'lan', addresses: [`10.0.0.${i + 1}/24`] } } },
    ]),
  ),
  steps: [],
});

test('thirteen hosts are all in view, and what is out of it is counted and led to', async ({ page }) => {
  await open(page);
  await pasteLab(page, crowd(13));
  await page.keyboard.press('g');
  const host = (n: number) => page.getByTestId(`host-host-${n}`);
  for (const n of [1, 2, 13]) await expect(host(n)).toBeInViewport({ ratio: 0.99 });
  const beyond = page.getByTestId('beyond');
  await expect(beyond).toBeEmpty();
  // Names stay as large as they can be read.
  const height = (): Promise<number> =>
    host(13)
      .getByRole('button', { name: 'host-13', exact: true })
      .evaluate((e) => e.getBoundingClientRect().height / e.clientHeight);
  await expect.poll(height).toBeGreaterThan(0.65);
  await page.setViewportSize({ width: 1280, height: 600 });
  await expect(beyond).toContainText(/↓ \d hosts? below/);
  await expect(host(13)).not.toBeInViewport({ ratio: 0.9 });
  await expect.poll(height).toBeGreaterThan(0.65);
  await beyond.getByRole('button', { name: 'below' }).click();
  await expect(host(13)).toBeInViewport({ ratio: 0.99 });
});

for (const [width, height, hosts] of [
  [390, 844, 30],
  [390, 844, 5],
  [1024, 768, 30],
] as const) {
  test(`of a network of ${hosts} hosts that does not fit into ${width}×${height} nothing comes to lie below the zoom buttons`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    if (hosts > 5) await pasteLab(page, crowd(hosts));
    await page.keyboard.press('g');
    const drawing = page.locator('.react-flow');
    await expect(page.getByTestId('beyond')).toContainText(/\d+ hosts? (below|to the right)/);
    const apart = async (): Promise<number> => {
      const [buttons, drawn] = [await page.getByTestId('zoom').boundingBox(), await drawing.boundingBox()];
      return (buttons?.y ?? Number.NaN) - (drawn?.y ?? Number.NaN) - (drawn?.height ?? 0);
    };
    // Wherever it is moved to: the buttons are below the drawing, and in view.
    await expect.poll(apart).toBeGreaterThanOrEqual(0);
    await expect(page.getByTestId('zoom')).toBeInViewport({ ratio: 1 });
    await page.getByTestId('beyond').getByRole('button').first().click();
    await expect.poll(apart).toBeGreaterThanOrEqual(0);
    for (const button of ['Zoom in', 'Zoom out', 'Fit'])
      await page.getByTestId('zoom').getByRole('button', { name: button }).click();
    await expect.poll(apart).toBeGreaterThanOrEqual(0);
  });
}

test('in front of a room the hosts of the network are larger', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  await page.keyboard.press('End');
  await page.keyboard.press('g');
  const width = (): Promise<number> =>
    page.getByTestId('host-router').evaluate((e) => e.getBoundingClientRect().width / e.clientWidth);
  await expect.poll(width).toBeLessThan(0.9);
  await expect(page.getByTestId('wire-log')).toBeVisible();
  await page.keyboard.press('p');
  await expect.poll(width).toBeGreaterThan(1);
  await expect(page.getByTestId('wire-log')).toBeHidden();
  for (const name of ['client', 'internet', 'router', 'web', 'laptop'])
    await expect(page.getByTestId(`host-${name}`)).toBeInViewport({ ratio: 0.99 });
});

test('while the network is edited, packets are still sent from beside it', async ({ page }) => {
  await open(page);
  await expect(page.getByTestId('open-packets')).toBeHidden();
  const name = await page.getByTestId('lab-name').boundingBox();
  await page.keyboard.press('g');
  await page.getByTestId('network-edit').click();
  await expect(page.getByTestId('open-packets')).toBeVisible();
  expect(await page.getByTestId('lab-name').boundingBox()).toEqual(name);
  await expect(page.getByTestId('pane-packets')).toBeHidden();
  await page.getByTestId('open-packets').click();
  await page.getByTestId('drawer-packets').getByTestId('composer-inject').click();
  await expect(page.getByTestId('drawer-packets')).toBeHidden();
  await page.getByTestId('open-packets').click();
  await expect(page.getByTestId('drawer-packets').getByTestId('step-5')).toBeVisible();
});

test.describe('on a tablet', () => {
  test.use({ viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true });

  test('the zoom buttons cover no box, and the bits of a mark stay beside their value', async ({ page }) => {
    await open(page);
    await expect.poll(() => underZoom(page, '.react-flow__node')).toEqual([]);
    await expect(page.getByTestId('send-router-OUTPUT')).toBeVisible();
    await expect.poll(() => underZoom(page, '.send')).toEqual([]);
    const onName = (): Promise<boolean> =>
      page.getByTestId('send-router-eth0').evaluate((send) => {
        const name = send.closest('section')?.querySelector('h3 button')?.getBoundingClientRect();
        const s = send.getBoundingClientRect();
        return name !== undefined && s.left < name.right && s.top < name.bottom && name.top < s.bottom;
      });
    await expect.poll(onName).toBe(false);
    await command(page, 'behind NFQUEUE');
    const row = page.getByTestId('mark-asks').getByRole('img').first();
    const over = (): Promise<number> =>
      row.evaluate((bits) => {
        const [last, value] = [bits.lastElementChild, bits.nextElementSibling];
        if (last === null || value === null) return Number.NaN;
        return last.getBoundingClientRect().right - value.getBoundingClientRect().left;
      });
    await expect.poll(over).toBeLessThan(0);
  });
});

test('what is said of the segments of a large network can be read: no letters lower than 12 pixels', async ({
  page,
}) => {
  await open(page);
  const lan = (i: number): number => i % 5;
  await pasteLab(page, {
    format: 'lab/1',
    name: 'fourteen',
    hosts: {
      router: {
        interfaces: Object.fromEntries(
          Array.from({ length: 5 }, (_, i) => [`eth${i}`, { segment: `net-${i}`, addresses: [`10.0.${i}.1/24`] }]),
        ),
      },
      ...Object.fromEntries(
        Array.from({ length: 13 }, (_, i) => [
          `host${i}`,
          { interfaces: { eth0: { segment: `net-${lan(i)}`, addresses: [`10.0.${lan(i)}.${10 + i}/24`] } } },
        ]),
      ),
    },
    steps: [],
  });
  await page.keyboard.press('g');
  await expect(page.getByTestId('segment-net-4')).toBeVisible();
  const words = page.locator('[data-testid^=segment-] :is(b, .mono > span), [data-testid=network-canvas] header p');
  await expect(words).toHaveCount(11);
  const lowest = (): Promise<number> =>
    words.evaluateAll((all) => {
      const view = document.querySelector('.react-flow__viewport');
      const zoom = view === null ? 0 : new DOMMatrix(getComputedStyle(view).transform).a;
      return Math.min(...all.map((e) => Number.parseFloat(getComputedStyle(e).fontSize) * zoom));
    });
  await expect.poll(lowest).toBeGreaterThanOrEqual(12);
});
