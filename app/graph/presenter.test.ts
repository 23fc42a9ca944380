import { expect, test } from 'vitest';
import { overlap } from './geometry';
import { layout } from './layout';
import { presenterLayout } from './presenterLayout';
import { FULL, hostView } from './testing';

const host = hostView(FULL);
const full = layout(host, { family: 'ip' });

test('every stop of the line has its place on a projector, too', () => {
  const shown = presenterLayout(full, host);
  expect([...shown.nodes.keys()].toSorted()).toEqual([...full.nodes.keys()].toSorted());
  for (const [x, y] of shown.nodes.values()) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(shown.bounds.w);
    expect(y).toBeLessThanOrEqual(shown.bounds.h);
  }
  expect(shown.next).toBe(full.next);
});

test('its boxes do not overlap, and the title keeps clear of them', () => {
  const { hooks, local, title } = presenterLayout(full, host);
  const boxes = [...hooks, local, title];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) expect(overlap(a, b)).toBe(0);
  });
});
