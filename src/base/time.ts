/** A moment of the lab's virtual clock: whole microseconds since the run began. */
export type SimTime = number;

export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;

/** Seconds as a span of the virtual clock, rounded to a whole microsecond. */
export function seconds(n: number): SimTime {
  return Math.round(n * SECOND);
}

/** Ticks a second of the modelled kernel (CONFIG_HZ); some kernel arithmetic, as that of `limit`, counts in them. */
export const HZ = 250;
/** One tick, in microseconds. */
export const JIFFY = SECOND / HZ;
