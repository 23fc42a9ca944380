import { describe, expect, it } from 'vitest';
import { applied, completed } from './completing';
import { commonPrefix, spoken, tapOf } from './words';

describe('taps', () => {
  it.each([
    ['tcpdump -i eth0', 'eth0'],
    ['tcpdump -ni eth1 icmp', 'eth1'],
    ['tcpdump -ieth1', 'eth1'],
    ['tcpdump --interface=eth2 -n', 'eth2'],
    ['/usr/sbin/tcpdump -n --interface eth2', 'eth2'],
    ['tcpdump -i any', ''],
    ['tcpdump', 'eth7'],
  ])('%s listens at %s', (line, dev) => {
    expect(tapOf('r', line, 'eth7')).toEqual({ host: 'r', interface: dev, what: 'tcpdump' });
  });
  it('a command that does not listen at an interface has none', () => {
    expect(tapOf('r', 'conntrack -E', 'eth7')).toBeNull();
  });
});

describe('completion', () => {
  const two = ['iptables', 'iptables-save'].map((text) => ({ text, help: '', from: 0 }));
  it('puts in what all have in common, then one of them', () => {
    expect(commonPrefix(['iptables', 'iptables-save', 'ip'])).toBe('ip');
    expect(applied('ipt', 3, two)).toEqual(['iptables', 8]);
    expect(applied('iptables', 8, two)).toEqual(['iptables', 8]);
    expect(completed('ipt', 3, two[1]!)).toEqual(['iptables-save ', 14]);
  });
  it('keeps what stands behind the cursor', () => {
    expect(completed('ipt -S', 3, two[0]!)).toEqual(['iptables -S', 9]);
    expect(completed('cat /pr', 7, { text: '/proc/', help: '', from: 4 })).toEqual(['cat /proc/', 10]);
  });
});

it('says the beginning of a long output, and how much more there is', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  expect(spoken(`${lines.join('\n')}\n`, '', 0)).toMatch(/^line 0\n[\s\S]*line 11\n… 8 more lines$/);
  expect(spoken('', 'no\n', 2)).toBe('no\nexit code 2');
  expect(spoken('', '', 0)).toBe('done, no output');
});
