import { HZ, type SimTime } from '../../base';

/** What `limit` and `hashlimit` count in. */

/** Parts of a second in which the tools state a rate. Kernel: XT_LIMIT_SCALE */
export const LIMIT_SCALE = 10_000;
/** Credits that a tick of the kernel's clock brings: at 250 a second, the power of two below 2^32 / (a day of ticks). */
const CREDITS_PER_JIFFY = 128;

/** Ticks of the kernel's clock. */
export function jiffies(now: SimTime): number {
  return Math.floor((now * HZ) / 1_000_000);
}

/** Credits that a time in parts of a second costs. 32-bit arithmetic. Kernel: user2credits(), net/netfilter/xt_limit.c */
export function user2credits(user: number): number {
  const perUnit = HZ * CREDITS_PER_JIFFY;
  if (user > Math.floor(0xffff_ffff / perUnit)) return (Math.floor(user / LIMIT_SCALE) * perUnit) >>> 0;
  return Math.floor((user * perUnit) / LIMIT_SCALE);
}

/** A bucket of credits: so many come with each tick, up to a cap; a packet that passes costs some. */
export interface Bucket {
  credit: number;
  prev: number;
}

/** Whether there is credit for one more packet, which is then taken. Kernel: limit_mt() */
export function spend(bucket: Bucket, cap: number, cost: number, now: SimTime): boolean {
  const tick = jiffies(now);
  bucket.credit = Math.min(cap, bucket.credit + (tick - bucket.prev) * CREDITS_PER_JIFFY);
  bucket.prev = tick;
  if (bucket.credit < cost) return false;
  bucket.credit -= cost;
  return true;
}

/** The spans that a rate may be stated in; its beginning is enough. */
export const RATE_UNITS: readonly (readonly [string, number])[] = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86400],
];

const PRINT_UNITS: readonly (readonly [string, number])[] = [
  ['day', LIMIT_SCALE * 86400],
  ['hour', LIMIT_SCALE * 3600],
  ['min', LIMIT_SCALE * 60],
  ['sec', LIMIT_SCALE],
];

/** A time between packets as a rate, `3/hour`. Kernel side: print_rate(), libxt_limit.c */
export function rateText(period: number): string {
  if (period === 0) return 'inf';
  let i = 1;
  for (; i < PRINT_UNITS.length; i++) {
    const unit = PRINT_UNITS[i]![1];
    if (period > unit || Math.floor(unit / period) < unit % period) break;
  }
  const [name, unit] = PRINT_UNITS[i - 1]!;
  return `${Math.floor(unit / period)}/${name}`;
}
