import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { at } from '../src/cli/dev/lib.mjs';
import { open, paste, pasteLab, steps, until } from './helpers';

/** The dump of a Docker host, written for the lab of that name. */
const docker = (
  JSON.parse(readFileSync(at('src/lab/labs/docker-host.json'), 'utf8')) as {
    hosts: Record<string, { iptables?: string }>;
  }
).hosts.docker?.iptables as string;

const title = (page: Page) => page.getByTestId('lab-name').innerText();

test('a pasted dump of a Docker host: a packet to a published port is followed through its chains', async ({
  page,
}) => {
  test.slow();
  await open(page);
  await paste(page, docker);
  await expect(page.getByTestId('import-what')).toContainText('19 rules in nat, filter');
  await expect(page.getByTestId('import-guesses')).toBeAttached();
  await expect(page.getByTestId('import-problems')).toBeHidden();
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('position')).toHaveText(/^0 of/);
  await expect(page.getByTestId('outcome-step-1')).toHaveAttribute('data-state', 'done');

  await until(page, /Rule 1 of nat PREROUTING matches.*DOCKER/);
  await until(page, /Rule 2 of nat DOCKER matches/);
  await expect(page.getByTestId('chain-nat-PREROUTING-DOCKER')).toHaveAttribute('data-state', 'current');
  await until(page, /destination changes from \S+:8080 to 172\.17\.0\.2:80/);
  await expect(page.getByTestId('packet-pill')).toContainText('172.17.0.2:80');
  await until(page, /of filter DOCKER-USER matches/);
  await expect(page.getByTestId('chain-filter-FORWARD-DOCKER-USER')).toHaveAttribute('data-state', 'current');
  await until(page, /of filter DOCKER matches: this table lets the packet pass/);
  await expect(page.getByTestId('chain-filter-FORWARD-DOCKER')).toHaveAttribute('data-state', 'current');
  await until(page, /delivered to the \S+ service on port 80/);
  await until(page, /its source changes back from 172\.17\.0\.2:80 to \S+:8080/);

  // What a container asks the world: its address is hidden behind the host's.
  await page.getByTestId('step-2').locator('button').first().click();
  await until(page, /of nat POSTROUTING matches: MASQUERADE/);
  await until(page, /source changes from 172\.17\.0\.2:\d+ to/);
});

test('a dump with mistakes says where, is used without them, and the host leads to the line', async ({ page }) => {
  await open(page);
  await paste(
    page,
    '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n-A INPUT -p tcp -m tcp --dprot 22 -j ACCEPT\nCOMMIT\n',
  );
  await expect(page.getByTestId('import-problems')).toContainText('4:24');
  await expect(page.getByTestId('import-problems')).toContainText('--dport');
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('notices')).toContainText('iptables-restore');
  const chip = page.getByTestId('left-out-iptables');
  await expect(chip).toContainText('1 line left out: iptables-restore would refuse this text');
  await chip.click();
  await expect(page.getByTestId('rules-editor')).toBeVisible();
  await expect(page.locator('.cm-activeLine')).toContainText('--dprot');
});

const lab = (more: string): string => `{"format":"lab/1","name":"x","hosts":{"a":{${more}}},"steps":[]}`;
const dump = (line: string): string => `*filter\n:INPUT ACCEPT [0:0]\n${line}\nCOMMIT\n`;
const net = '2: eth0: <BROADCAST,UP> mtu 1500\n    inet 192.0.2.1/24 scope global eth0\n';
type Case = readonly [text: string, says: RegExp];

const LABS: readonly Case[] = [
  ['{ "format": "lab/1", "hosts": { ', /never closed/],
  ["{ 'format': 'lab/1' }", /name of a member/],
  ['[]', /lab/i],
  ['{"name":"x","hosts":{},"steps":[]}', /format/],
  ['{"format":"lab/9","name":"x","hosts":{},"steps":[]}', /lab\/1/],
  ['{"format":"lab/1","name":"x","hosts":{"a":{}},"steps":{}}', /steps/],
  [lab('"interfaecs":{}'), /interfaecs/],
  [lab('"interfaces":{"eth0":{"segment":"s","addresses":["10.0.0.1/33"]}}'), /10\.0\.0\.1\/33/],
  [lab('"interfaces":{"eth0":{"segment":7}}'), /segment/],
  ['{"format":"lab/1","name":"x","hosts":{"a":{}},"steps":[{"ping":{"host":"b","to":"10.0.0.1"}}]}', /"?b"?/],
];

const DUMPS: readonly Case[] = [
  [dump('-A INPUT -p tcp -m tcp --dprot 22 -j ACCEPT'), /--dport/],
  [dump('-A INPUT -j NOWHERE'), /NOWHERE/],
  [dump('-A INPUT -s 10.0.0.999 -j DROP'), /10\.0\.0\.999/],
  [dump('-A INPTU -j DROP'), /INPTU/],
  [dump('-A INPUT -p tcp -m tcp --dport 70000 -j DROP'), /70000/],
  [dump('-A INPUT -m nosuch -j DROP'), /nosuch/],
  [dump('-A INPUT -j DNAT --to-destination 10.0.0.1'), /nat/],
  [dump(':LOOP - [0:0]\n-A INPUT -j LOOP\n-A LOOP -j LOOP'), /loop/i],
  ['*fliter\n:INPUT ACCEPT [0:0]\nCOMMIT\n', /fliter/],
  ['*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\n', /COMMIT/],
];

const ROUTES: readonly Case[] = [
  ['10.0.0.0/240 via 192.0.2.254 dev eth0', /10\.0\.0\.0\/240/],
  ['default via 192.0.2.999 dev eth0', /192\.0\.2\.999/],
  ['default via dev eth0', /dev|via/],
  ['default via 192.0.2.254 dev', /not complete/],
  ['default via 198.51.100.1 dev eth0', /gateway|unreachable|198\.51\.100\.1/i],
  ['10.0.0.0/8 via 192.0.2.254 dev eth0 metric many', /many/],
  ['10.0.0.0/8 via 192.0.2.254 dev eth0 src 10.9.9.9', /prefsrc/],
  ['10.0.0.0/8 via 192.0.2.254 dev eth0 fast', /fast/],
  ['10.0.0.1/8 via 192.0.2.254 dev eth0', /10\.0\.0\.1\/8|argument|prefix/i],
  ['10.0.0.0/8 via 2001:db8::1 dev eth0', /prefix is expected/],
];

const ADDRESSES: readonly Case[] = [
  ['10.0.0.999', /10\.0\.0\.999” is not an IPv4 address/],
  ['10.0.0', /four numbers/],
  ['10.0.0.1/24', /neither an address nor a host/],
  ['2001:db8::1::2', /not an IPv6 address/],
  ['2001:db8:::1', /not an IPv6 address/],
  ['[2001:db8::1', /neither an address nor a host/],
  ['nobody-here', /nobody-here/],
  ['router:99999', /“99999” is not a port/],
  ['router:web', /“web” is not a port/],
  ['', /Write an address/],
];

for (const [kind, cases] of [
  ['lab file', LABS],
  ['dump', DUMPS],
] as const) {
  test(`malformed, ten of a kind: ${kind}`, async ({ page }) => {
    test.slow();
    await open(page);
    const [name, count] = [await title(page), await steps(page).count()];
    expect(cases).toHaveLength(10);
    for (const [text, says] of cases) {
      await paste(page, text);
      const problems = page.getByTestId('import-problems');
      await expect(problems, text).toContainText(says);
      // Where: in the file, or in which text of which host.
      await expect(problems, text).toContainText(/\d+:\d+|\w+, \w+(, line \d+)?: /);
      // The text stays for mending, and so does the lab.
      await expect(page.getByTestId('import-text')).toHaveValue(text);
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('import')).toBeHidden();
    }
    await expect(steps(page)).toHaveCount(count);
    expect(await title(page)).toBe(name);
  });
}

test('malformed, ten of a kind: route', async ({ page }) => {
  test.slow();
  await open(page);
  const count = await steps(page).count();
  expect(ROUTES).toHaveLength(10);
  for (const [route, says] of ROUTES) {
    await paste(page, `${net}${route}\n`);
    const verdict = page.getByTestId('import-verdict');
    await expect(verdict.getByTestId('import-problems'), route).toContainText(says);
    await expect(verdict, route).toContainText('3:');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('import')).toBeHidden();
  }
  await expect(steps(page)).toHaveCount(count);
});

test('malformed, ten of a kind: address', async ({ page }) => {
  await open(page);
  const count = await steps(page).count();
  await page.getByTestId('preset-tcp').click();
  const to = page.getByTestId('composer-to');
  expect(ADDRESSES).toHaveLength(10);
  for (const [address, says] of ADDRESSES) {
    await to.fill(address);
    await page.getByTestId('composer-inject').click();
    await expect(page.getByTestId('composer').getByRole('alert').first(), address).toContainText(says);
    await expect(to).toHaveValue(address);
  }
  await expect(steps(page)).toHaveCount(count);
});

test('malformed, ten of a kind: share link', async ({ page }) => {
  test.slow();
  await open(page);
  const count = await steps(page).count();
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-link')).toHaveValue(/#lab=/);
  const link = new URL(await page.getByTestId('share-link').inputValue());
  await page.keyboard.press('Escape');
  const hash = link.hash;
  const [head = '', data = ''] = [hash.slice(0, hash.lastIndexOf('.') + 1), hash.slice(hash.lastIndexOf('.') + 1)];
  const damaged = [
    '#lab=',
    '#lab=nonsense',
    '#lab=1.',
    '#lab=9.0000000.AAAA',
    head,
    head + data.slice(0, -1),
    head + data.slice(0, data.length / 2),
    `${head}!${data}`,
    `${hash}.more`,
    hash.replace(data.slice(20, 24), data.slice(20, 24) === 'AAAA' ? 'BBBB' : 'AAAA'),
  ];
  expect(new Set(damaged).size).toBe(10);
  for (const fragment of damaged) {
    await page.evaluate((to) => {
      location.hash = to;
    }, fragment);
    await expect(page.getByTestId('notices'), fragment).toContainText('The link is damaged.');
    await expect(page.getByTestId('notices')).toContainText('Your lab is as it was.');
    for (const close of await page.getByTestId('notices').getByRole('button', { name: 'Dismiss' }).all())
      await close.click();
    await expect(page.getByTestId('notices')).not.toContainText('damaged');
  }
  await expect(steps(page)).toHaveCount(count);
});

test('of a dump that is very long the beginning is shown; its chains are offered when one is to be chosen', async ({
  page,
}) => {
  test.slow();
  const chains = Array.from({ length: 1500 }, (_, i) => `CHAIN-${i}`);
  const rules = chains.map((c) => `-A ${c} -s 10.0.0.0/8 -p tcp -m tcp --dport 443 -m comment --comment "x" -j ACCEPT`);
  const dump = ['*filter', ...chains.map((c) => `:${c} - [0:0]`), ...rules, '-A INPUT -j CHAIN-1499', 'COMMIT', ''];
  await open(page);
  await paste(page, dump.join('\n'));
  await expect(page.getByTestId('import-beginning')).toContainText('of 3 004 lines');
  await expect(page.getByTestId('import-what')).toContainText('1 501 rules in filter');
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('position')).toHaveText(/^0 of/);
  await page.keyboard.press('e');
  const select = page.getByTestId('chain-select');
  await expect(select.locator('option')).toHaveCount(1);
  await select.press('ArrowDown');
  await expect(select.locator('option')).toHaveCount(1503);
  await select.selectOption('filter CHAIN-1499');
  await expect(page.getByTestId('chain-name')).toHaveText('CHAIN-1499');
  await expect(page.getByTestId('rules-editor')).toContainText('reached from INPUT');
});

test('nftables rules are taken without a tick: what is not simulated is said before and after', async ({ page }) => {
  await open(page);
  await paste(page, 'table ip nat {\n\tchain post {\n\t\tmasquerade\n\t}\n}\n');
  await expect(page.getByTestId('import-unlike')).toContainText('nftables rules are kept as text, but not simulated');
  await expect(page.getByTestId('import-verdict').locator('.text-ok')).toHaveCount(0);
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('notices')).toContainText('not simulated');
  await expect(page.getByTestId('notices').locator('.text-ok')).toHaveCount(0);
});

test('what was guessed is found where the page says, and the lab is named after what is in it', async ({ page }) => {
  await open(page);
  await paste(page, '*filter\n:DOCKER-USER - [0:0]\n-A INPUT -i docker0 -j ACCEPT\nCOMMIT\n');
  await page.getByTestId('import-new').click();
  await expect(page.getByTestId('notices')).toContainText('Press its name at the top left');
  const name = page.getByTestId('lab-name');
  await expect(name).toHaveText('Docker host');
  await name.click();
  await expect(page.getByTestId('labs')).toContainText('Guessed: ');
});

test('what was said of one lab goes when another is opened', async ({ page }) => {
  await open(page);
  for (const [rule, back] of [
    ['-A INPUT -p tcp --dport nowhere -j DROP', 'Port forwarding'],
    ['-A INPUT -p tcp --dport 22 -j DROP', 'A host from its ruleset'],
  ] as const) {
    await paste(page, `*filter\n${rule}\nCOMMIT\n`);
    await page.getByTestId('import-new').click();
    await expect(page.getByTestId('notices').getByRole('button', { name: `Back to ${back}` })).toBeVisible();
  }
  await expect(page.getByTestId('notices').getByRole('button', { name: /^Back to/ })).toHaveCount(1);
  await expect(page.getByTestId('notices')).not.toContainText('would refuse');
});

test('missing neighbours fail where the lab says so, and undo takes it back', async ({ page }) => {
  await open(page);
  const eth0 = (address: string) => ({ interfaces: { eth0: { segment: 'lan', addresses: [address] } } });
  const packet = { src: '10.0.0.1', dst: '10.0.0.99', icmp: { type: 8, id: 1, seq: 1 } };
  const lab = {
    format: 'lab/1',
    name: 'missing',
    hosts: { a: eth0('10.0.0.1/24'), b: eth0('10.0.0.2/24') },
    steps: [{ send: { host: 'a', packet } }, { wait: { seconds: 4 } }],
  };
  await pasteLab(page, lab);
  await expect(page.getByTestId('lab-name')).toHaveText('missing');
  await page.getByTestId('step-1').click();
  await until(page, /ends here: nobody answers for the next hop/);
  await page.getByTestId('lab-name').click();
  await page.getByTestId('neighbours-fail').check();
  await page.keyboard.press('Escape');
  await page.getByTestId('step-1').click();
  await until(page, /Nobody on eth0 has answered for 10\.0\.0\.99 yet, so the packet waits/);
  await page.getByTestId('step-2').click();
  await until(page, /delivered to a, whose kernel handles ICMP/);
  await page.keyboard.press('Control+z');
  await page.getByTestId('lab-name').click();
  await expect(page.getByTestId('neighbours-fail')).not.toBeChecked();
});
