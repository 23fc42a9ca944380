import { expect, test } from 'vitest';
import { compareHeaders } from './compareHeaders';
import { dscpName } from './headerNames';
import { headerFields } from './headers';

const ip4 = (protocol: number, body: readonly number[], more: Partial<Record<number, number>> = {}): Uint8Array => {
  const head = [0x45, 0, 0, 20 + body.length, 0, 7, 0x40, 0, 64, protocol, 0xab, 0xcd, 10, 0, 0, 2, 10, 0, 0, 5];
  for (const [at, value] of Object.entries(more)) head[Number(at)] = value ?? 0;
  return Uint8Array.from([...head, ...body]);
};
const TCP = [0x9c, 0x40, 0, 80, 0, 0, 0x10, 0, 0, 0, 0, 0, 0x60, 0x12, 0xfa, 0xf0, 0, 0, 0, 0, 2, 4, 5, 0xb4];
const read = (bytes: Uint8Array): Record<string, string> =>
  Object.fromEntries(headerFields(bytes).map((f) => [`${f.layer} ${f.name}`, f.value]));

test('TCP over IPv4, with an option and data', () => {
  expect(read(ip4(6, [...TCP, 71, 69, 84, 13, 10]))).toMatchObject({
    'IPv4 source': '10.0.0.2',
    'IPv4 flags': 'DF',
    'IPv4 checksum': '0xabcd',
    'TCP source port': '40000',
    'TCP flags': 'SYN ACK',
    'TCP sequence': '4096',
    'TCP mss': '1460',
    'Payload data': 'GET↵',
  });
});

test('a later fragment has no transport header', () => {
  const fields = read(ip4(17, [1, 2, 3, 4, 5, 6, 7, 8], { 6: 0x20, 7: 2 }));
  expect(fields).toMatchObject({ 'IPv4 fragment offset': '16', 'IPv4 flags': 'MF' });
  expect(Object.keys(fields).some((k) => k.startsWith('UDP'))).toBe(false);
});

test('an ICMP error shows the packet that it is about', () => {
  const inner = [...ip4(17, [0, 53, 0, 99, 0, 8, 0, 0])];
  expect(read(ip4(1, [3, 4, 0, 0, 0, 0, 5, 0x78, ...inner]))).toMatchObject({
    'ICMP mtu': '1400',
    'Inner IPv4 destination': '10.0.0.5',
    'Inner UDP source port': '53',
  });
});

test('IPv6 with a fragment header', () => {
  const bytes = new Uint8Array(40 + 8 + 8);
  bytes.set([0x60, 0, 0, 0, 0, 16, 44, 63]);
  bytes.set([0x20, 1, 0x0d, 0xb8], 8);
  bytes[23] = 1;
  bytes.set([0xfe, 0x80], 24);
  bytes.set([17, 0, 0, 1, 0, 0, 0, 9, 0, 53, 0, 54, 0, 8], 40);
  expect(read(bytes)).toMatchObject({
    'IPv6 source': '2001:db8::1',
    'IPv6 destination': 'fe80::',
    'IPv6 hop limit': '63',
    'IPv6 fragment header more fragments': 'yes',
    'UDP destination port': '54',
  });
});

test('bytes cut anywhere are read as far as they go', () => {
  const whole = ip4(6, TCP);
  for (let n = 0; n < whole.length; n++) {
    for (const f of headerFields(whole.subarray(0, n))) expect(f.at + f.length).toBeLessThanOrEqual(n);
  }
});

test('what has changed comes first, with its old value', () => {
  const pairs = compareHeaders(ip4(6, TCP), ip4(6, TCP, { 8: 63, 19: 9 }));
  expect(pairs.slice(0, 2).map((p) => [p.name, p.before, p.after])).toEqual([
    ['destination', '10.0.0.5', '10.0.0.9'],
    ['ttl', '64', '63'],
  ]);
  expect(pairs.filter((p) => p.changed)).toHaveLength(2);
  expect(compareHeaders(null, ip4(6, TCP)).some((p) => p.changed)).toBe(false);
});

test('SCTP by chunk, GRE with its key and what it carries, an AH in IPv6', () => {
  const init = [0, 5, 0, 6, 0, 0, 0, 0, 1, 2, 3, 4, 1, 0, 0, 8, 0, 0, 0, 9, 14, 1, 0, 4];
  expect(read(ip4(132, init))).toMatchObject({
    'SCTP destination port': '6',
    'SCTP chunk 1 type': '1',
    'SCTP chunk 1 initiate tag': '0x00000009',
    'SCTP chunk 2 type': '14',
  });
  const inner = [...ip4(17, [0, 53, 0, 99, 0, 8, 0, 0])];
  expect(read(ip4(47, [0x20, 0, 8, 0, 0, 0, 0, 7, ...inner]))).toMatchObject({
    'GRE flags': 'key',
    'GRE key': '0x00000007',
    'Inner UDP destination port': '99',
  });
});

test('options of IPv4 and TCP by name', () => {
  const route = [7, 7, 8, 10, 0, 0, 1, 0];
  const bytes = ip4(6, TCP);
  const long = Uint8Array.from([...bytes.subarray(0, 20), ...route, ...bytes.subarray(20)]);
  long[0] = 0x47;
  expect(read(long)).toMatchObject({ 'IPv4 record route': '10.0.0.1', 'TCP mss': '1460' });
  const stamps = [...TCP.slice(0, 20), 1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6];
  stamps[12] = 0x80;
  expect(read(ip4(6, stamps))).toMatchObject({ 'TCP timestamps': '5 6' });
});

test('DSCP by class', () => {
  expect([0, 8, 10, 38, 46, 48, 3].map(dscpName)).toEqual(['', 'CS1', 'AF11', 'AF43', 'EF', 'CS6', '']);
});
