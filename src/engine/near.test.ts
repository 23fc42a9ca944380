import { describe, expect, it } from 'vitest';
import { type Lab, shippedLabs } from '../lab';
import { createNearEngine } from './near';
import { createEngine } from './whole';

const labs = await Promise.all(shippedLabs.map((lab) => lab.load()));
const lab = labs[0]!;
const rules = (text: string): Lab => ({
  ...lab,
  hosts: { ...lab.hosts, router: { ...lab.hosts.router, iptables: text } },
});
const stands = (): number => 0;

describe('the engine on the caller’s own thread', () => {
  it('says of every lab what the other says, once its parts are there', async () => {
    const near = createNearEngine(stands);
    for (const one of labs) {
      await expect.poll(() => near.run(one)).not.toBeNull();
      expect(near.run(one), one.name).toEqual(createEngine().load(one));
    }
  });

  it('keeps what an edit leaves as it was', () => {
    const near = createNearEngine(stands);
    const before = near.run(lab);
    const after = near.run(rules(`${lab.hosts.router!.iptables}# a comment`));
    expect(after?.events).toBe(before?.events);
    expect(after?.steps).toBe(before?.steps);
    const other = rules('*filter\n:FORWARD DROP [0:0]\nCOMMIT\n');
    expect(near.run(other)).toEqual(createEngine().load(other));
    expect(near.run(lab)).toEqual(before);
  });

  it('leaves to others what takes long, and tries such a lab ever less often', () => {
    let step = 0;
    let time = 0;
    const near = createNearEngine(() => {
      time += step;
      return time;
    });
    const edited = (what: number): Lab => rules(`${lab.hosts.router!.iptables}# ${what}`);
    expect(near.run(lab)).not.toBeNull();
    step = 17;
    const begun = Array.from({ length: 40 }, (_, i) => {
      const before = time;
      expect(near.run(edited(i))).toBeNull();
      return time > before;
    });
    expect(begun.flatMap((did, i) => (did ? [i] : []))).toEqual([0, 2, 5, 10, 19, 36]);
    step = 0;
    expect(near.run(edited(41))).toBeNull();
    near.warm(lab, () => {});
    expect(near.run(lab)).toEqual(createEngine().load(lab));
  });

  it('leaves to others long rules, what is no lab, and its own faults', () => {
    const near = createNearEngine(stands);
    expect(near.run(rules(`*filter\n${'# long\n'.repeat(20_000)}COMMIT\n`))).toBeNull();
    expect(near.run({ ...lab, name: 7 } as unknown as Lab)).toBeNull();
  });

  it('leaves to others a packet that meets rule after rule, soon', () => {
    const near = createNearEngine(stands);
    const chains = Array.from({ length: 14 }, (_, i) => `C${i}`);
    const jumps = chains.slice(1).flatMap((to, i) => [`-A C${i} -j ${to}`, `-A C${i} -j ${to}`]);
    const text = ['*filter', ...chains.map((c) => `:${c} - [0:0]`), ...jumps, '-A FORWARD -j C0', 'COMMIT', ''];
    const heavy = rules(text.join('\n'));
    expect(near.run(heavy)).toBeNull();
    expect(createEngine().load(heavy).events.at(-1)?.type).not.toBe('stopped');
  });

  it('warms up in slices, for as long as it may, and then not again', () => {
    let time = 0;
    const near = createNearEngine(() => {
      time += 1;
      return time;
    });
    const slices: ((milliseconds: number) => void)[] = [];
    near.warm(lab, (slice) => slices.push(slice));
    let count = 0;
    for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
      slice(10);
      count++;
    }
    expect(count).toBeGreaterThan(120);
    expect(count).toBeLessThan(420);
    near.warm(lab, (slice) => slices.push(slice));
    slices.shift()?.(0);
    expect(slices).toEqual([]);
  });
});
