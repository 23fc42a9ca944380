import { expect, test } from 'vitest';
import type { RunResult } from '../../src/engine';
import { createEngine } from '../../src/engine';
import { beats } from '../store';
import { miniWays } from './MiniHooks';
import { endWord, NOTHING, networkState } from './networkState';

const LAB = {
  format: 'lab/1',
  name: 'ends',
  hosts: {
    client: {
      interfaces: { eth0: { segment: 'wan', addresses: ['10.0.0.2/24'] } },
      routes: 'default via 10.0.0.1 dev eth0\n',
    },
    router: {
      interfaces: {
        eth0: { segment: 'wan', addresses: ['10.0.0.1/24'] },
        eth1: { segment: 'lan', addresses: ['10.1.0.1/24'] },
      },
      sysctl: { 'net.ipv4.ip_forward': '1' },
      iptables:
        '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -p udp --dport 53 -j DROP\nCOMMIT\n',
    },
  },
};

/** A datagram to `dst` and `port`, seen at its last beat. */
function sent(dst: string, dport: number): RunResult {
  const packet = { src: '10.0.0.2', dst, udp: { sport: 40000, dport, payload: '' } };
  return createEngine().load({ ...LAB, steps: [{ send: { host: 'client', packet } }] } as never);
}

const router = (run: RunResult) =>
  networkState(
    run,
    beats(run).findLast((b) => b.kind === 'drop'),
  ).mini.get('router');

test('the small line ends where the packet did, and marks that place', () => {
  const filtered = router(sent('10.1.0.9', 53)) ?? NOTHING;
  expect([...filtered.dropped]).toEqual(['forward']);
  expect(miniWays(filtered.passed)).toEqual(['M2 44H84']);

  const lost = router(sent('10.1.0.9', 80)) ?? NOTHING;
  expect([...lost.dropped]).toEqual(['out']);
  expect(miniWays(lost.passed)).toEqual(['M2 44H122']);

  const noRoute = router(sent('192.0.2.1', 80)) ?? NOTHING;
  expect([...noRoute.dropped]).toEqual(['route']);
  expect(miniWays(noRoute.passed)).toEqual(['M2 44H56']);
});

test('what passes a bridge within its host is on no wire more', () => {
  const run = createEngine().load({
    format: 'lab/1',
    name: 'bridge',
    hosts: {
      a: { interfaces: { eth0: { segment: 'left', addresses: ['10.0.0.1/24'] } } },
      b: {
        interfaces: {
          br0: { kind: 'bridge', addresses: ['10.0.0.2/24'] },
          eth0: { segment: 'left', master: 'br0' },
        },
      },
    },
    steps: [{ ping: { host: 'a', to: '10.0.0.2' } }],
  } as never);
  const last = beats(run).findLast((b) => b.packet === '1');
  expect(run.events.some((e) => e.type === 'wire' && e.interface === 'br0')).toBe(true);
  expect(networkState(run, last).wires.map((w) => w.segment)).toEqual(['left']);
});

test('a packet has ended from the event that ends it, on the host where it does', () => {
  const ends = (run: RunResult) =>
    beats(run).map((b) => {
      const { ended } = networkState(run, b);
      return `${b.kind} ${ended === null ? '' : endWord(ended)}`.trim();
    });
  const ping = (to: string, routes?: string) =>
    createEngine().load({
      ...LAB,
      hosts: { ...LAB.hosts, client: { ...LAB.hosts.client, routes } },
      steps: [{ ping: { host: 'client', to } }],
    } as never);
  expect(ends(ping('198.51.100.7'))).toEqual(['route', 'drop ENETUNREACH', 'error ENETUNREACH']);
  const self = ['route', 'loopback', 'deliver delivered'];
  expect(ends(ping('10.0.0.2'))).toEqual([...self, ...self]);
  expect(ends(sent('10.1.0.9', 53)).filter((text) => / ./.test(text))).toEqual(['drop dropped']);
  expect(ends(sent('10.0.0.1', 80))).toContain('reject refused');
});
