import { expect, test } from 'vitest';
import { Rng } from '../base';
import { concat, crc32c, internetChecksum, ipv4HeaderChecksum, latin1Bytes, replaceSum, u32 } from './index';
import { randomBytes } from './test-packets';

const HEADER = Uint8Array.from([
  0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7,
]);

test('known values', () => {
  expect(ipv4HeaderChecksum(HEADER, 20)).toBe(0xb861);
  expect(internetChecksum(HEADER)).toBe(0);
  expect(internetChecksum(Uint8Array.of(0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff);
  expect(internetChecksum(Uint8Array.of(1))).toBe(0xfeff);
  expect(crc32c(latin1Bytes('123456789'))).toBe(0xe3069283);
  expect(crc32c(Uint8Array.of(9, 9, 9, 9), 0, 4, 0)).toBe(crc32c(new Uint8Array(4)));
});

test('an adjusted checksum is the one made anew, and a wrong one stays as wrong as it was', () => {
  const rng = new Rng(3);
  for (let i = 0; i < 2000; i++) {
    const head = randomBytes(rng, 2 * (1 + rng.below(20)));
    const old = randomBytes(rng, 4);
    const fresh = randomBytes(rng, 4);
    const before = internetChecksum(concat(head, old));
    const after = internetChecksum(concat(head, fresh));
    const [removed, added] = [u32(old, 0), u32(fresh, 0)];
    expect(replaceSum(before, removed, added)).toBe(after);
    const wrong = before ^ 0x5555;
    const still = replaceSum(wrong, removed, added);
    expect(still).not.toBe(after);
    expect(replaceSum(still, added, removed)).toBe(wrong);
  }
});

test('words may be given as 16-bit or 32-bit numbers', () => {
  const rng = new Rng(4);
  for (let i = 0; i < 500; i++) {
    const [a, b, sum] = [rng.uint32(), rng.uint32(), rng.below(0xffff)];
    const upper = replaceSum(sum, a >>> 16, b >>> 16);
    expect(replaceSum(sum, a, b)).toBe(replaceSum(upper, a & 0xffff, b & 0xffff));
  }
  expect(replaceSum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
});
