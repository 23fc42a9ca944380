import { describe, expect, test } from 'vitest';
import { Rng } from '../base';
import {
  buildPacket,
  checksumOk,
  innerPacket,
  type LabPacket,
  parsePacket,
  payloadBytes,
  payloadJson,
  recordPacket,
} from './index';
import { randomBytes, randomLab } from './test-packets';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('byte for byte', () => {
  const stamps = { sport: 1, dport: 2, flags: 'S', sackPermitted: true, timestamps: { value: 258, echo: 3 } };
  expect(hex(buildPacket({ src: '10.0.0.2', dst: '10.0.0.1', tcp: stamps }).bytes.slice(40))).toBe(
    '0402080a0000010200000003',
  );
  const tcp = { sport: 40000, dport: 80, flags: 'S', seq: 1000, mss: 1460, sackPermitted: true, wscale: 7 };
  expect(hex(buildPacket({ src: '10.0.0.2', dst: '203.0.113.1', tcp }).bytes)).toBe(
    '45000034000040004006f4c00a000002cb007101' + '9c400050000003e8000000008002faf08da40000020405b40101040201030307',
  );
  const inner = { src: 'fd00::1', dst: 'fd00::9', udp: { sport: 1, dport: 2, payload: 'abc' } };
  const icmpv6 = { type: 3, code: 0, inner };
  const fragment = { offset: 8, length: 16 };
  expect(hex(buildPacket({ src: 'fd00::2', dst: 'fd00::1', id: 9, icmpv6, fragment }).bytes)).toBe(
    '6000000000182c40fd000000000000000000000000000002fd000000000000000000000000000001' +
      '3a00000900000009' +
      '60000000000b1140fd00000000000000',
  );
});

/** What a recording keeps of a packet that a lab describes. */
function kept(lab: LabPacket): unknown {
  const { id: _id, df, src, ttl = 64, tcp, icmp, icmpv6, ...rest } = lab;
  const message = icmp ?? icmpv6;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      src,
      ttl,
      df: (df ?? !src.includes(':')) ? true : undefined,
      tcp: tcp && { sport: tcp.sport, dport: tcp.dport, flags: tcp.flags, mss: tcp.mss, payload: tcp.payload },
      [icmp ? 'icmp' : 'icmpv6']: message && { ...message, inner: message.inner && kept(message.inner) },
    }),
  );
}

describe('what is built is read back', () => {
  test.each([4, 6] as const)('IPv%d', (family) => {
    const rng = new Rng(family);
    for (let i = 0; i < 1500; i++) {
      const lab = randomLab(rng, family);
      const packet = buildPacket(lab);
      expect(packet.headerError).toBeNull();
      expect(checksumOk(packet)).toBe(true);
      expect(recordPacket(packet)).toEqual(kept(lab));
      if (lab.protocol === undefined) expect(checksumOk(buildPacket({ ...lab, badChecksum: true }))).toBe(false);
      expect(Object.isFrozen(packet)).toBe(true);
    }
  });
});

test('members are found where they stand', () => {
  const packet = buildPacket({
    src: '10.0.0.2',
    dst: '10.0.0.1',
    id: 7,
    tcp: {
      sport: 1,
      dport: 2,
      flags: 'PA',
      seq: 5,
      ack: 6,
      window: 7,
      mss: 536,
      wscale: 3,
      sackPermitted: true,
      payload: 'hello',
    },
  });
  expect(packet).toMatchObject({ id: 7, df: true, fragment: null, protocol: 6, l4Offset: 20, payloadOffset: 52 });
  expect(packet.tcp).toMatchObject({ sport: 1, dport: 2, seq: 5, ack: 6, window: 7, flags: 24, headerLength: 32 });
  expect(packet.tcp).toMatchObject({ mss: 536, wscale: 3, sackPermitted: true, options: [2, 4, 3] });
});

test('a record of headers alone has no payloads and no quotation', () => {
  const inner = { src: '10.0.0.1', dst: '10.0.0.2', udp: { sport: 1, dport: 2, payload: 'x' } };
  const packet = buildPacket({ src: '10.0.0.2', dst: '10.0.0.1', icmp: { type: 3, code: 3, inner } });
  expect(recordPacket(packet, { headersOnly: true })).toEqual({
    src: '10.0.0.2',
    dst: '10.0.0.1',
    ttl: 64,
    df: true,
    icmp: { type: 3, code: 3 },
  });
  expect(innerPacket(packet)?.udp).toEqual({ sport: 1, dport: 2, length: 9 });
});

test('fragments of a lab', () => {
  const udp = { sport: 1, dport: 2, payload: { repeat: 'x', count: 2000 } };
  const first = buildPacket({ src: '10.0.0.2', dst: '10.0.0.1', udp, fragment: { offset: 0, length: 1480 } });
  expect(first).toMatchObject({ df: false, id: 1, fragment: { offset: 0, more: true }, udp: { length: 2008 } });
  const last = buildPacket({ src: 'fd00::2', dst: 'fd00::1', id: 9, udp, fragment: { offset: 1480 } });
  expect(last).toMatchObject({ id: 9, protocol: 17, fragment: { offset: 1480, more: false }, l4Offset: 48 });
  expect(last.udp).toBeUndefined();
  expect(recordPacket(last)).toEqual({
    src: 'fd00::2',
    dst: 'fd00::1',
    ttl: 64,
    fragment: { offset: 1480, more: false },
    protocol: 17,
    payload: { repeat: 'x', count: 528 },
  });
});

test('payloads', () => {
  expect(payloadJson(payloadBytes({ repeat: 'a', count: 33 }))).toEqual({ repeat: 'a', count: 33 });
  expect(payloadJson(payloadBytes({ repeat: 'a', count: 32 }))).toBe('a'.repeat(32));
  expect(payloadBytes('\u00ff\u0000')).toEqual(Uint8Array.of(255, 0));
  expect(payloadBytes({ repeat: 'ab', count: 2 })).toEqual(payloadBytes('abab'));
  expect(payloadBytes(undefined).length).toBe(0);
});

test('no bytes make the parser or the recorder throw', () => {
  const rng = new Rng(5);
  for (let i = 0; i < 5000; i++) {
    const bytes = randomBytes(rng, rng.below(120));
    if (bytes.length > 0) bytes[0] = (rng.below(2) === 0 ? 0x40 : 0x60) | rng.below(16);
    if (bytes.length > 9)
      bytes[bytes[0]! >> 4 === 4 ? 9 : 6] = [0, 1, 6, 17, 43, 44, 47, 51, 58, 60, 132][rng.below(11)]!;
    const packet = parsePacket(bytes);
    recordPacket(packet);
    innerPacket(packet);
    checksumOk(packet);
  }
});

test('what is wrong with an IP header', () => {
  const good = buildPacket({ src: '10.0.0.2', dst: '10.0.0.1', udp: { sport: 1, dport: 2, payload: 'abcd' } }).bytes;
  const edited = (at: number, value: number) => {
    const bytes = good.slice();
    bytes[at] = value;
    return parsePacket(bytes).headerError;
  };
  expect(edited(0, 0x55)).toBe('IP_INHDR');
  expect(edited(0, 0x44)).toBe('IP_INHDR');
  expect(edited(8, 63)).toBe('IP_CSUM');
  expect(parsePacket(good.slice(0, 19)).headerError).toBe('PKT_TOO_SMALL');
  expect(parsePacket(good.slice(0, 31)).headerError).toBe('PKT_TOO_SMALL');
  expect(parsePacket(new Uint8Array(0)).headerError).toBe('PKT_TOO_SMALL');
  const padded = new Uint8Array(60);
  padded.set(good);
  expect(parsePacket(padded)).toMatchObject({ headerError: null, bytes: good });
  const six = buildPacket({ src: 'fd00::2', dst: 'fd00::1', udp: { sport: 1, dport: 2 } }).bytes;
  expect(parsePacket(six.slice(0, 47)).headerError).toBe('PKT_TOO_SMALL');
});
