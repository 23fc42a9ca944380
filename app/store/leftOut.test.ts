import { expect, test } from 'vitest';
import { createEngine } from '../../src/engine';
import { leftOutOf } from './leftOut';

const lab = (iptables: string, routes = '') => ({
  format: 'lab/1',
  name: 'x',
  hosts: { a: { interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24'] } }, iptables, routes }, b: {} },
  steps: [],
});

test('a sound host has nothing to say', () => {
  const texts = createEngine().check(lab('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n'));
  expect(leftOutOf(texts, 'a')).toEqual([]);
});

test('broken lines are counted, with the tool that would refuse them', () => {
  const texts = createEngine().check(
    lab('*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j NOWHERE\nCOMMIT\n', 'default via 10.0.0.999 dev eth0\n'),
  );
  expect(leftOutOf(texts, 'a').map((t) => t.says)).toEqual([
    '1 line left out: ip route would refuse it',
    '1 line left out: iptables-restore would refuse this text',
  ]);
  expect(leftOutOf(texts, 'b')).toEqual([]);
});

test('to check a lab leaves the run that is loaded as it is', () => {
  const engine = createEngine();
  const run = engine.load({ ...lab(''), steps: [{ wait: { seconds: 1 } }] });
  engine.check(lab('*filter\n-A INPUT -j DROP\nCOMMIT\n'));
  expect(engine.explain(0, run.events.length)).toHaveLength(run.events.length);
  expect(() => engine.check({ format: 'lab/1' })).toThrow();
});
