import { describe, expect, it } from 'vitest';
import { meaningOf, readLine, setField, setHead, setHops, setTarget, setType } from './lineForm';
import { type LineKind, ROUTE, RULE } from './lineKinds';
import { movedLine, withNewLine, withoutLines } from './words';

const form = (kind: LineKind, text: string) => {
  const read = readLine(kind, text);
  if (read === null) throw new Error(`nothing in ${text}`);
  return read;
};
const said = (kind: LineKind, text: string) =>
  Object.fromEntries([...form(kind, text).values].map(([key, v]) => [key, v.value]));

describe('a line of ip route', () => {
  it.each([
    ['default via 10.0.0.1 dev eth0', 'default', { via: '10.0.0.1', dev: 'eth0' }],
    ['10.1.0.0/16  dev eth0 metric 5 # home', '10.1.0.0/16', { dev: 'eth0', metric: '5' }],
    ['to 10.0.0.0/8 via inet6 fe80::1 dev eth0', '10.0.0.0/8', { via: 'inet6 fe80::1', dev: 'eth0' }],
    [
      '10.0.0.0/8 dev eth0 mtu lock 1400 proto static',
      '10.0.0.0/8',
      { dev: 'eth0', mtu: 'lock 1400', proto: 'static' },
    ],
    ['10.0.0.0/8 oif eth0 pri 7 onlink', '10.0.0.0/8', { dev: 'eth0', metric: '7', onlink: 'yes' }],
  ])('%s', (text, head, values) => {
    expect(form(ROUTE, text).head.value).toBe(head);
    expect(said(ROUTE, text)).toEqual(values);
    expect(form(ROUTE, text).rest).toEqual([]);
  });

  it('says nothing if it is blank or a comment', () => {
    expect(readLine(ROUTE, '')).toBeNull();
    expect(readLine(ROUTE, '  # default via 10.0.0.1')).toBeNull();
  });

  it.each([
    ['via', '10.0.0.9', 'default  via 10.0.0.9 dev eth0 # up'],
    ['dev', '', 'default  via 10.0.0.1 # up'],
    ['metric', '5', 'default  via 10.0.0.1 dev eth0 metric 5 # up'],
    ['src', '10.0.0.7', 'default  via 10.0.0.1 dev eth0 src 10.0.0.7 # up'],
    ['onlink', 'yes', 'default  via 10.0.0.1 dev eth0 onlink # up'],
    ['table', '', 'default  via 10.0.0.1 dev eth0 # up'],
  ])('with %s set to %s, the rest as typed', (key, value, line) => {
    expect(setField(form(ROUTE, 'default  via 10.0.0.1 dev eth0 # up'), key, value)).toBe(line);
  });

  it('has another destination, type, and next hops', () => {
    const line = 'default via 10.0.0.1 dev eth0';
    expect(setHead(form(ROUTE, line), '10.0.0.0/8')).toBe('10.0.0.0/8 via 10.0.0.1 dev eth0');
    expect(setType(form(ROUTE, '10.9.0.0/16'), 'blackhole')).toBe('blackhole 10.9.0.0/16');
    expect(setType(form(ROUTE, 'blackhole 10.9.0.0/16'), 'unicast')).toBe('10.9.0.0/16');
    expect(setType(form(ROUTE, 'blackhole 10.9.0.0/16'), 'prohibit')).toBe('prohibit 10.9.0.0/16');
    const many = 'default nexthop via 10.0.0.1 weight 1 nexthop via 10.0.1.1';
    expect(form(ROUTE, many).hops.value).toBe('nexthop via 10.0.0.1 weight 1 nexthop via 10.0.1.1');
    expect(setField(form(ROUTE, many), 'metric', '9')).toBe(`default metric 9 ${many.slice(8)}`);
    expect(setHops(form(ROUTE, many), '')).toBe('default');
  });

  it('gives the same line back when each of its fields is set to what it says', () => {
    for (const line of [
      'default via 10.0.0.1 dev eth0 metric 3',
      ' throw 10.0.0.0/8  table 100',
      '10/8 via 10.0.0.1 realm 4',
    ]) {
      const read = form(ROUTE, line);
      for (const [key, v] of read.values) expect(setField(read, key, v.value)).toBe(line);
      expect(setHead(read, read.head.value)).toBe(line);
      expect(setType(read, read.type.value)).toBe(line);
    }
  });

  it('is told in words', () => {
    expect(meaningOf(form(ROUTE, 'default via 10.0.0.1 dev eth0'), 4)).toBe(
      'Everything else: by way of 10.0.0.1, out of eth0',
    );
    expect(meaningOf(form(ROUTE, 'unreachable 10.0.0.0/8'), 4)).toBe('To 10.0.0.0/8: is refused: host unreachable');
  });
});

describe('a line of ip rule', () => {
  it.each([
    ['100: from 10.0.0.0/8 lookup 100', '100', 'lookup', '100', { from: '10.0.0.0/8' }],
    ['pref 100 from all fwmark 0x1 table 7', '100', 'lookup', '7', { from: 'all', fwmark: '0x1' }],
    ['100:from all iif eth0 blackhole', '100', 'blackhole', '', { from: 'all', iif: 'eth0' }],
    ['not from 10.0.0.0/8 goto 200', '', 'goto', '200', { not: 'yes', from: '10.0.0.0/8' }],
  ])('%s', (text, head, type, target, values) => {
    const read = form(RULE, text);
    expect([read.head.value, read.type.value, read.target.value]).toEqual([head, type, target]);
    expect(said(RULE, text)).toEqual(values);
  });

  it('is edited in its place', () => {
    const read = form(RULE, '100: from 10.0.0.0/8 lookup 100');
    expect(setHead(read, '50')).toBe('50: from 10.0.0.0/8 lookup 100');
    expect(setHead(form(RULE, 'from all lookup 7'), '50')).toBe('50: from all lookup 7');
    expect(setField(read, 'fwmark', '0x2')).toBe('100: from 10.0.0.0/8 fwmark 0x2 lookup 100');
    expect(setField(read, 'from', '')).toBe('100: lookup 100');
    expect(setField(read, 'not', 'yes')).toBe('100: not from 10.0.0.0/8 lookup 100');
    expect(setTarget(read, 'main')).toBe('100: from 10.0.0.0/8 lookup main');
    expect(setType(read, 'blackhole')).toBe('100: from 10.0.0.0/8 blackhole');
    expect(setType(form(RULE, '100: from all blackhole'), 'lookup')).toBe('100: from all lookup main');
    expect(setType(read, 'goto')).toBe('100: from 10.0.0.0/8 goto 100');
    expect(setField(form(RULE, 'lookup 7'), 'from', '10.0.0.1')).toBe('from 10.0.0.1 lookup 7');
  });
});

describe('lines of a text', () => {
  it('come and go', () => {
    expect(withNewLine('', 'a')).toBe('a\n');
    expect(withNewLine('a\n\n', 'b')).toBe('a\nb\n');
    expect(withNewLine('a\nb\n', 'x', 1)).toBe('a\nx\nb\n');
    expect(withoutLines('a\nb\nc\n', [2])).toBe('a\nc\n');
  });

  it('are found again after an edit elsewhere', () => {
    expect(movedLine('a\nb\nc', 'x\na\nb\nc', 2)).toBe(3);
    expect(movedLine('a\nb\nc', 'a\nc', 3)).toBe(2);
    expect(movedLine('a\nb\nc', 'a\nc', 2)).toBeNull();
    expect(movedLine('a\nb\nc', 'a\nB\nc', 2)).toBe(2);
  });
});
