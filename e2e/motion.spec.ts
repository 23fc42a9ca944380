import { expect, type Page, test } from '@playwright/test';
import { open } from './helpers';

/** Counts what React puts into the page: its own hook for tools tells of every commit. */
async function countCommits(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let commits = 0;
    Object.assign(globalThis, {
      commits: () => commits,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        renderers: new Map(),
        supportsFiber: true,
        inject: () => 1,
        onScheduleFiberRoot: () => {},
        onCommitFiberUnmount: () => {},
        onPostCommitFiberRoot: () => {},
        onCommitFiberRoot: () => {
          commits++;
        },
      },
    });
  });
}

test('a packet that moves renders nothing: only the line, the dot and the pill are moved', async ({ page }) => {
  await countCommits(page);
  await open(page);
  await page.keyboard.press('[');
  await page.keyboard.press('['); // a quarter of the speed: the packet is on its way for more than a second
  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight'); // to the host on show
  // The longest time without a commit, and where the packet was meanwhile, over a few beats of playing.
  const { places, renders, mutations } = await page.evaluate(async () => {
    const commits = (globalThis as unknown as { commits: () => number }).commits;
    const dot = (): string => document.querySelector('[data-testid="packet-dot"] > g')?.getAttribute('transform') ?? '';
    const nodes = document.querySelector('.react-flow__nodes');
    if (nodes === null) throw new Error('there is no graph');
    let changed = 0;
    const watch = new MutationObserver((list) => {
      changed += list.length;
    });
    watch.observe(nodes, { subtree: true, childList: true, attributes: true, characterData: true });
    document.querySelector<HTMLElement>('[data-testid="transport-play"]')?.click();
    let best = { places: 0, renders: 1, mutations: 1 };
    let seen = new Set<string>();
    let from = commits();
    const end = performance.now() + 20_000;
    await new Promise<void>((resolve) => {
      const frame = (): void => {
        if (commits() !== from) {
          from = commits();
          seen = new Set();
          changed = 0;
        }
        seen.add(dot());
        if (seen.size > best.places) best = { places: seen.size, renders: commits() - from, mutations: changed };
        if (best.places > 8 || performance.now() > end) resolve();
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    watch.disconnect();
    return best;
  });
  expect(places).toBeGreaterThan(8);
  expect(renders).toBe(0);
  expect(mutations).toBe(0);
});

test('a beat draws nothing anew that it does not change', async ({ page }) => {
  await open(page);
  const position = page.getByTestId('position');
  const forward = async (): Promise<void> => {
    const before = await position.innerText();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => position.innerText()).not.toBe(before);
  };
  for (let i = 0; i < 8; i++) await forward(); // to the host on show
  // What React has drawn anew has another object of properties; the position in the step shows that this is seen.
  const watched = [
    '[role="tablist"]',
    '[data-testid="transport"]',
    '[data-testid="composer"]',
    '[data-testid="position"]',
  ];
  const changed = (keep: boolean): Promise<string[]> =>
    page.evaluate(
      ([selectors, first]) => {
        const kept = globalThis as unknown as { drawn: readonly unknown[] };
        const now = selectors.map((selector) => {
          const element = document.querySelector(selector);
          if (element === null) throw new Error(`there is no ${selector}`);
          return Object.entries(element).find(([key]) => key.startsWith('__reactProps'))?.[1];
        });
        if (first) kept.drawn = now;
        return selectors.filter((_, i) => now[i] !== kept.drawn[i]);
      },
      [watched, keep] as const,
    );
  await changed(true);
  for (let i = 0; i < 6; i++) await forward();
  expect(await changed(false)).toEqual(['[data-testid="position"]']);
});

for (const reducedMotion of ['no-preference', 'reduce'] as const) {
  test(`what an edit changes fades into what it is now, and nothing else does: ${reducedMotion}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion });
    await open(page);
    await page.keyboard.press('e');
    const text = page.getByTestId('editor-text').locator('.cm-content');
    await expect(text).toContainText('*nat');
    await expect(page.getByTestId('outcomes-summary')).toContainText('what an edit changes');
    await page.evaluate(() => {
      const started: string[] = [];
      Object.assign(globalThis, { started });
      document.addEventListener('animationstart', (e) => {
        const card = (e.target as Element).closest('[data-testid^="outcome-packet"]');
        if (card !== null) started.push(`${card.getAttribute('data-testid')} ${e.animationName}`);
      });
    });
    await text.focus();
    await page.keyboard.press('Control+End');
    const started = (): Promise<readonly string[]> =>
      page.evaluate(() => [...(globalThis as unknown as { started: string[] }).started]);
    // A comment changes no outcome: nothing moves.
    await page.keyboard.insertText('# a comment\n');
    await expect(page.getByTestId('chain-text')).toContainText('# a comment');
    await expect(page.getByTestId('saved')).toHaveText('saved');
    expect(await started()).toEqual([]);
    await page.keyboard.insertText('*raw\n:PREROUTING DROP [0:0]\nCOMMIT\n');
    await expect(page.getByTestId('outcomes-summary')).toContainText('differently');
    const wanted = reducedMotion === 'reduce' ? 'fade-ring' : 'fade-in';
    await expect.poll(async () => (await started()).some((name) => name.endsWith(wanted))).toBe(true);
    if (reducedMotion === 'reduce') expect((await started()).filter((name) => name.endsWith('fade-in'))).toEqual([]);
    await expect(page.locator('.cross-fade-out')).toHaveCount(0);
  });
}

for (const [reducedMotion, name] of [
  ['no-preference', 'rule-match'],
  ['reduce', 'rule-ring'],
] as const) {
  test(`a rule that matches fills (${name}) when the playhead is stepped, not when it is set down`, async ({
    page,
  }) => {
    await page.emulateMedia({ reducedMotion });
    await open(page);
    await page.evaluate(() => {
      const moved: string[] = [];
      Object.assign(globalThis, { moved });
      document.addEventListener('animationstart', (e) => {
        const lasts = getComputedStyle(e.target as Element).animationDuration !== '0s';
        if (lasts && e.animationName.startsWith('rule-')) moved.push(e.animationName);
      });
    });
    const moved = (): Promise<readonly string[]> =>
      page.evaluate(() => (globalThis as unknown as { moved: string[] }).moved.splice(0));
    const all: string[] = [];
    await expect
      .poll(
        async () => {
          await page.keyboard.press('ArrowRight');
          all.push(...(await moved()));
          return all.includes(name);
        },
        { intervals: [60], timeout: 20_000 },
      )
      .toBe(true);
    if (reducedMotion === 'reduce') expect(new Set(all)).toEqual(new Set([name]));
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await expect(page.getByTestId('position')).toHaveText(/^1 of/);
    await moved();
    const slider = page.getByTestId('timeline');
    const box = await slider.boundingBox();
    if (box === null) throw new Error('there is no timeline');
    await page.mouse.move(box.x + 20, box.y + box.height / 2);
    await page.mouse.down();
    await expect(slider).toHaveAttribute('data-state', 'scrubbing');
    const matches = page.locator('[data-row]:is([data-state="current"], [data-state="matched"])');
    let x = 20;
    await expect
      .poll(
        async () => {
          x = (x + 9) % box.width;
          await page.mouse.move(box.x + x, box.y + box.height / 2);
          return matches.count();
        },
        { intervals: [60], timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    await page.mouse.up();
    expect(await moved()).toEqual([]);
  });
}

test('what is typed into a rule and what comes of it are in the same frame', async ({ page }) => {
  test.slow();
  await open(page);
  await page.keyboard.press('e');
  const text = page.getByTestId('editor-text').locator('.cm-content');
  const summary = page.getByTestId('outcomes-summary');
  await expect(summary).toContainText('what an edit changes');
  await text.focus();
  await page.keyboard.press('Control+End');
  // The engine comes to the page when the editor opens; until then the worker answers, some frames later.
  await expect
    .poll(
      async () => {
        const atOnce = await page.evaluate(async () => {
          document.execCommand('insertText', false, '*raw\n:PREROUTING DROP [0:0]\nCOMMIT\n');
          // The editor reads its text, and React renders, in microtasks; nothing that comes from a worker is heard meanwhile.
          for (let i = 0; i < 100; i++) await null;
          return document.querySelector('[data-testid="outcomes-summary"]')?.textContent;
        });
        await expect(summary).toContainText('differently');
        await page.keyboard.press('Control+z');
        await expect(summary).not.toContainText('differently');
        return atOnce;
      },
      { timeout: 90_000 },
    )
    .toContain('differently');
});
