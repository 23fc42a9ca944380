import { SECOND } from '../../base';
import { hashTuple } from '../../conntrack';
import type { Family, Packet } from '../../wire';
import type { ProxyHost } from './stats';

/** The sizes that a cookie can tell of, by family. Kernel: msstab, net/ipv4/syncookies.c, net/ipv6/syncookies.c */
const SIZES: Readonly<Record<Family, readonly number[]>> = {
  4: [536, 1300, 1440, 1460],
  6: [1220, 1420, 1440, 8940],
};

const COUNT_SHIFT = 24;
const MASK = 0xff_ffff;
/** Minutes, begun ones counted. Kernel: MAX_SYNCOOKIE_AGE */
const OLDEST = 2;

/** Minutes since the host started. Kernel: tcp_cookie_time() */
function minutes(host: ProxyHost): number {
  return Math.floor(host.port.now() / (60 * SECOND));
}

/** A number that only this host knows. The kernel has siphash with a secret drawn at random. Kernel: cookie_hash() */
function hash(host: ProxyHost, { src, dst, family, protocol, tcp }: Packet, count: number, which: 0 | 1): number {
  const tuple = { family, protocol, src, dst, sport: tcp!.sport, dport: tcp!.dport };
  return hashTuple(tuple, count * 2 + which, host.ct.seed);
}

/** The number to answer a SYN with, in which the client's largest segment is hidden. Kernel: secure_tcp_syn_cookie() */
export function makeCookie(host: ProxyHost, syn: Packet, mss: number): number {
  const index = Math.max(
    0,
    SIZES[syn.family].findLastIndex((size) => mss >= size),
  );
  const count = minutes(host);
  const hidden = (hash(host, syn, count, 1) + index) & MASK;
  return (hash(host, syn, 0, 0) + syn.tcp!.seq + (count << COUNT_SHIFT) + hidden) >>> 0;
}

/**
 * The largest segment that is hidden in the number that an ACK acknowledges; null if this host never gave out such a
 * number, or longer than a minute or two ago. Kernel: __cookie_v4_check(), __cookie_v6_check()
 */
export function checkCookie(host: ProxyHost, ack: Packet): number | null {
  const { seq, ack: acked } = ack.tcp!;
  const cookie = (acked - 1 - hash(host, ack, 0, 0) - (seq - 1)) >>> 0;
  const count = minutes(host);
  const age = (count - (cookie >>> COUNT_SHIFT)) & 255;
  if (age >= OLDEST) return null;
  return SIZES[ack.family][(cookie - hash(host, ack, count - age, 1)) & MASK] ?? null;
}
