import { describe, expect, it } from 'vitest';
import { makeIcmp, makeTcp, makeUdp, withDf } from '../wire';
import { loadRouteText } from './configure';
import type { Host } from './host';
import { clientFor, openClient } from './sockets/clients';
import { TestWorld } from './test-world';

function routed(world: TestWorld): { readonly client: Host; readonly router: Host; readonly server: Host } {
  const client = world.host('client', { eth0: { segment: 'a', addresses: ['10.0.0.2/24'] } });
  const router = world.host('router', {
    eth0: { segment: 'a', addresses: ['10.0.0.1/24'] },
    eth1: { segment: 'b', addresses: ['10.1.0.1/24'], mtu: 1300 },
  });
  const server = world.host('server', { eth0: { segment: 'b', addresses: ['10.1.0.2/24'] } });
  expect(loadRouteText(client, 4, 'default via 10.0.0.1\n').refused).toBeNull();
  expect(loadRouteText(server, 4, 'default via 10.1.0.1\n').refused).toBeNull();
  const mac = (host: Host, dev: string) => host.devices.get(dev)!.mac;
  client.addNeighbour('eth0', '10.0.0.1', mac(router, 'eth0'));
  router.addNeighbour('eth0', '10.0.0.2', mac(client, 'eth0'));
  router.addNeighbour('eth1', '10.1.0.2', mac(server, 'eth0'));
  server.addNeighbour('eth0', '10.1.0.1', mac(router, 'eth1'));
  expect(router.setSysctl('net.ipv4.ip_forward', '1')).toBeNull();
  return { client, router, server };
}

const echo = (src: string, dst: string, ttl = 64) => makeIcmp({ src, dst, ttl, type: 8, id: 1, seq: 1 });

describe('the path of a packet', () => {
  it('of a host to itself: OUTPUT, POSTROUTING, PREROUTING, INPUT, and the answer likewise', () => {
    const world = new TestWorld();
    const host = world.host('h', { eth0: { segment: 'a', addresses: ['10.0.0.1/24'] } });
    expect(host.send('1', echo('10.0.0.1', '10.0.0.1'))).toBeNull();
    world.settle();
    const lo = (id: string) => [
      `h OUTPUT >lo ${id}`,
      `h POSTROUTING >lo ${id}`,
      `h PREROUTING lo> ${id}`,
      `h INPUT lo> ${id}`,
    ];
    expect(world.hooks()).toEqual([...lo('1'), ...lo('1.reply1')]);
  });

  it('through a router and back', () => {
    const world = new TestWorld();
    const { client } = routed(world);
    client.send('1', echo('10.0.0.2', '10.1.0.2'));
    world.settle();
    expect(world.hooks()).toEqual([
      'client OUTPUT >eth0 1',
      'client POSTROUTING >eth0 1',
      'router PREROUTING eth0> 1',
      'router FORWARD eth0>eth1 1',
      'router POSTROUTING eth0>eth1 1',
      'server PREROUTING eth0> 1',
      'server INPUT eth0> 1',
      'server OUTPUT >eth0 1.reply1',
      'server POSTROUTING >eth0 1.reply1',
      'router PREROUTING eth1> 1.reply1',
      'router FORWARD eth1>eth0 1.reply1',
      'router POSTROUTING eth1>eth0 1.reply1',
      'client PREROUTING eth0> 1.reply1',
      'client INPUT eth0> 1.reply1',
    ]);
  });

  it('ends in silence where forwarding is off', () => {
    const world = new TestWorld();
    const { client, router } = routed(world);
    router.setSysctl('net.ipv4.ip_forward', '0');
    client.send('1', echo('10.0.0.2', '10.1.0.2'));
    world.settle();
    expect(world.hooks().at(-1)).toBe('router PREROUTING eth0> 1');
    expect(world.take('drop').map((e) => e.reason)).toEqual(['IP_INNOROUTES']);
  });

  it('a broadcast comes back in by the interface that it left by', () => {
    const world = new TestWorld();
    const host = world.host('h', { eth0: { segment: 'a', addresses: ['10.0.0.1/24'] } });
    host.send('1', makeUdp({ src: '10.0.0.1', dst: '10.0.0.255', sport: 1, dport: 2 }));
    world.settle();
    expect(world.hooks()).toEqual([
      'h OUTPUT >eth0 1',
      'h POSTROUTING >eth0 1.copy1',
      'h PREROUTING eth0> 1.copy1',
      'h INPUT eth0> 1.copy1',
      'h POSTROUTING >eth0 1',
    ]);
  });
});

describe('errors', () => {
  it('TTL expiry comes before FORWARD, from the address of the interface back', () => {
    const world = new TestWorld();
    const { client } = routed(world);
    client.send('1', echo('10.0.0.2', '10.1.0.2', 1));
    world.settle();
    expect(world.hooks().some((h) => h.includes('FORWARD'))).toBe(false);
    const route = world.take('route').find((e) => e.packet === '1.err1' && e.host === 'router')!;
    expect(route).toMatchObject({ src: '10.0.0.1', dst: '10.0.0.2', dev: 'eth0', kind: 'output' });
  });

  it('what may not be cut and is too long is answered, what may be is cut', () => {
    const world = new TestWorld();
    const { client } = routed(world);
    const long = makeUdp({ src: '10.0.0.2', dst: '10.1.0.2', sport: 1, dport: 2, payload: new Uint8Array(1400) });
    client.send('1', long);
    world.settle();
    expect(world.take('drop')).toMatchObject([{ reason: 'PKT_TOO_BIG', host: 'router', packet: '1' }]);
    client.send('2', withDf(long, false));
    world.settle();
    expect(world.take('fragment')).toMatchObject([
      { what: 'split', pieces: 2, packet: '2' },
      { what: 'queued', host: 'server' },
      { what: 'reassembled', host: 'server', packet: '2' },
    ]);
  });

  it('nothing is said about errors, later fragments and broadcasts', () => {
    const world = new TestWorld();
    const host = world.host('h', { eth0: { segment: 'a', addresses: ['10.0.0.1/24'] } });
    const frame = (packet: ReturnType<typeof echo>, dstMac: string) =>
      host.receive('eth0', {
        id: '1',
        parent: null,
        cause: null,
        srcMac: '02:ff:ff:ff:ff:fe',
        dstMac,
        bytes: { packet },
        uncertain: false,
        csumValid: false,
      });
    frame(makeUdp({ src: '10.0.0.2', dst: '10.0.0.255', sport: 1, dport: 2 }), 'ff:ff:ff:ff:ff:ff');
    frame(makeUdp({ src: '10.0.0.2', dst: '10.0.0.1', sport: 1, dport: 2 }), 'ff:ff:ff:ff:ff:ff');
    expect(world.take('born').filter((e) => e.how === 'error')).toEqual([]);
    frame(makeUdp({ src: '10.0.0.2', dst: '10.0.0.1', sport: 1, dport: 2 }), host.devices.get('eth0')!.mac);
    expect(world.take('born').filter((e) => e.how === 'error')).toHaveLength(1);
  });

  it('a send says why it fails', () => {
    const world = new TestWorld();
    const host = world.host('h', { eth0: { segment: 'a', addresses: ['10.0.0.1/24'] } });
    loadRouteText(host, 4, 'unreachable 192.0.2.1\nprohibit 192.0.2.2\nblackhole 192.0.2.3\nthrow 192.0.2.4\n');
    const send = (dst: string) => host.send('1', echo('10.0.0.1', dst));
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '8.8.8.8'].map(send)).toEqual([
      'EHOSTUNREACH',
      'EACCES',
      'EINVAL',
      'ENETUNREACH',
      'ENETUNREACH',
    ]);
  });
});

describe('what may come in', () => {
  function arrives(src: string, dst: string, sysctls: readonly (readonly [string, string])[] = []): string[] {
    const world = new TestWorld();
    const host = world.host('h', {
      eth0: { segment: 'a', addresses: ['10.0.0.1/24'] },
      eth1: { segment: 'b', addresses: ['10.1.0.1/24'] },
    });
    for (const [key, value] of sysctls) expect(host.setSysctl(key, value)).toBeNull();
    const packet = makeUdp({ src, dst, sport: 1, dport: 2 });
    const dstMac = host.devices.get('eth0')!.mac;
    host.receive('eth0', {
      id: '1',
      parent: null,
      cause: null,
      srcMac: '02:ff:ff:ff:ff:fe',
      dstMac,
      bytes: { packet },
      uncertain: false,
      csumValid: false,
    });
    return world
      .take('route')
      .filter((e) => e.kind === 'input')
      .map((e) => e.result);
  }

  it('martians', () => {
    expect(arrives('127.0.0.1', '10.0.0.1')).toEqual(['martian-source']);
    expect(arrives('10.0.0.9', '127.0.0.1')).toEqual(['martian-destination']);
    expect(arrives('10.0.0.1', '10.0.0.1')).toEqual(['martian-source']);
    expect(arrives('0.0.0.0', '10.0.0.1')).toEqual(['martian-source']);
    expect(arrives('224.0.0.5', '10.0.0.1')).toEqual(['martian-source']);
    expect(arrives('10.0.0.1', '10.0.0.1', [['net.ipv4.conf.all.accept_local', '1']])).toEqual(['local']);
    expect(arrives('10.0.0.9', '127.0.0.1', [['net.ipv4.conf.eth0.route_localnet', '1']])).toEqual(['local']);
  });

  it('rp_filter: the larger of all and the interface; 1 is strict, 2 loose', () => {
    expect(arrives('10.1.0.9', '10.0.0.1')).toEqual(['local']);
    expect(arrives('10.1.0.9', '10.0.0.1', [['net.ipv4.conf.all.rp_filter', '1']])).toEqual(['rp-filter']);
    expect(arrives('10.1.0.9', '10.0.0.1', [['net.ipv4.conf.eth0.rp_filter', '2']])).toEqual(['local']);
    expect(arrives('8.8.8.8', '10.0.0.1', [['net.ipv4.conf.eth0.rp_filter', '2']])).toEqual(['rp-filter']);
  });
});

describe('TCP', () => {
  it('a closed port answers with a reset, and never a reset with one', () => {
    const world = new TestWorld();
    const host = world.host('h', { eth0: { segment: 'a', addresses: ['10.0.0.1/24'] } });
    host.send('1', makeTcp({ src: '127.0.0.1', dst: '127.0.0.1', sport: 4000, dport: 81, flags: 2 }));
    host.send('2', makeTcp({ src: '127.0.0.1', dst: '127.0.0.1', sport: 4000, dport: 81, flags: 4 }));
    world.settle();
    expect(
      world
        .take('born')
        .filter((e) => e.how === 'reply')
        .map((e) => e.cause),
    ).toEqual(['1']);
  });

  it('a client connects, says something, hears it again and closes', () => {
    const world = new TestWorld();
    const { client, server } = routed(world);
    server.listen({ protocol: 'tcp', port: 80 });
    const opened = openClient(client, { to: '10.1.0.2', port: 80, data: 'hello', close: true });
    if (!opened.ok) throw new Error(opened.errno);
    const flags: string[] = [];
    const tcp = clientFor(client, opened.client);
    for (let n = 1, p = tcp.next(); p; n++, p = tcp.next()) {
      flags.push(String(p.tcp!.flags));
      expect(client.send(`1.${n}`, p)).toBeNull();
      world.settle();
    }
    // SYN; ACK; data; ACK of the echo; FIN; ACK of the FIN
    expect(flags).toEqual(['2', '16', '24', '16', '17', '16']);
    expect(tcp.received()).toBe('hello');
    expect(tcp.phase).toBe('closed');
    expect(server.sockets.connections.size).toBe(0);
  });
});
