import { describe, expect, it } from 'vitest';
import { crc32c, type LabPacket, latin1Bytes, latin1Text } from '../wire';
import { CLIENT, SERVER, TestBed } from './test-bed';

const TAG = { c: 0x11, s: 0x22 };

function be32(n: number): string {
  return String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}

function chunk(type: number, body = '', flags = 0): string {
  return String.fromCharCode(type, flags, 0, 4 + body.length) + body + '\0'.repeat(-body.length & 3);
}

function packet(from: 'c' | 's', vtag: number, ...chunks: string[]): LabPacket {
  const ports = from === 'c' ? '\x13\x88\x00\x50' : '\x00\x50\x13\x88';
  const bytes = latin1Bytes(`${ports}${be32(vtag)}\0\0\0\0${chunks.join('')}`);
  const crc = crc32c(bytes, 0, bytes.length, 8);
  for (let i = 0; i < 4; i++) bytes[8 + i] = (crc >>> (8 * i)) & 255;
  const ends = from === 'c' ? { src: CLIENT, dst: SERVER } : { src: SERVER, dst: CLIENT };
  return { ...ends, protocol: 132, payload: latin1Text(bytes) };
}

const init = (type: 1 | 2, from: 'c' | 's') => chunk(type, `${be32(TAG[from])}\0\0\x10\0\0\x01\0\x01${be32(1)}`);
const data = chunk(0, `${be32(1)}\0\0\0\0${be32(0)}abcd`);

describe('the SCTP tracker', () => {
  it('follows an association', () => {
    const bed = new TestBed();
    const steps: readonly (readonly [LabPacket, string])[] = [
      [packet('c', 0, init(1, 'c')), 'NEW CLOSED UNREPLIED'],
      [packet('s', TAG.c, init(2, 's')), 'UPDATE COOKIE_WAIT'],
      [packet('c', TAG.s, chunk(10, 'cook')), 'UPDATE COOKIE_ECHOED'],
      [packet('s', TAG.c, chunk(11)), 'UPDATE ESTABLISHED ASSURED'],
      [packet('c', TAG.s, data), ''],
      [packet('c', TAG.s, chunk(7, be32(1))), 'UPDATE SHUTDOWN_SENT ASSURED'],
      [packet('s', TAG.c, chunk(8)), 'UPDATE SHUTDOWN_ACK_SENT ASSURED'],
      [packet('c', TAG.s, chunk(14)), 'UPDATE CLOSED ASSURED'],
    ];
    for (const [lab, told] of steps) {
      bed.pass(lab);
      expect(bed.told().join('|')).toBe(told);
    }
  });

  it.each([
    ['a wrong verification tag', packet('c', 7, data), 'sctp-vtag'],
    ['a start that is none', packet('c', 7, chunk(6)), 'sctp-not-a-start'],
    ['an INIT that is not alone', packet('c', 0, init(1, 'c'), data), 'sctp-chunks'],
  ])('refuses %s', (_, lab, reason) => {
    const bed = new TestBed();
    if (reason === 'sctp-vtag') bed.pass(packet('c', 0, init(1, 'c')));
    expect(bed.pass(lab).state).toBe('INVALID');
    expect(bed.reasons()).toEqual([reason]);
  });
});
