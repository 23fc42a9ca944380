import { doubleToUint32, scanDouble } from '../read/double';
import { text } from '../read/kinds';
import { readUint } from '../read/numbers';
import { defineMatch, flag, type Kind, not, option, type XtAction } from '../record';
import { Refusal } from '../refusal';
import { estimatorKey, type Rates, ratesNow } from '../targets/rate-estimator';
import { rateestList, rateestSave } from './rateest-text';

export interface RateestConfig {
  readonly name1: string;
  /** Null: held against numbers. */
  readonly name2: string | null;
  readonly delta: boolean;
  readonly mode: 'lt' | 'gt' | 'eq' | null;
  readonly negated: boolean;
  readonly bps: boolean;
  readonly pps: boolean;
  /** Bytes a second. */
  readonly bps1: number;
  readonly bps2: number;
  readonly pps1: number;
  readonly pps2: number;
}

const SUFFIXES: readonly (readonly [string, number])[] = [
  ['bit', 1],
  ['kibit', 1024],
  ['kbit', 1e3],
  ['mibit', 1024 ** 2],
  ['mbit', 1e6],
  ['gibit', 1024 ** 3],
  ['gbit', 1e9],
  ['tibit', 1024 ** 4],
  ['tbit', 1e12],
  ['bps', 8],
  ['kibps', 8 * 1024],
  ['kbps', 8e3],
  ['mibps', 8 * 1024 ** 2],
  ['mbps', 8e6],
  ['gibps', 8 * 1024 ** 3],
  ['gbps', 8e9],
  ['tibps', 8 * 1024 ** 4],
  ['tbps', 8e12],
];

/** A rate in bytes a second; null if it was left out. */
const bytesRate: Kind<number | null> = {
  name: 'bit-rate',
  optional: true,
  read: (word, { absent }) => {
    if (absent) return null;
    const scanned = scanDouble(word);
    const suffix = word.slice(scanned?.end).toLowerCase();
    const scale = suffix === '' ? 1 : SUFFIXES.find(([name]) => name === suffix)?.[1];
    if (scanned === null || scale === undefined) {
      return new Refusal('bad-value', `rateest: could not parse rate \`${word}'`);
    }
    return doubleToUint32((scanned.value * scale) / 8);
  },
};

const packetsRate: Kind<number | null> = {
  name: 'uint32',
  optional: true,
  read: (word, { absent }) => {
    if (absent) return null;
    return readUint(word, 0, 0xffff_ffff) ?? new Refusal('bad-value', `rateest: could not parse pps \`${word}'`);
  },
};

const twice = (name: string) => ({
  twice: `rateest: can't specify --rateest${name} twice`,
  onNot: `rateest: rateest${name.replace(/[12]$/, '')} can't be inverted`,
  notFirst: true,
});
const modeOptions = { negatable: true, twice: "rateest: can't specify lt/gt/eq twice" } as const;

export const rateest = defineMatch({
  name: 'rateest',
  title: 'Rate of an estimator',
  help: 'Holds the rate of an estimator, which the target RATEEST feeds, against a number or another estimator.',
  options: {
    rateest1: option(text({ cut: 15 }), 'Name of the estimator', { aliases: ['rateest'], ...twice('1') }),
    rateest2: option(text({ cut: 15 }), 'Name of the estimator that it is held against', twice('2')),
    'rateest-bps1': option(bytesRate, 'Rate that the first is taken from', twice('-bps1')),
    'rateest-pps1': option(packetsRate, 'Packets a second that the first is taken from', twice('-pps1')),
    'rateest-bps2': option(bytesRate, 'Rate, `8kbit`', { aliases: ['rateest-bps'], ...twice('-bps2') }),
    'rateest-pps2': option(packetsRate, 'Packets a second', { aliases: ['rateest-pps'], ...twice('-pps2') }),
    'rateest-delta': flag('What is left of the given rates is compared', twice('-delta')),
    'rateest-lt': flag('Less than', modeOptions),
    'rateest-gt': flag('Greater than', modeOptions),
    'rateest-eq': flag('Equal', modeOptions),
  },
  parse: (uses): RateestConfig => {
    const modes = (['lt', 'gt', 'eq'] as const).filter((name) => uses[`rateest-${name}`] !== undefined);
    const orderOf = (name: 'lt' | 'gt' | 'eq'): number => uses[`rateest-${name}`]!.order;
    modes.sort((a, b) => orderOf(b) - orderOf(a));
    return {
      name1: uses.rateest1?.value ?? '',
      name2: uses.rateest2?.value ?? null,
      delta: uses['rateest-delta'] !== undefined,
      mode: modes[0] ?? null,
      negated: modes.some((name) => uses[`rateest-${name}`]!.negated),
      bps: uses['rateest-bps1'] !== undefined || uses['rateest-bps2'] !== undefined,
      pps: uses['rateest-pps1'] !== undefined || uses['rateest-pps2'] !== undefined,
      bps1: uses['rateest-bps1']?.value ?? 0,
      bps2: uses['rateest-bps2']?.value ?? 0,
      pps1: uses['rateest-pps1']?.value ?? 0,
      pps2: uses['rateest-pps2']?.value ?? 0,
    };
  },
  print: rateestSave,
  list: rateestList,
  shares: (c) => estimatorKey(c.name1),
  // Kernel: xt_rateest_mt_checkentry(), net/netfilter/xt_rateest.c
  check: (c, call) => {
    if ((!c.bps && !c.pps) || c.mode === null) return 'EINVAL';
    const known = (name: string): boolean => call.named(estimatorKey(name)) !== null;
    return known(c.name1) && (c.name2 === null || known(c.name2)) ? null : 'ENOENT';
  },
  match: (c, action) => {
    const { first, second } = sides(c, action);
    const bps = !c.bps || compare(c, first.bps, second.bps);
    const pps = !c.pps || compare(c, first.pps, second.pps);
    return (bps && pps) !== c.negated;
  },
  because: (c, action) => {
    const { first, second } = sides(c, action);
    const say = (what: string, a: bigint, b: bigint): string => `${a} against ${b} ${what} a second`;
    const parts = c.bps ? [say('bytes', first.bps, second.bps)] : [];
    if (c.pps) parts.push(say('packets', first.pps, second.pps));
    return `it is ${not(c.negated) === '' ? '' : 'asked that it be not so: '}${parts.join(' and ')}`;
  },
});

/** Kernel: xt_rateest_mt() */
function sides(c: RateestConfig, action: XtAction): { readonly first: Rates; readonly second: Rates } {
  const left = (name: string, bps: number, pps: number): Rates => {
    const rates = ratesNow(action, name);
    if (!c.delta) return rates;
    const rest = (given: number, rate: bigint): bigint => (BigInt(given) >= rate ? BigInt(given) - rate : 0n);
    return { bps: rest(bps, rates.bps), pps: rest(pps, rates.pps) };
  };
  const second = c.name2 === null ? { bps: BigInt(c.bps2), pps: BigInt(c.pps2) } : left(c.name2, c.bps2, c.pps2);
  return { first: left(c.name1, c.bps1, c.pps1), second };
}

function compare({ mode }: RateestConfig, a: bigint, b: bigint): boolean {
  return mode === 'lt' ? a < b : mode === 'gt' ? a > b : a === b;
}
