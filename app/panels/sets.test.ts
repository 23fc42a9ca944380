import { expect, test } from 'vitest';
import { createEngine, type SetView } from '../../src/engine';
import { costOf, defaultTimeout, notesOf } from './sets';

const packet = (src: string) => ({
  receive: { host: 'h', interface: 'eth0', packet: { src, dst: '10.0.0.1', udp: { sport: 1, dport: 53 } } },
});
const many = Array.from({ length: 300 }, (_, i) => `add long 192.0.${2 + (i >> 8)}.${i & 255}`).join('\n');
const LAB = {
  format: 'lab/1',
  name: 'sets',
  hosts: {
    h: {
      interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/8'] } },
      ipset: `create nets hash:net comment timeout 60
add nets 10.1.0.0/16
add nets 10.1.2.0/24 nomatch comment "not these"
add nets 10.2.0.0/16 timeout 20
create all list:set
add all nets
create long hash:ip
${many}
add all long
`,
      iptables: '*filter\n-A INPUT -m set --match-set nets src\n-A INPUT -m set --match-set all src\nCOMMIT\n',
    },
  },
  steps: [packet('10.1.2.3'), packet('10.1.9.9'), { wait: { seconds: 5 } }],
};

function lookups(step: number) {
  const engine = createEngine();
  const { events, steps } = engine.load(LAB);
  const range = steps[step];
  const tests = events.slice(range?.from, range?.to).flatMap((e) => (e.type === 'set' ? [e] : []));
  const sets = engine.stateAt((range?.to ?? 0) - 1).hosts[0]?.ipset ?? [];
  return { engine, tests, sets, last: (range?.to ?? 0) - 1 };
}

const setOf = (sets: readonly SetView[], name: string) => sets.find((s) => s.name === name);

test('what a lookup cost, beside the rules that the set replaces', () => {
  const { tests, sets } = lookups(1);
  const [nets, all] = tests;
  expect(nets && costOf(nets, sets)).toMatchObject({ rules: 3, tried: 1 });
  expect(nets?.probes).toBeGreaterThan(1);
  expect(all && costOf(all, sets)).toMatchObject({ rules: 303, tried: null });
  const miss = lookups(0).tests[0];
  // A nomatch member was met: it is as far as a list of rules would go.
  expect(miss).toMatchObject({ matched: false, element: '10.1.2.0/24' });
  expect(miss && costOf(miss, sets).tried).toBe(2);
});

test('long sets are told member by member when they are asked for', () => {
  const { engine, sets, last } = lookups(1);
  expect(setOf(sets, 'long')).toMatchObject({ size: 300, members: [] });
  const members = engine.members(last, 'h', 'long');
  expect(members).toHaveLength(300);
  expect(members[0]).toMatchObject({ element: '192.0.2.0', timeout: null });
  expect(engine.members(last, 'h', 'none of this name')).toEqual([]);
});

test('timeouts count down, and what stands behind a member is told apart', () => {
  const { sets } = lookups(2);
  const nets = setOf(sets, 'nets');
  expect(nets?.members.map((m) => m.timeout)).toEqual([54, 54, 14]);
  expect(defaultTimeout(nets?.header ?? '')).toBe(60);
  expect(defaultTimeout(setOf(sets, 'long')?.header ?? '')).toBe(0);
  expect(nets?.members.map(notesOf)[1]).toEqual({ nomatch: true, comment: 'not these', rest: '' });
  expect(notesOf({ text: '10.0.0.1 skbmark 0x1', element: '10.0.0.1' })).toEqual({
    nomatch: false,
    comment: '',
    rest: 'skbmark 0x1',
  });
});
