import { doubleToUint32, scanDouble } from '../read/double';
import { text } from '../read/kinds';
import { type CheckCall, defineTarget, type Kind, type LoadError, option } from '../record';
import { type Read, Refusal } from '../refusal';
import { type Estimator, type EstimatorOptions, estimatorKey, estimatorOf, ratesOf } from './rate-estimator';

const UNITS = 1_000_000;
const SCALES: Readonly<Record<string, number>> = {
  s: UNITS,
  sec: UNITS,
  secs: UNITS,
  ms: 1000,
  msec: 1000,
  msecs: 1000,
  us: 1,
  usec: 1,
  usecs: 1,
  '': 1,
};

/** A time in microseconds. */
function span(what: string): Kind<number> {
  return {
    name: 'time',
    read: (word) => {
      const scanned = scanDouble(word);
      const scale = SCALES[word.slice(scanned?.end).toLowerCase()];
      return scanned === null || scale === undefined
        ? new Refusal('bad-value', `RATEEST: bad ${what} value "${word}"`)
        : doubleToUint32(scanned.value * scale);
    },
  };
}

export const RATEEST = defineTarget({
  name: 'RATEEST',
  title: 'Estimate a rate',
  help: 'Counts the packet for a rate estimator, which the match rateest reads; the packet goes on to the next rule.',
  verdict: 'continue',
  options: {
    'rateest-name': option(text({ cut: 15 }), 'Name of the estimator', { required: true }),
    'rateest-interval': option(span('interval'), 'Time between two looks at the counters, `250ms` to `8s`'),
    'rateest-ewmalog': option(span('ewmalog'), 'Time over which the average runs'),
  },
  // The tool works out the times before it misses the name.
  before: (uses) => {
    const times = timesOf(uses['rateest-interval']?.value, uses['rateest-ewmalog']?.value);
    return times instanceof Refusal ? times : null;
  },
  parse: (uses): Read<EstimatorOptions> => {
    const times = timesOf(uses['rateest-interval']?.value, uses['rateest-ewmalog']?.value);
    return times instanceof Refusal ? times : { name: uses['rateest-name']!.value, ...times };
  },
  print: (c) => estimatorText(c, '--rateest-'),
  list: (c) => estimatorText(c, ''),
  shares: (c) => estimatorKey(c.name),
  check: checkEstimator,
  stateText: (c, kept) => {
    if (kept === null) return `${c.name}: nothing counted`;
    const { bps, pps } = ratesOf(kept as Estimator);
    return `${c.name}: ${bps} bytes and ${pps} packets a second`;
  },
  // Kernel: xt_rateest_tg(), net/netfilter/xt_RATEEST.c
  act: (c, action) => {
    const estimator = estimatorOf(action, c);
    estimator.bytes += BigInt(action.skb.packet.bytes.length);
    estimator.packets++;
    return 'continue';
  },
});

/** Kernel side: RATEEST_final_check() */
function timesOf(wanted = 0, average = 0): Read<Omit<EstimatorOptions, 'name'>> {
  let step = 0;
  while (step <= 5 && wanted > 2 ** step * (UNITS / 4)) step++;
  if (step > 5) return new Refusal('bad-value', 'RATEEST: interval value is too large');
  const ewmaLog = ewmaLogOf(wanted, average);
  if (ewmaLog === 0 || ewmaLog >= 31) return new Refusal('bad-value', 'RATEEST: ewmalog value is out of range');
  return { interval: step - 2, ewmaLog };
}

/** How many bits the average is shifted by, from the time that it is to run over. */
function ewmaLogOf(interval: number, time: number): number {
  let log = 1;
  for (; log < 31; log++) if (interval / -Math.log(1 - 1 / 2 ** log) > time) return log - 1;
  return log;
}

/** Rules that share an estimator must agree about it. Kernel: xt_rateest_tg_checkentry() */
function checkEstimator(c: EstimatorOptions, call: CheckCall): LoadError | null {
  const other = call.named(estimatorKey(c.name)) as EstimatorOptions | null;
  if (other === null) return null;
  return other.interval === c.interval && other.ewmaLog === c.ewmaLog ? null : 'EINVAL';
}

function estimatorText(c: EstimatorOptions, prefix: string): string {
  const interval = (UNITS * 2 ** (c.interval + 2)) / 4;
  const ewma = Math.imul(interval, 2 ** c.ewmaLog) >>> 0;
  return ` ${prefix}name ${c.name} ${prefix}interval ${spanText(interval)} ${prefix}ewmalog ${spanText(ewma)}`;
}

function spanText(time: number): string {
  if (time >= UNITS) return `${(time / UNITS).toFixed(1)}s`;
  return time >= UNITS / 1000 ? `${(time / 1000).toFixed(1)}ms` : `${time}us`;
}
