import type { Random } from '../random';
import type { DraftPacket } from '../topology';
import { shortened } from '../traffic';
import type { Wide } from './context';

/** Types and codes of errors that a host may be told. */
const ERRORS = {
  4: [
    [3, 0],
    [3, 1],
    [3, 2],
    [3, 3],
    [3, 4],
    [3, 13],
    [11, 0],
    [11, 1],
    [12, 0],
    [4, 0],
    [5, 1],
  ],
  6: [
    [1, 4],
    [1, 0],
    [1, 1],
    [2, 0],
    [3, 0],
    [3, 1],
    [4, 0],
    [4, 1],
  ],
} as const;

/** An error that tells of a packet that was sent, as it was or as it may have been translated. */
export function errorAbout(r: Random, w: Wide, about: DraftPacket): DraftPacket {
  const family = about.src.includes(':') ? 6 : 4;
  const { fragment: _f, badChecksum: _b, ...inner } = about;
  const quoted = shortened({ ...inner, ttl: 60 }) as DraftPacket;
  if (r.chance(25)) quoted.src = r.pick(w.own[family]);
  if (r.chance(15)) quoted.dst = r.pick(w.parties[family]).address;
  const dst = r.chance(65) ? quoted.src : r.pick(w.own[family]);
  const src = r.pick(w.parties[family]).address;
  const [type, code] = r.pick<readonly [number, number]>(ERRORS[family]);
  if (family === 6) return { src, dst, icmpv6: { type, code, ...(type === 2 ? { mtu: 1280 } : {}), inner: quoted } };
  const more = type === 3 && code === 4 ? { mtu: 1300 } : type === 5 ? { gateway: '10.0.0.254' } : {};
  return { src, dst, icmp: { type, code, ...more, inner: quoted } };
}
