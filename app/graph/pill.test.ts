import { describe, expect, test } from 'vitest';
import { overlap } from './geometry';
import { PILL_HEIGHT, type PillScene, type PillText, pillPieces, pillWidth, placePill, shortAddress } from './pill';

const text: PillText = {
  flags: 'TCP SYN',
  src: { now: '198.51.100.7:40312', before: null },
  dst: { now: '10.0.0.5:8080', before: '203.0.113.1:80' },
  fresh: true,
};
const words = (collapse: 0 | 1 | 2 | 3): string =>
  pillPieces(text, collapse)
    .map((p) => p.text)
    .join(' ');

describe('collapse', () => {
  test('source port, struck value, source; never what is new', () => {
    expect(words(0)).toBe('198.51.100.7:40312 → 203.0.113.1:80 10.0.0.5:8080');
    expect(words(1)).toBe('198.51.100.7 → 203.0.113.1:80 10.0.0.5:8080');
    expect(words(2)).toBe('198.51.100.7 → …:80 10.0.0.5:8080');
    expect(words(3)).toBe('→ …:80 10.0.0.5:8080');
  });
  test('each is narrower than the one before', () => {
    const widths = ([0, 1, 2, 3] as const).map((c) => pillWidth(text, c));
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect(new Set(widths).size).toBe(4);
  });
  test('a rewritten source stays', () => {
    const snat: PillText = {
      ...text,
      src: { now: '203.0.113.1:1', before: '10.0.0.5:1' },
      dst: { now: '9.9.9.9:53', before: null },
    };
    expect(pillPieces(snat, 3).map((p) => p.text)).toContain('203.0.113.1:1');
  });
  test('long IPv6 addresses keep both ends, and the whole of them is there', () => {
    expect(shortAddress('2001:db8:0:1:2:3:4:42')).toBe('2001:db8:…:42');
    expect(shortAddress('[2001:db8:0:1:2:3:4:42]:443')).toBe('[2001:db8:…:42]:443');
    expect(shortAddress('2001:db8::1')).toBe('2001:db8::1');
    expect(shortAddress('203.0.113.111:65535')).toBe('203.0.113.111:65535');
    const six: PillText = { ...text, dst: { now: '2001:db8:0:1:2:3:4:42', before: null } };
    expect(pillPieces(six, 0).at(-1)).toMatchObject({ text: '2001:db8:…:42', full: '2001:db8:0:1:2:3:4:42' });
  });
});

describe('place', () => {
  const scene = (more: Partial<PillScene>): PillScene => ({
    at: [156, 548],
    current: { x: 172, y: 526, w: 130, h: 44 },
    way: [{ x: 140, y: 348, w: 170, h: 242 }],
    other: [],
    line: [],
    bounds: { x: 0, y: 0, w: 886, h: 668 },
    buttons: { x: 0, y: 532, w: 62, h: 136 },
    rowBottom: 590,
    hooksBottom: 590,
    sight: 900,
    low: true,
    aside: null,
    ...more,
  });
  const width = (c: 0 | 1 | 2 | 3): number => pillWidth(text, c);
  const box = (s: ReturnType<typeof placePill>) => ({ x: s.x, y: s.y, w: s.w, h: PILL_HEIGHT });

  test('below the lower row, whole, inside the graph', () => {
    const spot = placePill(scene({}), width);
    expect(spot).toMatchObject({ side: 'below', y: 600, collapse: 0 });
    expect(overlap(box(spot), { x: 0, y: 0, w: 886, h: 668 })).toBe(spot.w * PILL_HEIGHT);
  });
  test('not below the buttons of the camera, and with no stem across another interface', () => {
    const eth0 = { x: 14, y: 348, w: 98, h: 84 };
    const eth1 = { x: 14, y: 442, w: 98, h: 84 };
    const buttons = { x: 0, y: 532, w: 62, h: 136 };
    for (const [at, own, other] of [
      [[30, 484], eth1, eth0],
      [[30, 390], eth0, eth1],
    ] as const) {
      const spot = placePill(scene({ at, current: own, way: [own], other: [other] }), width);
      expect(overlap(box(spot), buttons)).toBe(0);
      expect(spot.side === 'below' && other.y > at[1]).toBe(false);
    }
  });
  test('under a packet that goes round below the hooks', () => {
    const lo = scene({ at: [450, 602], current: null, rowBottom: 605, hooksBottom: 605, line: [[450, 602]] });
    expect(placePill(lo, width)).toMatchObject({ side: 'below', y: 615, collapse: 0 });
  });
  test('beside many interfaces it stays in reach of the packet', () => {
    const many = { at: [348, 400] as const, current: null, rowBottom: 2200, bounds: { x: 0, y: 0, w: 886, h: 2300 } };
    expect(placePill(scene(many), width)).toMatchObject({ side: 'below', y: 600 });
    // Few of them: under all, as ever.
    expect(placePill(scene({ ...many, rowBottom: 640 }), width)).toMatchObject({ y: 650 });
  });
  test('the mark of a packet that has ended has its room', () => {
    expect(pillWidth(text, 0, true)).toBe(pillWidth(text, 0) + 30);
  });
  test('no wider than what is in sight, and what is new is the last to go', () => {
    for (let sight = 520; sight < 800; sight += 5)
      expect(placePill(scene({ sight }), width).w, `of ${sight}`).toBeLessThanOrEqual(sight - 20);
    const spot = placePill(scene({ sight: 520 }), width);
    expect(words(spot.collapse as 0 | 1 | 2 | 3)).toMatch(/10\.0\.0\.5:8080$/);
  });
  test('never over the current card, wherever that is', () => {
    for (let y = 20; y < 600; y += 20) {
      for (let x = 20; x < 760; x += 40) {
        const current = { x: x + 16, y: y - 14, w: 110, h: 28 };
        const spot = placePill(scene({ at: [x, y], current, low: y > 340 }), width);
        expect(overlap(box(spot), current)).toBe(0);
      }
    }
  });
  test('beside INPUT it rather covers another branch than the way', () => {
    const input = { x: 332, y: 130, w: 158, h: 194 };
    const output = { x: 552, y: 98, w: 166, h: 226 };
    const forward = { x: 388, y: 348, w: 158, h: 194 };
    const routing = { x: 323, y: 340, w: 50, h: 70 };
    const title = { x: 22, y: 20, w: 190, h: 230 };
    const spot = placePill(
      scene({
        at: [348, 270],
        current: { x: 364, y: 256, w: 118, h: 28 },
        way: [input, routing, title],
        other: [output, forward],
        low: false,
      }),
      width,
    );
    expect(overlap(box(spot), title)).toBe(0);
    expect(overlap(box(spot), routing)).toBe(0);
  });
});
