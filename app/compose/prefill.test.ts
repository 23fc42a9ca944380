import { describe, expect, test } from 'vitest';
import type { Lab } from '../../src/engine';
import { composeStep } from './composeStep';
import { draftForPlace } from './prefill';

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
