import { expect, test } from 'vitest';
import { stopOf } from './boxes';
import { layout } from './layout';
import { stemPath } from './stem';
import { FULL, hostView } from './testing';

const host = layout(hostView(FULL), { family: 'ip' });
const post = host.hooks.find((h) => h.hook === 'POSTROUTING')!;
const below = { x: post.x - 40, y: post.y + post.h + 10, w: 300, side: 'below' } as const;
const at = (fn: string) => host.nodes.get(stopOf.fn('POSTROUTING', fn))!;

test('the stem leads down from the packet, but not through stations that it has not reached', () => {
  expect(stemPath(at('mangle'), below, host, null)).toBe(`M${post.rail} ${post.y + post.h}V${below.y}`);
  const [x, y] = at('confirm');
  expect(stemPath([x, y], below, host, null)).toBe(`M${x} ${y + 14}V${below.y}`);
});

test('beside a card it is tied to the card, once the packet rests', () => {
  const [card] = post.cards;
  const beside = { x: post.x + post.w + 20, y: card!.station - 26, w: 200, side: 'right' } as const;
  expect(stemPath(at('mangle'), beside, host, card)).toBe(`M${card!.x + card!.w} ${card!.station}H${beside.x}`);
  expect(stemPath(at('mangle'), beside, host, undefined)).toBe('');
});
