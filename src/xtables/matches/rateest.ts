import { text } from '../read/kinds';
import { readUint } from '../read/numbers';
import { defineMatch, flag, type Kind, not, option } from '../record';
import { Refusal } from '../refusal';

interface RateestConfig {
  readonly name1: string;
  /** '': the rate is compared with a number, not with another estimator. */
  readonly name2: string;
  readonly delta: boolean;
  /** Bytes, packets, a second; null: not compared. */
  readonly bps: readonly [number, number] | null;
  readonly pps: readonly [number, number] | null;
  readonly mode: 'lt' | 'gt' | 'eq' | null;
  readonly negated: boolean;
}

/** Units of a rate, in bits a second. */
const UNITS: Readonly<Record<string, number>> = {
  bit: 1,
  kibit: 1024,
  kbit: 1e3,
  mibit: 1024 ** 2,
  mbit: 1e6,
  gibit: 1024 ** 3,
  gbit: 1e9,
  tibit: 1024 ** 4,
  tbit: 1e12,
  bps: 8,
  kibps: 8 * 1024,
  kbps: 8e3,
  mibps: 8 * 1024 ** 2,
  mbps: 8e6,
  gibps: 8 * 1024 ** 3,
  gbps: 8e9,
  tibps: 8 * 1024 ** 4,
  tbps: 8e12,
};

/** A rate in bytes a second; none is 0. */
const bitRate: Kind<number> = {
  name: 'bit-rate',
  optional: true,
  read: (word) => {
    if (word === '') return 0;
    const parts = /^(\d+\.?\d*|\.\d+)(.*)$/.exec(word);
    const unit = parts?.[2] === '' ? 8 : UNITS[parts?.[2]?.toLowerCase() ?? ''];
    if (parts === null || unit === undefined) {
      return new Refusal('bad-value', `rateest: could not parse rate \`${word}'`);
    }
    return Math.floor((Number(parts[1]) * unit) / 8) >>> 0;
  },
};

const packetRate: Kind<number> = {
  name: 'uint32',
  optional: true,
  read: (word) => {
    if (word === '') return 0;
    return readUint(word, 0, 0xffff_ffff) ?? new Refusal('bad-value', `rateest: could not parse pps \`${word}'`);
  },
};

const twice = (name: string): string => `rateest: can't specify --${name} twice`;
const TWICE_MODE = "rateest: can't specify lt/gt/eq twice";

/** Read and printed only: the kernel looks the estimator up when the rule is loaded, and no lab has a rate to estimate. */
export const rateest = defineMatch({
  name: 'rateest',
  title: 'Estimated rate',
  help: 'Compares a rate that the target RATEEST estimates.',
  options: {
    rateest1: option(text({ cut: 15 }), 'Name of the estimator', { aliases: ['rateest'], twice: twice('rateest1') }),
    rateest2: option(text({ cut: 15 }), 'Name of the estimator to compare with', { twice: twice('rateest2') }),
    'rateest-bps1': option(bitRate, 'Bytes of the first', { twice: twice('rateest-bps1') }),
    'rateest-pps1': option(packetRate, 'Packets of the first', { twice: twice('rateest-pps1') }),
    'rateest-bps2': option(bitRate, 'Bytes to compare with', {
      aliases: ['rateest-bps'],
      twice: twice('rateest-bps2'),
    }),
    'rateest-pps2': option(packetRate, 'Packets to compare with', {
      aliases: ['rateest-pps'],
      twice: twice('rateest-pps2'),
    }),
    'rateest-delta': flag('Compare what is missing to a rate', { twice: twice('rateest-delta') }),
    'rateest-lt': flag('Less than', { negatable: true, twice: TWICE_MODE }),
    'rateest-gt': flag('Greater than', { negatable: true, twice: TWICE_MODE }),
    'rateest-eq': flag('Equal', { negatable: true, twice: TWICE_MODE }),
  },
  parse: (uses): RateestConfig => {
    const rates = (unit: 'bps' | 'pps'): [number, number] | null => {
      const [first, second] = [uses[`rateest-${unit}1`], uses[`rateest-${unit}2`]];
      return first === undefined && second === undefined ? null : [first?.value ?? 0, second?.value ?? 0];
    };
    const modes = (['lt', 'gt', 'eq'] as const).filter((mode) => uses[`rateest-${mode}`] !== undefined);
    modes.sort((a, b) => uses[`rateest-${a}`]!.order - uses[`rateest-${b}`]!.order);
    return {
      name1: uses.rateest1?.value ?? '',
      name2: uses.rateest2?.value ?? '',
      delta: uses['rateest-delta'] !== undefined,
      bps: rates('bps'),
      pps: rates('pps'),
      mode: modes.at(-1) ?? null,
      negated: modes.some((mode) => uses[`rateest-${mode}`]!.negated),
    };
  },
  print: (c) => {
    const rates = ratesText(c, 'bps', c.bps, bitText) + ratesText(c, 'pps', c.pps, (rate) => `${rate}`);
    const delta = c.delta ? ' --rateest-delta' : '';
    return c.name2 === ''
      ? `${delta} --rateest ${c.name1}${rates}`
      : `${delta} --rateest1 ${c.name1}${rates} --rateest2 ${c.name2}`;
  },
  // Kernel: xt_rateest_mt_checkentry(), net/netfilter/xt_rateest.c: no estimator of that name
  check: () => 'ENOENT',
});

function ratesText(
  c: RateestConfig,
  unit: string,
  rates: readonly [number, number] | null,
  show: (rate: number) => string,
): string {
  if (rates === null) return '';
  const mode = `${not(c.negated)} --rateest-${c.mode ?? 'none'}`;
  const text = c.delta
    ? ` --rateest-${unit}1 ${show(rates[0])}${mode} --rateest-${unit}2`
    : `${mode} --rateest-${unit}`;
  return c.name2 === '' || c.delta ? `${text} ${show(rates[1])}` : text;
}

function bitText(rate: number): string {
  const bits = rate * 8;
  if (bits >= 1e9) return `${Math.round(bits / 1e6)}Mbit`;
  return bits >= 1e6 ? `${Math.round(bits / 1e3)}Kbit` : `${bits}bit`;
}
