import { describe, expect, it } from 'vitest';
import { cloneState } from '../base';
import type { HookState, Skb } from '../model';
import { makeUdp } from '../wire';
import { ipsetCommand, type SetDir, type SetTestOptions } from './index';
import { restoreSets } from './restore';
import { IpSets } from './sets';

const state: HookState = { family: 'ip', hook: 'INPUT', in: 'eth0', out: '' };
const options: SetTestOptions = {
  returnNomatch: false,
  updateCounters: true,
  updateSubcounters: true,
  packets: null,
  bytes: null,
};

function host(...commands: readonly string[]) {
  const clock = { now: 0 };
  const sets = new IpSets({ now: () => clock.now, setReferences: () => 0 });
  for (const command of commands) {
    expect(ipsetCommand(sets, command.split(' '), '')).toMatchObject({ exit: 0, stderr: '' });
  }
  return { sets, clock };
}

/** As much of an skb as sets look at. */
function udp(src: string, mac: Skb['mac'] = null, mark = 0): Skb {
  const packet = makeUdp({ src, dst: '10.0.0.1', sport: 1000, dport: 53 });
  return { packet, mac, mark } as Skb;
}

function ask(sets: IpSets, name: string, skb: Skb, dirs: readonly SetDir[], more: Partial<SetTestOptions> = {}) {
  return sets.test(name, skb, state, dirs, { ...options, ...more });
}

describe('what a lookup costs', () => {
  it('is one bucket for plain elements, however many there are', () => {
    const { sets } = host('create s hash:ip', 'add s 10.0.0.0/20');
    expect(ask(sets, 's', udp('10.0.9.9'), ['src'])).toEqual({
      matched: true,
      element: '10.0.9.9',
      probes: 1,
      size: 4096,
      skbinfo: { mark: 0, markMask: 0, priority: 0 },
    });
  });

  it('is one bucket for each prefix length, longest first', () => {
    const { sets } = host('create s hash:net', 'add s 10.0.0.0/8', 'add s 10.1.0.0/16', 'add s 10.1.1.0/24');
    expect(ask(sets, 's', udp('10.1.1.1'), ['src'])).toMatchObject({
      matched: true,
      element: '10.1.1.0/24',
      probes: 1,
    });
    expect(ask(sets, 's', udp('10.9.9.9'), ['src'])).toMatchObject({ matched: true, element: '10.0.0.0/8', probes: 3 });
    expect(ask(sets, 's', udp('9.9.9.9'), ['src'])).toMatchObject({ matched: false, element: '9.9.9.9', probes: 3 });
  });

  it('is that of the members of a list, one after the other', () => {
    const { sets } = host(
      'create a hash:ip',
      'create n hash:net',
      'add n 10.0.0.0/8',
      'add n 10.0.0.0/16',
      'create l list:set',
      'add l a',
      'add l n',
    );
    expect(ask(sets, 'l', udp('10.5.0.1'), ['src'])).toMatchObject({ matched: true, element: 'n', probes: 5 });
  });
});

describe('set types that cannot be recorded here', () => {
  const mac = { src: '02:00:00:00:00:05', dst: '02:00:00:00:00:01' };

  it('hash:mac and hash:ip,mac look at the frame, and match nothing that has none', () => {
    const { sets } = host(
      'create m hash:mac',
      'add m 2:0:0:0:0:5',
      'create im hash:ip,mac',
      'add im 10.0.0.5,2:0:0:0:0:5',
    );
    expect(ask(sets, 'm', udp('10.0.0.5', mac), ['src']).matched).toBe(true);
    expect(ask(sets, 'm', udp('10.0.0.5', mac), ['dst']).matched).toBe(false);
    expect(ask(sets, 'm', udp('10.0.0.5'), ['src']).matched).toBe(false);
    expect(ask(sets, 'im', udp('10.0.0.5', mac), ['src', 'src']).matched).toBe(true);
    expect(ask(sets, 'im', udp('10.0.0.6', mac), ['src', 'src']).matched).toBe(false);
  });

  it('hash:ip,mark masks the mark of the packet', () => {
    const { sets } = host('create k hash:ip,mark markmask 0xff', 'add k 10.0.0.5,0x63');
    expect(ask(sets, 'k', udp('10.0.0.5', null, 0x163), ['src', 'src']).matched).toBe(true);
    expect(ask(sets, 'k', udp('10.0.0.5', null, 0x64), ['src', 'src']).matched).toBe(false);
  });

  it('hash:net,net tries every pair of prefix lengths', () => {
    const { sets } = host(
      'create nn hash:net,net',
      'add nn 10.0.0.0/8,10.0.0.0/24',
      'add nn 10.0.0.0/25,10.0.0.0/30 nomatch',
    );
    expect(ask(sets, 'nn', udp('10.9.0.1'), ['src', 'dst'])).toMatchObject({ matched: true, probes: 4 });
    expect(ask(sets, 'nn', udp('10.0.0.9'), ['src', 'dst'])).toMatchObject({ matched: false, probes: 1 });
    expect(ask(sets, 'nn', udp('10.0.0.9'), ['src', 'dst'], { returnNomatch: true }).matched).toBe(true);
  });

  it('hash:net,port,net takes /0', () => {
    const { sets } = host('create npn hash:net,port,net', 'add npn 0.0.0.0/0,udp:53,10.0.0.1');
    expect(ask(sets, 'npn', udp('198.51.100.1'), ['src', 'dst', 'dst']).matched).toBe(true);
    expect(ask(sets, 'npn', udp('198.51.100.1'), ['src', 'src', 'dst']).matched).toBe(false);
  });
});

describe('time', () => {
  it('lets elements expire, and says when the next one does', () => {
    const { sets, clock } = host('create s hash:ip timeout 5', 'add s 10.0.0.5', 'add s 10.0.0.6 timeout 0');
    expect(sets.nextTimeout()).toBeGreaterThanOrEqual(5_000_000);
    expect(ask(sets, 's', udp('10.0.0.5'), ['src']).matched).toBe(true);
    clock.now = 4_000_000;
    expect(sets.views()[0]?.members.map((m) => m.timeout)).toEqual([1, 0]);
    clock.now = 6_000_000;
    expect(ask(sets, 's', udp('10.0.0.5'), ['src'])).toMatchObject({ matched: false, size: 1 });
    expect(sets.nextTimeout()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a copy of the sets', () => {
  it('goes its own way', () => {
    const { sets } = host('create s hash:ip counters', 'add s 10.0.0.0/24');
    const copy = cloneState(sets);
    ask(copy, 's', udp('10.0.0.5'), ['src']);
    ipsetCommand(copy, ['add', 's', '10.1.0.0/20'], '');
    expect(sets.count(sets.find('s')!)).toBe(256);
    expect(copy.count(copy.find('s')!)).toBe(256 + 4096);
    expect(sets.views()[0]?.members.some((m) => m.packets !== 0)).toBe(false);
  });
});

describe('restoring a text', () => {
  it('leaves out what is wrong, tells each mistake, and what the tool would stop at', () => {
    const { sets } = host();
    const report = restoreSets(
      sets,
      'create a hash:ip\nadd a 10.0.0.1\nadd a elf\ncreate b hash:nett\nadd a 10.0.0.2\n',
    );
    expect(report.refused).toEqual({
      line: 3,
      message: 'Error in line 3: Syntax error: cannot parse elf: resolving to IPv4 address failed',
    });
    expect(report.leftOut).toEqual([3, 4]);
    expect(report.diagnostics.map((d) => [d.line, d.column, d.suggestion?.replacement])).toEqual([
      [3, 7, undefined],
      [4, 10, 'hash:net'],
    ]);
    expect(sets.views().map((s) => s.members.map((m) => m.text))).toEqual([['10.0.0.1', '10.0.0.2']]);
  });
});
