import { expect, test } from 'vitest';
import { endpoint, readHeader } from './header';

const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g)?.map((b) => Number.parseInt(b, 16)) ?? []);

test('TCP over IPv4', () => {
  const syn = hex(
    '4500002800004000 3f060000c633640 7cb007101 9d780050 00000001 00000000 50020000 00000000'.replaceAll(' ', ''),
  );
  expect(readHeader(syn)).toEqual({
    family: 4,
    src: '198.51.100.7',
    dst: '203.0.113.1',
    ttl: 63,
    protocol: 6,
    protocolName: 'TCP',
    sport: 40312,
    dport: 80,
    detail: 'S',
  });
});

test('a later fragment has no ports', () => {
  const later = hex('4500001c000000b9 40110000 0a000001 0a000002 0035003500080000'.replaceAll(' ', ''));
  expect(readHeader(later)).toMatchObject({ protocolName: 'UDP', sport: null, dport: null });
});

test('UDP behind a hop-by-hop header of IPv6, addresses by RFC 5952', () => {
  const bytes = hex(
    '6000000000100040 20010db8000000000000000000000001 20010db8000000010000000000000001 1100000000000000 003500350008 0000'.replaceAll(
      ' ',
      '',
    ),
  );
  expect(readHeader(bytes)).toMatchObject({
    src: '2001:db8::1',
    dst: '2001:db8:0:1::1',
    ttl: 64,
    protocolName: 'UDP',
    sport: 53,
    dport: 53,
  });
});

test('what is no packet is none', () => {
  expect(readHeader(undefined)).toBeNull();
  expect(readHeader(new Uint8Array(3))).toBeNull();
  expect(readHeader(hex('4500'))).toBeNull();
});

test('endpoints', () => {
  expect(endpoint('10.0.0.1', 80)).toBe('10.0.0.1:80');
  expect(endpoint('2001:db8::1', 80)).toBe('[2001:db8::1]:80');
  expect(endpoint('10.0.0.1', null)).toBe('10.0.0.1');
});
