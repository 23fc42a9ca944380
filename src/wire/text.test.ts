import { expect, test } from 'vitest';
import * as wire from './index';

const tcp = (flags: number, src = '10.0.0.2', dst = '203.0.113.1') =>
  wire.makeTcp({ src, dst, sport: 40000, dport: 80, flags });

test('flags', () => {
  expect(wire.flagsText(0x12)).toBe('SA');
  expect(wire.flagsText(0xff)).toBe('FSRPAUEC');
  for (let flags = 0; flags < 256; flags++) expect(wire.flagsFromText(wire.flagsText(flags))).toBe(flags);
  expect(wire.flagsFromText('AS')).toBe(0x12);
  expect(wire.flagsFromText('SX')).toBeNull();
});

test('protocols', () => {
  expect([1, 6, 17, 58, 132, 135, 200].map(wire.protocolName)).toEqual([
    'icmp',
    'tcp',
    'udp',
    'ipv6-icmp',
    'sctp',
    'mobility-header',
    '200',
  ]);
  expect(['icmpv6', 'ipv6-icmp', 'TCP', 'mh', '47', '255', '256', 'nope', ''].map(wire.protocolNumber)).toEqual([
    58,
    58,
    6,
    135,
    47,
    255,
    null,
    null,
    null,
  ]);
  for (const name of wire.protocolNames()) expect(wire.protocolNumber(name)).not.toBeNull();
});

test('ICMP names', () => {
  expect(wire.icmpTypeName(4, 8, 0)).toBe('echo-request');
  expect(wire.icmpTypeName(4, 3, 3)).toBe('port-unreachable');
  expect(wire.icmpTypeName(4, 3)).toBe('destination-unreachable');
  expect(wire.icmpTypeName(6, 1, 4)).toBe('port-unreachable');
  expect(wire.icmpTypeName(6, 200, 1)).toBe('type 200/1');
});

test('one line for a person', () => {
  expect(wire.summarize(tcp(wire.TCP_SYN))).toBe('TCP SYN 10.0.0.2:40000 → 203.0.113.1:80');
  expect(wire.summarize(tcp(wire.TCP_SYN | wire.TCP_ACK))).toContain('TCP SYN+ACK ');
  expect(wire.summarize(tcp(wire.TCP_FIN | wire.TCP_ACK))).toContain('TCP FIN+ACK ');
  expect(wire.summarize(tcp(0, 'fd00::1', 'fd00::2'))).toBe('TCP without flags [fd00::1]:40000 → [fd00::2]:80');
  const ip = { src: '10.0.0.2', dst: '10.0.0.1' };
  expect(wire.summarize(wire.makeIcmp({ ...ip, type: 8 }))).toBe('ICMP echo-request 10.0.0.2 → 10.0.0.1');
  const error = wire.makeIcmpError({ ...ip, type: 3, code: 3, quoted: tcp(2).bytes });
  expect(wire.summarize(error)).toBe('ICMP port-unreachable 10.0.0.2 → 10.0.0.1');
  expect(wire.summarize(wire.makeIp({ ...ip, protocol: 47, payload: new Uint8Array(8) }))).toBe(
    'GRE 10.0.0.2 → 10.0.0.1',
  );
  expect(wire.summarize(wire.makeIp({ ...ip, protocol: 200, payload: new Uint8Array(8) }))).toBe(
    'protocol 200 10.0.0.2 → 10.0.0.1',
  );
  const pieces = wire.fragmentPacket(wire.makeUdp({ ...ip, sport: 1, dport: 2, payload: new Uint8Array(2000) }), 1500);
  expect(pieces.map(wire.summarize)).toEqual([
    'UDP, first fragment 10.0.0.2:1 → 10.0.0.1:2',
    'UDP fragment at 1480, the last 10.0.0.2 → 10.0.0.1',
  ]);
});
