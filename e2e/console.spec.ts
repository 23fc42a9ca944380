import { expect, type Locator, type Page, test } from '@playwright/test';
import { command, open, pasteLab, sound } from './helpers';

async function openConsole(page: Page): Promise<void> {
  await page.keyboard.press('c');
  await expect(page.getByTestId('console-line')).toBeFocused();
}

/** The last entry of the console on show. */
const last = (page: Page): Locator => page.getByTestId(/^console-entry-/).last();

/** Types a command and waits for what comes of it. */
async function ask(page: Page, command: string): Promise<Locator> {
  const entries = page.getByTestId(/^console-entry-/);
  const before = await entries.count();
  const line = page.getByTestId('console-line');
  await line.fill(command);
  await line.press('Enter');
  await expect(entries).toHaveCount(before + 1);
  const entry = page.getByTestId((await last(page).getAttribute('data-testid')) ?? '');
  await expect(entry).toHaveAttribute('data-state', /done|live|refused/);
  return entry;
}

const lines = (page: Page): Promise<string> =>
  page
    .getByTestId('steps')
    .getByTestId(/^step-\d+$/)
    .allInnerTexts()
    .then((all) => all.map((text) => text.split('\n')[1]).join(' | '));

test('opens by key, by mouse, from the host’s menu and from the palette, and gives the focus back', async ({
  page,
}) => {
  await open(page);
  await page.keyboard.press('c');
  await expect(page.getByTestId('console-line')).toBeFocused();
  await expect.poll(async () => (await page.getByTestId('console').boundingBox())?.height).toBe(240);
  // Letters are letters there.
  await page.keyboard.type('c');
  await expect(page.getByTestId('console-line')).toHaveValue('c');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('console')).toBeHidden();
  await page.getByTestId('console-toggle').click();
  await expect(page.getByTestId('console-line')).toBeFocused();
  await expect(page.getByTestId('console-host-router')).toHaveAttribute('aria-selected', 'true');
  await page.getByTestId('console-close').click();
  await expect(page.getByTestId('console-toggle')).toBeFocused();
  await page.getByTestId('crumb-host').click();
  await page.getByTestId('host-console').click();
  await expect(page.getByTestId('console-line')).toBeFocused();
  await command(page, 'console on web');
  await expect(page.getByTestId('console-host-web')).toHaveAttribute('aria-selected', 'true');
  await page.getByTestId('console-strip').getByText('ip route').click();
  await expect(last(page)).toContainText('root@web:~# ip route');
  await expect(last(page)).toContainText('default via 10.0.0.1');
});

test('nothing lies over the graph’s controls, and its height is moved by mouse and by key', async ({ page }) => {
  await open(page);
  await openConsole(page);
  const box = async (id: string) => (await page.getByTestId(id).boundingBox())!;
  await expect
    .poll(async () => {
      const [zoom, drawer, dock] = await Promise.all([box('zoom'), box('console'), box('dock')]);
      return zoom.y + zoom.height < drawer.y && drawer.y + drawer.height <= dock.y + 1;
    })
    .toBe(true);
  const edge = page.getByTestId('console-resize');
  await edge.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await page.getByTestId('console').boundingBox())?.height).toBe(264);
  const at = (await edge.boundingBox())!;
  await page.mouse.move(at.x + 200, at.y + 4);
  await page.mouse.down();
  await page.mouse.move(at.x + 200, at.y - 56, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await page.getByTestId('console').boundingBox())?.height).toBeGreaterThan(300);
});

test('a rule becomes a step, packets after it change fate, and undo takes it back', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  const before = await lines(page);
  const asked = await ask(page, 'iptables -S INPUT');
  await expect(asked).toContainText('-A INPUT -i lo -j ACCEPT');
  expect(await lines(page)).toBe(before);
  const entry = await ask(page, 'iptables -t raw -A PREROUTING -p tcp --dport 80 -j DROP');
  await expect(entry.getByTestId(/^console-step-/)).toHaveText('step 1');
  await expect(page.getByTestId('step-1')).toContainText('iptables -t raw');
  await expect(page.getByTestId('outcome-step-2')).toHaveAttribute('data-state', 'dropped');
  await expect(page.getByTestId('explain')).toContainText('The command');
  await expect(page.getByTestId('console-moment')).toHaveText('at step 1');
  // Played to its end, and no further.
  await expect(page.getByRole('button', { name: 'Play', exact: true }).first()).toBeVisible();
  await expect(page.getByTestId('step-1')).toHaveAttribute('data-state', 'current');
  const now = await ask(page, 'iptables-save -t raw | grep "dport 80" | wc -l');
  await expect(now).toContainText('1');
  await page.getByTestId('console-line').press('Control+z');
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', /delivered|done/);
  await expect(entry.getByTestId(/^console-step-/)).toHaveText('undone');
  await expect.poll(() => lines(page)).toBe(before);
  const gone = await ask(page, 'iptables -t raw -S PREROUTING');
  await expect(gone).not.toContainText('dport 80');
  await page.getByTestId('console-line').press('Control+Shift+z');
  await expect(entry.getByTestId(/^console-step-/)).toHaveText('step 1');
});

test('a rule for the second step comes after the first, and its chip leads there', async ({ page }) => {
  await open(page);
  await page.getByTestId('step-1').locator('button').first().click();
  await page.getByTestId('console-toggle').click();
  const entry = await ask(page, 'iptables -A INPUT -p tcp --dport 80 -j DROP');
  await expect(page.getByTestId('step-2')).toContainText('iptables -A INPUT');
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', /delivered|done/);
  await page.getByTestId('step-4').locator('button').first().click();
  await entry.getByTestId(/^console-step-/).click();
  await expect(page.getByTestId('step-2')).toHaveAttribute('data-state', 'current');
});

test('errors have their colour and their exit code, and what is not modelled says so', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  const wrong = await ask(page, 'iptables -A INPUT -j NOWHERE');
  await expect(wrong.getByTestId('console-error')).toContainText('NOWHERE');
  await expect(wrong).toContainText('exit code 2');
  const unknown = await ask(page, 'frobnicate --now');
  await expect(unknown).toContainText('frobnicate: not modelled');
  await expect(unknown).toContainText('Hookline does not model this, so nothing was done');
  await expect(page.getByTestId('console-spoken')).toContainText('exit code 127');
});

test('a long output is folded, stays at its end, and is a text to select', async ({ page }) => {
  await open(page);
  const rules = Array.from({ length: 3000 }, (_, i) => `-A INPUT -p tcp -m tcp --dport ${i + 1} -j ACCEPT`);
  const lab = {
    format: 'lab/1',
    name: 'long',
    hosts: { box: { iptables: `*filter\n:INPUT ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n` } },
    steps: [{ ping: { host: 'box', to: '127.0.0.1' } }],
  };
  await pasteLab(page, lab);
  await expect(page.getByTestId('console-strip')).toBeVisible();
  await expect(page.getByTestId('crumb-host')).toHaveAccessibleName('Host box');
  await openConsole(page);
  const entry = await ask(page, 'iptables -S INPUT');
  await expect(entry).toContainText('--dport 3000 -j ACCEPT');
  await expect(entry).not.toContainText('--dport 1500 ');
  const output = page.getByTestId('console-output');
  const below = (): Promise<number> => output.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);
  await expect.poll(below).toBeLessThan(2);
  await entry.getByTestId('console-unfold').click();
  await expect(entry).toContainText('--dport 1500 ');
  // Who unfolds it reads on where it was folded; the next answer leads to the end again.
  await expect.poll(below).toBeGreaterThan(1000);
  const selected = await entry.evaluate((e) => {
    getSelection()?.selectAllChildren(e);
    return (getSelection()?.toString() ?? '').split('\n').length;
  });
  expect(selected).toBeGreaterThan(3000);
  await ask(page, 'ip rule');
  await expect.poll(below).toBeLessThan(2);
});

test('history is kept for each host; clear, history, exit, Control L and Control C', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  await ask(page, 'ip rule');
  await ask(page, 'ip route');
  const line = page.getByTestId('console-line');
  await page.keyboard.type('half');
  await page.keyboard.press('ArrowUp');
  await expect(line).toHaveValue('ip route');
  await page.keyboard.press('ArrowUp');
  await expect(line).toHaveValue('ip rule');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(line).toHaveValue('half');
  await page.keyboard.press('Control+c');
  await expect(line).toHaveValue('');
  await expect(last(page)).toContainText('half^C');
  await expect(await ask(page, 'history')).toContainText('1 ip rule');
  await page.getByTestId('console-host-web').click();
  await expect(page.getByTestId(/^console-entry-/)).toHaveCount(0);
  await page.keyboard.press('ArrowUp');
  await expect(line).toHaveValue('');
  await page.getByTestId('console-host-router').click();
  await expect(page.getByTestId(/^console-entry-/)).toHaveCount(4);
  await page.keyboard.press('Control+l');
  await expect(page.getByTestId(/^console-entry-/)).toHaveCount(0);
  await page.keyboard.type('exit');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('console')).toBeHidden();
});

test('Tab completes, lists, and leaves the field where there is nothing to complete', async ({ page }) => {
  await open(page);
  await openConsole(page);
  const line = page.getByTestId('console-line');
  await page.keyboard.type('ip6tables-sa');
  await page.keyboard.press('Tab');
  await expect(line).toHaveValue('ip6tables-save ');
  await line.fill('');
  await page.keyboard.type('ipt');
  await page.keyboard.press('Tab');
  await expect(line).toHaveValue('iptables');
  await expect(page.getByTestId('console-completions').getByRole('option')).not.toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  const chosen = await page.locator('[role=option][aria-selected=true] span').first().innerText();
  await page.keyboard.press('Enter');
  await expect(line).toHaveValue(`${chosen} `);
  await line.fill('ipt');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('console-completions')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('console-completions')).toBeHidden();
  await page.keyboard.press('Tab');
  await expect(line).not.toBeFocused();
  await line.focus();
  await line.fill('');
  await page.keyboard.press('Tab');
  await expect(line).not.toBeFocused();
});

test('what listens prints as the playhead moves, both ways, and ends', async ({ page }) => {
  await open(page);
  await page.getByTestId('step-2').locator('button').first().click();
  await page.getByTestId('crumb-host').click();
  await page.getByTestId('goto-router').click();
  await page.keyboard.press('c');
  const dump = await ask(page, 'tcpdump -ni eth0 icmp');
  await expect(dump).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('slot-taps-in-eth0')).toHaveText('tcpdump');
  await expect(page.getByTestId('slot-taps-in-eth1')).toHaveText('taps');
  const flows = await ask(page, 'conntrack -E');
  await expect(page.getByTestId('console-listening').getByRole('listitem')).toHaveCount(2);
  await page.getByTestId('console-output').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(dump).toContainText('ICMP echo request');
  await expect(dump).toContainText('ICMP echo reply');
  await expect(flows).toContainText('[NEW]');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(dump).not.toContainText('ICMP echo reply');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(dump).toContainText('ICMP echo reply');
  await page.getByTestId('console-line').focus();
  await page.keyboard.press('Control+c');
  await expect(flows).toHaveAttribute('data-state', 'done');
  await page.getByTestId('console-listening').getByRole('button', { name: 'Stop tcpdump' }).click();
  await expect(dump).toContainText('packets captured');
  await expect(page.getByTestId('slot-taps-in-eth0')).toHaveText('taps');
  await expect(page.getByTestId('console-listening')).toBeHidden();
});

test('a step becomes part of the start, or says why it cannot', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  const entry = await ask(page, 'iptables -A INPUT -p tcp --dport 81 -j DROP');
  await entry.getByTestId(/^console-start-/).click();
  await expect(page.getByTestId('notices')).toContainText('router now starts with it');
  await expect(entry.getByTestId(/^console-step-/)).toHaveText('part of the start');
  await expect(page.getByTestId('step-1')).toContainText('HTTP request');
  await expect(await ask(page, 'iptables -S INPUT')).toContainText('--dport 81');
  await page.getByTestId('notices').getByRole('button', { name: 'Undo' }).click();
  await expect(entry.getByTestId(/^console-step-/)).toHaveText('step 1');

  await page.getByTestId('step-2').locator('button').first().click();
  await page.getByTestId('console-line').focus();
  const late = await ask(page, 'iptables -t raw -A PREROUTING -p tcp --dport 80 -j DROP');
  await expect(late.getByTestId(/^console-step-/)).toHaveText('step 3');
  await page.getByTestId('step-3').hover();
  await page.getByTestId('step-menu-3').click();
  await page.getByTestId('step-start').click();
  await expect(page.getByTestId('notices')).toContainText('Step 3 stays a step. Step 2 comes before it');
  await page.getByTestId('console-close').click();
  await page.keyboard.press('e');
  await expect(page.getByTestId('later')).toContainText(
    'This is how router starts. Step 1 and step 3 change its rules later',
  );
});

test('keyboard alone: hosts, output, a step and back', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  await page.keyboard.type('ip route');
  await page.keyboard.press('Enter');
  await expect(last(page)).toContainText('default via');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByTestId('console-output')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByTestId('console-host-router')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('console-host-web')).toBeFocused();
  await expect(page.getByTestId('console')).toHaveAccessibleName('Console on web');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('console')).toBeHidden();
});

test('stays while the editor is open, and speaks of its edits', async ({ page }) => {
  await open(page);
  await page.keyboard.press('e');
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByTestId('console-line')).toBeFocused();
  await expect(await ask(page, 'iptables -S FORWARD')).toContainText('-P FORWARD DROP');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('rules-editor')).toBeVisible();
});

for (const scheme of ['dark', 'light'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } });
    const drawer = '[data-testid=console]';
    test('axe finds nothing: empty, with entries, with the list, on a phone', async ({ page }) => {
      test.slow();
      await open(page);
      await page.keyboard.press('c');
      await sound(page, 'empty');
      await ask(page, 'iptables -A INPUT -j NOWHERE');
      await ask(page, 'iptables -A INPUT -p tcp --dport 80 -j DROP');
      await ask(page, 'tcpdump -ni eth0');
      await page.keyboard.type('ipt');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      await expect(page.getByTestId('console-completions')).toBeVisible();
      await sound(page, 'with a list', drawer);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect(page.getByTestId('console')).toBeVisible();
      await sound(page, 'phone', drawer);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('it is a sheet of the whole width', async ({ page }) => {
    await open(page);
    await page.getByTestId('console-toggle').tap();
    const box = (await page.getByTestId('console').boundingBox())!;
    expect([box.x, box.width]).toEqual([0, 390]);
    expect(Math.round(box.y + box.height)).toBe(844);
    await expect(await ask(page, 'ip route')).toContainText('default via');
    await page.getByTestId('console-close').tap();
    await expect(page.getByTestId('console')).toBeHidden();
  });
});
