import { expect, type Locator, type Page, test } from '@playwright/test';
import { command, editorText, open, pasteLab, section, tabTo } from './helpers';

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

/** The packets are beside the drawing again. */
const done = (page: Page): Promise<void> => page.getByRole('button', { name: 'Done' }).click();

test('by mouse: a host is added, connected and set up, and talks through it all', async ({ page }) => {
  test.slow();
  await open(page);
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
  await expect
    .poll(() => editorText(page))
    .toBe('create trusted hash:ip timeout 600 comment\nadd trusted 10.0.0.5 comment "the web server"');
  await page.getByTestId('editor-close').click();

  // Out by the route, and back to the socket.
  await done(page);
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
  await open(page);
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

test('a host that steps name says which go, a segment who goes; names, and undo of all of it', async ({ page }) => {
  await open(page);
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
  await done(page);
  await expect(page.getByTestId('step-2')).toBeVisible();
  await expect(page.getByTestId('step-3')).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('host-client')).toBeVisible();
  await expect(page.getByTestId('step-4')).toBeVisible();
  await page.getByTestId('network-edit').click();
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
  const title = page
    .getByTestId('host-a-client-with-a-long-name')
    .getByRole('button', { name: 'a-client-with-a-long-name', exact: true });
  await expect
    .poll(() => title.evaluate((e) => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 1))
    .toBe(true);
  await done(page);
  await expect(page.getByTestId('step-1')).toContainText('a-client-with-a-long-name');
});

test('the last host stays', async ({ page }) => {
  await open(page);
  await page.getByTestId('lab-name').click();
  await page.getByTestId('lab-empty').click();
  await page.getByTestId('crumb-network').click();
  await page.getByTestId('network-edit').click();
  await page.getByTestId('remove-host-neighbour').click();
  await expect(page.getByTestId('host-neighbour')).toBeHidden();
  await page.getByTestId('remove-host-host').click();
  const refused = page.getByTestId('remove-host-host-refused');
  await expect(refused).toHaveText('A lab needs at least one host.');
  await page.getByRole('button', { name: 'OK', exact: true }).click();
  await expect(refused).toBeHidden();
});

test('a host that is dragged stays where it was put, with its wires, and after a reload', async ({ page }) => {
  await open(page);
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

test('the dots of other packets go with a host that is dragged', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('drop or reject');
  await page.getByTestId('find-lab-drop-or-reject').click();
  // The lab is loaded, and opens at a host of its own.
  await expect(page.getByRole('button', { name: 'Host polite' })).toBeVisible();
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
  await expect.poll(place).toBeGreaterThan(before + 40);
  await page.mouse.up();
  await expect.poll(place).toBeGreaterThan(before + 40);
  await page.getByTestId('undo').click();
  await expect.poll(place).toBe(before);
});

test('wires that are not drawn are named, and messages leave the packet’s pill free', async ({ page }) => {
  await open(page);
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
  const notice = page.getByTestId('notices').getByRole('article').first();
  await expect(notice).toBeVisible();
  const apart = async (): Promise<number> => {
    const [pill, said] = [await page.getByTestId('packet-pill').boundingBox(), await notice.boundingBox()];
    return (said?.y ?? Number.NaN) - (pill?.y ?? Number.NaN) - (pill?.height ?? 0);
  };
  await expect.poll(apart).toBeGreaterThan(0);
});

test('a packet that never leaves its host is seen to end there', async ({ page }) => {
  await open(page);
  const eth0 = (address: string) => ({ interfaces: { eth0: { segment: 'lan', addresses: [address] } } });
  const hosts = { a: eth0('10.0.0.1/24'), b: eth0('10.0.0.2/24') };
  for (const [host, to, glyph, word] of [
    ['a', '198.51.100.7', 'bad', 'ENETUNREACH'],
    ['b', '10.0.0.2', 'ok', 'delivered'],
  ] as const) {
    await pasteLab(page, { format: 'lab/1', name: 'inside', hosts, steps: [{ ping: { host, to } }] });
    await page.getByTestId('crumb-network').click();
    await page.keyboard.press('End');
    await expect(page.getByTestId('packet-pill')).toHaveAttribute('data-end', glyph);
    await expect(page.getByTestId('network-canvas')).toContainText(
      `The packet ended on ${host}: ${word}. No wire was used.`,
    );
    await expect(page.getByTestId(`host-${host}`)).toHaveAccessibleName(`Host ${host}, the packet ended here`);
  }
  await expect(page.getByTestId('host-b')).toContainText('here: delivered');
});

test('a host that is dragged to a segment reaches what lies behind the only router there', async ({ page }) => {
  await open(page);
  await page.getByTestId('crumb-network').click();
  await page.getByTestId('network-edit').click();
  await page.getByTestId('network-add-host').click();
  await page.getByTestId('new-host-name').fill('spare');
  await page.getByTestId('new-host-segment').selectOption('');
  await page.getByTestId('add-host-add').click();
  await drag(page, page.getByTestId('connect-spare'), page.getByTestId('segment-lan'));
  await expect(page.getByTestId('network-said')).toContainText('Its default route goes via router, 10.0.0.1.');
  await done(page);
  await page.getByTestId('composer-from').selectOption('spare');
  await page.getByTestId('preset-ping').click();
  await page.getByTestId('composer-to').fill('198.51.100.7');
  await page.getByTestId('composer-inject').click();
  await expect(page.getByTestId('steps').locator('[data-testid^=outcome-step-][title*="1 of 1 answered"]')).toHaveCount(
    2,
  );
});
