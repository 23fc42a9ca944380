import { describe, expect, it } from 'vitest';
import { cloneState, errorAt, fail, nearest, ok, Rng, seconds } from './index';

describe('nearest', () => {
  it('finds a misspelt word, also with neighbours swapped', () => {
    expect(nearest('--dprot', ['--sport', '--dport', '--tcp-flags'])).toBe('--dport');
    expect(nearest('PREROUTNIG', ['PREROUTING', 'POSTROUTING'])).toBe('PREROUTING');
  });

  it('is silent when nothing is near', () => {
    expect(nearest('xyzzy', ['ACCEPT', 'DROP'])).toBeUndefined();
    expect(nearest('a', [])).toBeUndefined();
  });
});

describe('Rng', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    const draw = (seed: number) => {
      const rng = new Rng(seed);
      return Array.from({ length: 8 }, () => rng.uint32());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('stays below its bound and reaches every value', () => {
    const rng = new Rng(7);
    const seen = new Set<number>();
    for (let i = 0; i < 500; i++) seen.add(rng.below(6));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('cloneState', () => {
  class Table {
    readonly entries = new Map<string, { n: number; self: Table }>();
    size() {
      return this.entries.size;
    }
  }

  it('copies maps, arrays, typed arrays, classes and cycles, and nothing is shared', () => {
    const table = new Table();
    table.entries.set('a', { n: 1, self: table });
    const world = {
      table,
      again: table,
      list: [new Uint8Array([1, 2]), new Int32Array([3])],
      set: new Set([{ k: 1 }]),
    };
    const copy = cloneState(world);
    expect(copy.table).not.toBe(table);
    expect(copy.table.size()).toBe(1);
    expect(copy.again).toBe(copy.table);
    expect(copy.table.entries.get('a')?.self).toBe(copy.table);
    copy.table.entries.get('a')!.n = 9;
    (copy.list[0] as Uint8Array)[0] = 9;
    expect(table.entries.get('a')?.n).toBe(1);
    expect((world.list[0] as Uint8Array)[0]).toBe(1);
  });

  it('shares what is frozen, and functions', () => {
    const rules = Object.freeze({ text: 'x' });
    const fn = () => 1;
    const copy = cloneState({ rules, fn });
    expect(copy.rules).toBe(rules);
    expect(copy.fn).toBe(fn);
  });

  it('lets a copy of a generator go on as the original does', () => {
    const rng = new Rng(3);
    rng.uint32();
    const copy = cloneState(rng);
    expect(copy.below(1000)).toBe(rng.below(1000));
    rng.uint32();
    expect(copy.uint32()).not.toBe(rng.uint32());
  });
});

describe('Result', () => {
  it('carries a value with warnings, or diagnostics', () => {
    const warning = { ...errorAt(1, 2, 3, 'odd', 'odd'), severity: 'warning' as const };
    expect(ok(5, [warning])).toEqual({ ok: true, value: 5, warnings: [warning] });
    const error = errorAt(2, 4, 0, 'bad', 'Bad word');
    expect(error.endColumn).toBe(5);
    expect(fail(error)).toEqual({ ok: false, diagnostics: [error] });
    expect(seconds(1.5)).toBe(1_500_000);
  });
});
