import { expect, type Page, test } from '@playwright/test';
import { open, pasteLab, steps } from './helpers';

/** A server between a LAN and the rest of the world, with no rules at all. */
const LAB = {
  format: 'lab/1',
  name: 'empty-server',
  title: 'An empty server',
  view: { host: 'server' },
  hosts: {
    server: {
      interfaces: {
        eth0: { segment: 'lan', addresses: ['192.168.1.1/24'] },
        eth1: { segment: 'wan', addresses: ['203.0.113.1/24'] },
      },
      listen: [
        { protocol: 'tcp', port: 22 },
        { protocol: 'tcp', port: 80, serves: 'http' },
      ],
    },
    laptop: {
      interfaces: { eth0: { segment: 'lan', addresses: ['192.168.1.10/24'] } },
      listen: [{ protocol: 'udp', port: 53 }],
    },
    stranger: { interfaces: { eth0: { segment: 'wan', addresses: ['203.0.113.9/24'] } } },
  },
  steps: [
    { connect: { host: 'laptop', to: '192.168.1.1', port: 22 } },
    { connect: { host: 'stranger', to: '203.0.113.1', port: 22 } },
    { connect: { host: 'stranger', to: '203.0.113.1', port: 80 } },
    { connect: { host: 'laptop', to: '192.168.1.1', port: 80 } },
    { udp: { host: 'server', to: '192.168.1.10', port: 53 } },
    { ping: { host: 'stranger', to: '203.0.113.1' } },
  ],
};

/** SSH in from the LAN only, web from anywhere, replies out, everything else logged and dropped. */
const RULES = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
-A INPUT -j LOG
-A FORWARD -j LOG
-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A OUTPUT -j LOG
COMMIT
`;

async function openEmpty(page: Page): Promise<void> {
  await open(page);
  await pasteLab(page, LAB);
  await expect(page.getByTestId('lab-name')).toHaveText('An empty server');
  await expect(page.getByTestId('outcome-step-6')).toHaveAttribute('data-state', /delivered|done/);
  await expect(page.getByTestId('outcome-step-2')).toHaveAttribute('data-state', 'done');
}

/** What iptables-save prints in the console, after the packets' fates have been looked at. */
async function saved(page: Page): Promise<string> {
  const fates = (): Promise<readonly (string | undefined)[]> =>
    page.getByTestId(/^outcome-step-/).evaluateAll((all) => all.map((step) => (step as HTMLElement).dataset.state));
  // Of the steps that send something, the last six of the list.
  const last = ['done', 'dropped', 'done', 'done', 'dropped', 'dropped'];
  await expect.poll(async () => (await fates()).slice(-6)).toEqual(last);
  if (!(await page.getByTestId('console').isVisible())) await page.getByTestId('console-toggle').click();
  const line = page.getByTestId('console-line');
  await line.fill('iptables-save');
  await line.press('Enter');
  const entry = page.getByTestId(/^console-entry-/).last();
  await expect(entry).toContainText('# Completed on');
  const text = await entry.getByTestId('console-text').innerText();
  return `${text.replace(/^#.*\n?/gm, '').trimEnd()}\n`;
}

const chain = (page: Page, name: string) => page.getByTestId('chain-select').selectOption(`filter ${name}`);

/** Adds a rule at the end of the chain on show, and opens it. */
async function addRule(page: Page): Promise<void> {
  await page.getByTestId('add-rule').click();
  await expect(page.getByTestId('find-match')).toBeVisible();
}

/** Adds a match with a click, and gives it a value. */
async function match(page: Page, offer: string, flag: string, value: string): Promise<void> {
  await page.getByTestId(offer).click();
  const field = page.getByTestId(`input-${flag}`);
  await expect(field).toBeVisible();
  await field.fill(value);
}

async function target(page: Page, name: string): Promise<void> {
  const shown = page.getByTestId(`target-${name}`);
  if (!(await shown.isVisible())) await page.getByTestId('target-more').click();
  await page.getByTestId(`target-${name}`).click();
}

/** The form has written the rule. */
const made = (page: Page, line: string | RegExp): Promise<void> =>
  expect(page.locator('.cm-line').filter({ hasText: line })).toHaveCount(1);

async function byMouse(page: Page): Promise<void> {
  await page.getByTestId('crumb-host').click();
  await page.getByTestId('host-edit').click();
  await page.getByTestId('table-add-filter').click();
  for (const name of ['INPUT', 'FORWARD', 'OUTPUT']) {
    await chain(page, name);
    await page.getByTestId('chain-policy').selectOption('DROP');
    if (name === 'INPUT') {
      await addRule(page);
      await match(page, 'add-rule-in-interface', 'in-interface', 'eth0');
      await match(page, 'add-tcp-dport', 'dport', '22');
      await target(page, 'ACCEPT');
      await made(page, '-A INPUT -i eth0 -p tcp -m tcp --dport 22 -j ACCEPT');
      await addRule(page);
      await match(page, 'add-tcp-dport', 'dport', '80');
      await target(page, 'ACCEPT');
      await made(page, '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT');
    }
    if (name === 'OUTPUT') {
      await addRule(page);
      await page.getByTestId('add-conntrack-ctstate').click();
      const states = page.getByTestId('field-ctstate');
      await states.getByTestId('input-ctstate').click();
      for (const state of ['ESTABLISHED', 'RELATED']) {
        const word = states.getByRole('button', { name: state, exact: true });
        if ((await word.getAttribute('aria-pressed')) === 'false') await word.click();
      }
      const other = states.getByRole('button', { name: 'NEW', exact: true });
      if ((await other.getAttribute('aria-pressed')) === 'true') await other.click();
      await target(page, 'ACCEPT');
      await made(page, /-A OUTPUT -m conntrack --ctstate (RELATED,ESTABLISHED|ESTABLISHED,RELATED) -j ACCEPT/);
    }
    await addRule(page);
    await target(page, 'LOG');
    await made(page, `-A ${name} -j LOG`);
  }
  await page.getByTestId('editor-close').click();
}

async function byText(page: Page): Promise<void> {
  await page.keyboard.press('e');
  const text = page.locator('.cm-content');
  await text.click();
  await page.keyboard.insertText(RULES);
  await page.getByTestId('editor-close').click();
}

async function byConsole(page: Page): Promise<void> {
  await page.keyboard.press('c');
  await expect(page.getByTestId('console-line')).toBeFocused();
  const commands = [
    'iptables -P INPUT DROP; iptables -P FORWARD DROP; iptables -P OUTPUT DROP',
    'iptables -A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT',
    'iptables -A INPUT -p tcp --dport 80 -j ACCEPT',
    'iptables -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    'iptables -A INPUT -j LOG',
    'iptables -A FORWARD -j LOG',
    'iptables -A OUTPUT -j LOG',
  ];
  for (const command of commands) {
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
  }
  await expect(steps(page)).toHaveCount(LAB.steps.length + commands.length);
  await expect(page.getByTestId(`outcome-step-${LAB.steps.length + commands.length}`)).toHaveAttribute(
    'data-state',
    'dropped',
  );
}

for (const [name, way] of [
  ['by mouse, in the rule’s form', byMouse],
  ['as text', byText],
  ['in the console', byConsole],
] as const) {
  test(`from an empty host to a firewall ${name}`, async ({ page }) => {
    test.slow();
    await openEmpty(page);
    await way(page);
    await expect(page.getByTestId(/^outcome-step-/).last()).toHaveAttribute('data-state', 'dropped');
    // All three come to the same text.
    expect(await saved(page)).toBe(RULES);
  });
}
