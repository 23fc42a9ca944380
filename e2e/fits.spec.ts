import { expect, type Page, test } from '@playwright/test';
import { command, open, pasteLab, sound, tabTo, until } from './helpers';

// Each of these opens a lab and looks at every panel.
test.beforeEach(() => test.slow());

const INSPECTOR = '[data-testid=inspector]';
const inspector = (page: Page) => page.locator(INSPECTOR);
const tab = (page: Page, name: string): Promise<void> => page.getByTestId(`tab-${name}`).click();

/** Everything of the inspector can be read: nothing is wider than its place. */
async function fits(page: Page, where: string): Promise<void> {
  const wide = (): Promise<readonly string[]> =>
    inspector(page).evaluate((root) =>
      [...root.querySelectorAll<HTMLElement>('*')]
        .filter((e) => !e.closest('.sr-only, [role="tablist"], svg') && e.scrollWidth > e.clientWidth + 1)
        .filter((e) => getComputedStyle(e).display !== 'inline' && e.clientWidth > 0)
        .map((e) => `${e.tagName} ${e.textContent?.slice(0, 40)}`),
    );
  await expect.poll(wide, { message: where }).toEqual([]);
}

const LONG = {
  format: 'lab/1',
  name: 'long-names',
  hosts: {
    'a-router-with-a-name-that-is-long': {
      interfaces: Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [
          `customer-${i + 10}`,
          {
            segment: `the-segment-of-customer-${i}`,
            addresses: [`10.0.${i}.1/24`, `2001:db8:aaaa:bbbb:cccc:dddd:${(i + 4096).toString(16)}:1/112`],
          },
        ]),
      ),
      listen: [{ protocol: 'tcp', port: 8443, address: '2001:db8:aaaa:bbbb:cccc:dddd:1000:1', serves: 'http' }],
      ipset: 'create a_set_with_a_long_name_of_31_ch hash:ip,port,net family inet6\n'.replace('_of_31_ch', ''),
      ip6tables: `*filter
:A_CHAIN_WITH_A_NAME_OF_29_CH - [0:0]
-A INPUT -m set --match-set a_set_with_a_long_name src,dst,src
-A INPUT -j A_CHAIN_WITH_A_NAME_OF_29_CH
-A A_CHAIN_WITH_A_NAME_OF_29_CH -s 2001:db8:aaaa:bbbb:cccc:dddd:1000:0/112 -d 2001:db8:aaaa:bbbb:cccc:dddd:1000:1/128 -p tcp -m conntrack --ctstate NEW,RELATED,ESTABLISHED -m hashlimit --hashlimit-upto 10/sec --hashlimit-burst 20 --hashlimit-mode srcip,srcport,dstip,dstport --hashlimit-name a-table-with-a-long-name -j ACCEPT
COMMIT
`,
    },
  },
  steps: [
    {
      receive: {
        host: 'a-router-with-a-name-that-is-long',
        interface: 'customer-10',
        packet: {
          src: '2001:db8:aaaa:bbbb:cccc:dddd:1000:2',
          dst: '2001:db8:aaaa:bbbb:cccc:dddd:1000:1',
          tcp: { sport: 40000, dport: 8443, flags: 'S' },
        },
      },
    },
  ],
};

for (const [scheme, width, height] of [
  ['dark', 1440, 900],
  ['light', 1024, 768],
] as const) {
  test.describe(`${scheme}, ${width} wide`, () => {
    test.use({
      colorScheme: scheme,
      viewport: { width, height },
      contextOptions: { reducedMotion: 'reduce' },
    });
    test('long names and addresses fit into every panel, and axe finds nothing', async ({ page }) => {
      await open(page);
      await pasteLab(page, LONG);
      await until(page, /Rule 1 of filter A_CHAIN_WITH_A_NAME_OF_29_CH matches/);
      for (const name of ['chain', 'packet', 'conntrack', 'routes', 'sets']) {
        await tab(page, name);
        await expect(page.getByTestId(`panel-${name}`)).toContainText(/\S/);
        await fits(page, name);
        await sound(page, name, INSPECTOR);
      }
      await page
        .getByTestId('ingress-customer-10')
        .getByRole('button', { name: 'customer-10', exact: true })
        .press('Enter');
      await expect(page.getByTestId('tab-chain')).toContainText('Interface');
      await expect(page.getByTestId('panel-chain')).toContainText('2001:db8:aaaa:bbbb:cccc:dddd:1000:1/112');
      await fits(page, 'interface');
      await sound(page, 'interface', INSPECTOR);
    });
  });
}

test('chains of one family can be told apart in a card of the graph, and are named whole by pointer and keys', async ({
  page,
}) => {
  const chains = ['ufw-before-logging-input', 'ufw-before-input', 'ufw-after-input', 'ufw-after-logging-input'];
  const lines = [...chains.map((c) => `:${c} - [0:0]`), ...chains.map((c) => `-A INPUT -j ${c}`)];
  await open(page);
  await pasteLab(page, {
    format: 'lab/1',
    name: 'family',
    hosts: {
      host: {
        interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } },
        iptables: `*filter\n${lines.join('\n')}\nCOMMIT\n`,
      },
    },
    steps: [
      {
        receive: {
          host: 'host',
          interface: 'eth0',
          packet: { src: '10.0.0.2', dst: '10.0.0.1', icmp: { type: 8, id: 1, seq: 1 } },
        },
      },
    ],
  });
  await until(page, /filter INPUT/);
  const rows = page.locator('.tchain');
  await expect(rows).toHaveCount(4);
  // What is to be seen of each, where it is cut off.
  const read = await rows.evaluateAll((all) =>
    all.map((row) => {
      const part = row.querySelector('.truncate') ?? row;
      const letters = Math.floor(((part.textContent?.length ?? 0) * part.clientWidth) / part.scrollWidth);
      return part.clientWidth < part.scrollWidth ? part.textContent?.slice(0, letters - 1) : part.textContent;
    }),
  );
  expect(new Set(read.map((name) => name?.replaceAll('…', ''))).size, read.join()).toBe(4);
  const tip = page.getByTestId('tip');
  const logging = page.getByTestId('chain-filter-INPUT-ufw-before-logging-input');
  await logging.hover();
  await expect(tip).toContainText('ufw-before-logging-input');
  await page.mouse.move(700, 800);
  await expect(tip).toBeHidden();
  await tabTo(page, 'hook-INPUT');
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(logging).toBeFocused({ timeout: 100 });
  }).toPass();
  await expect(tip).toContainText('ufw-before-logging-input');
});

test('on a tablet the name of the host keeps its distance from the edge, or is gone', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await open(page);
  const title = page.getByTestId('host-title');
  const near = (): Promise<boolean> =>
    title.evaluate((e) => {
      const canvas = e.closest('.react-flow')?.getBoundingClientRect();
      return getComputedStyle(e).opacity !== '0' && e.getBoundingClientRect().left - (canvas?.left ?? 0) < 12;
    });
  await expect.poll(near).toBe(false);
  const canvas = page.locator('.react-flow__pane');
  // Wherever the drawing is moved to.
  for (let by = 0; by < 12; by++) {
    await canvas.hover({ position: { x: 300, y: 560 } });
    await page.mouse.down();
    await page.mouse.move(295, 612, { steps: 2 });
    await page.mouse.up();
    await expect.poll(near).toBe(false);
  }
  await expect(title).toHaveCSS('opacity', '0');
});

/** How much further than its box something reaches that does not scroll: what is looked for would move it. */
const beyondBox = (page: Page, selector: string): Promise<number> =>
  page.locator(selector).evaluate((box) => box.scrollHeight - box.clientHeight);

test('what only a screen reader is told makes nothing longer', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  await pasteLab(page, LONG);
  await until(page, /Rule 1 of filter A_CHAIN_WITH_A_NAME_OF_29_CH matches/);
  await expect(page.getByTestId('kept-hashlimit')).toBeAttached();
  await expect.poll(() => beyondBox(page, '[data-testid=pane-inspector]')).toBeLessThanOrEqual(1);
  // A flow with long addresses leaves room for the rules, and is scrolled to.
  const rules = page.getByTestId('pane-inspector').getByRole('region', { name: 'Rules' });
  await expect.poll(async () => (await rules.boundingBox())?.height).toBeGreaterThan(80);
  await page.getByTestId('conntrack-entry').locator('p').last().scrollIntoViewIfNeeded();
  await expect(page.getByTestId('conntrack-entry').locator('p').last()).toBeInViewport({ ratio: 1 });
  await page.getByTestId('console-toggle').click();
  await page.getByTestId('console-line').fill('sysctl -a');
  await page.getByTestId('console-line').press('Enter');
  await expect(page.getByTestId('console-output')).toContainText(' = ');
  await expect.poll(() => beyondBox(page, 'main')).toBeLessThanOrEqual(1);
  await page.keyboard.press('Escape');
  await command(page, 'Edit the network');
  await page.getByTestId('host-a-router-with-a-name-that-is-long').click({ position: { x: 20, y: 10 } });
  await expect(page.getByTestId('edit-host-a-router-with-a-name-that-is-long')).toBeAttached();
  await expect.poll(() => beyondBox(page, 'main')).toBeLessThanOrEqual(1);
});

test('beside the text of the rules, what a match means has room', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await open(page);
  await page.keyboard.press('e');
  await page.getByTestId('chain-select').selectOption('filter FORWARD');
  await page.getByTestId('rule-filter-FORWARD-3').locator('[data-rule]').click();
  const meaning = page.getByTestId('field-dport').locator('p');
  await expect(meaning).toContainText('The destination port is 8080');
  await expect.poll(async () => (await meaning.boundingBox())?.width).toBeGreaterThan(200);
});

test('a page that is low and narrow, too, has its buttons within it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 400 });
  await open(page);
  for (const button of ['transport-back', 'transport-play', 'transport-forward', 'open-inspector'])
    await expect(page.getByTestId(button)).toBeInViewport({ ratio: 1 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

test('enlarged four times the page leaves room for the graph, and a long sentence scrolls', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 225 });
  await open(page);
  const edge = async (id: string, end: 0 | 1): Promise<number> => {
    const box = await page.getByTestId(id).boundingBox();
    return (box?.y ?? Number.NaN) + end * (box?.height ?? 0);
  };
  const sentence = page.getByTestId('explain').getByRole('paragraph');
  await until(page, /This is an answer of a translated flow/);
  await expect.poll(async () => (await edge('dock', 0)) - (await edge('topbar', 1))).toBeGreaterThan(64);
  expect(await sentence.evaluate((e) => e.scrollHeight - e.clientHeight)).toBeGreaterThan(0);
  await sentence.focus();
  await expect(sentence).toBeFocused();
  await sound(page, 'enlarged', '[data-testid=dock]');
});

test('the send button of an interface does not lie on its name', async ({ page }) => {
  await open(page);
  await pasteLab(page, LONG);
  const box = page.getByTestId('ingress-customer-10');
  await box.hover();
  const send = page.getByTestId('send-a-router-with-a-name-that-is-long-customer-10');
  await expect(send).toHaveCSS('opacity', '1');
  const on = (): Promise<number> =>
    box.evaluate((section) => {
      const words = section.querySelector('h3 button > span:last-child')?.getBoundingClientRect() ?? new DOMRect();
      const over = section.querySelector('.send')?.getBoundingClientRect() ?? new DOMRect();
      return Math.min(over.bottom - words.top, words.right - over.left);
    });
  // The line has more height than its letters.
  await expect.poll(on).toBeLessThan(4);
  await send.click();
  await expect(page.getByTestId('step-2')).toBeVisible();
});

test('what chooses the interfaces on show stands above the graph, not over it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  await pasteLab(page, LONG);
  for (const chip of ['+25 interfaces', 'fewer interfaces']) {
    const button = page.getByRole('button', { name: chip, exact: true });
    await expect(button).toBeVisible();
    const above = async (): Promise<number> => {
      const [box, drawn] = [await button.boundingBox(), await page.locator('.react-flow').boundingBox()];
      return (drawn?.y ?? Number.NaN) - (box?.y ?? Number.NaN) - (box?.height ?? 0);
    };
    await expect.poll(above).toBeGreaterThanOrEqual(0);
    await button.click();
  }
  await expect(page.getByRole('button', { name: '+25 interfaces', exact: true })).toBeVisible();
});

test('the addresses of a packet on each wire are written out', async ({ page }) => {
  await open(page);
  await pasteLab(page, LONG);
  await page.keyboard.press('End');
  await page.keyboard.press('g');
  const log = page.getByTestId('wire-log');
  await expect(log).toContainText('[2001:db8:aaaa:bbbb:cccc:dddd:1000:1]:8443');
  await expect.poll(() => log.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);
});

for (const [width, height] of [
  [720, 450],
  [844, 390],
] as const) {
  test(`of a low page, ${width}×${height}, the packet has the most, and the rules when they are edited`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    await until(page, /Rule 2 (of nat PREROUTING )?matches/);
    await expect(page.getByTestId('chain-nat-PREROUTING')).toBeInViewport({ ratio: 1 });
    const [pill, dock] = [page.getByTestId('packet-pill'), page.getByTestId('dock')];
    await expect
      .poll(async () => {
        const [above, below] = [await pill.boundingBox(), await dock.boundingBox()];
        return above !== null && below !== null && above.y + above.height <= below.y;
      })
      .toBe(true);
    await page.keyboard.press('e');
    await expect(page.getByTestId('rule-nat-PREROUTING-1')).toBeInViewport({ ratio: 0.6 });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, contextOptions: { reducedMotion: 'reduce' } });
  test('the panels are in the sheet, and fit', async ({ page }) => {
    await open(page);
    await pasteLab(page, LONG);
    for (let i = 0; i < 12; i++) await page.getByTestId('transport-forward').click();
    await page.getByRole('button', { name: /^Rules/ }).click();
    await expect(inspector(page)).toBeVisible();
    for (const name of ['chain', 'packet', 'conntrack', 'routes', 'sets']) {
      await tab(page, name);
      await expect(page.getByTestId(`panel-${name}`)).toContainText(/\S/);
      await fits(page, name);
    }
    await sound(page, 'sheet', INSPECTOR);
  });
  test('the packet is shown from source to destination, and the whole sentence above Play', async ({ page }) => {
    await open(page);
    await until(page, /This is an answer of a translated flow/);
    const pill = page.getByTestId('packet-pill');
    await expect(pill).toContainText('203.0.113.1:80');
    await expect(pill).toContainText('198.51.100.7:40000');
    const outside = (): Promise<readonly (string | null)[]> =>
      pill.evaluate((root) => {
        const { left, right, top, bottom } = root.getBoundingClientRect();
        return [...root.querySelectorAll('*')]
          .filter((e) => !e.closest('.sr-only') && getComputedStyle(e).display !== 'contents')
          .map((e) => [e.getBoundingClientRect(), e.textContent] as const)
          .filter(([r]) => r.left < left || r.right > Math.min(right, innerWidth) || r.top < top || r.bottom > bottom)
          .map(([, text]) => text);
      });
    await expect.poll(outside).toEqual([]);
    const sentence = page.getByTestId('explain').getByRole('paragraph');
    await expect(sentence).toContainText('what the other side asked.');
    await expect.poll(() => sentence.evaluate((e) => e.scrollHeight - e.clientHeight)).toBeLessThan(2);
    const above = async (): Promise<number> => {
      const [said, play] = [await sentence.boundingBox(), await page.getByTestId('transport-play').boundingBox()];
      return (play?.y ?? Number.NaN) - (said?.y ?? Number.NaN) - (said?.height ?? 0);
    };
    await expect.poll(above).toBeGreaterThanOrEqual(0);
  });
});

test('the host and the interface that a packet comes from are whole where there is room', async ({ page }) => {
  await open(page);
  const name = page.getByTestId('composer-from-interface');
  await expect(name).toHaveText('eth0');
  for (const whole of [name, name.locator('xpath=preceding-sibling::span')]) {
    expect(await whole.evaluate((e) => e.scrollWidth - e.clientWidth)).toBe(0);
  }
});

test('an address that is longer than its field is shown whole to who points at it or comes by keys', async ({
  page,
}) => {
  const address = '2001:db8:aaaa:bbbb:cccc:dddd:1000:1';
  await open(page);
  const to = page.getByTestId('composer-to');
  const tip = page.getByTestId('tip');
  await to.fill('10.0.0.5');
  await to.hover();
  await page.waitForTimeout(700);
  await expect(tip).toBeHidden();
  await to.fill(address);
  await page.mouse.move(700, 500);
  await to.hover();
  await expect(tip).toHaveText(address);
  expect(await tip.evaluate((e) => e.scrollWidth <= e.clientWidth)).toBe(true);
  await page.mouse.move(700, 500);
  await expect(tip).toBeHidden();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(to).toBeFocused();
  await expect(tip).toHaveText(address);
  await page.keyboard.press('End');
  await page.keyboard.type('2');
  await expect(tip).toBeHidden();
});
