import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createEngine } from '../../src/engine';
import { fragmentOf, piecesOf } from './pieces';

const LABS = new URL('../../e2e/kernel/labs/', import.meta.url);

function played(name: string) {
  const run = createEngine().load(JSON.parse(readFileSync(new URL(`${name}.json`, LABS), 'utf8')));
  const at = (what: string, from = 0) =>
    run.events.findIndex((e, i) => i >= from && e.type === 'fragment' && e.what === what);
  const look = (i: number) => {
    const event = run.events[i];
    if (event === undefined || event.frame < 0) throw new Error('no frame');
    return piecesOf(run.events, run.frames, i, event.host, event.packet, run.frames[event.frame] as Uint8Array);
  };
  return { run, at, look };
}

test.each(['frag-forward-with-conntrack', 'ip6-frag-conntrack'])('%s: pieces, and the whole that they make', (name) => {
  const { at, look } = played(name);
  const first = look(at('queued'));
  expect(first).toMatchObject({ shows: 'piece', total: null });
  expect(first?.list).toHaveLength(1);
  expect(first?.list[0]?.shown).toBe(true);
  const whole = look(at('reassembled'));
  expect(whole).toMatchObject({ shows: 'joined', missing: 0 });
  expect(whole?.list.length).toBeGreaterThan(1);
  expect(whole?.total).toBe(whole?.list.at(-1)?.to);
});

test('a packet that is too long is cut; each piece knows its place', () => {
  const { run, at, look } = played('frag-on-way-out');
  const cut = look(at('split'));
  expect(cut).toMatchObject({ shows: 'cut', missing: 0 });
  expect(cut?.list.map((p) => p.more)).toEqual([
    ...Array.from({ length: (cut?.list.length ?? 0) - 1 }, () => true),
    false,
  ]);
  const born = run.events.findIndex((e) => e.type === 'born' && e.how === 'fragment');
  expect(look(born)).toMatchObject({ shows: 'piece' });
});

test('a packet in one piece has none', () => {
  const { run, look } = played('hooks-forward-five-tables');
  expect(look(run.events.findIndex((e) => e.frame >= 0))).toBeNull();
  expect(fragmentOf(new Uint8Array(0))).toBeNull();
});
