import { describe, expect, test } from 'vitest';
import { Rng } from '../base';
import { concat, fragmentPacket, IPPROTO, makeIp, makeUdp, type Packet, reassemble, withDf, withTos } from './index';
import { plain, randomAddr, randomBytes } from './test-packets';

function shuffled<T>(rng: Rng, list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

function datagram(rng: Rng, family: 4 | 6, size: number): Packet {
  const [src, dst] = [randomAddr(rng, family), randomAddr(rng, family)];
  return makeUdp({ src, dst, sport: 1, dport: 2, id: 77, df: false, payload: randomBytes(rng, size) });
}

describe.each([4, 6] as const)('IPv%d', (family) => {
  test('fragments fit, and make up the packet again in any order', () => {
    const rng = new Rng(30 + family);
    for (let i = 0; i < 150; i++) {
      const packet = datagram(rng, family, 1 + rng.below(4000));
      const mtu = (family === 4 ? 68 : 100) + rng.below(1400);
      const pieces = fragmentPacket(packet, mtu, { id: 77 });
      if (packet.bytes.length <= mtu) {
        expect(pieces.map(plain)).toEqual([plain(packet)]);
        continue;
      }
      expect(pieces.length).toBeGreaterThan(1);
      for (const [n, piece] of pieces.entries()) {
        expect(piece.bytes.length).toBeLessThanOrEqual(mtu);
        expect([piece.headerError, piece.id, piece.protocol, piece.df]).toEqual([null, 77, 17, false]);
        expect(piece.fragment?.more).toBe(n < pieces.length - 1);
        expect(piece.udp !== undefined).toBe(n === 0);
      }
      const order = shuffled(rng, pieces);
      expect(plain(reassemble(order))).toEqual(plain(packet));
      expect(plain(reassemble([...order, order[0]!]))).toEqual(plain(packet));
      expect(reassemble(order.slice(1))).toBeNull();
    }
  });

  test('a fragment is cut again', () => {
    const packet = datagram(new Rng(1), 4, 3000);
    const again = fragmentPacket(packet, 1500).flatMap((piece) => fragmentPacket(piece, 600));
    expect(again.length).toBe(7);
    expect(plain(reassemble(again))).toEqual(plain(packet));
  });

  test('sizes that came are kept where they fit', () => {
    const packet = datagram(new Rng(2), family, 92);
    const sizes = (options: readonly number[], mtu: number) =>
      fragmentPacket(packet, mtu, { sizes: options }).map((p) => p.bytes.length - p.l4Offset);
    expect(sizes([16, 80, 4], 1500)).toEqual([16, 80, 4]);
    expect(sizes([16, 84], 1500)).toEqual([16, 84]);
    expect(sizes([17, 83], 1500)).toEqual([100]);
    expect(sizes([16, 80], 1500)).toEqual([100]);
    const narrow = family === 4 ? 84 : 112;
    expect(sizes([16, 80, 4], narrow)).toEqual([64, 36]);
  });

  test('what does not belong together is no packet', () => {
    const rng = new Rng(3);
    const packet = datagram(rng, family, 2000);
    const [a, b] = fragmentPacket(packet, 1280, { id: 1 }) as [Packet, Packet];
    const other = fragmentPacket(packet, 1000, { id: 1 });
    expect(reassemble([])).toBeNull();
    expect(reassemble([packet])).toBeNull();
    expect(reassemble([a, other[2]!])).toBeNull();
    expect(reassemble([a, other[1]!, other[2]!])).toBeNull();
    expect(reassemble([a, ...fragmentPacket(datagram(rng, family, 2000), 1280).slice(1)])).toBeNull();
    expect(reassemble([a, b])).not.toBeNull();
  });

  test('congestion marks of the pieces are put together', () => {
    const packet = datagram(new Rng(4), family, 2000);
    const [a, b] = fragmentPacket(packet, 1280) as [Packet, Packet];
    const merged = (x: number, y: number) => reassemble([withTos(a, x), withTos(b, y)])?.tos;
    expect(merged(0, 0)).toBe(0);
    expect(merged(0xb8, 0xb8)).toBe(0xb8);
    expect(merged(2, 3)).toBe(3);
    expect(merged(3, 2)).toBe(3);
    expect(merged(1, 2)).toBe(1);
    expect(merged(0, 2)).toBeUndefined();
    expect(merged(0, 3)).toBeUndefined();
  });
});

test('cut where a recorded kernel cuts', () => {
  const packet = datagram(new Rng(7), 4, 1400);
  expect(fragmentPacket(packet, 1291).map((p) => p.bytes.length - 20)).toEqual([1264, 144]);
});

test('DF comes back if one of the largest pieces had it', () => {
  const packet = datagram(new Rng(5), 4, 2000);
  const [a, b] = fragmentPacket(packet, 1500) as [Packet, Packet];
  expect(reassemble([withDf(a, true), b])?.df).toBe(true);
  expect(reassemble([a, withDf(b, true)])?.df).toBe(false);
  expect(fragmentPacket(packet, 1500, { df: true }).map((p) => p.df)).toEqual([true, true]);
});

test('IPv6: hop-by-hop and routing headers are in every piece, destination options behind them are cut', () => {
  const header = (next: number) => Uint8Array.of(next, 0, 1, 4, 0, 0, 0, 0);
  const { hopopts, dstopts, routing } = IPPROTO;
  const payload = concat(header(routing), header(dstopts), header(89), randomBytes(new Rng(6), 300));
  const packet = makeIp({ src: 'fd00::1', dst: 'fd00::2', protocol: hopopts, payload });
  const pieces = fragmentPacket(packet, 200, { id: 5 });
  expect(pieces[0]?.extensions.map((e) => e.protocol)).toEqual([hopopts, routing, IPPROTO.fragment, dstopts]);
  expect(pieces[1]?.extensions.map((e) => e.protocol)).toEqual([hopopts, routing, IPPROTO.fragment]);
  expect(pieces[1]?.protocol).toBe(dstopts);
  expect(plain(reassemble([...pieces].reverse()))).toEqual(plain(packet));
});
