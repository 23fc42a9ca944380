import { describe, expect, it } from 'vitest';
import { SECOND } from '../../base';
import type { IfaceInfo } from '../../model';
import type { LabPacket } from '../../wire';
import { restore } from '../command/run';
import { ruleState } from '../rule-state';
import { XtTables } from '../state/tables';
import { TestBed, tableText } from '../test-bed';

/** What cannot be recorded on a real kernel, or only by chance: vectors from the sources. */

const udp = (src: string, dst: string, count = 72): LabPacket => ({
  src,
  dst,
  udp: { sport: 1, dport: 2, payload: { repeat: 'x', count } },
});
describe('RATEEST and rateest', () => {
  const estimator = '--rateest-name r --rateest-interval 250ms --rateest-ewmalog 500ms';

  it('averages what came in each quarter of a second', () => {
    const bed = new TestBed(
      tableText(
        'filter',
        `INPUT -p udp -j RATEEST ${estimator}`,
        'INPUT -m rateest --rateest r --rateest-gt --rateest-pps 0',
      ),
    );
    const shown = (): string => ruleState(bed.tables, bed.clock)['filter INPUT 1']![0]!.value;
    expect(shown()).toBe('r: nothing counted');
    for (let i = 0; i < 8; i++) bed.pass(udp('10.0.0.2', '10.0.0.1'));
    expect(bed.hits()).toEqual([1, 'policy']);
    bed.clock = SECOND / 4;
    bed.pass({ src: '10.0.0.2', dst: '10.0.0.1', icmp: { type: 8, code: 0 } });
    // 8 packets of 100 bytes in a quarter of a second are 32 a second; half of it counts at once.
    expect(bed.hits()).toEqual([2, 'policy']);
    expect(shown()).toBe('r: 1600 bytes and 16 packets a second');
    bed.clock = SECOND / 2;
    bed.pass({ src: '10.0.0.2', dst: '10.0.0.1', icmp: { type: 8, code: 0 } });
    expect(shown()).toBe('r: 800 bytes and 8 packets a second');
    bed.clock = 3600 * SECOND;
    bed.pass({ src: '10.0.0.2', dst: '10.0.0.1', icmp: { type: 8, code: 0 } });
    expect(bed.hits()).toEqual(['policy']);
  });

  it('needs an estimator that an earlier rule or table has made', () => {
    const make = `INPUT -j RATEEST ${estimator}`;
    const ask = 'INPUT -m rateest --rateest r --rateest-lt --rateest-bps 8bit';
    const load = (all: string): number => restore(new XtTables('ip'), all).exit;
    expect(load(tableText('filter', make, ask))).toBe(0);
    expect(load(tableText('filter', ask, make))).not.toBe(0);
    expect(load(tableText('mangle', make) + tableText('filter', ask))).toBe(0);
    expect(
      load(tableText('filter', make, 'INPUT -j RATEEST --rateest-name r --rateest-interval 1s --rateest-ewmalog 4s')),
    ).not.toBe(0);
  });
});

describe('NFQUEUE', () => {
  it('names the queue, and whether a packet may pass without a program', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -j NFQUEUE --queue-num 3 --queue-bypass'));
    expect(bed.pass(udp('10.0.0.2', '10.0.0.1'))).toEqual({ verdict: 'queue', queue: 3, bypass: true });
  });

  it('balances by address, the same for both directions', () => {
    const bed = new TestBed(tableText('filter', 'INPUT -j NFQUEUE --queue-balance 10:13'));
    const queueOf = (src: string, dst: string): number => (bed.pass(udp(src, dst)) as { queue: number }).queue;
    const queues = Array.from({ length: 64 }, (_, i) => queueOf(`10.0.0.${i + 2}`, '10.0.0.1'));
    expect(new Set(queues)).toEqual(new Set([10, 11, 12, 13]));
    expect(queueOf('10.0.0.1', '10.0.0.9')).toBe(queueOf('10.0.0.9', '10.0.0.1'));
  });
});

describe('TEE', () => {
  it('asks for a copy, by an interface that is there', () => {
    const copies: string[] = [];
    const bed = new TestBed(
      tableText(
        'mangle',
        'PREROUTING -j TEE --gateway 10.0.0.5',
        'PREROUTING -j TEE --gateway 10.0.0.6 --oif eth0',
        'PREROUTING -j TEE --gateway 10.0.0.7 --oif eth9',
      ),
      {
        port: {
          iface: (name) => (name === 'eth0' ? ({ name, index: 2 } as IfaceInfo) : undefined),
          sendCopy: (skb, gateway, hook, oif = '') => void copies.push(`${skb.id} ${gateway} ${hook} ${oif}`),
        },
      },
    );
    expect(bed.pass(udp('10.0.0.2', '10.0.0.1'), { table: 'mangle', hook: 'PREROUTING' })).toBe('accept');
    expect(bed.hits()).toEqual([1, 2, 3, 'policy']);
    expect(copies).toEqual(['1 10.0.0.5 PREROUTING ', '1 10.0.0.6 PREROUTING eth0']);
  });
});

describe('time', () => {
  // A Wednesday: 2025-01-01 12:00:00 UTC.
  const noon = Date.UTC(2025, 0, 1, 12) / 1000;
  const matches = (options: string, seconds = noon): boolean => {
    const bed = new TestBed(tableText('filter', `INPUT -m time ${options}`), { port: { epoch: seconds } });
    bed.pass(udp('10.0.0.2', '10.0.0.1'));
    return bed.hits().includes(1);
  };

  it('goes by the clock of the lab', () => {
    expect(matches('--timestart 11:59 --timestop 12:00')).toBe(true);
    expect(matches('--timestart 12:00:01 --timestop 13:00')).toBe(false);
    expect(matches('--weekdays Wed')).toBe(true);
    expect(matches('! --weekdays Wed')).toBe(false);
    expect(matches('--monthdays 1,2')).toBe(true);
    expect(matches('--monthdays 31')).toBe(false);
    expect(matches('--datestart 2025-01-01T12:00:00 --datestop 2025-01-01T12:00:00')).toBe(true);
    expect(matches('--datestart 2025-01-01T12:00:01')).toBe(false);
  });

  it('runs over midnight', () => {
    const late = Date.UTC(2025, 0, 2, 0, 30) / 1000;
    const over = '--timestart 23:00 --timestop 01:00';
    expect(matches(over)).toBe(false);
    expect(matches(over, late)).toBe(true);
    expect(matches(`${over} --weekdays Wed`, late)).toBe(false);
    expect(matches(`${over} --weekdays Wed --contiguous`, late)).toBe(true);
  });
});
