import { expect, type Page, test } from '@playwright/test';
import { command, open, paste, sound, until } from './helpers';

const stepTexts = async (page: Page): Promise<string[]> =>
  (await page.getByTestId('steps').locator('li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));

test('a packet is composed and followed to its end by keyboard alone', async ({ page }) => {
  await open(page);
  await page.keyboard.press('n');
  await expect(page.getByTestId('composer-to')).toBeFocused();
  await page.keyboard.type('router:22');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('transport-play')).toHaveAttribute('data-state', 'playing');
  const added = page.getByTestId('steps').locator('li[data-state=current]');
  await expect(added).toContainText('router:22');
  await page.getByTestId('timeline').focus();
  await page.keyboard.press(' ');
  for (let i = 0; i < 60; i++) {
    const slider = page.getByTestId('timeline');
    if ((await slider.getAttribute('aria-valuenow')) === (await slider.getAttribute('aria-valuemax'))) break;
    await page.keyboard.press('ArrowRight');
  }
  await expect(page.getByTestId('explain')).toContainText('dropped');
});

test('rules say which criterion failed, and the inspector follows until something is picked', async ({ page }) => {
  await open(page);
  await command(page, 'nat prerouting router');
  await expect(page.getByTestId('chain-name')).toHaveText('PREROUTING');
  await expect(page.getByTestId('follow')).toBeVisible();
  await page.getByTestId('follow').click();
  await expect(page.getByTestId('follow')).toBeHidden();
  await until(page, /Rule 2 (of nat PREROUTING )?matches/);
  await expect(page.getByTestId('rule-nat-PREROUTING-2')).toHaveAttribute('data-state', 'current');
  await expect(page.getByTestId('rule-nat-PREROUTING-1').locator('[data-state=no]')).toHaveText(/--dport 443/);
  await expect(page.getByTestId('rule-nat-PREROUTING-3')).toHaveAttribute('data-state', 'not-reached');
  await expect(page.getByTestId('conntrack-entry')).toHaveAttribute('data-state', 'unconfirmed');
});

test('a click anywhere on a box of the graph picks it, and shows that it is picked', async ({ page }) => {
  await open(page);
  const name = page.getByRole('tab').first();
  for (const [testid, tab] of [
    ['ingress-eth1', 'Interface'],
    ['local-process', 'Sockets'],
    ['hook-FORWARD', 'Hook'],
  ] as const) {
    const box = page.getByTestId(testid);
    const { width, height } = (await box.boundingBox()) ?? { width: 0, height: 0 };
    // Beside the name, the tables and what listens.
    await box.click({ position: { x: width - 12, y: height - 6 } });
    await expect(name).toHaveText(tab);
    await expect(box).toHaveAttribute('data-selected', '');
    await expect(box).toHaveCSS('outline-style', 'solid');
  }
});

test('steps are moved, edited and removed, and undo takes it back', async ({ page }) => {
  await open(page);
  const before = await stepTexts(page);
  await page.getByTestId('step-2').locator('button').first().focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(async () => (await stepTexts(page))[0]).toContain('Ping');
  await page.keyboard.press('Delete');
  await expect(page.getByTestId('steps').locator('li')).toHaveCount(before.length - 1);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect.poll(() => stepTexts(page)).toEqual(before);
});

test('an edit of the rules runs as it is typed; a broken line is left out and said', async ({ page }) => {
  await open(page);
  await page.keyboard.press('e');
  const text = page.getByTestId('editor-text').locator('.cm-content');
  await text.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('*filter');
  await expect(page.getByTestId('text-iptables')).toBeVisible();
  await page.keyboard.press('Control+z');
  await page.getByTestId('goto-chain').selectOption('filter FORWARD');
  // Once for the end of what is seen of a wrapped line, once for that of the line itself.
  await page.keyboard.press('End');
  await page.keyboard.press('End');
  await page.keyboard.type('\n-A FORWARD -p tcp --dprot 53 -j ACCEPT');
  await expect(page.getByTestId('left-out')).toHaveText(/1 line left out/);
  await page.locator('.hl-button-primary').click();
  await expect(page.getByTestId('left-out')).toBeHidden();
  await expect(text).toContainText('--dport 53');
  // The first Escape may close a list of completions that has come up meanwhile.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('rules-editor')).toBeHidden({ timeout: 1000 });
  }).toPass();
});

test('a link opens its lab beside the one that is kept, and a damaged link changes nothing', async ({ page }) => {
  await open(page);
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-link')).toHaveValue(/#lab=1\./);
  const link = await page.getByTestId('share-link').inputValue();
  await page.keyboard.press('Escape');
  await page.getByTestId('lab-name').click();
  await page.getByTestId('lab-local-lo').click();
  await expect(page.getByTestId('lab-name')).not.toHaveText('Port forwarding');
  // It is written a moment after it was opened.
  await page.waitForTimeout(1000);
  await expect(page.getByTestId('saved')).toHaveText('saved');
  const other = await page.getByTestId('lab-name').innerText();

  const fragment = link.slice(link.indexOf('#'));
  await page.goto('about:blank');
  await page.goto(`./${fragment.slice(0, -30)}`);
  await expect(page.getByTestId('notices')).toContainText('The link is damaged');
  await expect(page.getByTestId('lab-name')).toHaveText(other);

  await page.goto('about:blank');
  await page.goto(`./${fragment}`);
  await expect(page.getByTestId('lab-name')).toHaveText('Port forwarding');
  await page.getByTestId('lab-name').click();
  await expect(page.getByTestId('labs')).toContainText(other);
});

const MALFORMED = [
  'hello world',
  '{',
  '{"format":"lab/1",,}',
  '{"format":"lab/2","name":"x","hosts":{},"steps":[]}',
  '{"format":"recording/1"}',
  '{"format":"lab/1","name":"x","hosts":{"a":{"iptable":""}},"steps":[]}',
  '{"format":"lab/1","name":"x","hosts":{"a":{}},"steps":[{"ping":{"host":"b","to":"10.0.0.1"}}]}',
  '-A INPUT -j DROP',
  'Chain INPUT (policy ACCEPT)\ntarget prot opt source destination',
  '<html><body>404</body></html>',
];

test('what is pasted and cannot be read is told with its place, and loses nothing', async ({ page }) => {
  await open(page);
  const before = await stepTexts(page);
  for (const text of MALFORMED) {
    await paste(page, text);
    const verdict = page.getByTestId('import-verdict');
    await expect(verdict, text).toHaveAttribute('data-state', 'wrong');
    await expect(page.getByTestId('import-problems').locator('li').first(), text).toHaveText(/^\d+:\d+/);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('import')).toBeHidden();
  }
  expect(await stepTexts(page)).toEqual(before);
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', /delivered|done/);
});

test('a dump becomes the ruleset of a host, or a lab with neighbours', async ({ page }) => {
  await open(page);
  const dump = '*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n';
  await paste(page, dump);
  await page.getByTestId('import-replace').click();
  await expect(page.getByTestId('outcome-step-1')).not.toHaveAttribute('data-state', 'idle');
  await page.keyboard.press('Control+z');
  await paste(page, dump);
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute(
    'data-state',
    /delivered|done|dropped|rejected|left/,
  );
  await expect(page.getByTestId('step-1')).toContainText('outside');
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`panels and dialogs have no fault that axe finds, ${colorScheme}`, async ({ page }) => {
    test.slow(); // axe looks at the whole page eight times
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(page);
    await page.keyboard.press('End');
    for (const tab of ['chain', 'packet', 'conntrack', 'routes']) {
      await page.getByTestId(`tab-${tab}`).click();
      await sound(page, tab);
    }
    await page.getByTestId('cmdk').click();
    await expect(page.getByTestId('palette')).toBeVisible();
    await sound(page, 'palette');
    await page.keyboard.press('Escape');
    for (const [key, dialog] of [
      ['?', 'help'],
      ['e', 'rules-editor'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByTestId(dialog)).toBeVisible();
      await sound(page, dialog);
      await page.keyboard.press('Escape');
      await expect(page.getByTestId(dialog)).toBeHidden();
    }
    await page.getByTestId('lab-name').click();
    await expect(page.getByTestId('labs')).toBeVisible();
    await sound(page, 'labs');
  });
}
