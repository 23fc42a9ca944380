import type { Random } from './random';

/** A lab while it is being made: what the recorder reads, with its members still open. */
export interface DraftLab {
  format: 'lab/1';
  name: string;
  description: string;
  hosts: Record<string, DraftHost>;
  steps: DraftStep[];
}
export interface DraftHost {
  interfaces: Record<string, DraftInterface>;
  routes?: string;
  routes6?: string;
  rules?: string;
  rules6?: string;
  sysctl?: Record<string, string>;
  iptables?: string;
  ip6tables?: string;
  ipset?: string;
  queues?: DraftQueue[];
  listen?: { protocol: string; port: number; address?: string; silent?: boolean }[];
  conntrack?: boolean;
}
/** A program behind a queue. */
export interface DraftQueue {
  number: number;
  rules: {
    match?: string;
    verdict: 'accept' | 'drop' | 'repeat' | { queue: number };
    set?: Record<string, string | number>;
    mark?: number;
  }[];
  otherwise?: 'drop';
}
interface DraftInterface {
  segment?: string;
  kind?: 'bridge' | 'dummy';
  addresses?: string[];
  mtu?: number;
  master?: string;
}
export type DraftPacket = Record<string, unknown> & { src: string; dst: string };
export type DraftStep =
  | { send: { host: string; packet: DraftPacket } }
  | { receive: { host: string; interface: string; packet: DraftPacket; mac?: string; to?: string } }
  | { run: { host: string; command: string; output?: boolean } }
  | { wait: { seconds: number } };

/** Somewhere that packets come from: a host of the lab, or a machine that it does not model, behind an interface. */
export interface Party {
  readonly address: string;
  /** The step that makes a packet of this party. */
  readonly emit: (packet: DraftPacket) => DraftStep;
}

export interface Topology {
  readonly hosts: Record<string, DraftHost>;
  /** The host whose ruleset is under test. */
  readonly subject: string;
  readonly parties: readonly Party[];
  /** Addresses of the subject. */
  readonly own: readonly string[];
  /** Addresses that nobody answers for, or that are special. */
  readonly odd: readonly string[];
  readonly six: boolean;
  /** Extensions that are rarer, and sets. */
  readonly wide: boolean;
}

interface Net {
  readonly lan: (n: number) => string;
  readonly wan: (n: number) => string;
  readonly far: (n: number) => string;
  readonly length: number;
  readonly odd: readonly string[];
}
const net4: Net = {
  lan: (n) => `10.0.0.${n}`,
  wan: (n) => `203.0.113.${n}`,
  far: (n) => `198.51.100.${n}`,
  length: 24,
  odd: ['10.0.0.99', '127.0.0.1', '10.0.0.255', '224.0.0.5', '192.0.2.9', '255.255.255.255', '203.0.113.255'],
};
const net6: Net = {
  lan: (n) => `fd00::${n}`,
  wan: (n) => `2001:db8::${n}`,
  far: (n) => `2001:db8:1::${n}`,
  length: 64,
  odd: ['fd00::99', '::1', 'ff02::1', '2001:db8:2::9'],
};

export function makeTopology(r: Random, six: boolean, wide: boolean): Topology {
  const topology = plainTopology(r, six, wide);
  return r.chance(12) ? crowded(r, topology) : topology;
}

/** More hosts on the first segment, who hear, and may answer, what is for all. */
function crowded(r: Random, topology: Topology): Topology {
  const { hosts, six } = topology;
  const net = six ? net6 : net4;
  const segment = Object.values(hosts).flatMap((h) => Object.values(h.interfaces).flatMap((i) => i.segment ?? []))[0];
  const more = Array.from({ length: 1 + r.int(3) }, (_, i): [string, string] => [`near${i}`, net.lan(21 + i)]);
  const near = more.map(([name, address]): [string, DraftHost] => [
    name,
    {
      interfaces: { eth0: { segment: segment!, addresses: [`${address}/${net.length}`] } },
      [six ? 'routes6' : 'routes']: `default via ${net.lan(1)} dev eth0\n`,
      ...(six || r.chance(40) ? {} : { sysctl: { 'net.ipv4.icmp_echo_ignore_broadcasts': '0' } }),
    },
  ]);
  const before = r.chance(50);
  const all = six ? ['ff02::1'] : ['10.0.0.255', '224.0.0.1'];
  return {
    ...topology,
    hosts: Object.fromEntries(before ? [...near, ...Object.entries(hosts)] : [...Object.entries(hosts), ...near]),
    parties: [
      ...topology.parties,
      ...more.map(([host, address]): Party => ({ address, emit: (packet) => ({ send: { host, packet } }) })),
    ],
    odd: [...topology.odd, ...all, ...all],
  };
}

function plainTopology(r: Random, six: boolean, wide: boolean): Topology {
  const net = six ? net6 : net4;
  const routes = six ? 'routes6' : 'routes';
  const shape = r.weighted([
    [3, 'alone'],
    [2, 'pair'],
    [5, 'router'],
    [4, 'between'],
    [1, 'bridge'],
  ] as const);
  const lan = (n: number) => [`${net.lan(n)}/${net.length}`];
  const wan = (n: number) => [`${net.wan(n)}/${net.length}`];
  const forwarding = six ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  const sysctl = r.chance(95) ? { [forwarding]: '1' } : undefined;
  const router: DraftHost = {
    interfaces: {
      eth0: { segment: 'lan', addresses: lan(1) },
      eth1: { segment: 'wan', addresses: wan(1), ...(r.chance(10) ? { mtu: r.pick([1300, 1400]) } : {}) },
    },
    ...(sysctl === undefined ? {} : { sysctl }),
    [routes]: r.chance(85) ? `default via ${net.wan(254)} dev eth1\n` : '',
  };
  const stranger = (host: string, name: string, address: string): Party => ({
    address,
    emit: (packet) => ({ receive: { host, interface: name, packet } }),
  });
  const local = (host: string, address: string): Party => ({
    address,
    emit: (packet) => ({ send: { host, packet } }),
  });
  const leaf = (segment: string, address: string[], gateway: string): DraftHost => ({
    interfaces: { eth0: { segment, addresses: address } },
    [routes]: `default via ${gateway} dev eth0\n`,
  });

  switch (shape) {
    case 'alone':
      return {
        hosts: { host: { interfaces: { eth0: { segment: 'lan', addresses: lan(1) } } } },
        subject: 'host',
        parties: [
          stranger('host', 'eth0', net.lan(2)),
          stranger('host', 'eth0', net.lan(3)),
          local('host', net.lan(1)),
          local('host', six ? '::1' : '127.0.0.1'),
        ],
        own: [net.lan(1), six ? '::1' : '127.0.0.1'],
        odd: net.odd,
        six,
        wide,
      };
    case 'pair':
      return {
        hosts: {
          client: { interfaces: { eth0: { segment: 'lan', addresses: lan(2) } } },
          host: { interfaces: { eth0: { segment: 'lan', addresses: lan(1) } } },
        },
        subject: 'host',
        parties: [local('client', net.lan(2)), local('host', net.lan(1)), stranger('host', 'eth0', net.lan(3))],
        own: [net.lan(1)],
        odd: net.odd,
        six,
        wide,
      };
    case 'router':
      return {
        hosts: { router },
        subject: 'router',
        parties: [
          stranger('router', 'eth0', net.lan(2)),
          stranger('router', 'eth0', net.lan(3)),
          stranger('router', 'eth1', net.far(1)),
          stranger('router', 'eth1', net.wan(9)),
          local('router', net.wan(1)),
        ],
        own: [net.lan(1), net.wan(1)],
        odd: net.odd,
        six,
        wide,
      };
    case 'between':
      return {
        hosts: { client: leaf('lan', lan(2), net.lan(1)), router, server: leaf('wan', wan(10), net.wan(1)) },
        subject: 'router',
        parties: [local('client', net.lan(2)), local('server', net.wan(10)), local('router', net.lan(1))],
        own: [net.lan(1), net.wan(1)],
        odd: net.odd,
        six,
        wide,
      };
    case 'bridge': {
      const nf = six ? 'net.bridge.bridge-nf-call-ip6tables' : 'net.bridge.bridge-nf-call-iptables';
      const middle: DraftHost = {
        interfaces: {
          p1: { segment: 'left', master: 'br0' },
          p2: { segment: 'right', master: 'br0' },
          br0: { kind: 'bridge', addresses: lan(1) },
        },
        ...(r.chance(60) ? { sysctl: { [nf]: '1' } } : {}),
      };
      return {
        hosts: {
          client: { interfaces: { eth0: { segment: 'left', addresses: lan(2) } } },
          bridge: middle,
          server: { interfaces: { eth0: { segment: 'right', addresses: lan(3) } } },
        },
        subject: 'bridge',
        parties: [local('client', net.lan(2)), local('server', net.lan(3)), local('bridge', net.lan(1))],
        own: [net.lan(1)],
        odd: net.odd.filter((address) => !address.startsWith('2')),
        six,
        wide,
      };
    }
  }
}
