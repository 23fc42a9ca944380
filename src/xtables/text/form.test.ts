import { expect, test } from 'vitest';
import { catalogue } from '../catalogue';
import { ruleForm } from './form';

const short = (line: string, family: 'ip' | 'ip6' = 'ip') =>
  ruleForm(line, family).parts.map((p) => {
    const flag = p.flag === '' ? p.written : p.flag;
    return `${p.negated ? '! ' : ''}${p.type}:${p.extension}${p.index > 0 ? `#${p.index}` : ''}:${flag} ${p.values.join('|')}`;
  });

test('options with whose they are, and their values', () => {
  expect(
    short('-A FORWARD ! -i eth0 -p tcp -m tcp --tcp-flags SYN,RST SYN ! --dport 80 -j DNAT --to 10.0.0.5'),
  ).toEqual([
    '! rule::in-interface eth0',
    'rule::protocol tcp',
    'match:tcp:-m tcp',
    'match:tcp:tcp-flags SYN,RST|SYN',
    '! match:tcp:dport 80',
    'target:DNAT:-j DNAT',
    'target:DNAT:to-destination 10.0.0.5',
  ]);
});

test('the protocol brings its match along, long and attached forms are read, names may be cut short', () => {
  expect(short('-A INPUT -ptcp --destination-port=22 --source 10.0.0.1 --in-int eth0 -g OTHER')).toEqual([
    'rule::protocol tcp',
    'match:tcp:dport 22',
    'rule::source 10.0.0.1',
    'rule::in-interface eth0',
    'target::-g OTHER',
  ]);
});

test('a match that is used twice', () => {
  expect(short('-A INPUT -m recent --set -m recent --update --seconds 60 -j DROP')).toEqual([
    'match:recent:-m recent',
    'match:recent:set ',
    'match:recent#1:-m recent',
    'match:recent#1:update ',
    'match:recent#1:seconds 60',
    'target::-j DROP',
  ]);
});

test('places are those of the line; what cannot be read keeps its place, too', () => {
  const line = '[1:2] -A INPUT ! -s 10.0.0.1 -p udp --dprot 53 -m comment --comment "a \\"b\\"" -j ACCEPT';
  const { chain, command, parts } = ruleForm(line, 'ip');
  expect([command, chain]).toEqual(['A', 'INPUT']);
  expect(parts.map((p) => line.slice(p.start, p.end))).toEqual([
    '! -s 10.0.0.1',
    '-p udp',
    '--dprot 53',
    '-m comment',
    '--comment "a \\"b\\""',
    '-j ACCEPT',
  ]);
  expect(parts[2]?.type).toBe('unknown');
  expect(parts[4]?.values).toEqual(['a "b"']);
});

test.each(['', '-A', '! ! -s', '-A INPUT -m', '-A INPUT -j', '-m nothing --x', '-A X -p', '"'])(
  '%j is read to its end',
  (line) => {
    for (const part of ruleForm(line, 'ip').parts) expect(part.end).toBeGreaterThan(part.start);
  },
);

test('ip6 has its own extensions', () => {
  expect(short('-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135', 'ip6')).toContain('match:icmp6:icmpv6-type 135');
});

test('the catalogue names iptables’ own options and the verdicts', () => {
  const { rule, verdicts, matches } = catalogue();
  expect(rule.options.map((o) => o.flag)).toContain('in-interface');
  expect(rule.options.find((o) => o.flag === 'protocol')?.values).toContain('tcp');
  expect(verdicts.find((v) => v.name === 'DROP')?.tables).not.toContain('nat');
  expect(matches.find((m) => m.name === 'tcp')?.options.find((o) => o.flag === 'tcp-flags')?.twoValues).toBe(true);
});
