import { expect, test } from 'vitest';
import { createEngine, type Lab, type RunResult, shippedLabs } from '../../src/engine';
import { alignStep, firstDifferent } from './align';

const lab = (await shippedLabs[0]?.load()) as Lab;
const run = (of: Lab): RunResult => createEngine().load(of);
const before = run(lab);
const edited = (change: (text: string) => string): RunResult => {
  const host = lab.hosts.router as Lab['hosts'][string];
  const iptables = change(host.iptables ?? '');
  expect(iptables).not.toBe(host.iptables);
  return run({ ...lab, hosts: { ...lab.hosts, router: { ...host, iptables } } });
};

test('two runs of the same lab differ nowhere', () => {
  const rows = alignStep(before, run(lab), 0);
  expect(rows.length).toBeGreaterThan(10);
  expect(firstDifferent(rows)).toBe(-1);
});

test('what is equal up to the first difference stands side by side, and nothing of either run is lost', () => {
  const after = edited((text) => text.replace(/^-A FORWARD.*$/gm, '#$&'));
  const step = after.steps.findIndex((s, i) => s.outcome.kind !== before.steps[i]?.outcome.kind);
  const rows = alignStep(before, after, step);
  const first = firstDifferent(rows);
  expect(first).toBeGreaterThan(3);
  expect(rows.slice(0, first).every((row) => row.before?.key === row.after?.key)).toBe(true);
  expect(rows[first]?.after).toMatchObject({ host: 'router', hue: 'bad' });
  for (const side of ['before', 'after'] as const) {
    const order = rows.flatMap((row) => row[side]?.event ?? []);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const last = side === 'before' ? before : after;
    expect(order.at(-1)).toBeLessThan(last.steps[step]!.to);
  }
  expect(rows.filter((row) => row.before).length).toBeGreaterThan(rows.filter((row) => row.after).length);
});

test('a detour is a gap on the other side, and what follows it is equal again', () => {
  const after = edited((text) =>
    text.replace(/^(\*filter\n(?::.*\n)*)/m, '$1:EXTRA - [0:0]\n-A FORWARD -j EXTRA\n-A EXTRA -j RETURN\n'),
  );
  const rows = alignStep(before, after, 0);
  const first = firstDifferent(rows);
  expect(rows[first]).toMatchObject({ before: null, after: { kind: 'jump' } });
  expect(rows.at(-1)?.same).toBe(true);
});
