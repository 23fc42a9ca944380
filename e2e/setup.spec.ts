import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';

/** The first lab has run. */
async function ready(page: Page): Promise<void> {
  await page.goto('./');
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', /delivered|done/);
}

/** Opens a section of the editor of the host on show. */
async function section(page: Page, name: string): Promise<void> {
  if (!(await page.getByTestId('rules-editor').isVisible())) await page.keyboard.press('e');
  await page.getByTestId(`section-${name}`).click();
}

/** The text beside the form. */
const text = (page: Page): Promise<string> =>
  page
    .locator('.cm-line:not(:has(.cm-placeholder))')
    .allInnerTexts()
    .then((lines) => lines.join('\n').trim());

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, testid: string, key = 'Tab'): Promise<void> {
  const wanted = page.getByTestId(testid);
  await expect(wanted).toBeVisible();
  for (let i = 0; i < 120; i++) {
    if (await wanted.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not come to ${testid}`);
}

/** Runs a command of the palette, by keys alone. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

async function middle(locator: Locator): Promise<readonly [number, number]> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the page');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Drags with the mouse from one thing to another. */
async function drag(page: Page, from: Locator, to: Locator, dy = 0): Promise<void> {
  const [x, y] = await middle(from);
  const [tx, ty] = await middle(to);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 12, y + 12, { steps: 3 });
  await page.mouse.move(tx, ty + dy, { steps: 8 });
  await page.mouse.up();
}

test('by mouse: a host is added, connected and set up, and talks through it all', async ({ page }) => {
  test.slow();
  await ready(page);
  await page.getByTestId('crumb-network').click();
  await page.getByTestId('network-edit').click();
  await page.getByTestId('network-add-host').click();
  await page.getByTestId('new-host-name').fill('printer');
  await page.getByTestId('new-host-segment').selectOption('lan');
  await expect(page.getByTestId('new-host-address')).toHaveValue('10.0.0.2/24');
  await expect(page.getByTestId('new-host-gateway')).toHaveValue('10.0.0.1');
  await page.getByTestId('new-host-gateway').selectOption('');
  await page.getByTestId('add-host-add').click();
  await expect(page.getByTestId('host-printer')).toBeVisible();

  // A segment, and a wire drawn to it.
  await page.getByTestId('network-add-segment').click();
  await page.getByTestId('new-segment-name').fill('dmz');
  await page.getByTestId('add-segment-add').click();
  await expect(page.getByTestId('segment-dmz')).toContainText('nobody on it yet');
  await drag(page, page.getByTestId('connect-printer'), page.getByTestId('segment-dmz'));
  await expect(page.getByTestId('network-said')).toContainText('printer is on dmz with eth1, 10.0.1.1/24');
  await expect(page.getByTestId('address-printer-eth1-1')).toHaveValue('10.0.1.1/24');
  // And one to another host, taken back at once.
  await drag(page, page.getByTestId('connect-printer'), page.getByTestId('host-laptop'));
  await expect(page.getByTestId('segment-printer-laptop')).toBeVisible();
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('segment-printer-laptop')).toBeHidden();
  // A second address.
  await page.getByTestId('add-address-printer-eth1').click();
  await page.getByTestId('new-address-printer-eth1').fill('10.0.1.77/24');
  await page.getByTestId('new-address-printer-eth1-add').click();
  await expect(page.getByTestId('address-printer-eth1-2')).toHaveValue('10.0.1.77/24');

  await page.getByTestId('edit-host-printer').click();
  await page.getByTestId('section-routes').click();
  await page.getByTestId('add-route').click();
  await page.getByTestId('new-route-via').fill('10.0.0.1');
  await page.getByTestId('new-route-add').click();
  await expect(page.getByTestId('route-1')).toContainText('by way of 10.0.0.1');
  await page.getByTestId('section-sockets').click();
  await page.getByTestId('add-socket').click();
  await page.getByTestId('socket-1-port').fill('631');
  await page.getByTestId('section-sysctls').click();
  await page.getByTestId('forward-ip').click();
  await expect(page.getByTestId('forward-ip')).toHaveAttribute('aria-checked', 'true');
  await page.getByTestId('section-sets').click();
  await page.getByTestId('add-set').click();
  await page.getByTestId('new-set-name').fill('trusted');
  await page.getByTestId('new-set-timeout').fill('600');
  await page.getByTestId('new-set-add').click();
  await page.getByTestId('new-member-trusted').fill('10.0.0.5');
  await page.getByTestId('new-member-trusted-comment').fill('the web server');
  await page.getByTestId('new-member-trusted-add').click();
  await expect(page.getByTestId('member-trusted-10.0.0.5')).toBeVisible();
  expect(await text(page)).toBe(
    'create trusted hash:ip timeout 600 comment\nadd trusted 10.0.0.5 comment "the web server"',
  );
  await page.getByTestId('editor-close').click();

  // Out by the route, and back to the socket.
  await page.getByTestId('composer-from').selectOption('printer');
  await page.getByTestId('preset-ping').click();
  await page.getByTestId('composer-to').fill('198.51.100.7');
  await page.getByTestId('composer-inject').click();
  await expect(page.getByTestId('steps').locator('[data-testid^=outcome-step-][title*="1 of 1 answered"]')).toHaveCount(
    2,
  );
});

test('by keyboard: the same', async ({ page }) => {
  test.slow();
  await ready(page);
  await command(page, 'add a host');
  await expect(page.getByTestId('new-host-name')).toBeFocused();
  await page.keyboard.type('printer');
  await page.keyboard.press('Tab');
  await page.keyboard.type('lan');
  await expect(page.getByTestId('new-host-address')).toHaveValue('10.0.0.2/24');
  await tabTo(page, 'new-host-gateway');
  await page.keyboard.press('End');
  await expect(page.getByTestId('new-host-gateway')).toHaveValue('');
  await tabTo(page, 'add-host-add');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('host-printer')).toBeVisible();
  await expect(page.getByTestId('net-host-printer-face')).toBeFocused();

  await command(page, 'add a segment');
  await expect(page.getByTestId('new-segment-name')).toBeFocused();
  await page.keyboard.type('dmz');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('segment-dmz')).toBeVisible();
  await tabTo(page, 'connect-printer', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('link-from')).toHaveValue('printer');
  await tabTo(page, 'link-to');
  await page.keyboard.type('segment dmz');
  await tabTo(page, 'add-link-add');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('address-printer-eth1-1')).toHaveValue('10.0.1.1/24');
  await tabTo(page, 'edit-host-printer');
  await page.keyboard.press('Enter');

  await tabTo(page, 'section-interfaces');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('section-routes')).toBeFocused();
  await tabTo(page, 'add-route');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('new-route-head')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('10.0.0.1');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('route-1')).toContainText('by way of 10.0.0.1');
  await command(page, 'edit sockets');
  await tabTo(page, 'add-socket');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('socket-1-port')).toBeFocused();
  await page.keyboard.type('631');
  await expect(page.getByTestId('socket-1-port')).toHaveValue('631');
  await command(page, 'edit sysctls');
  await tabTo(page, 'forward-ip');
  await page.keyboard.press(' ');
  await expect(page.getByTestId('forward-ip')).toHaveAttribute('aria-checked', 'true');
  await command(page, 'edit sets');
  await tabTo(page, 'add-set');
  await page.keyboard.press('Enter');
  await page.keyboard.type('trusted');
  await page.keyboard.press('Enter');
  await tabTo(page, 'new-member-trusted');
  await page.keyboard.type('10.0.0.5');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('member-trusted-10.0.0.5')).toBeVisible();
  await expect(page.getByTestId('new-member-trusted')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('rules-editor')).toBeHidden();

  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await expect(page.getByTestId('composer-to')).toBeFocused();
  await tabTo(page, 'composer-from', 'Shift+Tab');
  await page.keyboard.type('printer');
  await tabTo(page, 'preset-ping');
  await page.keyboard.press('Enter');
  await tabTo(page, 'composer-to', 'Shift+Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('198.51.100.7');
  await tabTo(page, 'composer-inject');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('steps').locator('[data-testid^=outcome-step-][title*="1 of 1 answered"]')).toHaveCount(
    2,
  );
});

/** One edit of each kind: how it is made, and what the text beside it then says. */
const EDITS: readonly (readonly [name: string, section: string, make: (page: Page) => Promise<void>, says: RegExp])[] =
  [
    [
      'a route’s field',
      'routes',
      async (page) => {
        await page.getByTestId('route-1-face').click();
        await page.getByTestId('route-1-metric').fill('50');
      },
      /^default via 203\.0\.113\.254 dev eth0 metric 50$/,
    ],
    [
      'a route’s type',
      'routes',
      async (page) => {
        await page.getByTestId('route-1-face').click();
        await page.getByTestId('route-1-type').selectOption('blackhole');
      },
      /^blackhole default/,
    ],
    ['a route removed', 'routes', (page) => page.getByTestId('remove-route-1').click(), /^$/],
    [
      'a set made',
      'sets',
      async (page) => {
        await page.getByTestId('add-set').click();
        await page.getByTestId('new-set-type').selectOption('hash:net');
        await page.getByTestId('new-set-add').click();
      },
      /^create set1 hash:net comment$/,
    ],
    [
      'a socket’s program',
      'sockets',
      async (page) => {
        await page.getByTestId('socket-1-answer').selectOption('silent');
      },
      /"port": 22, "silent": true/,
    ],
    ['a socket removed', 'sockets', (page) => page.getByTestId('remove-socket-1').click(), /^(?!.*"port": 22)/s],
    [
      'a sysctl',
      'sysctls',
      async (page) => {
        await page.getByTestId('find-sysctl').fill('reverse path');
        await page.getByTestId('value-net.ipv4.conf.all.rp_filter').selectOption('1');
      },
      /net\.ipv4\.conf\.all\.rp_filter = 1/,
    ],
    [
      'a sysctl set back',
      'sysctls',
      (page) => page.getByTestId('reset-net.ipv4.ip_forward').click(),
      /^(?!.*ip_forward)/s,
    ],
    ['an interface added', 'interfaces', (page) => page.getByTestId('add-interface').click(), /"eth2"/],
    [
      'an interface renamed',
      'interfaces',
      async (page) => {
        await page.getByTestId('interface-eth1-face').click();
        await page.getByTestId('interface-eth1-name').fill('lan0');
        await page.getByTestId('interface-eth1-name').press('Enter');
      },
      /"lan0"/,
    ],
    [
      'an MTU',
      'interfaces',
      async (page) => {
        await page.getByTestId('interface-eth1-face').click();
        await page.getByTestId('interface-eth1-mtu').fill('1400');
      },
      /"mtu": 1400/,
    ],
    [
      'an address',
      'interfaces',
      async (page) => {
        await page.getByTestId('interface-eth1-face').click();
        await page.getByTestId('address-router-eth1-1').fill('10.0.0.3/24');
      },
      /10\.0\.0\.3\/24/,
    ],
    [
      'an interface deleted',
      'interfaces',
      async (page) => {
        await page.getByTestId('remove-interface-router-eth1').click();
      },
      /^(?!.*eth1)/s,
    ],
  ];

test('undo takes back each kind of edit, of the form and of the text', async ({ page }) => {
  test.slow();
  await ready(page);
  for (const [name, where, make, says] of EDITS) {
    await test.step(name, async () => {
      await section(page, where);
      const before = await text(page);
      expect(before).not.toMatch(says);
      await make(page);
      await expect.poll(() => text(page)).toMatch(says);
      await page.keyboard.press('Control+z');
      await expect.poll(() => text(page)).toBe(before);
      await page.getByTestId('editor-close').click();
    });
  }
  // The same document: what is typed as text stands in the form.
  await section(page, 'sysctls');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('net.ipv4.icmp_echo_ignore_all = 1\n');
  await expect(page.getByTestId('value-net.ipv4.icmp_echo_ignore_all')).toHaveValue('1');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('reset-net.ipv4.icmp_echo_ignore_all')).toBeHidden();
});

test('what would be no lab stays in its field, with the reason', async ({ page }) => {
  await ready(page);
  await section(page, 'interfaces');
  await page.getByTestId('interface-eth1-face').click();
  const before = await text(page);
  const wrong = [
    ['interface-eth1-mtu', '5', 'An MTU is a whole number from 68 to 65535, not 5.'],
    ['interface-eth1-mac', '02:00', 'A MAC is six pairs of hexadecimal digits'],
    ['address-router-eth1-1', '10.0.0.1', 'An address with its prefix length is wanted'],
  ] as const;
  for (const [field, value, reason] of wrong) {
    await page.getByTestId(field).fill(value);
    await page.getByTestId(field).blur();
    await expect(page.getByTestId(`${field}-problem`)).toContainText(reason);
    await expect(page.getByTestId(field)).toHaveValue(value);
  }
  await page.getByTestId('interface-eth1-name').fill('a name that is too long');
  await page.getByTestId('interface-eth1-name').press('Enter');
  await expect(page.getByTestId('interface-eth1-name-problem')).toContainText('1 to 15 characters');
  expect(await text(page)).toBe(before);
  await page.getByTestId('interface-eth1-mtu').fill('1400');
  await expect(page.getByTestId('interface-eth1-mtu-problem')).toBeHidden();
  await expect.poll(() => text(page)).toContain('"mtu": 1400');

  await page.getByTestId('section-sockets').click();
  await page.getByTestId('socket-1-port').fill('70000');
  await expect(page.getByTestId('socket-1-port-problem')).toHaveText(
    'A port is a whole number from 1 to 65535, not 70000.',
  );
  expect(await text(page)).toContain('"port": 22');
  // The text side is held to the same: it says where, and the lab goes on.
  await page.locator('.cm-line', { hasText: '22' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' x');
  await expect(page.locator('.hl-box')).toContainText('the lab goes on with what it had');
  await expect(page.getByTestId('socket-1')).toBeVisible();
  await expect(page.getByTestId('engine-message')).toBeHidden();
});

test('what a tool refuses is said in the form, in its words, and mended there', async ({ page }) => {
  await ready(page);
  await section(page, 'routes');
  await page.getByTestId('route-1-face').click();
  await page.getByTestId('route-1-via').fill('10.99.0.1');
  await expect(page.getByTestId('fault-1')).toContainText('Nexthop has invalid gateway');
  await expect(page.getByTestId('section-routes').getByLabel('something is wrong here')).toBeVisible();
  await page.getByTestId('route-1-via').fill('203.0.113.254');
  await expect(page.getByTestId('fault-1')).toBeHidden();
  await page.getByTestId('section-sysctls').click();
  await page.getByTestId('find-sysctl').fill('ttl');
  await page.getByTestId('value-net.ipv4.ip_default_ttl').fill('300');
  await expect(page.getByTestId('value-net.ipv4.ip_default_ttl-problem')).toHaveText(/Invalid argument/);
  await page.getByTestId('section-sets').click();
  await page.getByTestId('add-set').click();
  await page.getByTestId('new-set-add').click();
  await page.getByTestId('new-member-set1').fill('nonsense');
  await page.getByTestId('new-member-set1-add').click();
  await expect(page.getByTestId('set-set1')).toContainText('1 left out');
});

test('of a set with thousands of members only what is in view is in the page', async ({ page }) => {
  await ready(page);
  await section(page, 'sets');
  const members = Array.from({ length: 3000 }, (_, i) => `add many 10.${i >> 8}.${i & 255}.7`).join('\n');
  await page.locator('.cm-content').evaluate((editor, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, `create many hash:ip\n${members}\n`);
  await expect(page.getByTestId('set-many')).toContainText('3 000 members');
  if ((await page.getByTestId('set-many').getAttribute('data-state')) === 'closed')
    await page.getByTestId('set-many-face').click();
  await expect(page.getByTestId('members-many')).toBeVisible();
  expect(await page.locator('[data-testid^=member-many-]').count()).toBeLessThan(60);
  await page.getByTestId('find-member-many').fill('10.11.183.7');
  await expect(page.locator('[data-testid^=member-many-]')).toHaveCount(1);
  await page.getByTestId('remove-member-many-3001').click();
  await expect(page.getByTestId('set-many')).toContainText('2 999 members');
});

test('of thousands of routes only what is in view is in the page, and the last is edited like the first', async ({
  page,
}) => {
  await ready(page);
  await section(page, 'routes');
  await page.locator('.cm-content').evaluate(
    (editor, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    `${Array.from({ length: 2000 }, (_, i) => `172.${16 + (i >> 8)}.${i & 255}.0/24 dev eth1`).join('\n')}\n`,
  );
  await expect(page.getByTestId('route-1')).toContainText('172.16.0.0/24');
  expect(await page.locator('[data-testid^=route-][data-testid$=-face]').count()).toBeLessThan(60);
  await page.getByTestId('setup-form').evaluate((form) => {
    form.scrollTop = form.scrollHeight;
  });
  await page.getByTestId('route-2001-face').click();
  await page.getByTestId('route-2001-metric').fill('7');
  await page.locator('.cm-scroller').evaluate((e) => {
    e.scrollTop = e.scrollHeight;
  });
  await expect(page.locator('.cm-line', { hasText: 'default via 203.0.113.254 dev eth0 metric 7' })).toBeVisible();
});

test('a host that steps name says which go, a segment who goes; names, and undo of all of it', async ({ page }) => {
  await ready(page);
  await page.getByTestId('crumb-network').click();
  await page.getByTestId('network-edit').click();
  await page.getByTestId('remove-host-client').click();
  const ask = page.getByRole('group', { name: 'Delete host client' });
  await expect(ask).toContainText('Steps 1 and 4 go with it.');
  await ask.getByRole('button', { name: 'Keep' }).click();
  await expect(page.getByTestId('host-client')).toBeVisible();
  await page.getByTestId('remove-host-client').click();
  await page.getByTestId('remove-host-client-yes').click();
  await expect(page.getByTestId('host-client')).toBeHidden();
  await expect(page.getByTestId('step-3')).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('host-client')).toBeVisible();
  await expect(page.getByTestId('step-4')).toBeVisible();
  // A wire, by its interface.
  await page.getByTestId('segment-lan').click();
  await page.getByTestId('remove-interface-laptop-eth0').click();
  await page.getByTestId('remove-interface-laptop-eth0-yes').click();
  await expect(page.getByTestId('link-laptop-eth0')).toBeHidden();
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('link-laptop-eth0')).toBeVisible();
  await page.getByTestId('segment-name-lan').fill('home');
  await page.getByTestId('segment-name-lan').press('Enter');
  await expect(page.getByTestId('segment-home')).toBeVisible();
  await page.getByTestId('remove-segment-home').click();
  await expect(page.getByRole('group', { name: 'Delete segment home' })).toContainText(
    'router eth1, web eth0, laptop eth0 go with it.',
  );
  await page.getByTestId('remove-segment-home-yes').click();
  await expect(page.getByTestId('segment-home')).toBeHidden();
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('segment-home')).toBeVisible();
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('segment-lan')).toBeVisible();
  // A host under another name keeps its steps.
  await page.getByTestId('net-host-client-face').click();
  await page.getByTestId('host-name-client').fill('a-client-with-a-long-name');
  await page.getByTestId('host-name-client').press('Enter');
  await expect(page.getByTestId('step-1')).toContainText('a-client-with-a-long-name');
  const title = page
    .getByTestId('host-a-client-with-a-long-name')
    .getByRole('button', { name: 'a-client-with-a-long-name', exact: true });
  expect(await title.evaluate((e) => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 1)).toBe(
    true,
  );
});

test('the last host stays', async ({ page }) => {
  await ready(page);
  await page.getByTestId('lab-name').click();
  await page.getByTestId('lab-empty').click();
  await page.getByTestId('crumb-network').click();
  await page.getByTestId('network-edit').click();
  await page.getByTestId('remove-host-neighbour').click();
  await expect(page.getByTestId('host-neighbour')).toBeHidden();
  await page.getByTestId('remove-host-host').click();
  await expect(page.getByTestId('remove-host-host-refused')).toHaveText('A lab needs at least one host.');
});

test('a host that is dragged stays where it was put, with its wires, and after a reload', async ({ page }) => {
  await ready(page);
  await page.getByTestId('crumb-network').click();
  const client = page.getByTestId('host-client');
  const wire = page.getByTestId('segment-access');
  await expect(client).toBeVisible();
  const [x, y] = await middle(client);
  const [wx] = await middle(wire);
  await page.mouse.move(x, y + 50);
  await page.mouse.down();
  await page.mouse.move(x, y + 90, { steps: 4 });
  await page.mouse.move(x, y + 190, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.round((await middle(client))[1] - y)).toBeGreaterThan(100);
  await expect(page.getByTestId('undo')).toBeEnabled();
  const [, wy] = await middle(wire);
  const [, there] = await middle(client);
  const place = (): Promise<string> =>
    page.locator('.react-flow__node[data-id="host-client"]').evaluate((e) => (e as HTMLElement).style.transform);
  const put = await place();
  expect(wy).toBeLessThan(there);
  expect(Math.abs((await middle(wire))[0] - wx)).toBeLessThan(30);
  await expect(page.getByTestId('saved')).toHaveText('saved');
  await page.reload();
  await expect(client).toBeVisible();
  // Where it lies in the drawing: the whole may fit the screen otherwise.
  await expect.poll(place).toBe(put);
  await page.getByTestId('network-edit').click();
  await expect(page.getByTestId('network-pane')).toBeVisible();
});

test('the palette opens over the editor and leaves it open', async ({ page }) => {
  await ready(page);
  await section(page, 'sockets');
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('palette')).toBeHidden();
  await expect(page.getByTestId('socket-1')).toBeVisible();
  await command(page, 'edit routes');
  await expect(page.getByTestId('route-1')).toBeVisible();
  await command(page, 'all hosts and wires');
  await expect(page.getByTestId('network-canvas')).toBeVisible();
  await expect(page.getByTestId('rules-editor')).toBeHidden();
});

/** Everything that is new, on the page as it stands. */
async function sound(page: Page, where: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        return violations.flatMap((v) => v.nodes.map((n) => `${where}: ${v.id} ${n.target.join(' ')}`));
      },
      { timeout: 15_000, intervals: [300, 600, 1200] },
    )
    .toEqual([]);
}

for (const scheme of ['dark', 'light'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${scheme}, ${width} wide`, () => {
      test.use({
        colorScheme: scheme,
        viewport: { width, height: width === 390 ? 844 : 900 },
        contextOptions: { reducedMotion: 'reduce' },
      });

      test('axe finds nothing in the forms and in the network that is edited', async ({ page }) => {
        test.slow();
        await page.goto('./');
        await expect(page.getByTestId('position')).toHaveText(/of [1-9]/);
        await section(page, 'interfaces');
        await page.getByTestId('interface-eth1-face').click();
        await page.getByTestId('interface-eth1-mtu').fill('5');
        await sound(page, 'interfaces');
        await page.getByTestId('section-routes').click();
        await page.getByTestId('route-1-face').click();
        await page.getByTestId('add-route').click();
        await sound(page, 'routes');
        await page.getByTestId('section-sets').click();
        await page.getByTestId('add-set').click();
        await sound(page, 'a new set');
        await page.getByTestId('new-set-add').click();
        await page.getByTestId('new-member-set1').fill('10.0.0.7');
        await page.getByTestId('new-member-set1-add').click();
        await expect(page.getByTestId('member-set1-10.0.0.7')).toBeVisible();
        await sound(page, 'sets');
        await page.getByTestId('section-sockets').click();
        await sound(page, 'sockets');
        await page.getByTestId('section-sysctls').click();
        await page.getByTestId('find-sysctl').fill('rp_filter');
        await page.getByTestId('more-net.ipv4.conf.DEV.rp_filter').click();
        await sound(page, 'sysctls');
        if (width === 390) {
          await page.getByTestId('pane-text').click();
          await sound(page, 'sysctls as text');
          // Nothing is wider than the screen.
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        }
        await page.getByTestId('editor-close').click();
        await page.keyboard.press('g');
        await page.getByTestId('network-edit').click();
        await page.getByTestId('net-host-router-face').click();
        await sound(page, 'network, a host');
        await page.getByTestId('net-segment-lan-face').click();
        await page.getByTestId('network-add-host').click();
        await sound(page, 'network, a new host');
        await page.getByTestId('network-add-link').click();
        await sound(page, 'network, a new wire');
      });
    });
  }
}

test('the dots of other packets go with a host that is dragged', async ({ page }) => {
  await ready(page);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('drop or reject');
  await page.locator('[data-testid="find-lab-drop-or-reject"]').click();
  await page.getByTestId('crumb-network').click();
  await expect(page.getByTestId('host-polite')).toBeVisible();
  await page.getByTestId('step-2').click();
  const dot = page.getByTestId('packet-dot');
  for (let i = 0; i < 30 && (await dot.count()) === 0; i++) await page.keyboard.press('ArrowRight');
  await expect(dot).toHaveCount(1);
  const place = async (): Promise<number> => Number(await dot.getAttribute('cy'));
  const before = await place();
  const [x, y] = await middle(page.getByTestId('host-polite'));
  await page.mouse.move(x, y + 20);
  await page.mouse.down();
  await page.mouse.move(x, y + 60, { steps: 4 });
  await page.mouse.move(x, y + 120, { steps: 4 });
  expect(await place()).toBeGreaterThan(before + 40);
  await page.mouse.up();
  await expect.poll(place).toBeGreaterThan(before + 40);
  await page.getByTestId('undo').click();
  await expect.poll(place).toBe(before);
});

test('wires that are not drawn are named, and messages leave the packet’s pill free', async ({ page }) => {
  await ready(page);
  await section(page, 'interfaces');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  const wires = Array.from({ length: 5 }, (_, i) => `"w${i}": { "segment": "nowhere-${i}" }`).join(', ');
  await page.keyboard.insertText(`{ "eth0": { "segment": "uplink", "addresses": ["203.0.113.1/24"] }, ${wires} }`);
  await page.getByTestId('editor-close').click();
  await page.getByTestId('crumb-network').click();
  await expect(page.getByTestId('wires-left-out')).toContainText('5 wires');
  await expect(page.getByTestId('wires-left-out')).toHaveAttribute('title', /nowhere-4/);
  await page.keyboard.press('Home');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('packet-pill')).toBeVisible();
  await page.getByTestId('step-4').locator('> button').first().focus();
  await page.keyboard.press('Delete');
  const notice = page.getByTestId('notices').locator('> div').first();
  await expect(notice).toBeVisible();
  const pill = await page.getByTestId('packet-pill').boundingBox();
  const said = await notice.boundingBox();
  expect((pill?.y ?? 0) + (pill?.height ?? 0)).toBeLessThan(said?.y ?? 0);
});
