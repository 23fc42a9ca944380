import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { at } from '../src/cli/dev/lib.mjs';
import { open, pasteLab, until } from './helpers';

// Each of these opens labs and steps through them.
test.beforeEach(() => test.slow());

/** A lab of the corpus that is compared with a kernel. */
const corpus = (name: string): unknown => JSON.parse(readFileSync(at(`e2e/kernel/labs/${name}.json`), 'utf8'));

async function openLab(page: Page, lab: unknown): Promise<void> {
  await open(page);
  await pasteLab(page, lab);
  await expect(page.getByTestId('position')).toHaveText(/^0 of [1-9]/);
}

const tab = (page: Page, name: string): Promise<void> => page.getByTestId(`tab-${name}`).click();

const host = (more: object) => ({
  interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/8', '2001:db8::1/64'] } },
  ...more,
});
const udp = (src: string, more: object = {}) => ({
  receive: { host: 'h', interface: 'eth0', packet: { src, dst: '10.0.0.1', ...more, udp: { sport: 4000, dport: 53 } } },
});
const ping = (src: string, more: object = {}) => ({
  receive: {
    host: 'h',
    interface: 'eth0',
    packet: { src, dst: '10.0.0.1', ...more, icmp: { type: 8, id: 1, seq: 1 } },
  },
});

const SETS = {
  format: 'lab/1',
  name: 'sets-on-show',
  hosts: {
    h: host({
      ipset: `create nets hash:net counters comment timeout 600
add nets 10.1.0.0/16
add nets 10.1.2.0/24 nomatch comment "not these"
add nets 10.2.0.0/16 timeout 20
create both list:set
add both nets
create long hash:ip
${Array.from({ length: 2000 }, (_, i) => `add long 192.0.${i >> 8}.${i & 255}`).join('\n')}
`,
      iptables: `*filter
-A INPUT -m set --match-set both src -j RETURN
-A INPUT -m set --match-set nets src -j RETURN
-A INPUT -m set --match-set long src -j DROP
COMMIT
`,
    }),
  },
  steps: [udp('10.1.2.3'), udp('192.0.5.7'), { wait: { seconds: 10 } }],
};

test('sets: the member that was met, what the lookup cost, times that run down, a long set', async ({ page }) => {
  await openLab(page, SETS);
  await until(page, /policy does/);
  await tab(page, 'sets');
  const nets = page.getByTestId('set-nets');
  // The longest prefix that fits says nomatch.
  await expect(nets.getByTestId('lookup-nets')).toContainText('10.1.2.0/24');
  await expect(nets.getByTestId('lookup-nets')).toContainText('nomatch');
  const met = nets.getByTestId('set-member').filter({ hasText: '10.1.2.0/24' });
  await expect(met).toHaveAttribute('data-state', 'failed');
  await expect(met).toContainText('not these');
  // Probes that the engine counted, beside the rules that the set stands for.
  await expect(nets.getByTestId('set-cost')).toContainText(/\d probes?/);
  await expect(nets.getByTestId('set-cost')).toContainText('A rule for each member');
  await expect(page.getByTestId('set-both').getByTestId('set-cost')).toContainText('3 rules');

  await until(page, /Rule 3 of filter INPUT matches/);
  const long = page.getByTestId('set-long');
  await expect(long.getByTestId('lookup-long')).toHaveAttribute('data-state', 'test-yes');
  await expect(long.getByTestId('lookup-long')).toContainText('1 probe');
  await expect(long.getByTestId('lookup-long')).toContainText(/of 2.000, as far as the one that matches/);
  // Of 2000 members the page holds those in view; the one that was met is among them.
  await expect(long.getByTestId('set-member').filter({ hasText: /192\.0\.5\.7$/ })).toHaveAttribute(
    'data-state',
    'matched',
  );
  expect(await long.getByTestId('set-member').count()).toBeLessThan(60);
  await long.getByRole('searchbox').fill('192.0.7.9');
  await expect(long.getByTestId('set-member').first()).toContainText('192.0.7.9');

  await page.keyboard.press('Escape');
  await until(page, /clock moves on by 10 s/);
  await expect(nets.getByTestId('set-member').filter({ hasText: '10.2.0.0/16' })).toContainText(/B\s*(9|10) s/);
});

const KEPT = {
  format: 'lab/1',
  name: 'rules-that-remember',
  hosts: {
    h: host({
      iptables: `*mangle
-A INPUT -m mark ! --mark 0x1/0xf -m dscp --dscp-class EF -j MARK --set-xmark 0x30/0xff
COMMIT
*filter
-A INPUT -m limit --limit 6/min --limit-burst 3
-A INPUT -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 4 --hashlimit-mode srcip --hashlimit-name h
-A INPUT -m recent --set --name seen --rsource
-A INPUT -m quota --quota 100
-A INPUT -m statistic --mode nth --every 3 --packet 0
-A INPUT -m bpf --bytecode "2,32 0 0 4294963232,22 0 0 0"
-A INPUT -m conntrack --ctstate NEW -j ACCEPT
COMMIT
`,
    }),
  },
  steps: [ping('10.0.0.2', { tos: 184 }), { wait: { seconds: 20 } }, ping('10.0.0.3'), ping('10.0.0.2')],
};

test('beside a rule stands what it keeps, at the moment on show; marks by bit; what is not modelled is said', async ({
  page,
}) => {
  await openLab(page, KEPT);
  await until(page, /Rule 1 of mangle INPUT matches/);
  const marking = page.getByTestId('rule-mangle-INPUT-1');
  await expect(marking).toContainText('EF');
  await expect(marking.getByTestId('mark-asks')).toContainText(/bits 0–3 \(mask 0xf\) must not be 0x1/);
  await expect(marking.getByTestId('mark-asks').getByRole('img')).toHaveCount(2);
  await expect(marking.getByTestId('mark-sets')).toContainText('becomes 0x30 (bits 4–5)');

  await until(page, /Rule 7 of filter INPUT matches/);
  const rule = (n: number) => page.getByTestId(`rule-filter-INPUT-${n}`);
  await expect(rule(1).getByTestId('kept-limit')).toContainText('2 of 3 packets');
  await expect(rule(2).getByTestId('kept-hashlimit')).toContainText('10.0.0.2');
  await expect(rule(2).getByTestId('kept-hashlimit')).toContainText('3 of 4 packets left');
  await expect(rule(3).getByTestId('kept-recent')).toContainText('1 time, last 0 s ago');
  await expect(rule(4).getByTestId('kept-quota')).toContainText('72 of 100 bytes left');
  await expect(rule(5).getByTestId('kept-statistic')).toContainText('packet after 2 more');
  await expect(rule(6).getByTestId('rule-unknown')).toBeVisible();
  await expect(page.getByTestId('chain-uncertain')).toContainText('-m bpf');

  // The time that has passed since refills the limit, and ages the list.
  await page.getByTestId('step-4').click();
  await until(page, /rules of filter INPUT decides/);
  await expect(rule(1).getByTestId('kept-limit')).toContainText('1 of 3 packets');
  await expect(rule(3).getByTestId('kept-recent')).toContainText('2 addresses');
  await expect(rule(4).getByTestId('kept-quota')).toContainText('16 of 100 bytes left');
});

const segment = (dev: string, src: string, dst: string, sport: number, dport: number, flags: string) => ({
  receive: { host: 'router', interface: dev, packet: { src, dst, tcp: { sport, dport, flags, mss: 1460 } } },
});
const PROXIED = {
  format: 'lab/1',
  name: 'syn-proxy',
  hosts: {
    router: {
      interfaces: {
        eth0: { segment: 'wan', addresses: ['203.0.113.1/24'] },
        eth1: { segment: 'lan', addresses: ['10.0.0.1/24'] },
      },
      sysctl: { 'net.ipv4.ip_forward': '1', 'net.netfilter.nf_conntrack_tcp_loose': '0' },
      iptables: `*raw
-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 --syn -j CT --notrack
COMMIT
*filter
-A FORWARD -p tcp -m tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --mss 1460
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
`,
    },
  },
  steps: [
    segment('eth0', '203.0.113.9', '10.0.0.2', 4000, 80, 'S'),
    segment('eth0', '203.0.113.9', '10.0.0.2', 4000, 80, 'A'),
    segment('eth1', '10.0.0.2', '203.0.113.9', 80, 4000, 'SA'),
    segment('eth0', '203.0.113.9', '10.0.0.2', 4000, 80, 'PA'),
  ],
};

test('a SYN proxy: its hook function, the cookie, the two halves of a handshake, nothing that is not modelled', async ({
  page,
}) => {
  await openLab(page, PROXIED);
  await until(page, /answers in the place of the server/);
  await expect(page.getByText('synproxy', { exact: true }).first()).toBeVisible();
  await until(page, /so the client is real; hidden in it is the client’s MSS, 1460/);
  await until(page, /shifts the server’s numbers by/);
  await expect(page.getByText(/not modelled/i)).toHaveCount(0);
});

test('the arrow keys go from rule to rule, and Enter opens the editor there', async ({ page }) => {
  await openLab(page, KEPT);
  await until(page, /Rule 7 of filter INPUT matches/);
  await expect(page.getByTestId('rule-filter-INPUT-7')).toHaveAttribute('data-state', 'current');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('rule-filter-INPUT-7')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('rule-filter-INPUT-5')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('rules-editor')).toBeVisible();
});

const syn = (src: string) => ({
  receive: {
    host: 'r',
    interface: 'eth1',
    packet: { src, dst: '198.51.100.7', tcp: { sport: 51544, dport: 443, flags: 'S' } },
  },
});
const FLOWS = {
  format: 'lab/1',
  name: 'flows-on-show',
  hosts: {
    r: {
      interfaces: {
        eth0: { segment: 'wan', addresses: ['203.0.113.1/24'] },
        eth1: { segment: 'lan', addresses: ['10.0.0.1/24'] },
      },
      routes: 'default via 203.0.113.254 dev eth0\n',
      sysctl: {
        'net.ipv4.ip_forward': '1',
        'net.netfilter.nf_conntrack_acct': '1',
        'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '40',
        'net.netfilter.nf_conntrack_buckets': '512',
      },
      iptables: `*mangle
-A PREROUTING -j CONNMARK --set-xmark 0x13/0xff
COMMIT
*nat
-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.1
COMMIT
`,
    },
  },
  steps: [syn('10.0.0.20'), syn('10.0.0.9'), { run: { host: 'r', command: 'conntrack -D -s 10.0.0.20' } }],
};

test('conntrack: not confirmed, confirmed, why the port is another, each word of the line, and gone', async ({
  page,
}) => {
  await openLab(page, FLOWS);
  await until(page, /begins a new one \(NEW\)/);
  await tab(page, 'conntrack');
  const rows = page.getByTestId('ct-row');
  await expect(rows).toHaveAttribute('data-state', 'unconfirmed');
  await expect(rows).toContainText('not confirmed yet');
  await until(page, /enters the table of connections/);
  await expect(rows).toHaveAttribute('data-state', 'current');
  await expect(rows.locator('[data-phase]')).toHaveAttribute('data-phase', 'confirmed');
  // The ring starts from the time that this host gives, not from the usual one.
  await expect(rows.getByTitle('of 40 s')).toHaveText('40 s');
  await expect(rows).toContainText('mark 0x13');
  await expect(rows).toContainText('1 pkt');

  await page.getByTestId('step-2').click();
  await until(page, /enters the table of connections/);
  await expect(rows).toHaveCount(2);
  await expect(page.getByTestId('ct-collision')).toContainText(
    /Got port \d+, because 10\.0\.0\.20:51544 → 198\.51\.100\.7:443 already holds 51544/,
  );
  await page.getByTestId('flows-step').click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('10.0.0.9');
  await page.getByTestId('flows-all').click();

  await page.getByTestId('conntrack-expand').click();
  const view = page.getByTestId('conntrack-view');
  await expect(view.getByTestId('ct-collisions')).toContainText(
    /Row \d got port \d+, because row \d already holds 51544/,
  );
  await view
    .getByRole('button', { name: 'src=203.0.113.1' })
    .or(view.getByRole('button', { name: 'dst=203.0.113.1' }))
    .click();
  await expect(view.getByTestId('ct-more')).toContainText('Without NAT it would be 10.0.0.9');
  await view.getByRole('button', { name: 'mark=19' }).click();
  await expect(view.getByTestId('ct-more')).toContainText('0x13, bits 0–1, 4');
  // Both cells of the flow are marked.
  await expect(view.getByTestId('ct-cell')).toHaveCount(2);
  // The table is live: the next step takes the other flow out.
  await expect(view.getByTestId('ct-full-row')).toHaveCount(2);
  const forward = view.getByTestId('ct-forward');
  for (let i = 0; i < 12 && (await forward.isEnabled()); i++) {
    await forward.click();
    await expect(view.getByTestId('ct-now')).toHaveText(/\S/);
  }
  await expect(view.getByTestId('ct-full-row')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(rows).toHaveCount(1);
});

test('conntrack: what a helper expects stands beside the flow that announced it', async ({ page }) => {
  await openLab(page, corpus('ct-ftp-passive'));
  await until(page, /expects a new connection/);
  await tab(page, 'conntrack');
  const expected = page.getByTestId('ct-expected');
  await expect(expected).toContainText('10.0.0.2:any');
  await expect(expected).toContainText('198.51.100.1:5001');
  await expect(expected).toContainText('announced in');
  await expect(page.getByTestId('ct-row').first()).toContainText('helper ftp');
});

test('packet: pieces and their whole, an error with what it is about, rewritten IPv6, chunks of SCTP', async ({
  page,
}) => {
  await openLab(page, corpus('frag-forward-with-conntrack'));
  await until(page, /waits for the others/);
  await tab(page, 'packet');
  const pieces = page.getByTestId('packet-pieces');
  await expect(pieces).toHaveAttribute('data-state', 'piece');
  await expect(pieces).toContainText('this one');
  await expect(page.getByTestId('layer-IPv4')).toContainText('MF');
  await until(page, /pieces are whole again/);
  await expect(pieces).toContainText('Put together from 3 pieces.');

  await openLab(page, corpus('nat-error-dnat'));
  await until(page, /that this error is about is translated/);
  await tab(page, 'packet');
  await expect(page.getByTestId('layer-ICMP')).toContainText('port unreachable');
  await expect(page.getByTestId('layer-Inner-IPv4').locator('tr[data-state="changed"]').first()).toBeVisible();

  await openLab(page, corpus('ip6-dnat'));
  await until(page, /destination changes/);
  await tab(page, 'packet');
  const changed = page.getByTestId('layer-IPv6').locator('tbody tr').first();
  await expect(changed).toHaveAttribute('data-state', 'changed');
  await expect(changed.locator('s')).toHaveText('2001:db8::1');
  await expect(changed).toContainText('fd00::2');

  await openLab(page, corpus('match-sctp-chunks'));
  await until(page, /Rule/);
  await tab(page, 'packet');
  await expect(page.getByTestId('layer-SCTP-chunk-1')).toContainText('INIT');
});

test('packet: what the host keeps with it: mark, connmark, who sent it', async ({ page }) => {
  await openLab(page, corpus('match-owner'));
  await until(page, /Rule 1 of filter OUTPUT matches/);
  await expect(page.getByTestId('rule-filter-OUTPUT-1')).toContainText('root');
  await tab(page, 'packet');
  await expect(page.getByTestId('packet-kept')).toContainText('uid 0, gid 0');
  await openLab(page, FLOWS);
  await until(page, /Rule 1 of nat POSTROUTING matches/);
  await tab(page, 'packet');
  await expect(page.getByTestId('packet-kept')).toContainText('0x13');
  await expect(page.getByTestId('packet-kept')).toContainText('bits 0–1, 4');
});

test('routes: rules in their order, the winner and why, IPv6, and reasons of drops by name', async ({ page }) => {
  await openLab(page, corpus('rule-mark-prerouting'));
  await until(page, /goes on by eth2/);
  await tab(page, 'routes');
  await expect(page.getByTestId('route-rule-0')).toHaveAttribute('data-state', 'no-route');
  await expect(page.getByTestId('route-rule-100')).toHaveAttribute('data-state', 'chosen');
  await expect(page.getByTestId('route-rule-100')).toContainText('fwmark 0x2');
  await expect(page.getByTestId('route-rule-32766')).toHaveAttribute('data-state', 'not-asked');
  await expect(page.getByTestId('route-lookup')).toContainText('mark 0x2');

  await openLab(page, corpus('rpf-strict'));
  await until(page, /rp_filter insists/);
  await tab(page, 'routes');
  await expect(page.getByTestId('route-result')).toHaveAttribute('data-state', 'rp-filter');
  await expect(page.getByTestId('route-drop')).toContainText('IP_RPFILTER');
  await expect(page.getByTestId('source-check')).toHaveAttribute('data-state', 'failed');
  await expect(page.getByTestId('source-check')).toContainText('1 (strict)');

  await openLab(page, corpus('route-martian-source'));
  await until(page, /\(a martian\)/);
  await tab(page, 'routes');
  await expect(page.getByTestId('route-drop')).toContainText(/IP_(LOCALNET|INVALID_SOURCE|LOCAL_SOURCE)/);
  await expect(page.getByTestId('route-lookup')).toContainText('the addresses alone decide');

  await openLab(page, corpus('ip6-longest-prefix-metric'));
  await until(page, /goes on by/);
  await tab(page, 'routes');
  await expect(page.getByTestId('route-rule-32766')).toHaveAttribute('data-state', 'chosen');
  await expect(page.locator('[data-testid="considered"][data-state="matched"]')).toContainText(/chosen: /);
});
