import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, type Request } from '@playwright/test';

// What every test of the page does: open it, paste, step to an event, ask axe.

/** Opens the page and waits until its lab has run. */
export async function open(page: Page, path = './'): Promise<void> {
  await page.goto(path);
  await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
}

/** The steps of the lab, as rows of the list. */
export const steps = (page: Page): Locator => page.getByTestId(/^step-\d+$/);

/** Adds a ping to the steps, with the composer. */
export async function addPing(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: 'Ping' }).click();
  await page.getByTestId('composer-inject').click();
}

/** Pastes a text as a person does: outside of every field, or into the one named. */
export async function paste(page: Page, text: string, into = 'body'): Promise<void> {
  await page.locator(into).evaluate((target, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Pastes a lab, opens it, and waits for its run. */
export async function pasteLab(page: Page, lab: unknown): Promise<void> {
  const run = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset.run);
  const before = await run();
  await paste(page, JSON.stringify(lab));
  await page.getByTestId('import-open').click();
  await expect(page.getByTestId('import')).toBeHidden();
  await expect.poll(async () => [undefined, before].includes(await run())).toBe(false);
}

/** Steps forward until the sentence has these words, by at most `most` events. */
export async function until(page: Page, words: RegExp, most = 120): Promise<void> {
  // In a list of tabs the arrow keys belong to the tabs.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const explain = page.getByTestId('explain');
  for (let i = 0; i < most; i++) {
    // Of a step that has just begun the sentences come a moment later.
    await expect(explain).toHaveText(/\S/);
    if (words.test(await explain.innerText())) return;
    await page.keyboard.press('ArrowRight');
  }
  throw new Error(`no event says ${words}`);
}

/** Presses Tab until the focus is on what has this test id, or within it. */
export async function tabTo(page: Page, testid: string, key = 'Tab'): Promise<void> {
  const wanted = page.getByTestId(testid);
  await expect(wanted).toBeVisible();
  for (let i = 0; i < 120; i++) {
    if (await wanted.evaluate((e) => e.contains(document.activeElement))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not come to ${testid}`);
}

/** Runs a command of the palette, by keys alone. */
export async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

/** Opens a section of the editor of the host on show. */
export async function section(page: Page, name: string): Promise<void> {
  if (!(await page.getByTestId('rules-editor').isVisible())) await page.keyboard.press('e');
  await page.getByTestId(`section-${name}`).click();
}

/** The text in the editor. */
export const editorText = (page: Page): Promise<string> =>
  page
    .locator('.cm-line:not(:has(.cm-placeholder))')
    .allInnerTexts()
    .then((lines) => lines.join('\n').trim());

/** What axe finds at this moment, in the whole page or in a part of it. */
export async function violations(page: Page, part?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const found = await (part === undefined ? axe : axe.include(part)).analyze();
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id} ${n.target.join(' ')}: ${n.html.slice(0, 120)}`));
}

/** Axe finds nothing, after everything that fades in has come. */
export async function sound(page: Page, where: string, part?: string): Promise<void> {
  await expect
    .poll(() => violations(page, part), { message: where, timeout: 15_000, intervals: [300, 600, 1200] })
    .toEqual([]);
}

/** Opens the page, and gives the scripts that were asked for before its graph was seen: paths within the site. */
export async function scriptsBeforeGraph(page: Page, baseURL: string | undefined): Promise<readonly string[]> {
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  await page.addInitScript(() => {
    const look = (): void => {
      const node = document.querySelector('.react-flow__node');
      if (node !== null && getComputedStyle(node).visibility === 'visible') performance.mark('graph');
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('./');
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  await expect(page.getByTestId('explain')).not.toBeEmpty();
  // A request has no time before it is answered; those that come meanwhile came after the graph.
  const asked = [...requests];
  await Promise.all(asked.map((request) => request.response()));
  const shown = await page.evaluate(
    () => performance.timeOrigin + (performance.getEntriesByName('graph')[0]?.startTime ?? Number.NaN),
  );
  expect(shown).not.toBeNaN();
  const scripts = asked
    .filter((request) => request.timing().startTime <= shown)
    .map((request) => new URL(request.url()).pathname)
    .filter((pathname) => pathname.endsWith('.js'))
    .map((pathname) => pathname.slice(new URL(`${baseURL}`).pathname.length));
  return [...new Set(scripts)];
}
