import { describe, expect, it } from 'vitest';
import { createEngine, type Lab } from '../../src/engine';
import { inForce, SYSCTLS } from './sysctlList';
import { keysOf, plainKey, readAll, rowsFor, sysctlOf, withSysctl } from './sysctls';

const engine = createEngine();
const lab: Lab = {
  format: 'lab/1',
  name: 'x',
  hosts: { x: { interfaces: { eth0: { segment: 's' } } } },
  steps: [],
};
engine.load(lab);
const all = readAll(engine.exec(-1, 'x', 'sysctl -a').output);

describe('the list of sysctls', () => {
  it.each(SYSCTLS.map((i) => [i.key, i] as const))(
    '%s is one of the kernel, with this value at the start',
    (_, info) => {
      const [dev, key] = keysOf(info, ['eth0']).at(-1) ?? ['', ''];
      expect(all.has(key), `${key} of ${dev}`).toBe(true);
      expect(all.get(key)).toBe(info.start);
      expect(info.meaning).toMatch(/^[A-Z].*\.$/);
      if (info.choices !== undefined) expect(info.choices.map(([v]) => v)).toContain(info.start);
    },
  );

  it('is told by template for all, default and each interface that combines', () => {
    for (const info of SYSCTLS) {
      if (info.combine !== undefined) expect(info.key).toContain('.DEV.');
    }
    expect(inForce('max', '1', '2')).toBe('2');
    expect(inForce('or', '0', '1')).toBe('1');
    expect(inForce('and', '0', '1')).toBe('0');
    expect(inForce('all', '0', '1')).toBe('0');
    expect(inForce('own', '0', '1')).toBe('1');
  });
});

describe('rp_filter of all and of an interface', () => {
  // What the form says counts is what the engine does.
  it.each([
    ['0', '0'],
    ['1', '0'],
    ['0', '1'],
    ['2', '1'],
    ['1', '2'],
  ])('all %s, eth0 %s', (allValue, own) => {
    const with_: Lab = {
      ...lab,
      hosts: {
        x: {
          interfaces: {
            eth0: { segment: 's', addresses: ['10.0.0.1/24'] },
            eth1: { segment: 't', addresses: ['10.1.0.1/24'] },
          },
          sysctl: { 'net.ipv4.conf.all.rp_filter': allValue, 'net.ipv4.conf.eth0.rp_filter': own },
        },
      },
      // The source is reached by the other interface: strict drops it, loose does not.
      steps: [
        { receive: { host: 'x', interface: 'eth0', packet: { src: '10.1.0.9', dst: '10.0.0.1', icmp: { type: 8 } } } },
      ],
    };
    const run = createEngine().load(with_);
    const dropped = run.steps[0]?.packets[0]?.outcome.kind === 'dropped';
    expect(dropped).toBe(inForce('max', allValue, own) === '1');
  });
});

describe('values', () => {
  it('keep the name under which they are written', () => {
    expect(plainKey('net/ipv4/ip_forward')).toBe('net.ipv4.ip_forward');
    const values = { 'net/ipv4/ip_forward': 1, 'net.ipv4.tcp_sack': '0' };
    expect(sysctlOf(values, 'net.ipv4.ip_forward')).toBe('1');
    expect(withSysctl(values, 'net.ipv4.ip_forward', '0')).toEqual({
      'net/ipv4/ip_forward': '0',
      'net.ipv4.tcp_sack': '0',
    });
    expect(withSysctl(values, 'net.ipv4.ip_forward', '')).toEqual({ 'net.ipv4.tcp_sack': '0' });
  });

  it('are listed: set ones first, by search, and all others when asked', () => {
    const values = { 'net.ipv4.conf.eth0.rp_filter': '1', 'net.ipv4.tcp_fin_timeout': '5' };
    const rows = rowsFor('', values, all.keys(), false);
    expect(rows[0]).toEqual({ kind: 'group', name: 'Set in this lab' });
    expect(rows[1]).toMatchObject({ info: { key: 'net.ipv4.conf.DEV.rp_filter' } });
    expect(rows[2]).toEqual({ kind: 'other', key: 'net.ipv4.tcp_fin_timeout' });
    const found = rowsFor('reverse path', {}, all.keys(), false);
    expect(found.filter((r) => r.kind === 'info').map((r) => r.info.key)).toContain('net.ipv4.conf.DEV.rp_filter');
    expect(rowsFor('', {}, all.keys(), true).length).toBeGreaterThan(150);
    expect(rowsFor('no such thing', {}, all.keys(), true)).toEqual([]);
  });
});
