import { expect, type Page, test } from '@playwright/test';
import { open, paste, pasteLab, section, until } from './helpers';

// What somebody who sees the page for the first time must not be told wrong, nor have cut off.

const FORWARDING = { 'net.ipv4.ip_forward': '1' };
const filter = (...rules: readonly string[]): string =>
  ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...rules, 'COMMIT', ''].join(
    '\n',
  );

async function command(page: Page, line: string): Promise<void> {
  await page.getByTestId('console-line').fill(line);
  await page.keyboard.press('Enter');
}

test('a packet that nobody takes ends at the interface, though its host has many: no table dropped it', async ({
  page,
}) => {
  await open(page);
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`eth${i}`, { segment: `net${i}`, addresses: [`10.0.${i}.1/24`] }]),
  );
  await pasteLab(page, {
    format: 'lab/1',
    name: 'lost',
    hosts: {
      client: {
        interfaces: { eth0: { segment: 'net0', addresses: ['10.0.0.2/24'] } },
        routes: 'default via 10.0.0.1\n',
      },
      router: { interfaces: many, sysctl: FORWARDING, iptables: filter('-A FORWARD -j ACCEPT') },
    },
    steps: [{ send: { host: 'client', packet: { src: '10.0.0.2', dst: '10.0.11.9', udp: { sport: 1, dport: 2 } } } }],
    view: { host: 'router' },
  });
  await page.keyboard.press('End');
  await expect(page.getByTestId('explain')).toContainText('nobody answers for the next hop');
  await expect(page.getByTestId('chain-filter-FORWARD')).toHaveAttribute('data-state', 'matched');
  const beyond = async (): Promise<number> => {
    const dot = await page.getByTestId('packet-dot').locator('.packet-end').boundingBox();
    const out = await page.getByTestId('egress-eth11').boundingBox();
    return (dot?.x ?? Number.NaN) - (out?.x ?? Number.NaN);
  };
  await expect.poll(beyond).toBeGreaterThan(-20);
});

test('a step says what its command said: refused is not accepted, and nothing is, whose answer is dropped', async ({
  page,
}) => {
  await open(page);
  await pasteLab(page, {
    format: 'lab/1',
    name: 'two',
    hosts: {
      a: { interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24'] } } },
      b: { interfaces: { eth0: { segment: 's', addresses: ['10.0.0.2/24'] } } },
    },
    steps: [],
  });
  await page.getByTestId('console-toggle').click();
  await page.getByTestId('console-host-a').click();
  await command(page, 'nc -vz 10.0.0.2 80');
  await expect(page.getByTestId('outcome-step-1').locator('svg').first()).toHaveClass(/text-rej/);
  await command(page, 'iptables -P INPUT DROP');
  await expect(page.getByTestId('step-2')).toBeVisible();
  await command(page, 'nc -vz 10.0.0.2 80');
  await expect(page.getByTestId('outcome-step-3').locator('svg').first()).toHaveClass(/text-bad/);
});

test('the Chain panel has marks of the packet on show alone', async ({ page }) => {
  await open(page);
  await until(page, /Rule 3 of filter FORWARD matches/);
  await expect(page.getByTestId('rule-filter-FORWARD-3')).toHaveAttribute('data-state', 'current');
  // The answer begins: the panel still shows the last chain, but what the SYN made of it is over.
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByTestId('explain')).toContainText('looks up how to reach');
  await page.getByTestId('crumb-host').click();
  await page.getByRole('menuitem', { name: 'router' }).first().click();
  await expect(page.getByTestId('panel-chain').locator('[data-testid^=rule-]').first()).toBeVisible();
  for (const row of await page.getByTestId('panel-chain').locator('[data-testid^=rule-]').all())
    await expect(row).toHaveAttribute('data-state', 'idle');
});

test('a value that is wrong is told beside its field', async ({ page }) => {
  await open(page);
  await section(page, 'rules');
  await page.getByTestId('chain-select').selectOption('filter FORWARD');
  await page.getByTestId('rule-filter-FORWARD-3').click();
  const field = page.getByTestId('input-dport');
  await field.fill('80x');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('field-dport')).toContainText('Invalid port/service');
  await field.fill('8080');
  await expect(field).toHaveAttribute('aria-invalid', 'false');
  await expect(page.getByTestId('field-dport')).not.toContainText('Invalid');
});

test('of the targets in the menu those come first that can be chosen here', async ({ page }) => {
  await open(page);
  await section(page, 'rules');
  await page.getByTestId('chain-select').selectOption('filter FORWARD');
  await page.getByTestId('rule-filter-FORWARD-3').click();
  await page.getByTestId('target-more').click();
  const items = page.getByRole('menuitem').or(page.getByRole('menuitemradio'));
  await expect(items.first()).toBeVisible();
  const off = await items.evaluateAll((all) => all.map((item) => item.getAttribute('aria-disabled') === 'true'));
  expect(off.indexOf(true)).toBeGreaterThan(0);
  expect(off.lastIndexOf(false)).toBeLessThan(off.indexOf(true));
});

test('everything is found: the lab without rules, a long rule to its end, no panel that is not there', async ({
  page,
}) => {
  await open(page);
  await page.keyboard.press('Control+k');
  const field = page.getByTestId('palette-input');
  await field.fill('to-destination 10.0.0.5:8080');
  const rule = page.getByRole('option').first().locator('span').first();
  await expect(rule).toContainText('10.0.0.5:8080');
  expect(await rule.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);
  await field.fill('sets');
  await expect(page.getByTestId('find-edit-sets')).toBeVisible();
  await expect(page.getByTestId('find-panel-sets')).toBeHidden();
  await field.fill('without rules');
  await expect(page.getByRole('option').first()).toHaveAttribute('data-testid', 'find-lab-empty');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('lab-name')).toHaveText('A host without rules');
  // Nothing is there to play.
  await page.getByTestId('crumb-network').click();
  await expect(page.getByTestId('network-canvas')).toContainText('Send a packet. Each wire');
  await page.getByTestId('network-edit').click();
  await page.getByTestId('network-add-segment').click();
  await page.getByTestId('add-segment-add').click();
  await expect(page.getByTestId('network-canvas')).toContainText('2 hosts, 2 segments');
});

test('the playhead is in view again when the timeline comes back', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  for (let i = 0; i < 7; i++) await page.keyboard.press('Shift+ArrowRight');
  const seen = () =>
    page.getByTestId('timeline').evaluate((strip) => {
      const head = strip.querySelector('[data-testid=playhead]')?.getBoundingClientRect();
      const box = strip.parentElement?.getBoundingClientRect();
      return head !== undefined && box !== undefined && head.left >= box.left && head.right <= box.right;
    });
  await expect.poll(seen).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByTestId('console-strip')).toBeHidden();
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(page.getByTestId('console-strip')).toBeVisible();
  await expect.poll(seen).toBe(true);
});

test('where the page is low, the rules come before the flow', async ({ page }) => {
  await page.setViewportSize({ width: 960, height: 600 });
  await open(page);
  await until(page, /so the destination changes/);
  const rule = page.getByTestId('rule-nat-PREROUTING-2');
  await expect(rule).toBeInViewport({ ratio: 0.99 });
  const [panel, box] = [await page.getByTestId('panel-chain').boundingBox(), await rule.boundingBox()];
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((panel?.y ?? 0) + (panel?.height ?? 0));
});

test('on a phone a listing keeps its columns, and scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await page.getByTestId('console-toggle').click();
  await command(page, 'iptables -L -n -v');
  const listing = page.getByTestId('console-text').first();
  await expect(listing).toContainText('Chain INPUT');
  const [lines, height] = await listing.evaluate((e) => [(e.textContent ?? '').split('\n').length, e.clientHeight]);
  expect(height).toBeLessThan((lines ?? 0) * 20);
  const wide = await page.getByTestId('console-output').evaluate((e) => e.scrollWidth - e.clientWidth);
  expect(wide).toBeGreaterThan(50);
  // The page itself does not.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('letters that are typed before the palette is there are for it, not keys of the page', async ({ page }) => {
  await page.route('**/Palette-*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await open(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('pet');
  await expect(page.getByTestId('palette-input')).toHaveValue('pet');
  await page.keyboard.type('er');
  await expect(page.getByTestId('palette-input')).toHaveValue('peter');
  await expect(page.getByTestId('rules-editor')).toBeHidden();
});

test('below the width of a laptop the flows, the hash table and the words of a line lie below each other', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await open(page);
  await until(page, /so the destination changes/);
  await page.keyboard.press('3');
  await page.getByRole('button', { name: 'Expand' }).click();
  const box = async (testid: string) => (await page.getByTestId(testid).boundingBox()) ?? { y: 0, height: 0 };
  const [flows, buckets, words] = [await box('ct-table'), await box('ct-buckets'), await box('ct-anatomy')];
  expect(buckets.y).toBeGreaterThanOrEqual(flows.y + flows.height - 1);
  expect(words.y).toBeGreaterThanOrEqual(buckets.y + buckets.height - 1);
  expect(buckets.height).toBeGreaterThan(300);
  await page.getByTestId('ct-anatomy').scrollIntoViewIfNeeded();
  await expect(page.getByTestId('ct-anatomy').getByText('references held')).toBeInViewport();
});

test('on a projector the composer leaves room for the steps', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  await expect(page.getByTestId('step-4')).toBeInViewport({ ratio: 0.6 });
  const inside = (): Promise<number> =>
    page.getByTestId('steps').evaluate((list) => {
      const last = list.querySelector('[data-testid=step-4]')?.getBoundingClientRect();
      return (last?.bottom ?? Number.POSITIVE_INFINITY) - list.getBoundingClientRect().bottom;
    });
  await expect.poll(inside).toBeLessThanOrEqual(8);
});

test('a request of HTTP is no payload of a SYN', async ({ page }) => {
  await open(page);
  await page.getByTestId('composer-more').click();
  await expect(page.getByTestId('composer-payload')).toHaveValue(/^GET /);
  await page.getByTestId('preset-custom').click();
  await expect(page.getByTestId('composer-payload')).toHaveValue('');
});

test('a listing that has become a step says why, above the transport, too', async ({ page }) => {
  await open(page);
  await page.keyboard.press('c');
  await command(page, 'ip6tables -L');
  await expect(page.getByTestId('explain')).toContainText(
    'It is a step, as the kernel loads a table when it is first asked for.',
  );
  await expect(page.getByTestId('step-1')).toContainText('ip6tables -L');
});

test('a packet beside rules that are kept as text alone is followed to its end', async ({ page }) => {
  await open(page);
  await paste(page, 'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0;\n\t}\n}\n');
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('lab-name')).toHaveText('A host from its ruleset');
  await page.keyboard.press('End');
  await expect(page.getByTestId('explain')).toContainText('delivered to outside');
  await expect(page.getByTestId('host-canvas')).toBeVisible();
  await expect(page.getByTestId('part-stopped')).toBeHidden();
  await page.keyboard.press('g');
  await expect(page.getByTestId('host-outside')).toHaveAttribute('data-state', 'current');
});

test('on a phone the choice of IPv4 and IPv6 lies beside the line, not over it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await page.getByTestId('console-toggle').click();
  await command(page, 'ip6tables -L');
  await page.keyboard.press('Escape');
  const chip = page.getByRole('button', { name: 'IPv6', exact: true });
  await expect(chip).toBeVisible();
  const between = async (): Promise<number> => {
    const [choice, line] = [await chip.boundingBox(), await page.getByTestId('host-canvas-vertical').boundingBox()];
    return (line?.y ?? Number.NaN) - (choice?.y ?? Number.NaN) - (choice?.height ?? 0);
  };
  await expect.poll(between).toBeGreaterThanOrEqual(0);
});
