import { describe, expect, test } from 'vitest';
import { stopOf } from './boxes';
import { corners, overlap, type Point, pointAt, roundedPath, track } from './geometry';
import { type HostLayout, layout } from './layout';
import { wayBetween } from './line';
import { FULL, hostView } from './testing';

const full = (): HostLayout => layout(hostView(FULL), { family: 'ip' });
const hook = (l: HostLayout, name: string) => l.hooks.find((h) => h.hook === name)!;

describe('the layout of a full registry', () => {
  test('is as drawn', () => {
    const l = full();
    expect(hook(l, 'PREROUTING')).toMatchObject({ x: 140, y: 348, w: 170, h: 242, header: 34, rail: 156 });
    expect(hook(l, 'FORWARD')).toMatchObject({ x: 388, y: 348, w: 158, h: 194 });
    expect(hook(l, 'POSTROUTING')).toMatchObject({ x: 592, y: 348, w: 166, h: 194 });
    expect(hook(l, 'OUTPUT')).toMatchObject({ x: 552, y: 98, w: 166, h: 226 });
    expect(hook(l, 'INPUT')).toMatchObject({ x: 332, y: 130, w: 158, h: 194 });
    expect(l.local).toEqual({ x: 332, y: 12, w: 386, h: 50 });
    expect(l.routeInput).toEqual([348, 365]);
    expect(hook(l, 'PREROUTING').cards.map((c) => c.y)).toEqual([382, 430, 478, 526]);
  });

  test('INPUT is passed from the bottom to the top', () => {
    const cards = hook(full(), 'INPUT').cards;
    expect(cards.map((c) => c.fn.name)).toEqual(['mangle', 'filter', 'security', 'nat', 'confirm']);
    expect(cards.map((c) => c.y)).toEqual([...cards.map((c) => c.y)].sort((a, b) => b - a));
  });

  test('boxes do not overlap', () => {
    const l = full();
    const boxes = [...l.hooks, ...l.devices, l.local, l.title];
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(0);
    });
  });
});

test('only what is registered is drawn; a hook without functions is only its name', () => {
  const l = layout(hostView({ INPUT: ['filter'] }, ['eth0']), { family: 'ip' });
  expect(l.hooks.flatMap((h) => h.cards).map((c) => c.stop)).toEqual(['fn:INPUT/filter']);
  expect(hook(l, 'PREROUTING').h).toBeLessThan(60);
  expect(layout(hostView(FULL), { family: 'ip6' }).hooks.flatMap((h) => h.cards)).toEqual([]);
});

test('many functions grow the graph and nothing overlaps', () => {
  const many = Array.from({ length: 12 }, (_, i) => `nft chain ${i}`);
  const l = layout(hostView({ ...FULL, OUTPUT: many, INPUT: many, PREROUTING: many }), { family: 'ip' });
  const boxes = [...l.hooks, ...l.devices, l.local, l.title];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(0);
    expect(a.x).toBeGreaterThanOrEqual(l.bounds.x);
    expect(a.y).toBeGreaterThanOrEqual(l.bounds.y);
    expect(a.y + a.h).toBeLessThanOrEqual(l.bounds.y + l.bounds.h);
  });
});

test('the title ends above the interfaces, however many there are', () => {
  const names = Array.from({ length: 30 }, (_, i) => `eth${i}`);
  const view = hostView({ FORWARD: ['filter'] }, names);
  const host = { ...view, interfaces: view.interfaces.map((i, k) => ({ ...i, addresses: [`10.${k}.0.1/24`] })) };
  const l = layout(host, { family: 'ip', allInterfaces: true });
  expect(l.title.y + l.title.h).toBeLessThanOrEqual(hook(l, 'PREROUTING').y);
  expect(l.title.y).toBeGreaterThan(l.bounds.y);
});

test('user chains open in their card, in both directions', () => {
  const chains = new Map([
    ['fn:FORWARD/filter', ['DOCKER-USER', 'DOCKER']],
    ['fn:INPUT/filter', ['F2B']],
  ]);
  const l = layout(hostView(FULL), { family: 'ip', chains });
  const forward = hook(l, 'FORWARD').cards.find((c) => c.fn.name === 'filter')!;
  expect(forward.chains.map((c) => c.chain)).toEqual(['DOCKER-USER', 'DOCKER']);
  expect(forward.h).toBe(44 + 48);
  expect(forward.chains[0]!.y).toBeGreaterThan(forward.station);
  const input = hook(l, 'INPUT').cards.find((c) => c.fn.name === 'filter')!;
  expect(input.chains[0]!.y + input.chains[0]!.h).toBeLessThanOrEqual(input.station);
  expect(wayBetween(l, forward.stop, 'join')).toContain('fn:FORWARD/filter/DOCKER');
});

test('of many interfaces those in use are drawn, the others counted', () => {
  const names = Array.from({ length: 30 }, (_, i) => `vlan${i}`);
  const l = layout(hostView(FULL, names), { family: 'ip', wanted: new Set(['vlan29']) });
  expect(l.devices.filter((d) => d.side === 'in').map((d) => d.interface.name)).toContain('vlan29');
  expect(l.hidden).toHaveLength(25);
  expect(layout(hostView(FULL, names), { family: 'ip', allInterfaces: true }).hidden).toEqual([]);
});

test('ports of a bridge are in its box, lo is none', () => {
  const l = layout(
    hostView(FULL, [
      { name: 'lo', kind: 'loopback' },
      { name: 'br0', kind: 'bridge' },
      { name: 'eth1', master: 'br0' },
    ]),
    { family: 'ip' },
  );
  expect(l.devices.map((d) => `${d.side} ${d.interface.name}`)).toEqual(['in br0', 'out br0']);
  expect(l.nodes.has(stopOf.in('eth1'))).toBe(true);
  expect(wayBetween(l, stopOf.wireIn('eth1'), 'fn:PREROUTING/raw')).not.toEqual([]);
});

describe('the way', () => {
  const names = (l: HostLayout, from: string, to: string): readonly string[] =>
    wayBetween(l, from, to).filter((s) => s.startsWith('fn:') || s.startsWith('route') || s.startsWith('local'));

  test('of a forwarded packet passes PREROUTING, FORWARD, POSTROUTING', () => {
    expect(names(full(), stopOf.wireIn('eth0'), stopOf.wireOut('eth1'))).toEqual([
      'fn:PREROUTING/raw',
      'fn:PREROUTING/conntrack',
      'fn:PREROUTING/mangle',
      'fn:PREROUTING/nat',
      'route:input',
      'fn:FORWARD/mangle',
      'fn:FORWARD/filter',
      'fn:FORWARD/security',
      'fn:POSTROUTING/mangle',
      'fn:POSTROUTING/nat',
      'fn:POSTROUTING/confirm',
    ]);
  });

  test('of a delivered one climbs INPUT, of a sent one falls through OUTPUT', () => {
    expect(names(full(), stopOf.routeInput, stopOf.localIn)).toHaveLength(7);
    expect(names(full(), stopOf.localOut, 'fn:POSTROUTING/mangle').slice(0, 3)).toEqual([
      'local:out',
      'route:output',
      'fn:OUTPUT/raw',
    ]);
  });

  test('of a packet to the host itself comes back over the loop', () => {
    expect(wayBetween(full(), 'fn:POSTROUTING/confirm', stopOf.loop)).not.toEqual([]);
    expect(names(full(), stopOf.loop, 'fn:PREROUTING/raw')).toEqual(['fn:PREROUTING/raw']);
  });

  test('never leads backwards', () => {
    expect(wayBetween(full(), 'fn:FORWARD/filter', 'fn:FORWARD/mangle')).toEqual([]);
  });
});

describe('lines', () => {
  const way: Point[] = [
    [0, 0],
    [50, 0],
    [100, 0],
    [100, 0],
    [100, 80],
  ];
  test('points in a row are one piece', () => {
    expect(corners(way)).toEqual([
      [0, 0],
      [100, 0],
      [100, 80],
    ]);
    expect(roundedPath(way, 10)).toBe('M0 0L90 0Q100 0 100 10L100 80');
    expect(roundedPath([])).toBe('');
  });
  test('a corner is not rounded more than its sides allow', () => {
    expect(
      roundedPath(
        [
          [0, 0],
          [6, 0],
          [6, 100],
        ],
        14,
      ),
    ).toBe('M0 0L3 0Q6 0 6 3L6 100');
  });
  test('a part of the way', () => {
    const t = track(way, 0.001);
    expect(t.length).toBeCloseTo(180, 1);
    expect(pointAt(t, 0)).toEqual([0, 0]);
    expect(pointAt(t, 1)).toEqual([100, 80]);
    const [x, y] = pointAt(t, 0.5);
    expect([Math.round(x), Math.round(y)]).toEqual([90, 0]);
  });
});
