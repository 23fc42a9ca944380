import { describe, expect, it } from 'vitest';
import { createEngine, type Lab, parseLab, parsePrefix } from '../../src/engine';
import { judge, sentence } from './edit';
import { gatewaysOf, withDefaultRoute } from './gateways';
import {
  addHost,
  addInterface,
  addressesFor,
  addSegment,
  type Change,
  connectHosts,
  connectToSegment,
  freeAddress,
  freeNetwork,
  linksOf,
  removeHost,
  removeInterface,
  removeSegment,
  renameHost,
  renameInterface,
  renameSegment,
  segmentsOf,
  stepsGo,
  stepsWith,
} from './network';

const LAB: Lab = {
  format: 'lab/1',
  name: 'x',
  view: { host: 'router', positions: { client: [1, 2], router: [3, 4] } },
  hosts: {
    client: {
      interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.2/24'] } },
      routes: 'default via 10.0.0.254 dev eth0\n',
    },
    router: {
      interfaces: {
        eth0: { segment: 'lan', addresses: ['10.0.0.1/24', '2001:db8::1/64'] },
        eth1: { segment: 'wan', addresses: ['203.0.113.1/24'], master: 'br0' },
        br0: { kind: 'bridge' },
      },
      routes: 'default via 203.0.113.254 dev eth1\n',
      rules: '100: iif eth1 lookup 100\n',
      iptables: '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -i eth1 -j DROP\n-A INPUT -i eth10 -j DROP\nCOMMIT\n',
      sysctl: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.eth1.rp_filter': '1' },
    },
  },
  steps: [
    { ping: { host: 'client', to: '10.0.0.1' } },
    {
      receive: {
        host: 'router',
        interface: 'eth1',
        packet: { src: '203.0.113.9', dst: '203.0.113.1', icmp: { type: 8 } },
      },
    },
    { wait: { seconds: 1 } },
  ],
};

/** The lab after a change, which must be a lab. */
function labOf(change: Change): Lab {
  if ('refused' in change) throw new Error(change.refused);
  expect(parseLab(change.lab)).toMatchObject({ ok: true });
  return change.lab;
}

describe('addresses', () => {
  it('are free if nothing in the lab has or names them', () => {
    const lan = parsePrefix('10.0.0.0/24');
    expect(lan === null ? null : freeAddress(LAB, lan)).toBe('10.0.0.3/24');
    expect(addressesFor(LAB, 'lan')).toEqual(['10.0.0.3/24', '2001:db8::2/64']);
    // .1 has the router, .9 sends in a step, .254 is a gateway.
    expect(addressesFor(LAB, 'wan')).toEqual(['203.0.113.2/24']);
    const tiny = parsePrefix('203.0.113.8/31');
    expect(tiny === null ? null : freeAddress(LAB, tiny)).toBe('203.0.113.8/31');
    const full = parsePrefix('203.0.113.9/32');
    expect(full === null ? null : freeAddress(LAB, full)).toBeNull();
    expect(freeNetwork(LAB)).toBe('10.0.1.0/24');
  });
});

describe('hosts and segments', () => {
  it('are added, with an address and a way out, and can talk at once', () => {
    expect(gatewaysOf(LAB, 'lan')).toEqual([{ host: 'router', address: '10.0.0.1' }]);
    const lab = labOf(
      addHost(LAB, 'laptop', { segment: 'lan', addresses: addressesFor(LAB, 'lan'), gateway: '10.0.0.1' }),
    );
    const run = createEngine().load({ ...lab, steps: [{ ping: { host: 'laptop', to: '203.0.113.1' } }] });
    expect(run.steps[0]?.outcome).toMatchObject({ note: expect.stringContaining('1 of 1') });
    expect(addHost(LAB, 'client', null)).toEqual({ refused: 'There is a host client already.' });
    expect(addHost(LAB, ' ', null)).toHaveProperty('refused');
    const empty = labOf(addSegment(LAB, 'dmz', '10.7.0.0/24'));
    expect(segmentsOf(empty)).toEqual(['lan', 'wan', 'dmz']);
    expect(addressesFor(empty, 'dmz')).toEqual(['10.7.0.1/24']);
    expect(addSegment(empty, 'dmz', '')).toHaveProperty('refused');
    expect(addSegment(LAB, 'dmz', 'nonsense')).toHaveProperty('refused');
  });

  it('are connected', () => {
    const lab = labOf(connectHosts(LAB, 'client', 'router'));
    expect(linksOf(lab, 'client-router')).toEqual([
      { host: 'client', interface: 'eth1' },
      { host: 'router', interface: 'eth2' },
    ]);
    expect(lab.hosts.client?.interfaces?.eth1?.addresses).toEqual(['10.0.1.1/24']);
    expect(lab.hosts.router?.interfaces?.eth2?.addresses).toEqual(['10.0.1.2/24']);
    const run = createEngine().load({ ...lab, steps: [{ ping: { host: 'client', to: '10.0.1.2' } }] });
    expect(run.steps[0]?.outcome).toMatchObject({ note: expect.stringContaining('1 of 1') });
    expect(labOf(connectToSegment(LAB, 'client', 'wan')).hosts.client?.interfaces?.eth1).toEqual({
      segment: 'wan',
      addresses: ['203.0.113.2/24'],
    });
    expect(connectToSegment(LAB, 'client', 'lan')).toEqual({ refused: 'client is on lan already, with eth0.' });
    expect(connectHosts(LAB, 'client', 'client')).toHaveProperty('refused');
  });

  it('have a default route by the only router of the segment that they come to', () => {
    const forwards = { 'net.ipv4.ip_forward': '1' };
    const lab = { ...LAB, hosts: { ...LAB.hosts, router: { ...LAB.hosts.router, sysctl: forwards }, spare: {} } };
    const routes = (from: Lab, host = 'spare') =>
      withDefaultRoute(labOf(connectToSegment(from, host, 'wan')), host, 'wan').hosts[host]?.routes;
    expect(routes(lab)).toBe('default via 203.0.113.1 dev eth0\n');
    expect(routes({ ...lab, hosts: { ...lab.hosts, spare: { routes: '192.0.2.0/24 dev dummy0' } } })).toBe(
      '192.0.2.0/24 dev dummy0\ndefault via 203.0.113.1 dev eth0\n',
    );
    expect(routes({ ...lab, hosts: { ...lab.hosts, spare: { routes: 'default dev dummy0\n' } } })).toBe(
      'default dev dummy0\n',
    );
    const two = { interfaces: { eth0: { segment: 'wan', addresses: ['203.0.113.9/24'] } }, sysctl: forwards };
    expect(routes({ ...lab, hosts: { ...lab.hosts, two } })).toBeUndefined();
    expect(routes({ ...lab, hosts: { ...lab.hosts, router: { ...LAB.hosts.router, sysctl: {} } } })).toBeUndefined();
  });

  it('go, with the steps that hang on them', () => {
    expect(stepsWith(LAB, 'router')).toEqual([1]);
    expect(stepsWith(LAB, 'router', 'eth0')).toEqual([]);
    const lab = labOf(removeHost(LAB, 'router'));
    expect(lab.steps).toEqual([LAB.steps[0], LAB.steps[2]]);
    expect(lab.view).toEqual({ positions: { client: [1, 2] } });
    expect(removeHost(lab, 'client')).toEqual({ refused: 'A lab needs at least one host.' });
    expect(labOf(removeInterface(LAB, 'router', 'eth1')).steps).toHaveLength(2);
    expect(labOf(removeInterface(LAB, 'router', 'br0')).hosts.router?.interfaces?.eth1).not.toHaveProperty('master');
    const without = labOf(removeSegment(LAB, 'lan'));
    expect(segmentsOf(without)).toEqual(['wan']);
    expect(stepsGo([0])).toBe('Step 1 goes with it.');
    expect(stepsGo([0, 2, 3])).toBe('Steps 1, 3 and 4 go with it.');
  });

  it('are renamed wherever they are named', () => {
    const host = labOf(renameHost(LAB, 'client', 'pc'));
    expect(Object.keys(host.hosts)).toEqual(['pc', 'router']);
    expect(host.steps[0]).toEqual({ ping: { host: 'pc', to: '10.0.0.1' } });
    expect(host.view).toMatchObject({ positions: { pc: [1, 2] } });
    expect(renameHost(LAB, 'client', 'router')).toHaveProperty('refused');
    expect(segmentsOf(labOf(renameSegment(LAB, 'lan', 'home')))).toEqual(['home', 'wan']);
    expect(segmentsOf(labOf(renameSegment(labOf(addSegment(LAB, 'dmz', '')), 'dmz', 'zone')))).toContain('zone');
    const { router } = labOf(renameInterface(LAB, 'router', 'eth1', 'wan0')).hosts;
    expect(Object.keys(router?.interfaces ?? {})).toEqual(['eth0', 'wan0', 'br0']);
    expect(router?.routes).toBe('default via 203.0.113.254 dev wan0\n');
    expect(router?.rules).toBe('100: iif wan0 lookup 100\n');
    expect(router?.iptables).toContain('-i wan0 -j DROP\n-A INPUT -i eth10 ');
    expect(router?.sysctl).toHaveProperty(['net.ipv4.conf.wan0.rp_filter']);
    expect(labOf(renameInterface(LAB, 'router', 'eth1', 'wan0')).steps[1]).toMatchObject({
      receive: { interface: 'wan0' },
    });
    expect(labOf(renameInterface(LAB, 'router', 'br0', 'br9')).hosts.router?.interfaces?.eth1?.master).toBe('br9');
    expect(
      labOf({ lab: addInterface(LAB, 'client', { kind: 'dummy' }, 'dummy').lab }).hosts.client?.interfaces,
    ).toHaveProperty('dummy0');
  });
});

describe('what a file says of segments', () => {
  it.each([null, 5, 'x', [], { dmz: null }, { dmz: { prefix: 5 } }, { dmz: 7 }])('may be %j', (segments) => {
    const lab = { ...LAB, view: { segments } };
    expect(segmentsOf(lab).filter((name) => name !== 'dmz')).toEqual(expect.arrayContaining(['lan', 'wan']));
    expect(addressesFor(lab, 'dmz')).toEqual(['10.0.1.1/24']);
  });
});

describe('what is no lab', () => {
  it('is told in the words of the lab’s reader, without the place', () => {
    const bad = { ...LAB, hosts: { 'a b': { interfaces: { eth0: { segment: 'x', mtu: 5 } } } } };
    expect(sentence(judge(bad) ?? '')).toBe('An MTU is a whole number from 68 to 65535, not 5.');
    expect(judge(LAB)).toBeNull();
  });
});
