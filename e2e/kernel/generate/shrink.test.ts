import { expect, test } from 'vitest';
import { fewerCriteria, shrink } from './shrink';
import type { DraftLab } from './topology';

test('a rule without one of its criteria', () => {
  expect(fewerCriteria('-A INPUT ! -s 10.0.0.2/32 -p tcp -m tcp --dport 80 -j DROP')).toEqual([
    '-A INPUT -p tcp -m tcp --dport 80 -j DROP',
    '-A INPUT ! -s 10.0.0.2/32 -m tcp --dport 80 -j DROP',
    '-A INPUT ! -s 10.0.0.2/32 -p tcp -j DROP',
  ]);
  expect(fewerCriteria('-A INPUT -j DROP')).toEqual([]);
});

test('a lab is made as small as what is looked for allows', async () => {
  const packet = (sport: number) => ({ src: '10.0.0.2', dst: '10.0.0.1', udp: { sport, dport: 9 } });
  const lab: DraftLab = {
    format: 'lab/1',
    name: 'x',
    description: '',
    hosts: {
      host: {
        interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } },
        sysctl: { 'net.ipv4.ip_forward': '1' },
        listen: [{ protocol: 'udp', port: 9 }],
        iptables:
          '*mangle\n:INPUT ACCEPT [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:ONE - [0:0]\n' +
          '-A INPUT -j ONE\n-A INPUT -s 10.0.0.2/32 -p udp -j DROP\n-A ONE -j ACCEPT\nCOMMIT\n',
      },
      other: { interfaces: {} },
    },
    steps: [1, 2, 3].map((sport) => ({ send: { host: 'host', packet: packet(sport) } })),
  };
  const looked = (one: DraftLab) =>
    JSON.stringify(one.steps).includes('"sport":2') && /-p udp.* -j DROP/.test(one.hosts.host?.iptables ?? '');
  const small = await shrink(lab, async (labs) => labs.map(looked));
  expect(small.steps).toEqual([lab.steps[1]]);
  expect(small.hosts).toEqual({
    host: {
      interfaces: { eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] } },
      sysctl: {},
      iptables: '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p udp -j DROP\nCOMMIT\n',
    },
  });
});
