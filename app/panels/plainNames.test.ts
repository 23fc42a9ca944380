import { expect, test } from 'vitest';
import { markUses, plainName, withNames } from './plainNames';

test('numbers by name', () => {
  expect(plainName('--dscp 0x2e')).toBe('EF');
  expect(plainName('! --tos 0x10/0x3f')).toBe('Minimize-Delay');
  expect(plainName('TOS --set-tos 0xb8/0xff')).toBe('EF');
  expect(plainName('--icmp-type 3/4')).toBe('fragmentation needed');
  expect(plainName('--icmpv6-type 128')).toBe('echo request');
  expect(plainName('--uid-owner 0')).toBe('root');
  expect(plainName('--dport 80')).toBe('');
  expect(withNames('the DSCP is 0x0a')).toBe('the DSCP is 0x0a, AF11');
  expect(withNames('the TOS byte is 0x00')).toBe('the TOS byte is 0x00, Normal-Service');
  expect(withNames('the source port is 5')).toBe('the source port is 5');
});

test('marks that a rule asks for and sets', () => {
  expect(
    markUses([{ text: '! --mark 0x1/0xf', because: "the connection's mark is 0x3" }], 'MARK --set-xmark 0x5/0xff'),
  ).toEqual([
    { what: 'connmark', does: 'asks', value: 1, mask: 15, negated: true, had: 3 },
    { what: 'mark', does: 'sets', value: 5, mask: 255, negated: false, had: null },
  ]);
  expect(markUses([{ text: '-m connmark --mark 0x7', because: '' }], 'ACCEPT')).toEqual([
    { what: 'connmark', does: 'asks', value: 7, mask: 0xffffffff, negated: false, had: null },
  ]);
  expect(markUses([], 'CONNMARK --save-mark --nfmask 0xff --ctmask 0xff')).toMatchObject([
    { does: 'saves', mask: 255 },
  ]);
  expect(markUses([], 'CONNMARK --restore-mark')).toMatchObject([{ what: 'mark', does: 'restores', mask: 0xffffffff }]);
  expect(markUses([], 'DROP')).toEqual([]);
});
