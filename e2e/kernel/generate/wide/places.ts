import type { Random } from '../random';
import type { DraftHost, Party } from '../topology';
import type { Wide } from './context';

/** Networks with both families, and where packets come from. */

const odd4 = [
  '10.0.0.99',
  '127.0.0.1',
  '10.0.0.255',
  '10.0.0.0',
  '224.0.0.1',
  '224.0.0.5',
  '239.1.2.3',
  '255.255.255.255',
  '203.0.113.255',
  '0.0.0.0',
  '240.0.0.1',
  '192.0.2.9',
  '192.0.2.1',
  '198.51.100.77',
  '172.16.5.5',
];
const odd6 = [
  'fd00::99',
  '::1',
  'ff02::1',
  'ff02::2',
  'ff05::2',
  'ff0e::1',
  'fd00::',
  '2001:db8::',
  '::',
  '2001:db8:2::9',
  '2001:db8:d::1',
  'fe80::1',
  '::ffff:10.0.0.2',
];

const stranger = (host: string, name: string, address: string, mac?: string): Party => ({
  address,
  emit: (packet) => ({ receive: { host, interface: name, packet, ...(mac === undefined ? {} : { mac }) } }),
});
const local = (host: string, address: string): Party => ({ address, emit: (packet) => ({ send: { host, packet } }) });

/** What addresses begin with: near the router, behind it, and far away. */
const NETS = {
  4: { lan: '10.0.0.', wan: '203.0.113.', far: '198.51.100.', lo: '127.0.0.1' },
  6: { lan: 'fd00::', wan: '2001:db8::', far: '2001:db8:1::', lo: '::1' },
} as const;

const inBoth = (parties: (net: (typeof NETS)[4 | 6]) => readonly Party[]) => ({
  4: parties(NETS[4]),
  6: parties(NETS[6]),
});

type Families = readonly (4 | 6)[];
type Shape = Omit<Wide, 'sets' | 'families' | 'odd'>;

export function makePlaces(r: Random): Omit<Wide, 'sets'> {
  const families = r.weighted<Families>([
    [5, [4]],
    [3, [6]],
    [3, [4, 6]],
  ]);
  const parts = makeParts(r, families);
  const make = r.weighted([
    [4, edge],
    [3, between],
    [3, chain],
    [3, bridge],
    [2, uplinks],
    [2, alone],
  ]);
  const toWan = r.chance(88)
    ? parts.routes('default via 203.0.113.254 dev eth1\n', 'default via 2001:db8::fe dev eth1\n')
    : {};
  return { families, odd: { 4: odd4, 6: odd6 }, ...make({ ...parts, toWan }) };
}

/** What hosts of these families are put together from. */
function makeParts(r: Random, families: Families) {
  const has = (family: 4 | 6) => families.includes(family);
  const both = (four: readonly string[], six: readonly string[]) => [...(has(4) ? four : []), ...(has(6) ? six : [])];
  const mtu = () => (r.chance(12) ? { mtu: r.pick([1280, 1300, 1400, 600].filter((m) => !has(6) || m >= 1280)) } : {});
  const forward: Record<string, string> = {};
  if (has(4) && r.chance(94)) forward['net.ipv4.ip_forward'] = '1';
  if (has(6) && r.chance(94)) forward['net.ipv6.conf.all.forwarding'] = '1';
  const routes = (four: string, six: string) => ({
    ...(has(4) ? { routes: four } : {}),
    ...(has(6) ? { routes6: six } : {}),
  });
  const lan = (n: number) => both([`10.0.0.${n}/24`], [`fd00::${n}/64`]);
  const wan = (n: number) => both([`203.0.113.${n}/24`], [`2001:db8::${n}/64`]);
  const dum0 = { kind: 'dummy' as const, addresses: both(['192.0.2.1/32'], ['2001:db8:d::1/128']) };
  return { r, has, both, mtu, forward, routes, lan, wan, dum0 };
}

type Parts = ReturnType<typeof makeParts> & { readonly toWan: Pick<DraftHost, 'routes' | 'routes6'> };

/** A router between machines that the lab does not model. */
function edge({ r, mtu, forward, lan, wan, dum0, toWan }: Parts): Shape {
  const router: DraftHost = {
    interfaces: {
      eth0: { segment: 'lan', addresses: [...lan(1), ...(r.chance(20) ? lan(11) : [])], ...mtu() },
      eth1: { segment: 'wan', addresses: [...wan(1), ...(r.chance(20) ? wan(11) : [])], ...mtu() },
      ...(r.chance(30) ? { dum0 } : {}),
    },
    sysctl: forward,
    ...toWan,
  };
  return {
    hosts: { router },
    subject: 'router',
    bridged: false,
    own: { 4: ['10.0.0.1', '203.0.113.1'], 6: ['fd00::1', '2001:db8::1'] },
    parties: inBoth(({ lan, wan, far }) => [
      stranger('router', 'eth0', `${lan}2`),
      stranger('router', 'eth0', `${lan}3`, '02:00:00:00:aa:03'),
      stranger('router', 'eth1', `${far}1`),
      stranger('router', 'eth1', `${wan}9`),
      local('router', `${wan}1`),
    ]),
  };
}

/** A router with two ways out, by which the same machines may come. */
function uplinks(parts: Parts): Shape {
  const { r, both, mtu, toWan } = parts;
  const one = edge(parts);
  const router = one.hosts.router as DraftHost;
  router.interfaces.eth2 = { segment: 'wan2', addresses: both(['198.18.0.1/24'], ['2001:db8:5::1/64']), ...mtu() };
  const second = (routes: string | undefined, gate: string) =>
    routes === undefined
      ? ''
      : r.pick([`default via ${gate} dev eth2 metric 50\n`, `default via ${gate} dev eth2 table 100\n`, '']);
  router.routes = `${toWan.routes ?? ''}${second(toWan.routes, '198.18.0.254')}`;
  router.routes6 = `${toWan.routes6 ?? ''}${second(toWan.routes6, '2001:db8:5::fe')}`;
  return {
    ...one,
    own: { 4: [...one.own[4], '198.18.0.1'], 6: [...one.own[6], '2001:db8:5::1'] },
    parties: {
      4: [...one.parties[4], stranger('router', 'eth2', '198.18.0.9'), stranger('router', 'eth2', '198.51.100.1')],
      6: [...one.parties[6], stranger('router', 'eth2', '2001:db8:5::9'), stranger('router', 'eth2', '2001:db8:1::1')],
    },
  };
}

/** A client and a server with a router between them. */
function between(parts: Parts): Shape {
  return inARow(parts, false);
}

/** The same with two routers. */
function chain(parts: Parts): Shape {
  return inARow(parts, true);
}

function inARow({ r, both, mtu, forward, routes, lan, wan, toWan }: Parts, far: boolean): Shape {
  const client: DraftHost = {
    interfaces: { eth0: { segment: 'lan', addresses: lan(2), ...mtu() } },
    ...routes('default via 10.0.0.1 dev eth0\n', 'default via fd00::1 dev eth0\n'),
  };
  const router: DraftHost = {
    interfaces: {
      eth0: { segment: 'lan', addresses: lan(1) },
      eth1: { segment: 'wan', addresses: wan(1), ...mtu() },
    },
    sysctl: forward,
    ...(far ? routes('default via 203.0.113.2 dev eth1\n', 'default via 2001:db8::2 dev eth1\n') : toWan),
  };
  const serverAt = far ? both(['198.51.100.1/24'], ['2001:db8:1::1/64']) : wan(10);
  const server: DraftHost = {
    interfaces: { eth0: { segment: far ? 'dmz' : 'wan', addresses: serverAt } },
    ...(far
      ? routes('default via 198.51.100.254 dev eth0\n', 'default via 2001:db8:1::fe dev eth0\n')
      : routes('default via 203.0.113.1 dev eth0\n', 'default via 2001:db8::1 dev eth0\n')),
  };
  const next: DraftHost = {
    interfaces: {
      eth0: { segment: 'wan', addresses: wan(2) },
      eth1: {
        segment: 'dmz',
        addresses: both(['198.51.100.254/24'], ['2001:db8:1::fe/64']),
        ...mtu(),
      },
    },
    sysctl: Object.fromEntries(
      both(['net.ipv4.ip_forward'], ['net.ipv6.conf.all.forwarding']).map((key) => [key, '1']),
    ),
    ...(r.chance(70) ? routes('10.0.0.0/24 via 203.0.113.1 dev eth0\n', 'fd00::/64 via 2001:db8::1 dev eth0\n') : {}),
  };
  return {
    hosts: far ? { client, router, next, server } : { client, router, server },
    subject: 'router',
    bridged: false,
    own: { 4: ['10.0.0.1', '203.0.113.1'], 6: ['fd00::1', '2001:db8::1'] },
    parties: inBoth((net) => [
      local('client', `${net.lan}2`),
      local('server', far ? `${net.far}1` : `${net.wan}10`),
      local('router', `${net.lan}1`),
      stranger('router', 'eth0', `${net.lan}7`),
    ]),
  };
}

/** A bridge between two hosts, which may have an address and route. */
function bridge({ r, has, mtu, forward, routes, lan, wan, toWan }: Parts): Shape {
  const sysctl: Record<string, string> = { ...forward };
  if (has(4) && r.chance(65)) sysctl['net.bridge.bridge-nf-call-iptables'] = '1';
  if (has(6) && r.chance(65)) sysctl['net.bridge.bridge-nf-call-ip6tables'] = '1';
  const gateway = routes('default via 10.0.0.1 dev eth0\n', 'default via fd00::1 dev eth0\n');
  const addressed = r.chance(80);
  const third = r.chance(30);
  return {
    hosts: {
      client: { interfaces: { eth0: { segment: 'left', addresses: lan(2), ...mtu() } }, ...gateway },
      bridge: {
        interfaces: {
          p1: { segment: 'left', master: 'br0' },
          p2: { segment: 'right', master: 'br0' },
          ...(third ? { p3: { segment: 'third', master: 'br0' } } : {}),
          br0: { kind: 'bridge', addresses: addressed ? lan(1) : [] },
          ...(addressed ? { eth1: { segment: 'wan', addresses: wan(1), ...mtu() } } : {}),
        },
        sysctl,
        ...(addressed ? toWan : {}),
      },
      server: { interfaces: { eth0: { segment: 'right', addresses: lan(3) } }, ...gateway },
    },
    subject: 'bridge',
    bridged: true,
    own: { 4: ['10.0.0.1', '203.0.113.1'], 6: ['fd00::1', '2001:db8::1'] },
    parties: inBoth(({ lan, far }) => [
      local('client', `${lan}2`),
      local('server', `${lan}3`),
      stranger('bridge', 'p1', `${lan}12`),
      stranger('bridge', 'p2', `${lan}13`),
      ...(third ? [stranger('bridge', 'p3', `${lan}14`, '02:00:00:00:aa:14')] : []),
      ...(addressed ? [local('bridge', `${lan}1`), stranger('bridge', 'eth1', `${far}1`)] : []),
    ]),
  };
}

/** One host. */
function alone({ r, mtu, routes, lan, dum0 }: Parts): Shape {
  return {
    hosts: {
      host: {
        interfaces: {
          eth0: { segment: 'lan', addresses: lan(1), ...mtu() },
          ...(r.chance(40) ? { dum0 } : {}),
        },
        ...(r.chance(60) ? routes('default via 10.0.0.254 dev eth0\n', 'default via fd00::fe dev eth0\n') : {}),
      },
    },
    subject: 'host',
    bridged: false,
    own: { 4: ['10.0.0.1', '127.0.0.1'], 6: ['fd00::1', '::1'] },
    parties: inBoth(({ lan, lo }) => [
      stranger('host', 'eth0', `${lan}2`),
      stranger('host', 'eth0', `${lan}3`),
      local('host', `${lan}1`),
      local('host', lo),
    ]),
  };
}
