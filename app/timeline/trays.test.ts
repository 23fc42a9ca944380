import { describe, expect, test } from 'vitest';
import type { StepResult } from '../../src/engine';
import type { Beat } from '../store';
import { beatNear, layoutTrays, litTo, placeOfBeat } from './trays';

function beat(index: number, packet: string, glyph: Beat['glyph']): Beat {
  return {
    index,
    kind: glyph === 'tried' ? 'passed' : 'matched',
    glyph,
    packet,
    host: 'router',
    userStep: 0,
    place: { at: 'host' },
    hue: '',
    first: index,
    event: index,
    say: index,
    rule: -1,
    key: String(index),
  };
}

const step: StepResult = {
  from: 0,
  to: 99,
  title: 'TCP connect',
  subtitle: 'client → web',
  outcome: { kind: 'stopped' },
  packets: [
    { id: '1', title: 'SYN', subtitle: 'client → web', from: 0, to: 9, outcome: { kind: 'stopped' } },
    { id: '1.reply1', title: 'SYN-ACK', subtitle: 'web → client', from: 9, to: 19, outcome: { kind: 'stopped' } },
  ],
};
const many = (n: number): Beat[] => Array.from({ length: n }, (_, i) => beat(i, '1', i % 10 === 9 ? 'hit' : 'tried'));

describe('trays', () => {
  test('each packet has a tray of its own, wide in proportion to its markers', () => {
    const list = [...Array(20).keys()].map((i) => beat(i, i < 12 ? '1' : '1.reply1', 'hit'));
    const { trays, width } = layoutTrays(list, step, 614);
    expect(trays.map((t) => t.title)).toEqual(['SYN', 'SYN-ACK']);
    expect(trays[0]?.width).toBeCloseTo(360);
    expect(trays[1]?.width).toBeCloseTo(240);
    expect(trays[1]?.x).toBeCloseTo(374);
    expect(width).toBeCloseTo(614);
  });

  test('what happens to no packet stands where it happens, not all in one place', () => {
    const order = ['1', '', '1.reply1', '', ''];
    const list = order.map((packet, i) => beat(i, packet, 'hit'));
    const layout = layoutTrays(list, step, 900);
    expect(layout.trays.map((t) => t.packet)).toEqual(['1', '', '1.reply1', '']);
    const xs = list.map((b) => placeOfBeat(layout, b.index)?.x ?? Number.NaN);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  });

  test('a tray is as wide as its caption where the strip has room, and no wider', () => {
    const few = [beat(0, '1', 'hit'), beat(1, '1.reply1', 'hit')];
    const long: StepResult = {
      ...step,
      packets: step.packets.map((p) => ({ ...p, subtitle: 'a-host-with-a-name → 2001:db8::1' })),
    };
    const roomy = layoutTrays(few, long, 1000);
    for (const tray of roomy.trays) expect(tray.width).toBeGreaterThan(32 * 6.5 + tray.title.length * 7);
    expect(roomy.width).toBeLessThan(700);
    const tight = layoutTrays(few, long, 400);
    expect(tight.width).toBeCloseTo(400);
    expect(layoutTrays(few, step, 1000).trays[0]?.marks[0]?.x).toBe(roomy.trays[0]?.marks[0]?.x);
  });

  test('below 12 px a marker, rules that only were tried merge into a bar', () => {
    const roomy = layoutTrays(many(40), step, 480);
    expect(roomy.trays[0]?.marks).toHaveLength(40);
    const tight = layoutTrays(many(40), step, 400);
    expect(tight.trays[0]?.marks.map((m) => m.kind)).toEqual([
      'bar',
      'beat',
      'bar',
      'beat',
      'bar',
      'beat',
      'bar',
      'beat',
    ]);
    expect(tight.trays[0]?.marks[0]).toMatchObject({ from: 0, to: 8 });
  });

  test('where even that is too much, the content is wider than its room', () => {
    const list = [...Array(100).keys()].map((i) => beat(i, '1', 'hit'));
    expect(layoutTrays(list, step, 300).width).toBeGreaterThan(300);
  });

  test('every beat has a place, and the place leads back to the beat', () => {
    for (const width of [200, 400, 900]) {
      const list = many(40);
      const layout = layoutTrays(list, step, width);
      for (const { index } of list) {
        const place = placeOfBeat(layout, index);
        expect(place).not.toBeNull();
        const mark = place?.tray.marks.find((m) => m.from <= index && index <= m.to);
        const back = beatNear(layout, place?.x ?? -1);
        expect(back).toBeGreaterThanOrEqual(mark?.from ?? -1);
        expect(back).toBeLessThanOrEqual(mark?.to ?? -1);
      }
    }
    expect(placeOfBeat(layoutTrays([], step, 100), 0)).toBeNull();
    expect(beatNear(layoutTrays([], step, 100), 5)).toBe(-1);
  });

  test('a tray is lit up to the playhead, and not at all before its first beat', () => {
    const list = [...Array(6).keys()].map((i) => beat(i, i < 3 ? '1' : '1.reply1', 'hit'));
    const { trays } = layoutTrays(list, step, 600);
    const [first, second] = trays;
    if (first === undefined || second === undefined) throw new Error('two trays expected');
    expect(litTo(first, 1)).toBe(first.marks[1]?.x);
    expect(litTo(second, 1)).toBeNull();
    expect(litTo(first, 5)).toBe(first.marks[2]?.x);
  });
});
