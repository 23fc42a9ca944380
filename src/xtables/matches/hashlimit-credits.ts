/** The arithmetic of xt_hashlimit, revision 3: 64 bits, at 250 ticks a second. */

export const JIFFIES_HZ = 250n;
/** The power of two below 2^64 / (a day of ticks). */
export const CREDITS_PER_JIFFY = 1n << 39n;
/** The power of two below 2^32 / HZ. */
export const CREDITS_PER_JIFFY_BYTES = 1n << 24n;
/** Parts of a second in which rates are stated. Kernel: XT_HASHLIMIT_SCALE_v2 */
export const SCALE = 1_000_000n;

const MASK64 = (1n << 64n) - 1n;

/** Credits that a time in microseconds costs. Kernel: user2credits() */
export function credits(user: bigint): bigint {
  return (user * ((JIFFIES_HZ * CREDITS_PER_JIFFY) / SCALE)) & MASK64;
}

/** Credits that 16 bytes cost. Kernel: user2credits_byte() */
export function byteCost(user: bigint): bigint {
  return ((user & 0xffff_ffffn) * JIFFIES_HZ * CREDITS_PER_JIFFY_BYTES) >> 32n;
}

/** Bytes a second of a cost, and back. Kernel side: cost_to_bytes(), bytes_to_cost(), libxt_hashlimit.c */
export function costToBytes(cost: bigint): bigint {
  const r = cost === 0n ? 0xffff_ffffn : 0xffff_ffffn / cost;
  return (r - 1n) << 4n;
}

/** Null: it is divided by zero. */
export function bytesToCost(bytes: bigint): bigint | null {
  const r = BigInt.asUintN(32, (bytes >> 4n) + 1n);
  return r === 0n ? null : 0xffff_ffffn / r;
}
