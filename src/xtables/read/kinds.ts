import { nearest } from '../../base';
import type { Kind, ReadCall } from '../record';
import { type Read, Refusal } from '../refusal';
import { scanDouble } from './double';
import { readUint, readUint64, scanUint, scanUint64 } from './numbers';

/**
 * Numbers, texts and words that options take, each kind with the words that libxtables refuses it with (xtoptions.c).
 * Addresses are in `host-kinds.ts`, protocols and ports in `port-kinds.ts`.
 */

const MAX: Readonly<Record<8 | 16 | 32, number>> = { 8: 0xff, 16: 0xffff, 32: 0xffff_ffff };

/** A number of so many bits. XTTYPE_UINT8 … UINT32 */
export function uint(bits: 8 | 16 | 32, limits: { readonly min?: number; readonly max?: number } = {}): Kind<number> {
  const min = limits.min ?? 0;
  const max = limits.max ?? MAX[bits];
  return {
    name: `uint${bits}`,
    read: (text, call) => readUint(text, min, max) ?? outOfRange(call, `${min}-${max}`),
  };
}

/** XTTYPE_UINT64 */
export const uint64: Kind<bigint> = {
  name: 'uint64',
  read: (text, call) => readUint64(text) ?? outOfRange(call, '0-18446744073709551615'),
};

function outOfRange(call: ReadCall, range: string): Refusal {
  return new Refusal(
    'bad-value',
    `${call.extension}: bad value for option "--${call.flag}", or out of range (${range}).\n`,
  );
}

/** `N` or `N:M`; an empty side means the end of the range. Gives one number or two. XTTYPE_UINT*RC */
export function uintRange(bits: 8 | 16 | 32): Kind<readonly number[]> {
  return {
    name: `uint${bits}-range`,
    read: (text, call) => {
      const values = readParts(text, call, BigInt(MAX[bits]));
      return values instanceof Refusal ? values : values.map(Number);
    },
  };
}

/** XTTYPE_UINT64RC */
export const uint64Range: Kind<readonly bigint[]> = {
  name: 'uint64-range',
  read: (text, call) => readParts(text, call, 0xffff_ffff_ffff_ffffn),
};

function readParts(text: string, call: ReadCall, max: bigint): Read<readonly bigint[]> {
  const values: bigint[] = [];
  for (let at = 0; ; ) {
    if (values.length === 2) {
      return new Refusal('bad-value', `${call.extension}: Too many components for option "--${call.flag}" (max: 2)\n`);
    }
    let end = at;
    if (at === text.length || text[at] === ':') values.push(values.length === 1 ? max : 0n);
    else {
      const scanned = scanUint64(text, at);
      if (scanned === null || scanned.value > max) {
        return new Refusal(
          'bad-value',
          `${call.extension}: bad value for option "--${call.flag}" near "${text.slice(at)}", or out of range (0-${max}).\n`,
        );
      }
      end = scanned.end;
      if (end < text.length && text[end] !== ':') {
        return new Refusal(
          'bad-value',
          `${call.extension}: Argument to "--${call.flag}" has unexpected characters near "${text.slice(end)}".\n`,
        );
      }
      values.push(scanned.value);
    }
    if (end === text.length) return values;
    at = end + 1;
  }
}

/** A floating point number. XTTYPE_DOUBLE */
export function double(min: number, max: number): Kind<number> {
  return {
    name: 'number',
    read: (text, call) => {
      const scanned = scanDouble(text);
      // Of nan the tool finds neither bound to be passed.
      const whole = scanned !== null && scanned.end === text.length;
      return whole && !(scanned.value < min || scanned.value > max) ? scanned.value : outOfRange(call, `${min}-${max}`);
    },
  };
}

/** Any text, up to `max` characters; longer text is cut off at `cut`, as the kernel's field is so long. XTTYPE_STRING */
export function text(
  limits: { readonly max?: number; readonly min?: number; readonly cut?: number; readonly name?: string } = {},
): Kind<string> {
  const { min = 0, max = Number.POSITIVE_INFINITY, cut = Number.POSITIVE_INFINITY } = limits;
  return {
    name: limits.name ?? 'text',
    read: (value) => {
      const length = byteLength(value);
      if (length < min) return new Refusal('bad-value', `Argument must have a minimum length of ${min} characters\n`);
      if (length > max) return new Refusal('bad-value', `Argument must have a maximum length of ${max} characters\n`);
      return length > cut ? value.slice(0, cut) : value;
    },
  };
}

export function byteLength(value: string): number {
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 127) return new TextEncoder().encode(value).length;
  }
  return value.length;
}

/** One of some words; `message` is the refusal, with `%s` for the word. */
export function oneOf<const T extends string>(values: readonly T[], message: string, fold = false): Kind<T> {
  return {
    name: 'choice',
    values,
    read: (word) => {
      const found = values.find((v) => v === word || (fold && v.toLowerCase() === word.toLowerCase()));
      return found ?? new Refusal('bad-value', message.replace('%s', word), { suggestion: nearest(word, values) });
    },
  };
}

export interface ValueMask {
  readonly value: number;
  readonly mask: number;
}

/** `VALUE[/MASK]` of 32 bits. XTTYPE_MARKMASK32, xtables_parse_val_mask() */
export const markMask: Kind<ValueMask> = {
  name: 'mark',
  read: (word, call) => {
    const value = scanUint(word);
    if (value === null || value.value > MAX[32]) return badMark(call);
    if (value.end === word.length) return { value: value.value, mask: MAX[32] };
    if (word[value.end] !== '/') return trailingGarbage(call);
    const mask = scanUint(word, value.end + 1);
    if (mask === null || mask.value > MAX[32]) return badMark(call);
    return mask.end === word.length ? { value: value.value, mask: mask.value } : trailingGarbage(call);
  },
};

export function badMark(call: ReadCall): Refusal {
  const message = `${call.extension}: bad integer value for option "--${call.flag}", or out of range.\n`;
  return new Refusal('bad-value', message);
}

export function trailingGarbage(call: ReadCall): Refusal {
  return new Refusal('bad-value', `${call.extension}: trailing garbage after value for option "--${call.flag}".\n`);
}

const TOS_NAMES: readonly (readonly [string, number])[] = [
  ['Minimize-Delay', 16],
  ['Maximize-Throughput', 8],
  ['Maximize-Reliability', 4],
  ['Minimize-Cost', 2],
  ['Normal-Service', 0],
];

/** The name of a type of service, or null. */
export function tosName(value: number): string | null {
  return TOS_NAMES.find(([, v]) => v === value)?.[0] ?? null;
}

/** `VALUE[/MASK]` of 8 bits, or a name, which gets `nameMask`. XTTYPE_TOSMASK */
export function tosMask(nameMask: number): Kind<ValueMask> {
  return {
    name: 'tos',
    values: TOS_NAMES.map(([name]) => name),
    read: (word) => {
      const value = scanUint(word);
      if (value !== null && value.value <= 255) {
        if (value.end === word.length) return { value: value.value, mask: 255 };
        const mask = word[value.end] === '/' ? readUint(word.slice(value.end + 1), 0, 255) : null;
        return mask === null ? new Refusal('bad-value', `Illegal value: "${word}"`) : { value: value.value, mask };
      }
      const named = TOS_NAMES.find(([name]) => name.toLowerCase() === word.toLowerCase());
      if (named !== undefined) return { value: named[1], mask: nameMask };
      const suggestion = nearest(
        word,
        TOS_NAMES.map(([name]) => name),
      );
      return new Refusal('bad-value', `Symbolic name "${word}" is unknown`, { suggestion });
    },
  };
}

const LOG_LEVELS: Readonly<Record<string, number>> = {
  alert: 1,
  crit: 2,
  debug: 7,
  emerg: 0,
  error: 3,
  info: 6,
  notice: 5,
  panic: 0,
  warning: 4,
};

/** XTTYPE_SYSLOGLEVEL */
export const syslogLevel: Kind<number> = {
  name: 'log-level',
  values: ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'],
  read: (word) =>
    readUint(word, 0, 7) ??
    LOG_LEVELS[word] ??
    new Refusal('bad-value', `log level "${word}" unknown\n`, { suggestion: nearest(word, Object.keys(LOG_LEVELS)) }),
};
