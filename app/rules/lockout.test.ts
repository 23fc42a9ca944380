import { expect, test } from 'vitest';
import { createEngine, type LabHost } from '../../src/engine';
import { lockedOut, probeOf, triedOf } from './lockout';

const host = (rules: string, more: Partial<LabHost> = {}): LabHost => ({
  interfaces: {
    eth0: { segment: 'wan', addresses: ['198.51.100.1/24'] },
    eth1: { segment: 'lan', addresses: ['10.0.0.1/24', 'fd00::1/64'] },
  },
  iptables: `*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules}COMMIT\n`,
  ip6tables: '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n',
  ...more,
});

function tried(of: LabHost) {
  const probe = probeOf(of)!;
  return triedOf(probe, createEngine().load(probe.lab));
}

const REPLIES = '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n';
const LAN = '-A INPUT -i eth1 -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT\n';
const WAN = LAN.replace('eth1', 'eth0');

test('each interface is tried, by what a whole connection needs', () => {
  expect(tried(host(REPLIES + LAN)).get('eth1')).toBeNull();
  expect(tried(host(REPLIES + LAN)).get('eth0')).toMatchObject({ kind: 'dropped', by: 'filter INPUT policy' });
  // The first packet passes, those after it do not.
  expect(tried(host(LAN)).get('eth1')).toMatchObject({ kind: 'dropped', by: 'filter INPUT policy' });
});

test('the last way in is told when it goes, with what takes it; a way less is not', () => {
  const open = tried(host(REPLIES + LAN + WAN));
  expect(lockedOut(open, tried(host(REPLIES + LAN)))).toBeNull();
  expect(lockedOut(open, tried(host(`-A INPUT -j DROP\n${REPLIES}${LAN}`)))).toMatchObject({
    interface: 'eth0',
    by: { by: 'filter INPUT 1' },
  });
  const closed = tried(host(REPLIES));
  expect(lockedOut(closed, closed)).toBeNull();
});

test('a bridge is tried by one of its ports, and a host without addresses not at all', () => {
  const bridged: LabHost = {
    interfaces: { br0: { kind: 'bridge', addresses: ['10.0.0.1/24'] }, eth0: { segment: 'lan', master: 'br0' } },
  };
  expect(tried(bridged).get('br0')).toBeNull();
  expect(probeOf({ interfaces: { eth0: { segment: 'lan' } } })).toBeNull();
});
