import { expect, test } from 'vitest';
import type { HostView, SegmentView } from '../../src/engine';
import { sideOf } from './Beyond';
import { distance, overlap } from './geometry';
import { cardSize, hostWords } from './networkCards';
import { labelSize, lines } from './networkLabels';
import { columnsOf, networkLayout } from './networkLayout';
import { targetAt } from './networkTargets';
import { hostView } from './testing';

const host = (name: string): HostView => ({ ...hostView({}, ['eth0']), name });
const segment = (name: string, ...hosts: readonly string[]): SegmentView => ({
  name,
  prefixes: [],
  ports: hosts.map((h) => ({ host: h, interface: `${name}0` })),
});

const STYLE = { last: false, small: false, fan: 0, words: '' };

const named = (name: string, ...hosts: readonly string[]): SegmentView => ({
  ...segment(name, ...hosts),
  prefixes: ['10.0.1.0/24'],
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

test('a card has room for the names of its interfaces beside their addresses', () => {
  const view = host('r');
  const [eth0] = view.interfaces;
  const wide = { ...eth0!, name: 'docker0', addresses: ['172.17.0.100/16'] };
  const narrow = { ...eth0!, addresses: ['172.17.0.100/16'] };
  const width = (i: typeof wide): number => cardSize({ ...view, interfaces: [i] }, STYLE).w;
  // 13 px: 7.8 px a character of an address, and about as much in a name.
  expect(width(wide)).toBeGreaterThanOrEqual(32 + 3 + 'docker0'.length * 7.5 + 12 + '172.17.0.100'.length * 7.8);
  expect(width(wide)).toBeGreaterThan(width(narrow));
});

test('a card has room for what is said of its host, which is not its address again', () => {
  const view = host('server');
  const [eth0] = view.interfaces;
  const at = { ...view, interfaces: [{ ...eth0!, addresses: ['10.0.0.11/24'] }] };
  const words = 'INPUT drops by default';
  expect(cardSize(view, { ...STYLE, words }).w).toBeGreaterThanOrEqual(61 + words.length * 6.4);
  expect(hostWords(at, words)).toBe(words);
  expect(hostWords(at, '10.0.0.11')).not.toContain('10.0.0.11');
});

test('a host in the last column shows all its addresses', () => {
  const both = {
    ...host('srv'),
    interfaces: ['eth0', 'eth1'].map((name, i) => ({
      ...hostView({}, [name]).interfaces[0]!,
      name,
      addresses: [`10.0.${i}.1/24`],
    })),
  };
  const card = (view: HostView) => cardSize(view, { ...STYLE, last: true });
  expect(card(both).wide).toBe(false);
  expect(card(both).h).toBeGreaterThan(card({ ...both, interfaces: both.interfaces.slice(0, 1) }).h);
});

test('of two wires into one host each label is nearest to its own', () => {
  const { wires } = networkLayout({
    hosts: ['a', 'b', 'c', 'd'].map(host),
    segments: [segment('lan', 'a', 'b', 'c'), named('upper', 'b', 'd'), named('lower', 'c', 'd')],
  });
  const pieces = (name: string) => lines(wires.find((w) => w.segment.name === name)!);
  for (const [own, other] of [
    ['upper', 'lower'],
    ['lower', 'upper'],
  ] as const) {
    const { label, segment: s } = wires.find((w) => w.segment.name === own)!;
    const size = labelSize(s);
    const box = { x: label.at[0] - size.w / 2, y: label.at[1], ...size };
    const near = (name: string): number => Math.min(...pieces(name).map((piece) => distance(box, piece)));
    expect(near(own), own).toBeLessThan(near(other));
    expect(near(own), own).toBeLessThan(40);
  }
});

test('among many hosts, one with many wires is as large as they need, and says more than its name', () => {
  const names = Array.from({ length: 14 }, (_, i) => `h${i}`);
  const { cards } = networkLayout({
    hosts: ['r', ...names].map(host),
    segments: names.map((n) => segment(`to-${n}`, 'r', n)),
  });
  const r = cards.find((c) => c.host.name === 'r')!;
  expect(r.small).toBe(false);
  expect(r.h).toBeGreaterThanOrEqual(13 * 26);
  expect(cards.filter((c) => c.host.name !== 'r').every((c) => c.small)).toBe(true);
});

test('a wire between two hosts is level though their cards differ in height', () => {
  const [a, r, b] = ['a', 'r', 'b'].map(host) as [HostView, HostView, HostView];
  const addresses = ['10.0.0.1/24', '10.0.1.1/24', '10.0.2.1/24'];
  const large = { ...r, interfaces: r.interfaces.map((i) => ({ ...i, addresses })) };
  const { wires } = networkLayout({ hosts: [a, large, b], segments: [segment('s', 'a', 'r'), segment('t', 'r', 'b')] });
  for (const wire of wires) {
    const heights = [...wire.ports.values()].map((way) => way.at(-1)![1]);
    expect(new Set(heights).size).toBe(1);
  }
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
    expect(overlap(a, table!)).toBe(0);
  });
  expect(ports).toHaveLength(net.segments.reduce((sum, s) => sum + s.ports.length, 0));
  expect(new Set(ports.map((p) => p.at.join())).size).toBe(ports.length);
});

test('wires that are left out are named', () => {
  const many = [...'abcd'].map((n) => segment(`net-${n}`, 'r'));
  expect(networkLayout({ hosts: [host('r')], segments: many }).leftOut).toEqual(['net-a', 'net-b', 'net-c', 'net-d']);
  expect(networkLayout({ hosts: [host('r')], segments: many.slice(1) }).leftOut).toEqual([]);
});

test('a segment that nobody is on is drawn beside everything, and in the bounds', () => {
  const { wires, cards, bounds } = networkLayout(home, {}, [segment('dmz'), segment('spare')]);
  const [a, b] = wires.slice(-2);
  if (a?.bus == null || b?.bus == null) throw new Error('they are not drawn');
  for (const card of cards) expect(a.bus.from[0]).toBeGreaterThan(card.x + card.w);
  expect(b.bus.from[1]).toBeGreaterThan(a.label.at[1] + 40);
  expect(a.bus.from[0] + 60).toBeLessThan(bounds.w);
});

test('a host without a place of its own gives way to one that was put there', () => {
  const free = networkLayout(home);
  const web = free.cards.find((c) => c.host.name === 'web');
  if (web === undefined) throw new Error('no web');
  const { cards } = networkLayout(home, { laptop: [web.x, web.y] });
  for (const a of cards)
    for (const b of cards) if (a !== b) expect(overlap(a, b), `${a.host.name}, ${b.host.name}`).toBe(0);
});

test.each([
  ['all hosts', [], '10.0.0.0/24'],
  ['without the router', ['router'], '203.0.113.0/24'],
  ['without router and internet', ['router', 'internet'], '198.51.100.0/24'],
  ['long prefixes', [], '2001:db8:aaaa:1::/64'],
] as const)('the label of a segment lies on no card and no other label: %s', (_, gone, prefix) => {
  const { cards, wires } = networkLayout({
    hosts: home.hosts.filter((h) => !gone.some((name) => name === h.name)),
    segments: home.segments.map((s) => ({
      ...s,
      prefixes: [prefix, '10.0.0.0/24'],
      ports: s.ports.filter((p) => !gone.some((name) => name === p.host)),
    })),
  });
  const labels = wires.map(({ segment: s, label: { at } }) => {
    const size = labelSize(s);
    return { name: s.name, x: at[0] - size.w / 2, y: at[1], ...size };
  });
  for (const label of labels) {
    expect(label.x, label.name).toBeGreaterThanOrEqual(0);
    for (const card of cards) expect(overlap(label, card), `${label.name} on ${card.host.name}`).toBe(0);
    for (const other of labels)
      if (other !== label) expect(overlap(label, other), `${label.name} on ${other.name}`).toBe(0);
  }
});

test('wires to many hosts fan out: none crosses another, and each label is beside its own', () => {
  const leaves = Array.from({ length: 12 }, (_, i) => `h${i}`);
  const { cards, wires, table, ports } = networkLayout({
    hosts: [host('far'), host('r'), ...leaves.map((name) => host(name))],
    segments: [
      segment('up', 'far', 'r'),
      ...leaves.map((name, i) => ({
        ...segment(`seg${i}`, 'r', name),
        prefixes: [`2001:db8:1234:${i}::/64`, `10.${i}.0.0/24`],
      })),
    ],
  });
  const drawn = wires.filter((w) => w.segment.name !== 'up');
  const labels = drawn.map(({ segment: s, label: { at } }) => {
    const size = labelSize(s);
    return { name: s.name, x: at[0] - size.w / 2, y: at[1], ...size };
  });
  labels.forEach((label, i) => {
    for (const other of labels.slice(i + 1)) expect(overlap(label, other), `${label.name} on ${other.name}`).toBe(0);
    for (const box of [...cards, table!]) expect(overlap(label, box), label.name).toBe(0);
    const leaf = ports.find((p) => p.host === `h${i}`);
    expect(Math.abs((leaf?.at[1] ?? 0) - (label.y + label.h)), label.name).toBeLessThan(40);
  });
  const pieces = drawn.map(({ ports: ways }) =>
    [...ways.values()].flatMap((way) =>
      way.slice(1).map(([x, y], k) => {
        const [fromX, fromY] = way[k] as readonly [number, number];
        return { x: Math.min(x, fromX), y: Math.min(y, fromY), w: Math.abs(x - fromX) + 1, h: Math.abs(y - fromY) + 1 };
      }),
    ),
  );
  pieces.forEach((mine, i) => {
    for (const others of pieces.slice(i + 1))
      for (const a of mine) for (const b of others) expect(overlap(a, b)).toBe(0);
  });
});

test('what a wire would end at', () => {
  const layout = networkLayout(home);
  for (const card of layout.cards) {
    const { name } = card.host;
    const middle = [card.x + card.w / 2, card.y + card.h / 2] as const;
    expect(targetAt(layout, middle, '')).toEqual({ kind: 'host', name });
    expect(targetAt(layout, middle, name)).not.toEqual({ kind: 'host', name });
  }
  for (const wire of layout.wires) {
    expect(targetAt(layout, [wire.label.at[0], wire.label.at[1] + 8], '')).toEqual({
      kind: 'segment',
      name: wire.segment.name,
    });
  }
  const lan = layout.wires.find((w) => w.segment.name === 'lan');
  if (lan?.bus == null) throw new Error('no bus');
  expect(targetAt(layout, [lan.bus.from[0] + 4, lan.bus.from[1] + 3], '')).toEqual({ kind: 'segment', name: 'lan' });
  expect(targetAt(layout, [40, 5000], '')).toBeNull();
});

test('many hosts in one column have the table beside them; for a room there is none, and the cards are narrower', () => {
  const many = Array.from({ length: 13 }, (_, i) => `host-${i + 1}`);
  const lan = { hosts: many.map(host), segments: [segment('lan', ...many)] };
  const { cards, table, bounds } = networkLayout(lan);
  expect(table!.x).toBeGreaterThan(Math.max(...cards.map((c) => c.x + c.w)));
  expect(bounds.h).toBeLessThanOrEqual(Math.max(...cards.map((c) => c.y + c.h)) + 80);
  expect(bounds.w).toBeGreaterThan(table!.x + table!.w);
  const [page, room] = [networkLayout(home), networkLayout(home, {}, [], {}, true)];
  expect(room.table).toBeNull();
  expect(room.bounds.w).toBeLessThan(page.bounds.w);
  expect(room.bounds.h).toBeLessThan(page.bounds.h);
});

test('what is out of view is told by the side that it is on', () => {
  const view = { x: -100, y: 50, zoom: 0.5, width: 400, height: 300 };
  const at = (x: number, y: number) => sideOf({ x, y, w: 20, h: 20 }, view);
  expect(at(300, 100)).toBeNull();
  expect([at(300, 600), at(300, -200), at(1100, 100), at(100, 100)]).toEqual([
    'below',
    'above',
    'to the right',
    'to the left',
  ]);
});
