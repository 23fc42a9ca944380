import { describe, expect, it } from 'vitest';
import { makePrefix } from '../wire';
import {
  changeRoute,
  compareRoutes,
  Fib,
  type FibDevices,
  flowTo,
  loadRoutes,
  loadRules,
  parseRoute,
  printRoute,
  printRule,
  syncImplied,
} from '.';

const devices: FibDevices = {
  fibDevice: (name) =>
    ['lo', 'eth0', 'eth1'].includes(name) ? { up: true, loopback: name === 'lo', group: 0, ipv6: true } : null,
  fibLocal: (addr) => addr === '2001:db8::1' || addr === '2001:db8:1::1' || addr === '::1',
  fib: { 4: new Fib(4), 6: new Fib(6) },
};

function address(addr: string, length: number, broadcast: string | null = null, secondary = false) {
  return { ...makePrefix(addr, length), broadcast, secondary };
}

function fib4(): Fib {
  const fib = new Fib(4);
  const base = { up: true, ipv6: true, forwarding6: false, lost4: false };
  syncImplied(fib, { ...base, name: 'lo', loopback: true, addresses: [address('127.0.0.1', 8)] });
  const eth0 = [address('10.0.0.1', 24, '10.0.0.255'), address('10.0.0.9', 24, '10.0.0.255', true)];
  syncImplied(fib, { ...base, name: 'eth0', loopback: false, addresses: eth0 });
  const eth1 = [address('10.1.0.1', 24, '10.1.0.255'), address('192.0.2.1', 32), address('192.0.2.4', 31)];
  syncImplied(fib, { ...base, name: 'eth1', loopback: false, addresses: eth1 });
  return fib;
}

function show(fib: Fib, all = false): string[] {
  return [...fib.routes(all ? undefined : 254)].sort(compareRoutes).map((r) => printRoute(r, all));
}

function fib6(): Fib {
  const fib = new Fib(6);
  const base = { up: true, ipv6: true, loopback: false, forwarding6: true, lost4: false };
  syncImplied(fib, { ...base, name: 'eth0', addresses: [address('2001:db8::1', 64)] });
  syncImplied(fib, { ...base, name: 'eth1', addresses: [address('2001:db8:1::1', 64)] });
  return fib;
}

describe('routes that addresses imply', () => {
  it('IPv4, as ip route show table all prints them', () => {
    expect(show(fib4(), true)).toEqual([
      '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1 ',
      '10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1 ',
      '192.0.2.4/31 dev eth1 proto kernel scope link src 192.0.2.4 ',
      'local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1 ',
      'local 10.0.0.9 dev eth0 table local proto kernel scope host src 10.0.0.1 ',
      'broadcast 10.0.0.255 dev eth0 table local proto kernel scope link src 10.0.0.1 ',
      'local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1 ',
      'broadcast 10.1.0.255 dev eth1 table local proto kernel scope link src 10.1.0.1 ',
      'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1 ',
      'local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 ',
      'broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1 ',
      'local 192.0.2.1 dev eth1 table local proto kernel scope host src 192.0.2.1 ',
      'local 192.0.2.4 dev eth1 table local proto kernel scope host src 192.0.2.4 ',
    ]);
  });

  it('IPv6, with anycast where the host forwards', () => {
    expect(show(fib6(), true)).toEqual([
      '2001:db8::/64 dev eth0 proto kernel metric 256 pref medium',
      '2001:db8:1::/64 dev eth1 proto kernel metric 256 pref medium',
      'anycast 2001:db8:: dev eth0 table local proto kernel metric 0 pref medium',
      'local 2001:db8::1 dev eth0 table local proto kernel metric 0 pref medium',
      'anycast 2001:db8:1:: dev eth1 table local proto kernel metric 0 pref medium',
      'local 2001:db8:1::1 dev eth1 table local proto kernel metric 0 pref medium',
      'multicast ff00::/8 dev eth0 table local proto kernel metric 256 pref medium',
      'multicast ff00::/8 dev eth1 table local proto kernel metric 256 pref medium',
    ]);
  });

  it('go when the interface goes down, with all that uses it', () => {
    const fib = fib4();
    loadRoutes(fib, 'default via 10.0.0.254\n198.51.100.0/24 via 10.1.0.9\n', devices);
    const down = { name: 'eth0', up: false, loopback: false, ipv6: true, forwarding6: false, lost4: false };
    syncImplied(fib, { ...down, addresses: [address('10.0.0.1', 24, '10.0.0.255')] });
    expect(show(fib)).toEqual([
      '10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1 ',
      '192.0.2.4/31 dev eth1 proto kernel scope link src 192.0.2.4 ',
      '198.51.100.0/24 via 10.1.0.9 dev eth1 ',
    ]);
  });
});

describe('ip route', () => {
  it.each([
    ['default via 10.0.0.254', 'default via 10.0.0.254 dev eth0 '],
    ['198.51.100.0/24 dev eth1 metric 5 src 10.1.0.1', '198.51.100.0/24 dev eth1 scope link src 10.1.0.1 metric 5 '],
    ['unreachable 198.51.100.7', 'unreachable 198.51.100.7 '],
    ['10.80/16 dev eth0', '10.80.0.0/16 dev eth0 scope link '],
    ['10.81.0.0/255.255.0.0 dev eth0', '10.81.0.0/16 dev eth0 scope link '],
    [
      '192.0.9.0/24 via 172.16.0.1 dev eth0 onlink realm 5 mtu lock 1300 window 9 tos 0x10',
      '192.0.9.0/24 tos 0x10 via 172.16.0.1 dev eth0 onlink realm 5 mtu lock 1300 window 9 ',
    ],
    [
      '198.51.100.0/24 nexthop via 10.0.0.2 weight 2 nexthop via 10.1.0.2 dev eth1',
      '198.51.100.0/24 \n\tnexthop via 10.0.0.2 dev eth0 weight 2 \n\tnexthop via 10.1.0.2 dev eth1 weight 1 ',
    ],
    ['198.51.100.0/24 dev eth0 proto static', '198.51.100.0/24 dev eth0 proto static scope link '],
  ])('%s', (line, printed) => {
    const fib = fib4();
    expect(loadRoutes(fib, `${line}\n`, devices).diagnostics).toEqual([]);
    expect(show(fib)).toContain(printed);
  });

  it.each([
    ['192.0.2.0/33 dev eth0', 1, 'inet prefix is expected rather than "192.0.2.0/33".'],
    ['10.9.0.0/16 via 172.16.0.1', 1, 'Error: Nexthop has invalid gateway.'],
    ['10.9.0.0/16 dev nope', 1, 'Cannot find device "nope"'],
    ['10.9.0.1/16 dev eth0', 1, 'Error: Invalid prefix for given prefix length.'],
    ['10.9.0.0/16', 1, 'RTNETLINK answers: No such device'],
    ['10.9.0.0/16 dev eth0 src 9.9.9.9', 1, 'Error: Invalid prefsrc address.'],
    ['10.9.0.0/16 dev eth0 mertic 5', 22, 'either "to" is duplicate, or "mertic" is a garbage.'],
    ['10.9.0.0/16 dev eth0 scope lnik', 28, 'argument "lnik" is wrong: invalid "scope" value\n'],
    ['10.9.0.0/16 dev', 1, 'Command line is not complete. Try option "help"'],
    ['10.9.0.0/16 via 10.0.0.255', 1, 'Error: Nexthop has invalid gateway.'],
    ['10.0.0.0/24 dev eth0 scope link src 10.0.0.1', 1, 'RTNETLINK answers: File exists'],
    ['10.9.0.0/16 via 172.16.0.1 congctl lock tahoe', 1, 'Error: Unknown tcp congestion algorithm.'],
    ['10.9.0.0/16 nexthop dev nope nexthop dev eth0', 1, 'Cannot find device "nope"\nError: cannot parse nexthop'],
    ['10.9.0.0/16 dev eth0 features lock ecn', 31, 'argument "lock" is wrong: "features" value not valid\n'],
  ])('refuses %s', (line, column, message) => {
    const load = loadRoutes(fib4(), `\n${line}\n`, devices);
    expect(load.refused?.line).toBe(2);
    expect(load.leftOut).toEqual([2]);
    expect(load.diagnostics[0]).toMatchObject({ line: 2, column, message });
  });

  it('suggests what was meant', () => {
    const load = loadRoutes(fib4(), '10.9.0.0/16 dev eth0 mertic 5\n', devices);
    expect(load.diagnostics[0]!.suggestion?.replacement).toBe('metric');
  });

  it('change, replace, append, del', () => {
    const fib = fib4();
    const act = (verb: Parameters<typeof changeRoute>[1], line: string) =>
      changeRoute(fib, verb, parseRoute(line.split(' '), 4), devices);
    expect(act('change', '10.92.0.0/16 dev eth0')).toBe('RTNETLINK answers: No such file or directory');
    expect(act('replace', '10.92.0.0/16 dev eth0')).toBeNull();
    expect(act('append', '10.92.0.0/16 dev eth1')).toBeNull();
    expect(act('prepend', '10.92.0.0/16 via 10.0.0.7')).toBeNull();
    expect(show(fib).filter((l) => l.startsWith('10.92'))).toEqual([
      '10.92.0.0/16 via 10.0.0.7 dev eth0 ',
      '10.92.0.0/16 dev eth0 scope link ',
      '10.92.0.0/16 dev eth1 scope link ',
    ]);
    expect(act('del', '10.92.0.0/16 dev eth1')).toBeNull();
    expect(act('del', '10.91.0.0/16')).toBe('RTNETLINK answers: No such process');
  });

  it('IPv6: metric 1024, siblings by append, addresses that may not be gateways', () => {
    const fib = fib6();
    const act = (verb: Parameters<typeof changeRoute>[1], line: string) =>
      changeRoute(fib, verb, parseRoute(line.split(' '), 6), devices);
    expect(act('add', 'default via 2001:db8::fe')).toBeNull();
    expect(act('add', 'default via 2001:db8::fd')).toBe('RTNETLINK answers: File exists');
    expect(act('append', 'default via 2001:db8::fd')).toBeNull();
    expect(act('add', '2001:db8:9::/48 via 2001:db8:77::1')).toBe('RTNETLINK answers: No route to host');
    expect(act('add', '2001:db8:9::/48 via 2001:db8::1')).toBe('Error: Gateway can not be a local address.');
    expect(act('add', '2001:db8:9::/48 via fe80::1')).toBe('Error: Egress device not specified.');
    expect(show(fib).at(-1)).toBe(
      'default metric 1024 pref medium\n\tnexthop via 2001:db8::fe dev eth0 weight 1 \n\tnexthop via 2001:db8::fd dev eth0 weight 1 ',
    );
  });
});

describe('ip rule', () => {
  it('prints back what it reads', () => {
    const fib = fib4();
    const text =
      '200: from 10.1.1.1 to 10.2.0.0/16 iif eth0 oif eth1 fwmark 0x10/0xff tos 0x10 ipproto tcp sport 100-200 dport 80 uidrange 0-1000 lookup main\nnot from 10.0.0.0/8 table 5\n300: goto 32766\n304: unreachable from 1.2.3.4\n306: lookup main suppress_prefixlength 0\n309: iif nope lookup 100\n';
    expect(loadRules(fib, text).diagnostics).toEqual([]);
    expect(fib.rules.map((r) => printRule(r, { all: fib.rules, devices }))).toEqual([
      '0:\tfrom all lookup local',
      '199:\tnot from 10.0.0.0/8 lookup 5',
      '200:\tfrom 10.1.1.1 to 10.2.0.0/16 tos 0x10 fwmark 0x10/0xff iif eth0 oif eth1 uidrange 0-1000 ipproto tcp sport 100-200 dport 80 lookup main',
      '300:\tfrom all goto 32766',
      '304:\tfrom 1.2.3.4 unreachable',
      '306:\tfrom all lookup main suppress_prefixlength 0',
      '309:\tfrom all iif nope [detached] lookup 100',
      '32766:\tfrom all lookup main',
      '32767:\tfrom all lookup default',
    ]);
  });

  it.each([
    ['100: goto 50', 'Error: Backward goto not supported.'],
    ['100: tos 3 lookup 5', 'Error: Invalid dsfield (tos): ECN bits must be 0.'],
    ['100: tos 0x28 lookup 5', 'Error: Invalid tos.'],
    ['100: dport 9-8 lookup 5', 'Error: Invalid dport range.'],
    ['100: lookup nonsense', 'argument "nonsense" is wrong: invalid table ID\n'],
    ['100: foo lookup 5', 'argument "foo" is wrong: Failed to parse rule type'],
    ['100: from nonsense', 'inet prefix is expected rather than "nonsense".'],
  ])('refuses %s', (line, message) => {
    const load = loadRules(fib4(), `${line}\n`);
    expect(load.refused).toEqual({ line: 1, message });
  });
});

describe('lookup', () => {
  function via(fib: Fib, dst: string, more: Parameters<typeof flowTo>[1] = {}): string {
    const found = fib.lookup(flowTo(dst, more), devices);
    return found.ok ? `${found.route.type} ${found.nexthop.gateway ?? ''}${found.nexthop.dev}` : found.error;
  }

  it('longest prefix, then tos, then metric', () => {
    const fib = fib4();
    loadRoutes(
      fib,
      'default via 10.0.0.254\n198.51.0.0/16 via 10.0.0.2 metric 9\n198.51.0.0/16 via 10.1.0.2\n198.51.100.0/24 via 10.1.0.3\n198.51.0.0/16 via 10.1.0.4 tos 0x10\n',
      devices,
    );
    expect(via(fib, '8.8.8.8')).toBe('unicast 10.0.0.254eth0');
    expect(via(fib, '198.51.1.1')).toBe('unicast 10.1.0.2eth1');
    expect(via(fib, '198.51.1.1', { tos: 0x10 })).toBe('unicast 10.1.0.4eth1');
    expect(via(fib, '198.51.1.1', { oif: 'eth0' })).toBe('unicast 10.0.0.2eth0');
    expect(via(fib, '198.51.100.1')).toBe('unicast 10.1.0.3eth1');
    expect(via(fib, '10.0.0.9')).toBe('local eth0');
    expect(via(fib, '10.0.0.255')).toBe('broadcast eth0');
  });

  it('types that lead nowhere; throw goes on with the next rule', () => {
    const fib = fib4();
    loadRoutes(
      fib,
      'default via 10.0.0.254\nunreachable 198.51.100.1\nprohibit 198.51.100.2\nblackhole 198.51.100.3\nthrow 198.51.100.4 table 100\nprohibit 198.51.100.0/24 table 100\n',
      devices,
    );
    loadRules(fib, '100: to 198.51.100.0/28 lookup 100\n');
    expect(via(fib, '198.51.100.1')).toBe('EACCES');
    expect(via(fib, '198.51.100.4')).toBe('unicast 10.0.0.254eth0');
    expect(via(fib, '198.51.100.77')).toBe('unicast 10.0.0.254eth0');
    fib.rules = new Fib(4).rules;
    expect(via(fib, '198.51.100.1')).toBe('EHOSTUNREACH');
    expect(via(fib, '198.51.100.3')).toBe('EINVAL');
  });

  it('notes what it looked at', () => {
    const fib = fib4();
    loadRoutes(fib, 'default via 10.0.0.254\n198.51.100.0/24 via 10.1.0.3\n', devices);
    const considered: Parameters<Fib['lookup']>[2] = [];
    fib.lookup(flowTo('198.51.100.1'), devices, considered);
    expect(considered.map((c) => `${c.outcome}: ${c.route}`)).toEqual([
      'chosen: 198.51.100.0/24 via 10.1.0.3 dev eth1',
      'shorter-prefix: default via 10.0.0.254 dev eth0',
      'no-prefix-match: 10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1',
      'no-prefix-match: 10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1',
      'no-prefix-match: 192.0.2.4/31 dev eth1 proto kernel scope link src 192.0.2.4',
    ]);
  });

  it('IPv6: prefers the interface that is asked for, and insists on it where it must', () => {
    const fib = fib6();
    loadRoutes(fib, '2001:db8:5::/48 via 2001:db8::2\n2001:db8:5::/48 dev eth1 metric 5\n', devices);
    expect(via(fib, '2001:db8:5::1')).toBe('unicast eth1');
    expect(via(fib, '2001:db8:5::1', { oif: 'eth0' })).toBe('unicast eth1');
    expect(via(fib, '2001:db8:5::1', { oif: 'eth0', strictIface: true })).toBe('unicast 2001:db8::2eth0');
    expect(via(fib, 'ff02::5', { oif: 'eth1', strictIface: true })).toBe('multicast eth1');
    expect(via(fib, '2001:db8:77::1')).toBe('ENETUNREACH');
  });
});
