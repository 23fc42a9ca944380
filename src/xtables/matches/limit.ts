import { uint } from '../read/kinds';
import { scanLong } from '../read/numbers';
import { defineMatch, type Kind, option } from '../record';
import { Refusal } from '../refusal';
import { type Bucket, jiffies, LIMIT_SCALE, RATE_UNITS, rateText, spend, user2credits } from './rate';

interface LimitConfig {
  /** Time between packets, in parts of a second. */
  readonly avg: number;
  readonly burst: number;
  /** Credits that a packet costs, and the most there can be. */
  readonly cost: number;
  readonly cap: number;
}

const DEFAULT_BURST = 5;

const rate: Kind<number> = {
  name: 'rate',
  read: (text) => {
    const bad = new Refusal('bad-value', `bad rate "${text}"'`);
    const slash = text.indexOf('/');
    let multiplier = 1;
    if (slash >= 0) {
      const unit = text.slice(slash + 1).toLowerCase();
      const found = unit === '' ? undefined : RATE_UNITS.find(([name]) => name.startsWith(unit));
      if (found === undefined) return bad;
      multiplier = found[1];
    }
    const count = Number(BigInt.asUintN(32, scanLong(text)));
    if (count === 0) return bad;
    const avg = Math.floor((LIMIT_SCALE * multiplier) / count);
    return avg === 0 ? new Refusal('bad-value', `Rate too fast "${text}"`) : avg;
  },
};

export const limit = defineMatch({
  name: 'limit',
  title: 'Rate limit',
  help: 'So many packets a second, minute, hour or day on average; a burst may come at once.',
  sideEffect: true,
  options: {
    limit: option(rate, 'Average, `N/second`, `/minute`, `/hour` or `/day`; 3/hour if absent'),
    'limit-burst': option(uint(32, { max: 10000 }), 'Packets that may come at once; 5 if absent'),
  },
  parse: (uses): LimitConfig => {
    const avg = uses.limit?.value ?? (LIMIT_SCALE * 3600) / 3;
    const burst = uses['limit-burst']?.value ?? DEFAULT_BURST;
    return { avg, burst, cost: user2credits(avg), cap: user2credits(Math.imul(avg, burst) >>> 0) };
  },
  print: (c) => ` --limit ${rateText(c.avg)}${c.burst === DEFAULT_BURST ? '' : ` --limit-burst ${c.burst}`}`,
  list: (c) => ` limit: avg ${rateText(c.avg)} burst ${c.burst}`,
  // Kernel: limit_mt_check(), net/netfilter/xt_limit.c
  check: (c) => (c.burst === 0 || c.cap < c.cost ? 'ERANGE' : null),
  match: (c, action) => {
    const now = action.env.port.now();
    const bucket = action.keep<Bucket>(() => ({ credit: c.cap, prev: jiffies(now) }));
    return spend(bucket, c.cap, c.cost, now);
  },
  stateText: (c, kept, now) => {
    const bucket = kept === null ? null : { ...(kept as Bucket) };
    if (bucket !== null) spend(bucket, c.cap, Number.POSITIVE_INFINITY, now);
    const credit = bucket?.credit ?? c.cap;
    return { text: `${Math.floor(credit / c.cost)} of ${c.burst} packets may pass at once`, share: credit / c.cap };
  },
  because: (c, action) => {
    const { credit } = action.keep<Bucket>(() => ({ credit: c.cap, prev: jiffies(action.env.port.now()) }));
    const left = Math.floor(credit / c.cost);
    return `${left} ${left === 1 ? 'packet is' : 'packets are'} left of the burst`;
  },
});
