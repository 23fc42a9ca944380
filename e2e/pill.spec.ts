import { expect, type Page, test } from '@playwright/test';
import { command, open, until } from './helpers';

// The camera and the pill: wherever the packet is, its words are whole, and nothing lies over them.

const LAPTOP = { width: 1280, height: 720 };

test('where the graph is moved aside, the title is whole or not there', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page);
  const title = page.getByTestId('host-title');
  await expect(title).toHaveCSS('opacity', '1');
  await until(page, /mangle POSTROUTING/);
  await expect(title).toHaveCSS('opacity', '0');
  await page.keyboard.press('Home');
  await expect(title).toHaveCSS('opacity', '1');
});

test('the pill of a packet that has just come in is not below the buttons of the camera', async ({ page }) => {
  await open(page);
  await page.getByTestId('ingress-eth1').hover();
  await page.getByTestId('send-router-eth1').click();
  await page.getByTestId('transport-play').click();
  await page.getByTestId('step-5').locator('> button').first().click();
  await expect(page.getByTestId('position')).toContainText(/^1 of/);
  const beside = async (): Promise<number> => {
    const [pill, zoom] = [
      await page.getByTestId('packet-pill').boundingBox(),
      await page.getByTestId('zoom').boundingBox(),
    ];
    return (pill?.x ?? Number.NaN) - (zoom?.x ?? Number.NaN) - (zoom?.width ?? 0);
  };
  await expect.poll(beside).toBeGreaterThan(0);
});

for (const [width, height, lab, events] of [
  [1280, 720, 'Port forwarding', 195],
  [1280, 720, 'A host that talks to itself', 29],
  [1024, 768, 'Masquerade for a LAN', 20],
  [390, 844, 'Masquerade for a LAN', 20],
] as const) {
  test(`the pill is whole and free at all events of “${lab}”, ${width} pixels wide`, async ({ page }) => {
    test.slow();
    await openAt(page, lab, { width, height });
    await pillIsFree(page, events);
  });
}

for (const [width, height, lab, events] of [
  [1280, 720, 'DROP and REJECT', 5],
  [1280, 720, 'A host that talks to itself', 46],
  [1440, 900, 'Port forwarding', 26],
  [1920, 1080, 'A host that talks to itself', 30],
] as const) {
  test(`in front of a room the pill lies on nothing, at all events of “${lab}”, ${width} pixels wide`, async ({
    page,
  }) => {
    test.slow();
    await openAt(page, lab, { width, height });
    await page.keyboard.press('p');
    await expect(page.locator('.phook').first()).toBeVisible();
    await pillIsFree(page, events);
  });
}

/** Opens one of the labs that come with the page, where nothing moves. */
async function openAt(
  page: Page,
  lab: string,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(size);
  await open(page);
  if (lab === 'Port forwarding') return;
  const first = (await page.getByTestId('position').textContent()) ?? '';
  await command(page, lab);
  await expect(page.getByTestId('position')).not.toHaveText(first);
}

/** Steps through the first events: the pill is in nothing's way at any of them. */
async function pillIsFree(page: Page, events: number): Promise<void> {
  const found: string[] = [];
  let seen = 0;
  for (let i = 1; i <= events; i++) {
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('position')).toContainText(new RegExp(`^${i} of`));
    const faults = await page.evaluate(pillInTheWay);
    if (faults !== null) seen++;
    found.push(...(faults ?? []));
  }
  expect(found).toEqual([]);
  // At most of them the packet is on the host on show.
  expect(seen).toBeGreaterThan(events / 2);
}

/** Once the pill rests: what is wrong with its place; null if there is no pill. */
async function pillInTheWay(): Promise<string[] | null> {
  const of = (testid: string) => document.querySelector(`[data-testid="${testid}"]`)?.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  let pill = of('packet-pill');
  for (let still = 0; still < 3; ) {
    await frame();
    const now = of('packet-pill');
    still = now?.x === pill?.x && now?.y === pill?.y ? still + 1 : 0;
    pill = now;
  }
  // Wide, or tall as on a phone.
  const canvas = of('host-canvas') ?? of('host-canvas-vertical');
  if (pill === undefined || canvas === undefined) return null;
  const zoom = of('zoom') ?? new DOMRect();
  const parts = [...document.querySelectorAll('.pill-flags, .pill-value, .pill-old, .pill-new')].map((e) =>
    e.getBoundingClientRect(),
  );
  const at = document.querySelector('[data-testid="position"]')?.textContent;
  // In front of a room: hooks, lookups of routes, and whose addresses these are.
  const boxes = document.querySelectorAll(
    '.phook, .presented [data-testid^="routing-"], .presented text, .presented header :is(h2, b, .mono)',
  );
  const covered = [...boxes].filter((element) => {
    const box = element.getBoundingClientRect();
    return pill.left < box.right && box.left < pill.right && pill.top < box.bottom && box.top < pill.bottom;
  });
  return [
    ...covered.map((element) => `${at}: over ${element.textContent || element.getAttribute('aria-label')}`),
    ...(pill.left < zoom.right && zoom.left < pill.right && pill.top < zoom.bottom && zoom.top < pill.bottom
      ? [`${at}: below the buttons`]
      : []),
    ...(pill.left < canvas.left || pill.right > canvas.right || pill.top < canvas.top || pill.bottom > canvas.bottom
      ? [`${at}: cut off`]
      : []),
    ...(parts.some((part) => part.left < pill.left || part.right > pill.right) ? [`${at}: wider than itself`] : []),
  ];
}
