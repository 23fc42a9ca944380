import { SECOND, type SimTime } from '../../base';
import type { XtAction } from '../record';

/** A rate estimator with a name, shared by all rules of the host's family. Kernel: struct xt_rateest, net_rate_estimator */
export interface Estimator {
  /** Microseconds between two looks at the counters. */
  readonly period: number;
  /** The rate is scaled by so many bits for the length of the period. */
  readonly shift: number;
  readonly ewmaLog: number;
  bytes: bigint;
  packets: bigint;
  lastBytes: bigint;
  lastPackets: bigint;
  /** Averages a second, times 256. */
  avbps: bigint;
  avpps: bigint;
  next: SimTime;
}

/** `interval` from -2 (a quarter of a second) to 3 (8 seconds). Kernel: struct gnet_estimator */
export interface EstimatorOptions {
  readonly name: string;
  readonly interval: number;
  readonly ewmaLog: number;
}

export function estimatorKey(name: string): string {
  return `rateest ${name}`;
}

function newEstimator({ interval, ewmaLog }: EstimatorOptions, now: SimTime): Estimator {
  const log = interval + 2;
  const period = (SECOND / 4) * 2 ** log;
  return {
    period,
    shift: 10 - log,
    ewmaLog,
    bytes: 0n,
    packets: 0n,
    lastBytes: 0n,
    lastPackets: 0n,
    avbps: 0n,
    avpps: 0n,
    // Its first look is a period after the ruleset was loaded; rulesets are loaded while the clock stands still.
    next: (Math.floor(now / period) + 1) * period,
  };
}

export function estimatorOf(action: XtAction, options: EstimatorOptions): Estimator {
  const now = action.env.port.now();
  const estimator = action.share<Estimator>(estimatorKey(options.name), () => newEstimator(options, now));
  while (estimator.next <= now) tick(estimator, now);
  return estimator;
}

/** Kernel: est_timer(), net/core/gen_estimator.c */
function tick(e: Estimator, now: SimTime): void {
  const shift = BigInt(e.shift);
  const ewma = BigInt(e.ewmaLog);
  const average = (old: bigint, count: bigint): bigint => old + ((count << shift) >> ewma) - (old >> ewma);
  const before = [e.avbps, e.avpps];
  e.avbps = average(e.avbps, e.bytes - e.lastBytes);
  e.avpps = average(e.avpps, e.packets - e.lastPackets);
  const still = e.bytes === e.lastBytes && e.packets === e.lastPackets;
  e.lastBytes = e.bytes;
  e.lastPackets = e.packets;
  e.next += e.period;
  // Nothing moves any more: the looks that are left change nothing.
  if (still && e.avbps === before[0] && e.avpps === before[1] && e.next <= now) {
    e.next += Math.floor((now - e.next) / e.period + 1) * e.period;
  }
}

/** What an estimator stands at; 0 as long as it has seen nothing. */
export function ratesNow({ env }: XtAction, name: string): Rates {
  const estimator = env.tables.shared.get(estimatorKey(name)) as Estimator | undefined;
  if (estimator === undefined) return { bps: 0n, pps: 0n };
  const now = env.port.now();
  while (estimator.next <= now) tick(estimator, now);
  return ratesOf(estimator);
}

/** Bytes and packets a second. */
export interface Rates {
  readonly bps: bigint;
  readonly pps: bigint;
}

/** Kernel: gen_estimator_read() */
export function ratesOf(e: Estimator): Rates {
  return { bps: e.avbps >> 8n, pps: e.avpps >> 8n };
}
