import { expect, type Page, test } from '@playwright/test';
import { command, editorText, open, paste, section, sound } from './helpers';

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
  await open(page);
  for (const [name, where, make, says] of EDITS) {
    await test.step(name, async () => {
      await section(page, where);
      const before = await editorText(page);
      expect(before).not.toMatch(says);
      await make(page);
      await expect.poll(() => editorText(page)).toMatch(says);
      await page.keyboard.press('Control+z');
      await expect.poll(() => editorText(page)).toBe(before);
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
  await open(page);
  await section(page, 'interfaces');
  await page.getByTestId('interface-eth1-face').click();
  const before = await editorText(page);
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
  expect(await editorText(page)).toBe(before);
  await page.getByTestId('interface-eth1-mtu').fill('1400');
  await expect(page.getByTestId('interface-eth1-mtu-problem')).toBeHidden();
  await expect.poll(() => editorText(page)).toContain('"mtu": 1400');

  await page.getByTestId('section-sockets').click();
  await page.getByTestId('socket-1-port').fill('70000');
  await expect(page.getByTestId('socket-1-port-problem')).toHaveText(
    'A port is a whole number from 1 to 65535, not 70000.',
  );
  expect(await editorText(page)).toContain('"port": 22');
  // The text side is held to the same: it says where, and the lab goes on.
  await page.locator('.cm-line', { hasText: '22' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' x');
  await expect(page.locator('.hl-box')).toContainText('the lab goes on with what it had');
  await expect(page.getByTestId('socket-1')).toBeVisible();
  await expect(page.getByTestId('engine-message')).toBeHidden();
});

test('text that is no part of a lab yet is kept in the editor, and marked', async ({ page }) => {
  await open(page);
  const dot = (name: string) => page.getByTestId(`section-${name}`).getByLabel('something is wrong here');
  const bad: readonly (readonly [section: string, text: string])[] = [
    ['interfaces', '{ "eth0": { "addresses": ["10.0.0.1/24"] } "eth1": {} }'],
    ['sockets', '[{ "protocol": "tcp", "port": }]'],
    ['hooks', '[{ "name": "mymod" '],
    ['sysctls', 'net.ipv4.ip_forward'],
  ];
  for (const [name, text] of bad) {
    await section(page, name);
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
    await expect(dot(name)).toBeVisible();
  }
  await page.getByTestId('section-routes').click();
  await page.getByTestId('editor-close').click();
  await expect(page.getByTestId('notices')).toContainText('It is kept in the editor');
  await page.getByTestId('notices').getByRole('button', { name: 'Back to it' }).first().click();
  await expect(page.getByTestId('notices')).not.toContainText('kept in the editor');
  for (const [name, text] of bad) {
    await section(page, name);
    await expect.poll(() => editorText(page)).toContain(text.trim());
    await expect(page.locator('.hl-box')).toContainText('the lab goes on with what it had');
  }
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('net.ipv4.ip_forward = 1');
  await expect(dot('sysctls')).toBeHidden();
  await expect(dot('sockets')).toBeVisible();
});

test('what is pasted into a text stays there, also when its lines are drawn anew', async ({ page }) => {
  await open(page);
  await section(page, 'sockets');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await paste(page, '{ "protocol": "tcp", "port": 22 }', '.cm-line >> nth=1');
  await expect.poll(() => editorText(page)).toContain('{ "protocol": "tcp", "port": 22 }');
  await expect(page.getByTestId('import')).toBeHidden();
});

test('what a tool refuses is said in the form, in its words, and mended there', async ({ page }) => {
  await open(page);
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
  await open(page);
  await section(page, 'sets');
  const members = Array.from({ length: 3000 }, (_, i) => `add many 10.${i >> 8}.${i & 255}.7`).join('\n');
  await paste(page, `create many hash:ip\n${members}\n`, '.cm-content');
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
  await open(page);
  await section(page, 'routes');
  const routes = Array.from({ length: 2000 }, (_, i) => `172.${16 + (i >> 8)}.${i & 255}.0/24 dev eth1`);
  await paste(page, `${routes.join('\n')}\n`, '.cm-content');
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

test('the palette opens over the editor and leaves it open', async ({ page }) => {
  await open(page);
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
        await open(page);
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
