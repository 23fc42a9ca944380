import { expect, test } from 'vitest';
import { createEngine } from '../../src/engine';
import { collisions, departed, flowsOfStep, phases } from './flows';

const syn = (src: string) => ({
  receive: {
    host: 'r',
    interface: 'eth1',
    packet: { src, dst: '198.51.100.7', tcp: { sport: 51544, dport: 443, flags: 'S' } },
  },
});

const LAB = {
  format: 'lab/1',
  name: 'two behind one address',
  hosts: {
    r: {
      interfaces: {
        eth0: { segment: 'wan', addresses: ['203.0.113.1/24'] },
        eth1: { segment: 'lan', addresses: ['10.0.0.1/24'] },
      },
      routes: 'default via 203.0.113.254 dev eth0\n',
      sysctl: { 'net.ipv4.ip_forward': '1', 'net.netfilter.nf_conntrack_tcp_timeout_syn_sent': '40' },
      iptables: '*nat\n-A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.1\nCOMMIT\n',
    },
  },
  steps: [syn('10.0.0.20'), syn('10.0.0.9'), { wait: { seconds: 41 } }],
};

test('a port that another flow holds: which flow got another, and who holds it', () => {
  const engine = createEngine();
  const { events, steps } = engine.load(LAB);
  const end = (steps[1]?.to ?? 0) - 1;
  const flows = engine.stateAt(end).hosts[0]?.conntrack.entries ?? [];
  const [first, second] = flows.toSorted((a, b) => a.id - b.id);
  expect(collisions(events, end, 'r', flows)).toEqual([
    { id: second?.id, holder: first?.id, wanted: 51544, given: second?.reply.dport, side: 'src' },
  ]);
  // Before the second packet nothing has happened to a port.
  expect(collisions(events, (steps[0]?.to ?? 0) - 1, 'r', flows)).toEqual([]);
  expect([...flowsOfStep(events, end, 1, 'r')]).toEqual([second?.id]);
  expect([...flowsOfStep(events, end, 1, 'elsewhere')]).toEqual([]);
});

test('the time of a flow is what the host gives it', () => {
  const engine = createEngine();
  const { steps } = engine.load(LAB);
  const [flow] = engine.stateAt((steps[0]?.to ?? 0) - 1).hosts[0]?.conntrack.entries ?? [];
  expect(flow).toMatchObject({ timeSpan: 40e6, timeLeft: 40e6 });
});

test('what events do to flows', () => {
  const { events, steps } = createEngine().load(LAB);
  const of = (step: number) => events.slice(steps[step]?.from, steps[step]?.to);
  const id = events.find((e) => e.type === 'conntrack' && e.what === 'new')?.id ?? -1;
  expect(phases(events.slice(id, id + 1), 'r')).toEqual(new Map([[1, 'born']]));
  expect(phases(of(0), 'r')).toEqual(new Map([[1, 'confirmed']]));
  expect(phases(of(0), 'elsewhere').size).toBe(0);
  expect(phases(of(2), 'r')).toEqual(
    new Map([
      [1, 'gone'],
      [2, 'gone'],
    ]),
  );
  expect(departed(of(2), 'r').map((e) => e.id)).toEqual([1, 2]);
  expect(departed(of(0), 'r')).toEqual([]);
});
