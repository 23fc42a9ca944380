import { describe, expect, it } from 'vitest';
import { createEngine, type HostView, renderSentence } from '.';

const FILTER = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 --syn -j CT --notrack
COMMIT
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -i eth0 -p tcp -m tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 9 --mss 1460
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
`;

const router = {
  interfaces: {
    eth0: { segment: 'wan', addresses: ['203.0.113.1/24'] },
    eth1: { segment: 'lan', addresses: ['10.0.0.1/24'] },
  },
  sysctl: { 'net.ipv4.ip_forward': '1', 'net.netfilter.nf_conntrack_tcp_loose': '0' },
  iptables: FILTER,
};
const server = {
  interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.2/24'] } },
  routes: 'default via 10.0.0.1 dev eth0\n',
  listen: [{ protocol: 'tcp', port: 80, serves: 'http' }],
};
const client = {
  interfaces: { eth0: { segment: 'wan', addresses: ['203.0.113.9/24'] } },
  routes: 'default via 203.0.113.1 dev eth0\n',
};

const receive = (flags: string) => ({
  receive: {
    host: 'router',
    interface: 'eth0',
    packet: { src: '203.0.113.9', dst: '10.0.0.2', tcp: { sport: 4000, dport: 80, flags } },
  },
});
const run = (command: string) => ({ run: { host: 'router', command } });
const wait = (seconds: number) => ({ wait: { seconds } });

function play(steps: readonly object[], hosts: object = { router, server }) {
  const engine = createEngine();
  const result = engine.load({ format: 'lab/1', name: 'proxy', description: '', hosts, steps });
  expect(result.refused).toBeNull();
  expect(result.notModelled).toEqual([]);
  const notes = result.events.flatMap((e) => (e.type === 'note' ? [e.note] : []));
  return { engine, result, notes };
}

describe('SYNPROXY', () => {
  it('serves a page to a client that takes its time, and says what it does', () => {
    const connect = { connect: { host: 'client', to: '10.0.0.2', port: 80, data: 'GET /\r\n\r\n', close: true } };
    const { engine, result, notes } = play([connect], { client, router, server });
    expect(notes).toEqual(['synproxy-cookie', 'synproxy-cookie-back', 'synproxy-remembers', 'synproxy-answered']);
    const kinds = result.events.flatMap((e) => (e.type === 'deliver' ? [`${e.to} ${e.service ?? ''}`.trim()] : []));
    expect(kinds).toContain('listener http');
    expect(kinds.filter((kind) => kind === 'client').length).toBeGreaterThan(2);
    const said = engine.explain(0, result.events.length).map((one) =>
      renderSentence(one)
        .map((p) => p.text)
        .join(''),
    );
    expect(said.find((text) => text.includes('the cookie'))).toMatch(/^router answers in the place of the server/);
    expect(said.some((text) => text.includes('so the client is real; hidden in it is the client’s MSS, 1460.'))).toBe(
      true,
    );
  });

  it('is at INPUT and POSTROUTING, before flows are confirmed, as long as a rule uses it', () => {
    const hosts = { router: { ...router, conntrack: true }, server };
    const { engine, result } = play([receive('S'), run('iptables -F FORWARD')], hosts);
    const then = engine.stateAt(result.events.length - 1).reconfigured;
    const names = (views: readonly HostView[], at: string): readonly string[] => {
      const { hooks } = views.find(({ name }) => name === 'router')!;
      return hooks.find(({ hook, family }) => hook === at && family === 'ip')!.functions.map(({ name }) => name);
    };
    for (const hook of ['INPUT', 'POSTROUTING']) {
      expect(names(result.hosts, hook).slice(-2)).toEqual(['synproxy', 'confirm']);
      expect(names(then, hook)).toEqual(names(result.hosts, hook).filter((name) => name !== 'synproxy'));
    }
  });

  it.each([
    [59, true],
    [121, false],
  ])('takes a cookie back after %i seconds: %s', (seconds, taken) => {
    const { notes } = play([receive('S'), wait(seconds), receive('A')]);
    expect(notes[1]).toBe(taken ? 'synproxy-cookie-back' : 'synproxy-no-cookie');
  });
});
