import { expect, type Locator, test } from '@playwright/test';
import { command, editorText, open, pasteLab, section, sound, steps, until } from './helpers';

// What is on show is in sight, whole, and as the host is at the playhead.

const LAPTOP = { width: 1280, height: 720 };

/** Texts within an element that are cut off. */
const cut = (where: Locator): Promise<string[]> =>
  where.evaluate((element) =>
    [...element.querySelectorAll<HTMLElement>('.truncate')]
      .filter((e) => e.scrollWidth > e.clientWidth + 1)
      .map((e) => e.innerText),
  );

test('a command is seen in the graph from its moment on', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await page.keyboard.press('c');
  await page.getByTestId('console-line').fill('iptables -P OUTPUT DROP');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('position')).toContainText('step 5');
  const card = page.getByTestId('chain-filter-OUTPUT');
  await expect(card).toContainText('DROP');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await expect(card).not.toContainText('DROP');
});

test('a lab opens at the host with the rules', async ({ page }) => {
  await open(page);
  await command(page, 'A Docker host');
  await expect(page.getByTestId('lab-name')).toHaveText('A Docker host');
  await expect(page.getByTestId('crumb-host')).toContainText('docker');
});

test('at the end the pill, the step and what decided are in sight', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page);
  for (const step of ['step-4', 'step-1']) {
    await page.keyboard.press(step === 'step-4' ? 'End' : 'Home');
    await expect(page.getByTestId(step)).toHaveAttribute('data-state', 'current');
    await expect(page.getByTestId(step)).toBeInViewport({ ratio: 0.95 });
  }
  await page.keyboard.press('End');
  await expect(page.getByTestId('policy-filter-INPUT')).toHaveAttribute('data-state', 'matched');
  await expect(page.getByTestId('policy-filter-INPUT')).toBeInViewport({ ratio: 0.95 });
  const canvas = await page.getByTestId('host-canvas').boundingBox();
  await expect
    .poll(async () => {
      const pill = await page.getByTestId('packet-pill').boundingBox();
      return pill === null || canvas === null ? null : pill.x + pill.width <= canvas.x + canvas.width;
    })
    .toBe(true);
  // Its flow was never confirmed, and went with it.
  await expect(page.getByTestId('conntrack-entry')).toHaveAttribute('data-state', 'gone');
});

test('what an edit changes is written out', async ({ page }) => {
  await page.setViewportSize(LAPTOP);
  await open(page);
  await page.keyboard.press('e');
  const strip = page.getByTestId('outcomes');
  await expect(strip.getByTestId('outcome-packet-4.1')).toContainText('by the policy of INPUT');
  await expect.poll(() => cut(strip)).toEqual([]);
  const before = await strip.boundingBox();
  await page.getByTestId('rule-filter-INPUT-4').click();
  // The whole form is in view.
  await expect(page.getByTestId('target-more')).toBeInViewport();
  await page.getByTestId('input-in-interface').fill('eth0');
  await expect(strip.locator('[data-state=changed]')).toHaveCount(1);
  await expect.poll(() => cut(strip)).toEqual([]);
  await expect.poll(async () => (await strip.boundingBox())?.height).toBe(before?.height);
});

test('Back leaves the editor, Forward and a reload come to it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await page.keyboard.press('e');
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('rules-editor')).toBeHidden();
  await expect(page.getByTestId('host-canvas')).toBeVisible();
  await page.goForward();
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('rules-editor')).toBeVisible();
});

test('the editor opens at the rules that there are', async ({ page }) => {
  await open(page);
  await pasteLab(page, {
    format: 'lab/1',
    name: 'six',
    hosts: { six: { ip6tables: '*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -j ACCEPT\nCOMMIT\n' } },
    steps: [],
  });
  await page.keyboard.press('e');
  await expect(page.getByTestId('text-ip6tables')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('rule-filter-INPUT-1')).toBeVisible();
  await page.getByTestId('text-iptables').click();
  await expect(page.getByTestId('rules-editor')).toContainText('Every packet of IPv4 passes.');
});

test('the editor opens where the most rules are', async ({ page }) => {
  await open(page);
  await command(page, 'A Docker host');
  await expect(page.getByTestId('lab-name')).toHaveText('A Docker host');
  await expect(page.getByTestId('chain-name')).toHaveText('FORWARD');
  await page.keyboard.press('e');
  await expect(page.getByTestId('chain-form').getByTestId('chain-name')).toHaveText('FORWARD');
});

test('Esc leaves the composer, and it takes the focus only when it is asked for', async ({ page }) => {
  await open(page);
  await page.keyboard.press('n');
  await expect(page.getByTestId('composer-to')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('composer-to')).not.toBeFocused();
  await page.keyboard.press('e');
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('composer-to')).toBeVisible();
  await expect(page.getByTestId('composer-to')).not.toBeFocused();
  // The edit of a step is left the same way.
  await steps(page).nth(1).locator('button').first().dblclick();
  await expect(page.getByTestId('composer')).toHaveAccessibleName('Edit step 2');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('composer')).toHaveAccessibleName('Send a packet');
  // A step that was added to be edited goes again.
  await page.getByTestId('step-add-other').click();
  await page.getByTestId('step-add-wait').click();
  await expect(steps(page)).toHaveCount(5);
  await page.getByTestId('composer-cancel').click();
  await expect(steps(page)).toHaveCount(4);
});

test('what was asked and what was typed is there after a reload', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  const line = page.getByTestId('console-line');
  for (const command of ['ip -br a', 'ip6tables -L']) {
    await line.fill(command);
    await line.press('Enter');
  }
  const console = page.getByTestId('console-output');
  await expect(console).toContainText('203.0.113.1/24');
  await expect(console).toContainText('the kernel loads a table');
  await page.keyboard.press('Escape');
  await section(page, 'interfaces');
  await page.getByTestId('editor-text').locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('no part');
  await expect(page.getByTestId('saved')).toHaveText('saved');
  await page.reload();
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await section(page, 'interfaces');
  await expect.poll(() => editorText(page)).toContain('no part');
  await page.goBack();
  await page.keyboard.press('c');
  await expect(console).toContainText('203.0.113.1/24');
  await expect(console.getByTestId(/^console-step-/)).toHaveText('step 1');
});

test('what was asked comes back over reloads with edits between them', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  await page.getByTestId('console-line').fill('ip -br a');
  await page.getByTestId('console-line').press('Enter');
  const output = page.getByTestId('console-output');
  await expect(output).toContainText('203.0.113.1/24');
  const kept = (): Promise<string[]> => page.evaluate(() => Object.keys(sessionStorage));
  for (let i = 0; i < 2; i++) {
    await page.reload();
    // It is taken out of the storage when it is back in the console, which is closed.
    await expect.poll(kept).not.toContain('hookline-console-1');
    await page.getByTestId('preset-ping').click();
    await page.getByTestId('composer-inject').click();
    await expect(steps(page)).toHaveCount(5 + i);
    await expect(page.getByTestId('saved')).toHaveText('saved');
  }
  await page.keyboard.press('c');
  await expect(output).toContainText('203.0.113.1/24');
});

test('on a page that is enlarged to 200 % the flow and the outcomes are within reach', async ({ page }) => {
  await page.setViewportSize({ width: 683, height: 330 });
  await open(page);
  await until(page, /begins a new one/);
  await page.getByTestId('open-inspector').click();
  await page.getByTestId('conntrack-entry').getByRole('button').click();
  await expect(page.getByTestId('tab-conntrack')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  const card = page.getByTestId('outcome-packet-4.1');
  const unfold = page.getByTestId('outcomes-unfold');
  await expect(unfold).toHaveAttribute('aria-expanded', 'false');
  await expect(card).toBeHidden();
  await unfold.focus();
  await page.keyboard.press('Enter');
  await expect(unfold).toHaveAttribute('aria-expanded', 'true');
  await card.scrollIntoViewIfNeeded();
  await expect(card).toBeInViewport({ ratio: 0.6 });
  await sound(page, 'unfolded', '[data-testid=outcomes]');
  await unfold.click();
  await expect(card).toBeHidden();
});

test('on a page that is enlarged to 400 % the editor scrolls as a whole, and nothing lies on its form', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await open(page);
  await page.keyboard.press('e');
  const form = page.getByTestId('chain-form');
  await form.scrollIntoViewIfNeeded();
  const [box, strip] = [await form.boundingBox(), await page.getByTestId('outcomes').boundingBox()];
  expect(box?.height).toBeGreaterThan(150);
  expect(strip?.y).toBeGreaterThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
  await page.getByTestId('rule-filter-INPUT-4').locator('[data-rule]').scrollIntoViewIfNeeded();
  await expect(page.getByTestId('rule-filter-INPUT-4').locator('[data-rule]')).toBeInViewport();
});

test('lines that are left out are said above the graph, not over it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  await pasteLab(page, {
    format: 'lab/1',
    name: 'left out',
    hosts: { box: { iptables: '*filter\n:INPUT DROP [0:0]\n-A INPUT -m nosuch -j ACCEPT\nCOMMIT\n' } },
    steps: [{ wait: { seconds: 1 } }],
  });
  const graph = page.locator('.react-flow');
  const below = async (): Promise<number> => {
    const [chip, drawn] = [await page.getByTestId('left-out-iptables').boundingBox(), await graph.boundingBox()];
    return (drawn?.y ?? Number.NaN) - (chip?.y ?? Number.NaN) - (chip?.height ?? 0);
  };
  await expect.poll(below).toBeGreaterThanOrEqual(0);
  await expect.poll(async () => (await graph.boundingBox())?.height).toBeGreaterThan(300);
});

test('where the system chooses the colours, what is picked is seen', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page);
  const outline = (testid: string): Promise<string> =>
    page.getByTestId(testid).evaluate((e) => getComputedStyle(e).outlineStyle);
  expect(await outline('tab-chain')).toBe('solid');
  expect(await outline('tab-packet')).toBe('none');
  expect(await outline('preset-ping')).toBe('none');
});

test('the page is dimmed below what is open over it', async ({ page }) => {
  await open(page);
  const dims = (selector: string, pseudo?: string): Promise<boolean> =>
    page
      .locator(selector)
      .first()
      .evaluate((e, of) => !/, 0\)$|transparent|\/ 0\)$/.test(getComputedStyle(e, of ?? null).backgroundColor), pseudo);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect.poll(() => dims('.fixed.inset-0')).toBe(true);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByTestId('open-inspector').click();
  await expect(page.getByTestId('drawer-inspector')).toBeVisible();
  await expect.poll(() => dims('[data-testid=drawer-inspector]', '::backdrop')).toBe(true);
});

test('a message lies beside the graph, and on a phone its words have the width', async ({ page }) => {
  await open(page);
  await command(page, 'A Docker host');
  const said = page.getByTestId('notices').getByRole('article').first();
  await expect(said).toBeVisible();
  const beside = async (): Promise<number> => {
    const [words, canvas] = [await said.boundingBox(), await page.getByTestId('host-canvas').boundingBox()];
    return (words?.x ?? Number.NaN) - (canvas?.x ?? Number.NaN) - (canvas?.width ?? 0);
  };
  await expect.poll(beside).toBeGreaterThan(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await command(page, 'Masquerade for a LAN');
  await expect(said).toContainText('Masquerade');
  await expect.poll(async () => (await said.locator('p').boundingBox())?.width).toBeGreaterThan(200);
});

test('the button of a message undoes what the message says, or is gone', async ({ page }) => {
  await open(page);
  const undo = page.getByTestId('notices').getByRole('button', { name: 'Undo' });
  const remove = (step: number): Promise<void> =>
    page.getByTestId(`step-${step}`).getByRole('button').first().press('Delete');
  await remove(4);
  await expect(undo).toBeVisible();
  await page.getByTestId('composer-inject').click();
  await expect(page.getByTestId('step-4')).toBeVisible();
  await expect(undo).toBeHidden();
  await remove(1);
  await undo.click();
  await expect(page.getByTestId('step-4')).toBeVisible();
  await expect(page.getByTestId('notices')).not.toContainText('removed');
});

test('the name of a chain is on one line beside a narrow graph', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await open(page);
  await until(page, /mangle POSTROUTING/);
  const name = page.getByTestId('chain-name');
  await expect(name).toHaveText('POSTROUTING');
  await expect.poll(async () => (await name.boundingBox())?.height).toBeLessThan(30);
});

test('while the network is edited its hosts are large enough to be read, and handles lie on no words', async ({
  page,
}) => {
  await page.setViewportSize(LAPTOP);
  await open(page);
  await page.keyboard.press('g');
  await page.getByTestId('network-edit').click();
  const router = page.getByTestId('host-router');
  await expect
    .poll(() => router.evaluate((e: HTMLElement) => e.getBoundingClientRect().width / e.offsetWidth))
    .toBeGreaterThan(0.72);
  // From the first to the last they are in view, with room on both sides.
  const sides = (): Promise<readonly number[]> =>
    page.getByTestId('network-canvas').evaluate((canvas) => {
      const view = canvas.querySelector('.react-flow')?.getBoundingClientRect() ?? new DOMRect();
      const at = (name: string) =>
        canvas.querySelector(`[data-testid="host-${name}"]`)?.getBoundingClientRect() ?? new DOMRect();
      return [at('client').left - view.left, view.right - at('web').right];
    });
  await expect.poll(async () => Math.min(...(await sides()))).toBeGreaterThan(12);
  for (const host of ['internet', 'router']) {
    const below = async (): Promise<number> => {
      const handle = await page.getByTestId(`connect-${host}`).boundingBox();
      const last = await page.getByTestId(`host-${host}`).locator('.mono').last().boundingBox();
      return (handle?.y ?? Number.NaN) - (last?.y ?? Number.NaN) - (last?.height ?? 0);
    };
    await expect.poll(below).toBeGreaterThanOrEqual(-1);
  }
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('pane-packets')).toBeVisible();
});

test('a host has its own picture wherever it is named', async ({ page }) => {
  await open(page);
  await page.getByTestId('crumb-host').click();
  const drawn = (testid: string): Promise<string> => page.getByTestId(testid).locator('svg').first().innerHTML();
  const [router, internet, laptop] = [
    await drawn('goto-router'),
    await drawn('goto-internet'),
    await drawn('goto-laptop'),
  ];
  expect(new Set([router, internet, laptop]).size).toBe(3);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  expect(await page.getByTestId('host-laptop').locator('svg').first().innerHTML()).toBe(laptop);
});

test('on a phone a rule opens at its head', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await page.keyboard.press('e');
  await page.getByTestId('rule-filter-INPUT-3').locator('[data-rule]').click();
  await expect(page.getByTestId('rule-form')).toBeVisible();
  await expect(page.getByTestId('rule-comment')).toBeInViewport();
  await expect(page.getByTestId('field-protocol')).toBeInViewport();
});
