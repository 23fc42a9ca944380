import { expect, test } from 'vitest';
import { createEngine, type Lab, type RunResult, shippedLabs } from '../../src/engine';
import { compareRuns, firstDifference, sameFate } from './compare';

const lab = (await shippedLabs[0]?.load()) as Lab;
const run = (of: Lab): RunResult => createEngine().load(of);
const edited = (from: string | RegExp, to: string): Lab => {
  const host = lab.hosts.router as Lab['hosts'][string];
  const iptables = (host.iptables ?? '').replace(from, to);
  expect(iptables).not.toBe(host.iptables);
  return { ...lab, hosts: { ...lab.hosts, router: { ...host, iptables } } };
};
const before = run(lab);

test('nothing changed', () => {
  const change = compareRuns(before, run(lab));
  expect(change.changed).toBe(0);
  expect(change.packets).toHaveLength(before.steps.length);
  expect(change.packets.every((p) => !p.changed)).toBe(true);
});

test('a rule that is taken away changes the fate of the packets it let through, first and with where', () => {
  const after = run(edited(/^-A FORWARD.*$/gm, '#$&'));
  const change = compareRuns(before, after);
  expect(change.changed).toBeGreaterThan(0);
  const [first] = change.packets;
  expect(first?.changed).toBe(true);
  expect(first?.after).toMatchObject({ kind: 'dropped', host: 'router' });
  expect(first?.fewer).toBeGreaterThan(0);
  const at = firstDifference(before, after, first?.packet ?? '');
  expect(after.events[at]).toMatchObject({ packet: first?.packet, host: 'router' });
  const flags = change.packets.map((p) => p.changed);
  expect(flags).toEqual(flags.toSorted((a, b) => Number(b) - Number(a)));
});

test('a rule in front that matches nothing changes no fate', () => {
  const after = run(edited(/^-A FORWARD/m, '-A FORWARD -s 192.0.2.77 -j DROP\n$&'));
  expect(compareRuns(before, after).changed).toBe(0);
});

test('the number of a rule is no difference, its chain is', () => {
  const drop = { kind: 'dropped', host: 'r', reason: 'NETFILTER_DROP', event: 1 } as const;
  expect(sameFate({ ...drop, by: 'filter INPUT 3' }, { ...drop, by: 'filter INPUT 4', event: 9 })).toBe(true);
  expect(sameFate({ ...drop, by: 'filter INPUT 3' }, { ...drop, by: 'filter INPUT policy' })).toBe(false);
});
