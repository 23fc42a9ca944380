import { describe, expect, it } from 'vitest';
import { shippedLabs } from '../lab';
import type { RunResult } from './api';
import { pack, unpack } from './delta';
import { createEngine } from './whole';

const lab = await shippedLabs[0]!.load();
const router = lab.hosts.router!;
const withRules = (iptables: string) => ({ ...lab, hosts: { ...lab.hosts, router: { ...router, iptables } } });
const size = (value: unknown): number => JSON.stringify(value).length;

/** What comes out at the other end of a worker that had `before` there. */
const sent = (before: RunResult | null, now: RunResult): RunResult =>
  unpack(before, structuredClone(pack(before, now)));

describe('a result as what it has that the one before had not', () => {
  const engine = createEngine();
  const first = engine.load(lab);
  const comment = engine.load(withRules(`${router.iptables}# a comment`));
  const dropped = engine.load(
    withRules(router.iptables!.replace(':FORWARD ACCEPT', ':FORWARD DROP').replaceAll('-j ACCEPT', '-j DROP')),
  );

  it('comes out whole with nothing before', () => {
    expect(sent(null, first)).toEqual(first);
  });

  it('is nearly nothing where nothing changed, and keeps what was there', () => {
    const now = sent(first, comment);
    expect(now).toEqual(comment);
    expect(now.events).toBe(first.events);
    expect(now.steps).toBe(first.steps);
    expect(size(pack(first, comment))).toBeLessThan(size(comment) / 100);
  });

  it('comes out whole where fates changed, and back', () => {
    expect(dropped.events).not.toEqual(first.events);
    expect(sent(first, dropped)).toEqual(dropped);
    expect(sent(dropped, first)).toEqual(first);
  });

  it('comes out whole with more steps and with fewer', () => {
    const more = engine.load({ ...lab, steps: [...lab.steps, { wait: { seconds: 5 } }] });
    const fewer = engine.load({ ...lab, steps: lab.steps.slice(0, 1) });
    expect(sent(first, more)).toEqual(more);
    expect(sent(first, more).steps[0]).toBe(first.steps[0]);
    expect(sent(more, fewer)).toEqual(fewer);
  });

  it('comes out whole with what is told before the first step, and where that comes and goes', () => {
    const kept = engine.load({
      ...lab,
      hosts: { ...lab.hosts, router: { ...router, nftables: 'table inet filter {\n}\n' } },
    });
    expect(kept.events[0]?.type).toBe('not-modelled');
    expect(sent(null, kept)).toEqual(kept);
    expect(sent(first, kept)).toEqual(kept);
    expect(sent(kept, first)).toEqual(first);
    expect(sent(kept, engine.load({ ...lab, steps: [] }))).toMatchObject({ events: [], steps: [] });
  });

  it('comes out whole for every shipped lab after any other', async () => {
    const results = [];
    for (const { load } of shippedLabs) results.push(createEngine().load(await load()));
    for (const [i, result] of results.entries()) expect(sent(results.at(i - 1)!, result)).toEqual(result);
  });
});
