import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine';

/** A router with a NAT rule and a DROP, and packets that meet them. */
const lab = {
  format: 'lab/1',
  name: 'taps',
  start: '2025-01-01T00:00:00Z',
  hosts: {
    router: {
      interfaces: {
        eth0: { segment: 'lan', addresses: ['10.0.0.1/24', '2001:db8::1/64'] },
        wan: { segment: 'wan', addresses: ['203.0.113.1/24', '2001:db8:5::1/64'] },
      },
      sysctl: { 'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.forwarding': '1' },
      conntrack: true,
      iptables:
        '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o wan -j MASQUERADE\nCOMMIT\n*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 23 -j DROP\nCOMMIT\n',
    },
  },
  steps: [
    { receive: segment('eth0', '10.0.0.2', '203.0.113.9', 40000, 80, 'S') },
    { receive: segment('wan', '203.0.113.9', '203.0.113.1', 80, 40000, 'SA') },
    { receive: segment('eth0', '10.0.0.2', '203.0.113.9', 40000, 80, 'A') },
    { receive: segment('eth0', '10.0.0.2', '203.0.113.9', 40001, 23, 'S') },
    receive({ src: '10.0.0.2', dst: '203.0.113.9', udp: { sport: 5000, dport: 53, payload: 'x' } }),
    receive({ src: '10.0.0.2', dst: '203.0.113.9', icmp: { type: 8, code: 0, id: 7, seq: 1, payload: 'x' } }),
    receive({ src: '2001:db8::2', dst: '2001:db8:5::9', icmpv6: { type: 128, code: 0, id: 7, seq: 1, payload: 'x' } }),
    receive({ src: '10.0.0.2', dst: '203.0.113.9', protocol: 253, payload: 'abc' }),
    {
      send: {
        host: 'router',
        packet: { src: '127.0.0.1', dst: '127.0.0.1', udp: { sport: 9, dport: 9, payload: 'x' } },
      },
    },
    { run: { host: 'router', command: 'conntrack -D -p tcp' } },
  ],
};

function receive(packet: unknown) {
  return { receive: { host: 'router', interface: 'eth0', packet } };
}

function segment(dev: string, src: string, dst: string, sport: number, dport: number, flags: string) {
  return { host: 'router', interface: dev, packet: { src, dst, tcp: { sport, dport, flags } } };
}

function listen(command: string, stopped = true) {
  const engine = createEngine();
  const { events } = engine.load(lab);
  return engine.live('router', command, 0, events.length, stopped);
}

describe('tcpdump', () => {
  it('sees what raw drops on the way in, and on the way out what NAT made', () => {
    const said = listen('tcpdump -nn -t -i any tcp');
    expect(said?.error).toBe(
      'tcpdump: data link type LINUX_SLL2\ntcpdump: verbose output suppressed, use -v[v]... for full protocol decode\nlistening on any, link-type LINUX_SLL2 (Linux cooked v2), snapshot length 262144 bytes\n7 packets captured\n7 packets received by filter\n0 packets dropped by kernel\n',
    );
    expect(said?.output.split('\n')).toEqual([
      'eth0  In  IP 10.0.0.2.40000 > 203.0.113.9.80: Flags [S], seq 1000, win 64240, length 0',
      'wan   Out IP 203.0.113.1.40000 > 203.0.113.9.80: Flags [S], seq 1000, win 64240, length 0',
      'wan   In  IP 203.0.113.9.80 > 203.0.113.1.40000: Flags [S.], seq 1000, ack 1001, win 64240, length 0',
      'eth0  Out IP 203.0.113.9.80 > 10.0.0.2.40000: Flags [S.], seq 1000, ack 1001, win 64240, length 0',
      'eth0  In  IP 10.0.0.2.40000 > 203.0.113.9.80: Flags [.], ack 1, win 64240, length 0',
      'wan   Out IP 203.0.113.1.40000 > 203.0.113.9.80: Flags [.], ack 1, win 64240, length 0',
      'eth0  In  IP 10.0.0.2.40001 > 203.0.113.9.23: Flags [S], seq 1000, win 64240, length 0',
      '',
      '',
    ]);
    expect(said?.ended).toBe(true);
  });

  it('tells of one interface with times and MACs, and ends by itself after so many', () => {
    const said = listen('tcpdump -n -e -c 1 -i eth0 udp port 53', false);
    expect(said?.output).toBe(
      '00:00:00.000000 02:ff:ff:ff:ff:fe > 02:00:00:00:01:01, ethertype IPv4 (0x0800), length 43: 10.0.0.2.5000 > 203.0.113.9.53: domain [length 1 < 12] (invalid)\n',
    );
    expect(said?.error).toMatch(
      /bytes\n1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n$/,
    );
    expect(said?.ended).toBe(true);
  });

  it('hears lo once, and counts both ways through the filter', () => {
    const said = listen('tcpdump -n -t -q -i lo udp');
    expect(said?.output).toBe('IP 127.0.0.1.9 > 127.0.0.1.9: UDP, length 1\n\n');
    expect(said?.error).toMatch(/\n1 packet captured\n2 packets received by filter\n/);
  });

  it('resolves names of the lab in filters, and in what it prints', () => {
    expect(listen('tcpdump -t -q -i lo host localhost')?.output).toBe(
      'IP localhost.discard > localhost.discard: UDP, length 1\n\n',
    );
    expect(listen('sudo tcpdump -n -t -q -i wan src host router and icmp')?.output).toMatch(/^IP 203\.0\.113\.1 > 203/);
  });

  it('goes on until it is ended', () => {
    expect(listen('tcpdump -i wan arp', false)).toMatchObject({ output: '', ended: false });
  });

  it.each([
    ['tcpdump -i nope', 'tcpdump: nope: No such device exists\n(No such device exists)\n'],
    ['tcpdump -i eth0 port nosuch', "tcpdump: unknown port 'nosuch'\n"],
    ['tcpdump -c 0', 'tcpdump: invalid packet count 0\n'],
    [
      'tcpdump -i eth0 tcp and',
      "tcpdump: can't parse filter expression: syntax error\nhookline: the filter ends too early\n",
    ],
    [
      'tcpdump -i eth0 tcp or foo bar',
      'tcpdump: syntax error in filter expression\nhookline: the filter goes wrong at "foo", character 8\n',
    ],
    ['tcpdump -w x', 'hookline: tcpdump -w: not modelled\n'],
  ])('says what is wrong with %s', (command, error) => {
    expect(listen(command, false)).toEqual({ output: '', error, ended: true });
  });

  it('belongs into the console, not into a pipe or a step', () => {
    expect(listen('tcpdump -i eth0 | head')).toBeNull();
    const engine = createEngine();
    const { events } = engine.load(lab);
    const said = engine.exec(events.length - 1, 'router', 'tcpdump -i eth0 | head');
    expect(said).toMatchObject({
      error: 'hookline: tcpdump listens until it is ended: give it in the console, alone in its line\n',
      exit: 127,
      live: false,
    });
    expect(engine.exec(events.length - 1, 'router', 'tcpdump -i eth0')).toMatchObject({ exit: 0, live: true });
  });
});

/** What the real tool printed of these packets on a kernel; the number of its socket is left out. */
const RECORDED = `    [NEW] tcp      6 120 SYN_SENT src=10.0.0.2 dst=203.0.113.9 sport=40000 dport=80 [UNREPLIED] src=203.0.113.9 dst=203.0.113.1 sport=80 dport=40000
 [UPDATE] tcp      6 60 SYN_RECV src=10.0.0.2 dst=203.0.113.9 sport=40000 dport=80 src=203.0.113.9 dst=203.0.113.1 sport=80 dport=40000
 [UPDATE] tcp      6 432000 ESTABLISHED src=10.0.0.2 dst=203.0.113.9 sport=40000 dport=80 src=203.0.113.9 dst=203.0.113.1 sport=80 dport=40000 [ASSURED]
    [NEW] udp      17 30 src=10.0.0.2 dst=203.0.113.9 sport=5000 dport=53 [UNREPLIED] src=203.0.113.9 dst=203.0.113.1 sport=53 dport=5000
    [NEW] icmp     1 30 src=10.0.0.2 dst=203.0.113.9 type=8 code=0 id=7 [UNREPLIED] src=203.0.113.9 dst=203.0.113.1 type=0 code=0 id=7
    [NEW] icmpv6   58 30 src=2001:db8::2 dst=2001:db8:5::9 type=128 code=0 id=7 [UNREPLIED] src=2001:db8:5::9 dst=2001:db8::2 type=129 code=0 id=7
    [NEW] unknown  253 600 src=10.0.0.2 dst=203.0.113.9 [UNREPLIED] src=203.0.113.9 dst=203.0.113.1`;
const DELETED =
  '[DESTROY] tcp      6 432000 ESTABLISHED src=10.0.0.2 dst=203.0.113.9 sport=40000 dport=80 src=203.0.113.9 dst=203.0.113.1 sport=80 dport=40000 [ASSURED] [USERSPACE]';

describe('conntrack -E', () => {
  it('prints what the real one prints', () => {
    const lines = listen('conntrack -E -p tcp', false)!.output.split('\n');
    expect(lines).toEqual([...RECORDED.split('\n').filter((l) => l.includes(' tcp ')), DELETED, '']);
    const all = listen('conntrack -E')!;
    for (const line of RECORDED.split('\n')) expect(all.output).toContain(`${line}\n`);
    expect(all.error).toMatch(/conntrack v1\.4\.7 \(conntrack-tools\): \d+ flow events have been shown\.\n$/);
  });

  it('takes events, filters and kinds of output', () => {
    const first = RECORDED.split('\n')[0]!;
    expect(listen('conntrack -E -e NEW -p tcp -o extended', false)?.output).toBe(
      `${first.replace('[NEW] ', '[NEW] ipv4     2 ')}\n`,
    );
    expect(listen('conntrack -E -e NEW -p tcp -o timestamp', false)?.output).toBe(`[1735689600.000000]\t${first}\n`);
    expect(listen('conntrack -E -e NEW -f ipv6', false)?.output.split('\n')).toHaveLength(2);
  });

  it.each([
    ['conntrack -E -e FOO', "Bad parameter `FOO'"],
    ['conntrack -E -x', "unknown option `-x'"],
    ['conntrack -E -o foo', "Bad parameter `foo'"],
  ])('says what is wrong with %s', (command, message) => {
    const said = listen(command, false);
    expect(said?.error).toBe(
      `conntrack v1.4.7 (conntrack-tools): ${message}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`,
    );
    expect(said?.ended).toBe(true);
  });
});
