import { expect, test } from 'vitest';
import { fixtureRun } from '../fixtures/run';
import { beatAt, beats } from './beats';

test('x', () => {
  const list = beats(fixtureRun());
  for (const b of list)
    console.log(b.index, b.first, b.event, b.host, b.packet, b.kind, b.glyph, b.hue, JSON.stringify(b.place));
});
