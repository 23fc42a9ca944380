import { describe, expect, test } from 'vitest';
import type { Lab } from '../../src/engine';
import { composeStep } from './composeStep';
import { asBefore, draftForPlace } from './prefill';

const lab: Lab = {
  format: 'lab/1',
  name: 'test',
  hosts: {
    client: { interfaces: { eth0: { segment: 'wan', addresses: ['198.51.100.7/24'] } } },
    router: {
      interfaces: {
        lan: { segment: 'lan', addresses: ['10.0.0.1/24'] },
        wan: { segment: 'wan', addresses: ['198.51.100.1/24'] },
      },
      routes: 'default via 198.51.100.254\n',
      iptables: '*nat\n-A PREROUTING ! -i lan -p tcp -m tcp --dport 8443 -j DNAT --to-destination 10.0.0.5\nCOMMIT\n',
      listen: [{ protocol: 'tcp', port: 22 }],
    },
    web: {
      interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.5/24'] } },
      listen: [{ protocol: 'tcp', port: 8080 }],
    },
  },
  steps: [],
};

describe('a packet for a place', () => {
  test('an interface: one that arrives, at a published port', () => {
    expect(draftForPlace(lab, 'router', { at: 'interface', interface: 'wan' })).toMatchObject({
      interface: 'wan',
      to: '198.51.100.1:8443',
    });
    expect(draftForPlace(lab, 'router', { at: 'interface', interface: 'lan' })).toMatchObject({
      interface: 'lan',
      to: '10.0.0.1:22',
    });
  });
  test('PREROUTING: by the interface of the default route', () => {
    expect(draftForPlace(lab, 'router', { at: 'hook', hook: 'PREROUTING' })).toMatchObject({
      interface: 'wan',
      to: '198.51.100.1:8443',
    });
  });
  test('INPUT: for a listener of the host', () => {
    expect(draftForPlace(lab, 'router', { at: 'hook', hook: 'INPUT' })).toMatchObject({
      interface: 'wan',
      to: '198.51.100.1:22',
    });
  });
  test('FORWARD and POSTROUTING: through the host', () => {
    expect(draftForPlace(lab, 'router', { at: 'hook', hook: 'FORWARD' })).toMatchObject({
      interface: 'wan',
      to: '10.0.0.5:8080',
    });
    expect(draftForPlace(lab, 'web', { at: 'hook', hook: 'POSTROUTING' })).toMatchObject({
      host: 'web',
      interface: '',
    });
  });
  test('OUTPUT and local processes: one that is sent', () => {
    expect(draftForPlace(lab, 'client', { at: 'hook', hook: 'OUTPUT' })).toMatchObject({
      interface: '',
      to: '198.51.100.1:22',
    });
    expect(draftForPlace(lab, 'client', { at: 'local' })).toMatchObject({ host: 'client', interface: '' });
  });
  test('each can be sent as it is', () => {
    for (const host of Object.keys(lab.hosts)) {
      for (const hook of ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const) {
        expect(composeStep(draftForPlace(lab, host, { at: 'hook', hook }), lab)).toMatchObject({ ok: true });
      }
    }
  });
});

describe('the kind of the packet before', () => {
  const to = (port: number) => draftForPlace({ ...lab, steps: [connect(port)] }, 'client', { at: 'host' });
  const connect = (port: number) => ({ connect: { host: 'client', to: '198.51.100.1', port } });
  const serving: Lab = {
    ...lab,
    hosts: { ...lab.hosts, web: { listen: [{ protocol: 'tcp', port: 3000, serves: 'http' }] } },
  };
  test.each([
    ['http', 80, 'http'],
    ['http', 22, 'tcp'],
    ['http', 3000, 'tcp'],
    ['dns', 53, 'dns'],
    ['dns', 80, 'tcp'],
    ['custom', 80, 'tcp'],
  ] as const)('%s to port %i: %s', (before, port, preset) => {
    expect(asBefore(to(port), before, lab)).toMatchObject({ preset, to: `198.51.100.1:${port}` });
  });
  test('http stays where a program serves it', () => {
    expect(asBefore(to(3000), 'http', serving)).toMatchObject({ preset: 'http', to: '198.51.100.1:3000' });
  });
  test('a ping has no port', () => {
    expect(asBefore(to(22), 'ping', lab)).toMatchObject({ preset: 'ping', to: '198.51.100.1' });
  });
});
