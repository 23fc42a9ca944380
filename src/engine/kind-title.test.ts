import { expect, it } from 'vitest';
import { createEngine, outcomeText } from '.';

const lab = (steps: readonly unknown[]) => ({
  format: 'lab/1',
  name: 'two',
  hosts: {
    a: { interfaces: { eth0: { segment: 's', addresses: ['10.0.0.1/24'] } } },
    b: {
      interfaces: { eth0: { segment: 's', addresses: ['10.0.0.2/24'] } },
      listen: [
        { protocol: 'udp', port: 53, silent: true },
        { protocol: 'udp', port: 514, silent: true },
        { protocol: 'udp', port: 7 },
        { protocol: 'tcp', port: 80, serves: 'http' },
      ],
    },
    /** What has no next host: out of it all is lost. */
    c: {
      interfaces: { eth0: { segment: 't', addresses: ['10.1.0.1/24'] } },
      routes: 'default via 10.1.0.254 dev eth0\n',
    },
  },
  steps,
});
const to = (port: number, data?: string) => ({
  host: 'a',
  to: '10.0.0.2',
  port,
  ...(data === undefined ? {} : { data }),
});
const QUERY = '\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03com\0\0\x01\0\x01';

it('a client is called by what it sends', () => {
  const { steps } = createEngine().load(
    lab([
      { connect: to(80, 'GET / HTTP/1.1\r\nHost: b\r\n\r\n') },
      { connect: to(80) },
      { connect: to(80, 'GET') },
      { ping: { host: 'a', to: '10.0.0.2' } },
      { udp: to(53) },
      { udp: to(7, QUERY) },
      { udp: to(7, 'a text that is no question') },
      { udp: to(7), title: 'Mine' },
    ]),
  );
  expect(steps.map((s) => s.title)).toEqual([
    'HTTP request',
    'TCP connect',
    'TCP connect',
    'Ping',
    'DNS query',
    'DNS query',
    'UDP request',
    'Mine',
  ]);
});

it('a client that nobody answers is told from one that is answered, and from one whose packet is dropped', () => {
  const ping = (from: string, there: string) => ({ ping: { host: from, to: there } });
  const { steps } = createEngine().load(
    lab([
      ping('a', '10.0.0.2'),
      { udp: to(53) },
      { udp: to(514, 'log') },
      { udp: to(9) },
      ping('a', '10.0.0.9'),
      ping('c', '192.0.2.1'),
    ]),
  );
  expect(steps.map((s) => outcomeText(s.outcome))).toEqual([
    'DONE 1 of 1 answered',
    'NO ANSWER delivered to b:53',
    'ACCEPT delivered to b:514',
    'FAILED ICMP port-unreachable 10.0.0.2 → 10.0.0.1',
    'DROP at a: nobody answers for the next hop (NEIGH_FAILED)',
    'NO ANSWER left c by eth0',
  ]);
});

it('a command whose answer is dropped ends where that is; one that is refused, at the closed port', () => {
  const asked = { run: { host: 'a', command: 'nc -vz 10.0.0.2 81' } };
  const { hosts, ...rest } = lab([asked]);
  const silent = {
    ...hosts.a,
    iptables: '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n',
  };
  const outcome = (a: object) => createEngine().load({ ...rest, hosts: { ...hosts, a } }).steps[0]?.outcome;
  expect(outcome(hosts.a)).toMatchObject({ kind: 'delivered', place: 'closed' });
  expect(outcome(silent)).toMatchObject({ kind: 'dropped', host: 'a', by: 'filter INPUT policy' });
});
