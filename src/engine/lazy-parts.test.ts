import { describe, expect, it } from 'vitest';
import { PartMissing } from '../base';
import { shippedLabs } from '../lab';
import { allExtensions, commonExtensions } from '../xtables';
import { createEngine } from '.';
import { engineOf } from './engine';
import { lazyParts } from './lazy-parts';

/** Asks until all parts that it takes are loaded, as the worker does. */
async function ask<T>(parts: ReturnType<typeof lazyParts>, what: () => T, loaded: string[]): Promise<T> {
  for (;;) {
    try {
      return what();
    } catch (error) {
      if (!(error instanceof PartMissing) || loaded.includes(error.part)) throw error;
      loaded.push(error.part);
      await parts.load(error.part);
    }
  }
}

const RARE = {
  format: 'lab/1',
  name: 'rare',
  hosts: {
    a: {
      interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24'] } },
      ipset: 'create s hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x1\nadd s 10.0.0.2\n',
      iptables:
        '*filter\n-A INPUT -m set --match-set s src -j NFLOG --nflog-group 1\n-A INPUT -p sctp -j DROP\nCOMMIT\n',
    },
  },
  steps: [
    { run: { host: 'a', command: 'iptables -A INPUT -m quota --quota 100 -j DROP' } },
    { receive: { host: 'a', interface: 'eth0', packet: { src: '10.0.0.2', dst: '10.0.0.1', icmp: { type: 8 } } } },
  ],
};

describe('parts that load when they are wanted', () => {
  it('make no difference to what comes of a lab', async () => {
    const parts = lazyParts();
    const engine = engineOf(parts.parts);
    const loaded: string[] = [];
    const labs = await Promise.all(shippedLabs.map((lab) => lab.load()));
    for (const lab of [...labs, RARE]) {
      const whole = createEngine();
      const expected = whole.load(lab);
      const run = await ask(parts, () => engine.load(lab), loaded);
      expect(run).toEqual(expected);
      const last = run.events.length;
      expect(await ask(parts, () => engine.explain(0, last), loaded)).toEqual(whole.explain(0, last));
    }
    expect(await ask(parts, () => engine.catalogue(), loaded)).toEqual(createEngine().catalogue());
    expect([...loaded].sort()).toEqual(['explain', 'extensions', 'forms', 'own', 'shell']);
  });

  it('are not wanted by the lab that opens first, to be run', async () => {
    const lab = await shippedLabs[0]!.load();
    expect(engineOf(lazyParts().parts).load(lab).steps.length).toBeGreaterThan(0);
  });

  it('know which targets are missing', () => {
    for (const family of ['ip', 'ip6'] as const) {
      const lacking = [...allExtensions[family].targets.keys()].filter(
        (name) => !commonExtensions[family].targets.has(name),
      );
      expect(lacking.filter((name) => !commonExtensions[family].missing.has(name))).toEqual([]);
    }
    const known = new Set([...allExtensions.ip.targets.keys(), ...allExtensions.ip6.targets.keys()]);
    expect([...commonExtensions.ip.missing].filter((name) => !known.has(name))).toEqual([]);
  });
});
