import { scanLong } from '../read/numbers';
import type { Kind } from '../record';
import { Refusal } from '../refusal';
import { bytesToCost, costToBytes, SCALE } from './hashlimit-credits';
import { RATE_UNITS } from './rate';

/** Rates of hashlimit: packets (`10/min`) or bytes (`512kb/s`). */
export interface HashRate {
  /** Microseconds between packets, or the cost of 16 bytes. */
  readonly avg: bigint;
  readonly bytes: boolean;
  /** Seconds of the unit; 15 for bytes. */
  readonly multiplier: number;
}

const BYTE_EXPIRE = 15;

/** What becomes of the tool as it divides by zero. */
export const TOOL_DIES = new Refusal('tool-dies', 'Floating point exception', { bare: true, exit: 136 });

export const hashRate: Kind<HashRate> = {
  name: 'rate',
  read: (text, call) => {
    // A rate below zero is a high one, for it counts as a number without sign.
    const count = BigInt.asUintN(64, scanLong(text));
    const mark = text.indexOf('b/s');
    if (mark > 0 && count !== 0n) {
      const letter = text[mark - 1];
      const factor = letter === 'm' ? 1024n * 1024n : letter === 'k' ? 1024n : 1n;
      const cost = bytesToCost(BigInt.asUintN(64, count * factor));
      if (cost === null) return TOOL_DIES;
      if (cost === 0n) return new Refusal('bad-value', `Rate too high "${text}"\n`);
      return { avg: cost, bytes: true, multiplier: BYTE_EXPIRE };
    }
    const bad = new Refusal('bad-value', `hashlimit: Bad value for "--${call.flag}" option: "${text}"`);
    const slash = text.indexOf('/');
    let multiplier = 1;
    if (slash >= 0) {
      const unit = text.slice(slash + 1).toLowerCase();
      const found = unit === '' ? undefined : RATE_UNITS.find(([name]) => name.startsWith(unit));
      if (found === undefined) return bad;
      multiplier = found[1];
    }
    if (count === 0n) return bad;
    const avg = (SCALE * BigInt(multiplier)) / count;
    return avg === 0n ? new Refusal('bad-value', `Rate too fast "${text}"`) : { avg, bytes: false, multiplier };
  },
};

const PRINT_UNITS: readonly (readonly [string, bigint])[] = [
  ['day', SCALE * 86400n],
  ['hour', SCALE * 3600n],
  ['min', SCALE * 60n],
  ['sec', SCALE],
];

/** ` 10/min`, and the milliseconds after which its entries expire if the rule does not say. */
export function rateText(period: bigint): { readonly text: string; readonly expire: number } {
  if (period === 0n) return { text: ' inf', expire: 0 };
  let i = 1;
  for (; i < PRINT_UNITS.length; i++) {
    const unit = PRINT_UNITS[i]![1];
    if (period > unit || unit / period < unit % period) break;
  }
  const [name, unit] = PRINT_UNITS[i - 1]!;
  return { text: ` ${unit / period}/${name}`, expire: Number(unit / SCALE) * 1000 };
}

const BYTE_UNITS: readonly (readonly [string, bigint])[] = [
  ['m', 1024n * 1024n],
  ['k', 1024n],
  ['', 1n],
];

/** ` 512kb/s`, with the burst if there is one. */
export function bytesText(
  avg: bigint,
  burst: bigint,
  prefix: string,
): { readonly text: string; readonly expire: number } {
  const rate = costToBytes(avg);
  const exact = BYTE_UNITS.find(([, unit]) => rate >= unit && bytesToCost(rate & ~(unit - 1n)) === avg);
  const [name, unit] = exact ?? BYTE_UNITS[2]!;
  const text = ` ${rate / unit}${name}b/s`;
  if (burst === 0n) return { text, expire: BYTE_EXPIRE * 1000 };
  const all = rate * burst;
  const [burstName, burstUnit] = BYTE_UNITS.find(([, u]) => all >= u) ?? BYTE_UNITS[2]!;
  return { text: `${text} ${prefix}burst ${all / burstUnit}${burstName}b`, expire: 60_000 };
}
