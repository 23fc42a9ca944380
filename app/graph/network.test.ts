import { expect, test } from 'vitest';
import type { HostView, SegmentView } from '../../src/engine';
import { overlap } from './geometry';
import { columnsOf, networkLayout } from './networkLayout';
import { hostView } from './testing';

const host = (name: string): HostView => ({ ...hostView({}, ['eth0']), name });
const segment = (name: string, ...hosts: readonly string[]): SegmentView => ({
  name,
  prefixes: [],
  ports: hosts.map((h) => ({ host: h, interface: `${name}0` })),
});

const home = {
  hosts: ['client', 'internet', 'router', 'web', 'laptop'].map(host),
  segments: [
    segment('access', 'client', 'internet'),
    segment('uplink', 'internet', 'router'),
    segment('lan', 'router', 'web', 'laptop'),
  ],
};

test('hosts stand in the order of the segments between them', () => {
  expect(columnsOf(home)).toEqual([['client'], ['internet'], ['router'], ['web', 'laptop']]);
});

test('two ports are a wire, three a bus', () => {
  const { wires } = networkLayout(home);
  expect(wires.map((w) => [w.segment.name, w.bus !== null])).toEqual([
    ['access', false],
    ['uplink', false],
    ['lan', true],
  ]);
  for (const wire of wires) expect(wire.ports.size).toBe(wire.segment.ports.length);
});

test.each([
  ['the home network', home],
  ['hosts without a wire', { hosts: ['a', 'b', 'c'].map(host), segments: [] }],
  ['one segment', { hosts: ['a', 'b', 'c', 'd'].map(host), segments: [segment('lan', 'a', 'b', 'c', 'd')] }],
  [
    'a ring',
    {
      hosts: ['a', 'b', 'c', 'd'].map(host),
      segments: [segment('ab', 'a', 'b'), segment('bc', 'b', 'c'), segment('cd', 'c', 'd'), segment('da', 'd', 'a')],
    },
  ],
  [
    'a router with six networks',
    {
      hosts: ['r', ...'abcdef'].map(host),
      segments: [...'abcdef'].map((n) => segment(`net-${n}`, 'r', n)),
    },
  ],
  [
    'thirty hosts on a wire',
    {
      hosts: Array.from({ length: 30 }, (_, i) => host(`h${i}`)),
      segments: [segment('lan', ...Array.from({ length: 30 }, (_, i) => `h${i}`))],
    },
  ],
])('%s: every host once, nothing overlaps, everything inside', (_name, net) => {
  const { cards, bounds, ports, table } = networkLayout(net);
  expect(cards.map((c) => c.host.name).toSorted()).toEqual(net.hosts.map((h) => h.name).toSorted());
  cards.forEach((a, i) => {
    for (const b of cards.slice(i + 1)) expect(overlap(a, b)).toBe(0);
    expect(overlap(a, bounds)).toBeCloseTo(a.w * a.h);
    expect(overlap(a, table)).toBe(0);
  });
  expect(ports).toHaveLength(net.segments.reduce((sum, s) => sum + s.ports.length, 0));
  expect(new Set(ports.map((p) => p.at.join())).size).toBe(ports.length);
});
