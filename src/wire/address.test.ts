import { describe, expect, test } from 'vitest';
import { Rng } from '../base';
import * as wire from './index';
import { randomAddr } from './test-packets';

describe('parseAddr', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['::ffff:102:304', '::ffff:1.2.3.4'],
    ['::1.2.3.4', '::1.2.3.4'],
    ['::1:2', '::0.1.0.2'],
    ['::ffff', '::ffff'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['fe80::0001', 'fe80::1'],
  ])('%s is %s', (text, canonical) => {
    expect(wire.parseAddr(text)).toBe(canonical);
    expect(wire.parseAddr(canonical)).toBe(canonical);
  });

  test.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.a',
    ':',
    ':::',
    '1:2',
    '1:::2',
    '::1::',
    ':1::',
    '1:2:3:4:5:6:7:8:',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    '::g',
    '::01.2.3.4',
    '::1.2.3',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::%eth0',
    '::1/64',
    '::.1',
  ])('%j is refused', (text) => {
    expect(wire.parseAddr(text)).toBeNull();
  });

  test('every address survives text, bytes, words and numbers', () => {
    const rng = new Rng(1);
    for (let i = 0; i < 2000; i++) {
      const family = i % 2 === 0 ? 4 : 6;
      const addr = randomAddr(rng, family);
      expect(wire.parseAddr(addr)).toBe(addr);
      expect(wire.familyOf(addr)).toBe(family);
      expect(wire.addrFromBytes(wire.addrBytes(addr), 0, family)).toBe(addr);
      expect(wire.addrFromWords(wire.addrWords(addr), family)).toBe(addr);
      expect(wire.addrFromBigInt(wire.addrToBigInt(addr), family)).toBe(addr);
      const n = rng.below(100_000) - 50_000;
      expect(wire.addOffset(wire.addOffset(addr, n), -n)).toBe(addr);
    }
  });
});

test('order and distance', () => {
  const sorted = ['0.0.0.1', '9.255.255.255', '10.0.0.0', '200.0.0.0', '::', '::1', '1::', 'ff02::1'];
  expect([...sorted].reverse().sort(wire.compareAddr)).toEqual(sorted);
  expect(wire.addOffset('10.0.0.255', 1)).toBe('10.0.1.0');
  expect(wire.addOffset('255.255.255.255', 1)).toBe('0.0.0.0');
  expect(wire.addOffset('fd00::ffff:ffff', 1)).toBe('fd00::1:0:0');
  expect(wire.addOffset('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1)).toBe('::');
  expect(wire.ip4ToInt('255.0.0.1')).toBe(0xff000001);
  expect(wire.intToIp4(-1)).toBe('255.255.255.255');
});

test('kinds of addresses', () => {
  expect(
    ['224.0.0.1', '239.255.255.255', 'ff02::1', '223.255.255.255', '240.0.0.0', 'ff::1', 'fe80::1'].map(
      wire.isMulticast,
    ),
  ).toEqual([true, true, true, false, false, false, false]);
  expect(['127.0.0.1', '128.0.0.1', '::1'].map(wire.isLoopback4)).toEqual([true, false, false]);
  expect(['127.9.9.9', '::1', '::'].map(wire.isLoopback)).toEqual([true, true, false]);
  expect(['169.254.1.1', 'fe80::1', 'febf::1', 'fec0::1', 'fe8::1', '169.25.4.1'].map(wire.isLinkLocal)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(['::ffff:1.2.3.4', '::ffff:0:102:304', '::1.2.3.4', '1.2.3.4', '::fffe:1'].map(wire.isMapped4)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(['0.0.0.0', '::', '0.0.0.1'].map(wire.isUnspecified)).toEqual([true, true, false]);
  expect([wire.isZeronet('0.0.0.0'), wire.isZeronet('0.1.2.3'), wire.isLimitedBroadcast('255.255.255.255')]).toEqual([
    true,
    false,
    true,
  ]);
});

describe('prefixes', () => {
  test('keep what was typed and know their network', () => {
    expect(wire.parsePrefix('10.1.2.3/8')).toEqual({ family: 4, addr: '10.1.2.3', network: '10.0.0.0', length: 8 });
    expect(wire.parsePrefix('2001:db8:1::5/33')).toEqual({
      family: 6,
      addr: '2001:db8:1::5',
      network: '2001:db8::',
      length: 33,
    });
    expect(wire.parsePrefix('10.1.2.3')).toMatchObject({ network: '10.1.2.3', length: 32 });
    expect(wire.parsePrefix('::1')).toMatchObject({ network: '::1', length: 128 });
  });

  test.each([
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.0/0x8',
    '10.0.0.0/ 8',
    '10/8',
  ])('%j is refused', (text) => expect(wire.parsePrefix(text)).toBeNull());

  test('contain exactly the addresses from network to broadcast', () => {
    const rng = new Rng(2);
    for (let i = 0; i < 1000; i++) {
      const family = i % 2 === 0 ? 4 : 6;
      const bits = family === 4 ? 32 : 128;
      const prefix = wire.makePrefix(randomAddr(rng, family), rng.below(bits + 1));
      const first = prefix.network;
      const last = wire.broadcastOf(prefix);
      for (const inside of [first, last, prefix.addr]) expect(wire.prefixContains(prefix, inside)).toBe(true);
      if (prefix.length > 0) {
        expect(wire.prefixContains(prefix, wire.addOffset(first, -1))).toBe(false);
        expect(wire.prefixContains(prefix, wire.addOffset(last, 1))).toBe(false);
      }
      expect(wire.addrToBigInt(last) - wire.addrToBigInt(first)).toBe(2n ** BigInt(bits - prefix.length) - 1n);
      expect(wire.maskLength(wire.maskOf(prefix.length, family))).toBe(prefix.length);
    }
    expect(wire.prefixContains(wire.parsePrefix('0.0.0.0/0')!, '::1')).toBe(false);
  });

  test('masks and mapping', () => {
    expect(wire.maskOf(20, 4)).toBe('255.255.240.0');
    expect(wire.maskOf(0, 6)).toBe('::');
    expect(wire.maskLength('255.0.255.0')).toBeNull();
    expect(wire.prefixText(wire.parsePrefix('10.1.2.3/24')!)).toBe('10.1.2.0/24');
  });
});

test('MAC addresses', () => {
  expect(wire.parseMac('2:0:0:AA:b:01')).toBe('02:00:00:aa:0b:01');
  for (const bad of [
    '',
    '02:00:00:00:00',
    '02:00:00:00:00:00:00',
    '02-00-00-00-00-01',
    '02:00:00:00:00:0g',
    '002:0:0:0:0:0',
  ]) {
    expect(wire.parseMac(bad)).toBeNull();
  }
  expect(wire.formatMac(wire.macBytes('02:00:00:aa:0b:01'))).toBe('02:00:00:aa:0b:01');
  expect([wire.BROADCAST_MAC, '33:33:00:00:00:01', '02:00:00:00:00:01'].map(wire.isMulticastMac)).toEqual([
    true,
    true,
    false,
  ]);
});
