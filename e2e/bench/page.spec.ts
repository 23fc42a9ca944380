import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { at } from '../../src/cli/dev/lib.mjs';
import { gzipSize } from '../../src/cli/dev/sizes.mjs';
import { open, pasteLab, scriptsBeforeGraph } from '../helpers';

// Prints how fast the page is. Nothing here passes or fails by time.

const median = (all: readonly number[]): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
const part = (all: readonly number[], p: number): number =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length * p)] ?? Number.NaN;
const ms = (n: number): string => `${n.toFixed(1)} ms`;
const say = (what: string, value: string): void => console.log(`  ${what.padEnd(58)} ${value}`);

/** Times between frames, and script in them, while `action` goes on. */
async function frames(page: Page, milliseconds: number): Promise<{ readonly gaps: number[]; readonly script: number }> {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const script = async (): Promise<number> => {
    const { metrics } = await client.send('Performance.getMetrics');
    return (metrics.find((m) => m.name === 'ScriptDuration')?.value ?? 0) * 1000;
  };
  const before = await script();
  const gaps = await page.evaluate(
    (time) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const end = performance.now() + time;
        let last = 0;
        const frame = (now: number): void => {
          if (last > 0) found.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(frame);
          else resolve(found);
        };
        requestAnimationFrame(frame);
      }),
    milliseconds,
  );
  const spent = (await script()) - before;
  await client.detach();
  return { gaps, script: spent / Math.max(1, gaps.length) };
}

function tell(what: string, { gaps, script }: { readonly gaps: readonly number[]; readonly script: number }): void {
  const fps = (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
  say(what, `${fps.toFixed(1)} fps, 95 % of frames within ${ms(part(gaps, 0.95))}, ${ms(script)} of script a frame`);
}

const mounted = (page: Page): Promise<number> => page.locator('.react-flow__node, .tcard, .tchain').count();

test('first load', async ({ page, baseURL }) => {
  const scripts = await scriptsBeforeGraph(page, baseURL);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  const sum = (worker: boolean): number =>
    scripts
      .filter((s) => (path.dirname(s) === 'assets/worker') === worker)
      .reduce((total, script) => total + gzipSize(at(`dist/${script}`)), 0);
  say('JavaScript before the graph shows, compressed', `${(sum(false) / 1000).toFixed(1)} kB`);
  say('JavaScript of the worker, compressed', `${(sum(true) / 1000).toFixed(1)} kB`);
  say('first contentful paint, served from this machine', ms(paint));
});

/** Puts the cursor behind the number that stands after `option`, in the first rule in view that has it. */
async function cursorAfter(page: Page, option: string): Promise<void> {
  await page.evaluate((wanted) => {
    for (const line of document.querySelectorAll('.cm-line')) {
      const found = new RegExp(`^-A.*${wanted} [0-9]+`).exec(line.textContent ?? '');
      if (found === null) continue;
      let left = found[0].length;
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const length = node.textContent?.length ?? 0;
        if (left <= length) {
          line.closest<HTMLElement>('.cm-content')?.focus();
          getSelection()?.collapse(node, left);
          return;
        }
        left -= length;
      }
    }
    throw new Error(`no rule in view has ${wanted}`);
  }, option);
}

interface Keystroke {
  /** Milliseconds from the key until the outcomes of the new run are in the page, and until they are painted. */
  readonly shown: number;
  readonly painted: number;
  /** They are in the frame in which the key itself shows. */
  readonly atOnce: boolean;
  /** Script of the page that a key causes, in all. */
  readonly script: number;
}

/** A digit is added to the port of a rule and taken away again, `count` times. */
async function type(page: Page, count: number): Promise<readonly Keystroke[]> {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const spent = async (): Promise<number> => {
    const { metrics } = await client.send('Performance.getMetrics');
    return (metrics.find((m) => m.name === 'ScriptDuration')?.value ?? 0) * 1000;
  };
  const all: Keystroke[] = [];
  for (let i = 0; i < count; i++) {
    await page.waitForTimeout(700); // whatever the last key set off is over
    const before = await spent();
    // The clock starts with the key and stops after the frame in which the new run was painted.
    await page.evaluate(() => {
      const root = document.documentElement;
      const was = root.dataset.run;
      Object.assign(globalThis, {
        painted: new Promise<readonly [number, number, boolean]>((resolve) => {
          const pressed = (): void => {
            const from = performance.now();
            let atOnce = false;
            requestAnimationFrame(() => {
              atOnce = root.dataset.run !== was;
            });
            const seen = new MutationObserver(() => {
              if (root.dataset.run === was) return;
              seen.disconnect();
              let shown = 0;
              // The first task after the frame: others that wait are no part of it.
              requestAnimationFrame(() =>
                scheduler.postTask(() => resolve([shown - from, performance.now() - from, atOnce]), {
                  priority: 'user-blocking',
                }),
              );
              // React renders in a microtask that comes before this one.
              queueMicrotask(() => {
                shown = performance.now();
              });
            });
            seen.observe(root, { attributes: true, attributeFilter: ['data-run'] });
          };
          addEventListener('keydown', pressed, { once: true, capture: true });
        }),
      });
    });
    await page.keyboard.press(i % 2 === 0 ? '1' : 'Backspace');
    const [shown, painted, atOnce] = await page.evaluate(
      () => (globalThis as unknown as { painted: Promise<readonly [number, number, boolean]> }).painted,
    );
    await page.waitForTimeout(300);
    all.push({ shown, painted, atOnce, script: (await spent()) - before });
  }
  await client.detach();
  return all.slice(2);
}

function tellKeys(what: string, keys: readonly Keystroke[]): void {
  say(`${what}, until the new outcomes are painted`, `${ms(median(keys.map((k) => k.painted)))} (median)`);
  say('  until they are in the page', ms(median(keys.map((k) => k.shown))));
  say('  in the frame in which the key itself shows', `${keys.filter((k) => k.atOnce).length} of ${keys.length}`);
  say(
    '  the slowest tenth begins at',
    ms(
      part(
        keys.map((k) => k.painted),
        0.9,
      ),
    ),
  );
  say('  script of the page for a key, what comes later included', ms(median(keys.map((k) => k.script))));
}

test('a key is pressed in a rule of a shipped lab: until the new outcomes are painted', async ({ page }) => {
  test.slow();
  await open(page);
  await page.keyboard.press('e');
  await expect(page.getByTestId('editor-text').locator('.cm-content')).toBeVisible();
  await page.waitForTimeout(1500); // the editor's parts have come, and the focus stays
  await cursorAfter(page, '--dport');
  tellKeys('a key in a rule of a shipped lab', await type(page, 32));
});

test('a key is pressed in a rule of a host that has 2,000: until the new outcomes are painted', async ({ page }) => {
  test.slow();
  await open(page);
  await pasteLab(page, long(2000));
  await page.evaluate(() => {
    location.hash = '#/host/router';
  });
  await expect(page.getByTestId('chain-filter-FORWARD')).toContainText(/2\D?000/);
  await page.keyboard.press('e');
  await expect(page.getByTestId('editor-text').locator('.cm-content')).toBeVisible();
  await page.waitForTimeout(1500);
  await cursorAfter(page, '--dport');
  tellKeys('a key in a rule of a host with 2,000', await type(page, 22));
});

/** A client, a router with so many rules, which each packet is tried against, and a server. */
const long = (rules: number) => {
  const at = (segment: string, address: string) => ({ segment, addresses: [address] });
  const rule = (i: number): string =>
    `-A FORWARD -d 172.16.${i >> 8}.${i & 255}/32 -p tcp -m tcp --dport ${1024 + i} -j ${i % 3 === 0 ? 'DROP' : 'ACCEPT'}\n`;
  return {
    format: 'lab/1',
    name: 'long',
    hosts: {
      client: { interfaces: { eth0: at('lan', '192.168.1.10/24') }, routes: 'default via 192.168.1.1 dev eth0\n' },
      router: {
        interfaces: { eth0: at('lan', '192.168.1.1/24'), eth1: at('wan', '198.51.100.1/24') },
        sysctl: { 'net.ipv4.ip_forward': '1' },
        iptables: `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${Array.from({ length: rules }, (_, i) => rule(i)).join('')}COMMIT\n`,
      },
      web: {
        interfaces: { eth0: at('wan', '198.51.100.9/24') },
        routes: 'default via 198.51.100.1 dev eth0\n',
        listen: [{ protocol: 'tcp', port: 80 }],
      },
    },
    steps: [
      { connect: { host: 'client', to: '198.51.100.9', port: 80 } },
      { ping: { host: 'client', to: '198.51.100.9' } },
    ],
  };
};

const wide = (interfaces: number) => ({
  format: 'lab/1',
  name: 'wide',
  hosts: {
    a: {
      sysctl: { 'net.ipv4.ip_forward': '1' },
      interfaces: Object.fromEntries(
        Array.from({ length: interfaces }, (_, i) => [`eth${i}`, { segment: `s${i}`, addresses: [`10.${i}.0.1/24`] }]),
      ),
      iptables: ['raw', 'mangle', 'nat', 'filter', 'security']
        .map((table) => {
          const hooks = {
            raw: ['PREROUTING', 'OUTPUT'],
            mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
            nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
            filter: ['INPUT', 'FORWARD', 'OUTPUT'],
            security: ['INPUT', 'FORWARD', 'OUTPUT'],
          }[table] as readonly string[];
          const rule = table === 'nat' ? '-A POSTROUTING -o eth1 -j MASQUERADE\n' : '';
          return `*${table}\n${hooks.map((h) => `:${h} ACCEPT [0:0]\n`).join('')}${rule}COMMIT\n`;
        })
        .join(''),
    },
    b: {
      interfaces: { eth0: { segment: 's0', addresses: ['10.0.0.2/24'] } },
      routes: 'default via 10.0.0.1 dev eth0\n',
    },
    c: {
      interfaces: { eth0: { segment: 's1', addresses: ['10.1.0.2/24'] } },
      routes: 'default via 10.1.0.1 dev eth0\n',
    },
  },
  steps: Array.from({ length: 8 }, () => ({ ping: { host: 'b', to: '10.1.0.2' } })),
});

for (const [nodes, interfaces] of [
  [100, 38],
  [300, 138],
] as const) {
  test(`playback and dragging with ${nodes} nodes`, async ({ page }) => {
    test.slow();
    await open(page);
    await pasteLab(page, wide(interfaces));
    await expect(page.getByTestId('position')).toHaveText(/^0 of/);
    await page.getByRole('button', { name: /interfaces$/ }).click();
    await expect.poll(() => mounted(page)).toBeGreaterThanOrEqual(nodes);
    const count = await mounted(page);
    for (const key of [']', ']']) await page.keyboard.press(key);
    await page.getByTestId('transport-play').click();
    tell(`playing at 4×, ${count} nodes`, await frames(page, 4000));
    await page.getByTestId('transport-play').click();

    const slider = await page.getByTestId('timeline').boundingBox();
    if (slider === null) throw new Error('there is no timeline');
    const y = slider.y + slider.height / 2;
    await page.mouse.move(slider.x + 10, y);
    await page.mouse.down();
    const measured = frames(page, 3000);
    for (let i = 0; i < 120; i++) await page.mouse.move(slider.x + 10 + ((i * 7) % (slider.width - 20)), y);
    tell(`dragging the playhead, ${count} nodes`, await measured);
    await page.mouse.up();
  });
}
