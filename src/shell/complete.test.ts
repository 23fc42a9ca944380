import { describe, expect, it } from 'vitest';
import { Rng } from '../base';
import { configureInterfaces, Host } from '../host';
import { complete } from './complete';

/** A router with a bridge, a user chain and a set, in a lab of two hosts. */
function router(): Host {
  const world = {
    now: () => 0,
    epoch: 0,
    rng: new Rng(1),
    verbose: null,
    emit: () => {},
    packetId: () => 'x',
    transmit: () => {},
    loopback: () => {},
    localBhEnable: () => {},
    withBhDisabled: <T>(run: () => T): T => run(),
    wake: () => {},
    names: () =>
      new Map([
        ['router', ['10.0.0.1']],
        ['client', ['10.0.0.2']],
      ]),
  };
  const host = new Host({ name: 'router', index: 1, world });
  configureInterfaces(host, {
    eth0: { segment: 'lan', addresses: ['10.0.0.1/24'] },
    eth1: { segment: 'a', master: 'br0' },
    br0: { kind: 'bridge', addresses: ['192.168.1.1/24'] },
  });
  return host;
}

const texts = (line: string): readonly string[] => complete(router(), line, line.length).map((c) => c.text);

describe('completion', () => {
  it.each([
    [
      'ipt',
      [
        'iptables',
        'iptables-legacy',
        'iptables-save',
        'iptables-legacy-save',
        'iptables-restore',
        'iptables-legacy-restore',
      ],
    ],
    ['ss -tln | gr', ['grep']],
    ['true && sysc', ['sysctl']],
    ['iptables -t ma', ['mangle']],
    ['iptables -t nat -A PRE', ['PREROUTING']],
    ['iptables -A INPUT -p tcp --dp', ['--dport']],
    ['iptables -A INPUT -m connt', ['conntrack']],
    ['iptables -A INPUT -m conntrack --ctst', ['--ctstate', '--ctstatus']],
    ['iptables -A INPUT -i br', ['br0']],
    ['iptables -A INPUT -j REJ', ['REJECT']],
    ['iptables -A INPUT -j REJECT --rej', ['--reject-with']],
    ['iptables -P INPUT D', ['DROP']],
    ['iptables -A INPUT -s 10.0.0.', ['10.0.0.1', '10.0.0.2']],
    ['ip ro', ['route']],
    ['ip route g', ['get']],
    ['ip link set eth1 mas', ['master']],
    ['ip link set eth1 master ', ['br0']],
    ['ip addr show dev e', ['eth0', 'eth1']],
    [
      'sysctl net.ipv4.ip_forw',
      ['net.ipv4.ip_forward', 'net.ipv4.ip_forward_update_priority', 'net.ipv4.ip_forward_use_pmtu'],
    ],
    ['conntrack -L -p t', ['tcp']],
    ['tcpdump -i an', ['any']],
    ['tcpdump -i eth0 po', ['port', 'portrange']],
    ['ping cl', ['client']],
    ['cat /proc/sys/net/ipv4/ip_def', ['/proc/sys/net/ipv4/ip_default_ttl']],
    ['cat /proc/net/nf', ['/proc/net/nf_conntrack']],
    ['man tcpd', ['tcpdump']],
    ['echo "ip', []],
    ['nosuch ', []],
  ])('of %s', (line, wanted) => {
    expect(texts(line)).toEqual(wanted);
  });

  it('says where the word begins, and a line of help to each', () => {
    const found = complete(router(), 'iptables -A INPUT -j DR', 23);
    expect(found).toEqual([{ text: 'DROP', help: 'Drop', from: 21 }]);
    for (const line of [
      'iptables ',
      'ip ',
      'conntrack ',
      'tcpdump ',
      'ipset ',
      'iptables -A INPUT -m ',
      'iptables -A INPUT -j ',
    ]) {
      const all = complete(router(), line, line.length);
      expect(all.length).toBeGreaterThan(5);
      expect(all.filter((c) => c.help === '').map((c) => c.text)).toEqual([]);
    }
  });
});
