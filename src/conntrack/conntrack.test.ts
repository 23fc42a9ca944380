import { describe, expect, it } from 'vitest';
import { cloneState } from '../base';
import type { LabPacket } from '../wire';
import { ctDelete, ctFlush, ctLabel, ctList, ctSetLabel, ctSetMark, ctStats } from './admin';
import { ctNextExpiry } from './lifetime';
import { ctBucket } from './state';
import { CLIENT, datagram, SERVER, segment, TestBed } from './test-bed';
import { ctUpdate } from './update';

const ping = (type: number, id = 1): LabPacket =>
  type === 8
    ? { src: CLIENT, dst: SERVER, icmp: { type, id, seq: 1 } }
    : { src: SERVER, dst: CLIENT, icmp: { type, id, seq: 1 } };

describe('UDP', () => {
  it('becomes ASSURED by a packet two seconds after the start, if a reply was seen before', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'));
    expect(bed.told()).toEqual(['NEW UNREPLIED']);
    bed.wait(3);
    bed.pass(datagram('s'));
    expect(bed.told()).toEqual(['UPDATE']);
    bed.pass(datagram('c'));
    expect(bed.told()).toEqual(['UPDATE ASSURED']);
    bed.wait(119);
    expect(bed.told()).toEqual([]);
    bed.wait(1);
    expect(bed.told()).toEqual(['DESTROY ASSURED']);
  });

  it('stays short-lived before that', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'));
    bed.pass(datagram('s'));
    bed.pass(datagram('c'));
    expect(bed.told()).toEqual([]);
    bed.wait(30);
    expect(bed.told()).toEqual(['DESTROY']);
  });

  it('is INVALID with a wrong length or checksum, but only where it came in', () => {
    const bed = new TestBed();
    const bad = { ...datagram('c'), badChecksum: true };
    expect(bed.pass(bad).state).toBe('INVALID');
    expect(bed.reasons()).toEqual(['bad-checksum']);
    expect(bed.pass(bad, { hook: 'OUTPUT' }).state).toBe('NEW');
    const short = {
      src: CLIENT,
      dst: SERVER,
      protocol: 17,
      payload: '\u0013\u0088\u00005\u0000\u0050\u0000\u0000abcd',
    };
    expect(bed.pass(short).state).toBe('INVALID');
    const off = new TestBed({ checksum: 0 });
    expect(off.pass(bad).state).toBe('NEW');
  });
});

describe('ICMP', () => {
  it('follows a request and its replies', () => {
    const bed = new TestBed();
    expect(bed.pass(ping(8)).state).toBe('NEW');
    expect(bed.pass(ping(0)).state).toBe('ESTABLISHED');
    expect(bed.told()).toEqual(['UPDATE']);
    expect(bed.pass(ping(0, 2)).state).toBe('INVALID');
    expect(bed.reasons()).toEqual(['icmp-not-a-request']);
  });

  it('relates errors to the flow that they quote, without an event', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'));
    const error = (inner: LabPacket, dst = CLIENT): LabPacket => ({
      src: '10.1.0.1',
      dst,
      icmp: { type: 3, code: 1, inner },
    });
    const passed = bed.pass(error(datagram('c')));
    expect([passed.state, passed.skb.ctinfo]).toEqual(['RELATED', 'RELATED_REPLY']);
    expect(bed.told()).toEqual([]);
    expect(bed.pass(error(datagram('s'), SERVER)).skb.ctinfo).toBe('RELATED');
    expect(bed.pass(error(datagram('c', 'x', 5001))).state).toBe('INVALID');
    expect(bed.reasons()).toEqual(['icmp-about-no-flow']);
    expect(bed.pass(error(datagram('c'), '10.0.0.9')).state).toBe('INVALID');
    expect(bed.reasons()).toEqual(['icmp-wrong-addressee']);
    expect(ctStats(bed.ct).error).toBe(2);
  });

  it('does not track neighbour discovery', () => {
    const bed = new TestBed();
    expect(bed.pass({ src: 'fd00::2', dst: 'fd01::2', icmpv6: { type: 135 } }).state).toBe('UNTRACKED');
    expect(bed.pass({ src: 'fd00::2', dst: 'fd01::2', icmpv6: { type: 128, id: 1 } }).state).toBe('NEW');
    expect(bed.pass({ src: 'fd01::2', dst: 'fd00::2', icmpv6: { type: 129, id: 1 } }).state).toBe('ESTABLISHED');
  });
});

describe('an entry', () => {
  it('is in the table from confirm on, and its timer runs from there', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'), { drop: true });
    expect(ctList(bed.ct, bed.port)).toEqual([]);
    expect(bed.told()).toEqual([]);
    bed.pass(datagram('c'), { between: () => (bed.clock += 5e6) });
    expect(ctNextExpiry(bed.ct)).toBe(35e6);
  });

  it('hangs in the buckets of both its tuples', () => {
    const bed = new TestBed({}, 64);
    const { skb } = bed.pass(datagram('c'));
    const conn = skb.ct!;
    for (const tuple of [conn.original, conn.reply]) {
      const chain = bed.ct.table.get(ctBucket(bed.ct, tuple, 0)) ?? [];
      expect(chain.some((node) => node.flow === conn)).toBe(true);
    }
  });

  it('that has expired is gone when somebody looks', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'));
    bed.clock += 30e6;
    bed.pass(datagram('s'));
    expect(bed.told()).toEqual(['DESTROY UNREPLIED', 'NEW UNREPLIED']);
  });

  it('keeps its events while packets are dropped, and tells them with the next one that passes', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'));
    bed.pass(datagram('s'), { drop: true });
    expect(bed.told()).toEqual([]);
    bed.pass(datagram('c'));
    expect(bed.told()).toEqual(['UPDATE']);
  });

  it('tells of a mark that changed, once', () => {
    const bed = new TestBed();
    const mark = (value: number) => ({
      between: (skb: Parameters<typeof ctSetMark>[2]) => ctSetMark(bed.ct, bed.port, skb, value),
    });
    bed.pass(datagram('c'), mark(7));
    expect(bed.told()).toEqual(['NEW UNREPLIED']);
    bed.pass(datagram('c'), mark(7));
    expect(bed.told()).toEqual([]);
    bed.pass(datagram('c'), mark(8));
    expect(bed.told()).toEqual(['UPDATE UNREPLIED']);
  });

  it('carries labels', () => {
    const bed = new TestBed();
    const { skb } = bed.pass(datagram('c'), { between: (s) => void ctSetLabel(bed.ct, bed.port, s, 9, true) });
    expect([ctLabel(skb.ct!, 9), ctLabel(skb.ct!, 8)]).toEqual([true, false]);
  });

  it('counts packets and bytes of each direction with nf_conntrack_acct', () => {
    const bed = new TestBed({ acct: 1 });
    bed.pass(datagram('c'));
    const { skb } = bed.pass(datagram('s'));
    expect(skb.ct?.counters).toEqual({ packets: [1, 1], bytes: [29, 29] });
  });

  it('goes on in a copy of the world as in the world', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'));
    const copy = new TestBed();
    Object.assign(copy, { ct: cloneState(bed.ct) });
    bed.pass(datagram('s'));
    expect(copy.pass(datagram('s')).state).toBe('ESTABLISHED');
    expect(copy.told()).toEqual(['UPDATE']);
    expect(ctList(copy.ct, copy.port)[0]).not.toBe(ctList(bed.ct, bed.port)[0]);
  });
});

describe('what rules ask for', () => {
  it('leaves a packet untracked', () => {
    const bed = new TestBed();
    expect(bed.pass(datagram('c'), { notrack: true }).state).toBe('UNTRACKED');
    expect(bed.ct.count).toBe(0);
  });

  it('keeps zones apart', () => {
    const bed = new TestBed();
    const zone = (id: number) => ({ template: { zone: { id, direction: 'both' as const } } });
    bed.pass(datagram('c'), zone(1));
    expect(bed.pass(datagram('c'), zone(2)).state).toBe('NEW');
    expect(bed.pass(datagram('s'), zone(1)).state).toBe('ESTABLISHED');
    expect(bed.pass(datagram('s')).state).toBe('NEW');
    expect(bed.ct.count).toBe(3);
  });

  it('lets replies of a zone of one direction come without it', () => {
    const bed = new TestBed();
    bed.pass(datagram('c'), { template: { zone: { id: 5, direction: 'original' } } });
    expect(bed.pass(datagram('s')).state).toBe('ESTABLISHED');
    const [event] = bed.conntrackEvents();
    expect([event?.entry?.zone, event?.entry?.zoneOriginal]).toEqual([0, 5]);
  });

  it('takes the zone from the mark', () => {
    const bed = new TestBed();
    const { skb } = bed.pass(datagram('c'), { template: { zoneFromMark: true }, mark: 0x10007 });
    expect(skb.ct?.zone.id).toBe(7);
  });

  it('announces only the events that were asked for', () => {
    const bed = new TestBed();
    const options = { template: { events: ['destroy'] } };
    bed.pass(datagram('c'), options);
    bed.pass(datagram('s'), options);
    expect(bed.told()).toEqual([]);
    bed.wait(30);
    expect(bed.told()).toEqual(['DESTROY']);
  });
});

describe('a full table', () => {
  const fill = (bed: TestBed, n: number) => {
    for (let i = 0; i < n; i++) bed.pass(datagram('c', 'x', 6000 + i));
  };

  it('throws out entries near by that are not ASSURED', () => {
    const bed = new TestBed({ max: 4 }, 8);
    fill(bed, 4);
    expect(bed.pass(datagram('c')).answer).toBe('accept');
    expect(bed.conntrackEvents()[0]?.what).toBe('early-drop');
    expect(ctStats(bed.ct).early_drop).toBeGreaterThan(0);
    expect(bed.ct.count).toBeLessThanOrEqual(4);
  });

  it('drops the packet if there are none in eight buckets', () => {
    const bed = new TestBed({ max: 4 }, 262144);
    fill(bed, 4);
    expect(bed.pass(datagram('c')).answer).toMatchObject({ verdict: 'drop' });
    expect(bed.conntrackEvents()[0]?.what).toBe('full');
    expect(bed.pass(datagram('s', 'x', 6000)).state).toBe('ESTABLISHED');
  });
});

describe('confirm', () => {
  it('lets two flows of UDP that are one merge, and drops those of TCP', () => {
    const bed = new TestBed();
    let inner = '';
    bed.pass(datagram('c'), {
      between: () => {
        bed.pass(datagram('c'));
        inner = bed.told().join();
        bed.events.length = 0;
      },
    });
    expect(inner).toBe('NEW UNREPLIED');
    expect(bed.reasons()).toEqual(['clash-merged']);
    expect(bed.ct.count).toBe(1);

    const tcp = new TestBed();
    const { answer } = tcp.pass(segment('c', 'S', 1), { between: () => void tcp.pass(segment('c', 'S', 1)) });
    expect(answer).toMatchObject({ verdict: 'drop' });
    expect(ctStats(tcp.ct).insert_failed).toBe(1);
  });
});

describe('the tools', () => {
  it('list, change, delete and flush', () => {
    const bed = new TestBed();
    for (const client of [5000, 5001, 5002]) bed.pass(datagram('c', 'x', client));
    expect(ctList(bed.ct, bed.port)).toHaveLength(3);
    bed.events.length = 0;
    expect(ctUpdate(bed.ct, bed.port, (conn) => conn.original.sport === 5001, { mark: 9 })).toBe(1);
    expect(ctUpdate(bed.ct, bed.port, (conn) => conn.original.sport === 5001, { mark: 9 })).toBe(0);
    expect(ctDelete(bed.ct, bed.port, (conn) => conn.mark === 9)).toBe(1);
    expect(ctFlush(bed.ct, bed.port)).toBe(2);
    expect(bed.told()).toEqual(['UPDATE UNREPLIED', 'DESTROY UNREPLIED', 'DESTROY UNREPLIED', 'DESTROY UNREPLIED']);
    expect([bed.ct.count, bed.ct.table.size]).toEqual([0, 0]);
  });
});

describe('other protocols', () => {
  const raw = (from: 'c' | 's', protocol: number, payload: string): LabPacket => ({
    ...(from === 'c' ? { src: CLIENT, dst: SERVER } : { src: SERVER, dst: CLIENT }),
    protocol,
    payload,
  });

  it('are tracked by addresses alone, DCCP too', () => {
    for (const protocol of [50, 33, 253]) {
      const bed = new TestBed();
      expect(bed.pass(raw('c', protocol, 'abcdefgh')).state).toBe('NEW');
      expect(bed.pass(raw('s', protocol, 'ijklmnop')).state).toBe('ESTABLISHED');
      bed.wait(600);
      expect(bed.told()).toEqual(['DESTROY']);
    }
  });

  it('GRE is ASSURED by its first packet after a reply', () => {
    const bed = new TestBed();
    bed.pass(raw('c', 47, '\0\0\b\0abcd'));
    bed.pass(raw('s', 47, '\0\0\b\0abcd'));
    expect(bed.told()).toEqual(['UPDATE']);
    bed.pass(raw('c', 47, '\0\0\b\0abcd'));
    expect(bed.told()).toEqual(['UPDATE ASSURED']);
  });
});
