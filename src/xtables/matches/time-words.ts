import { nearest } from '../../base';
import { readUint } from '../read/numbers';
import type { Kind } from '../record';
import { Refusal } from '../refusal';

/** Dates, times and days as `-m time` takes and prints them. */

export const WEEK_DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** No end: the last second that 32 bits can count. */
export const LAST_DATE = 0x7fff_ffff;

/** `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`, as seconds since 1970. */
export const dateKind: Kind<number> = {
  name: 'date',
  read: (text) => {
    const parts = /^\s*(\d+)(?:-(\d*)(?:-(\d*)(?:T(\d*)(?::(\d*)(?::(\d*))?)?)?)?)?$/.exec(text);
    const at = (i: number, other: number): number => (parts?.[i] === undefined ? other : Number(parts[i]));
    const [year, month, day] = [at(1, 0), at(2, 1), at(3, 1)];
    const [hour, minute, second] = [at(4, 0), at(5, 0), at(6, 0)];
    const good = year >= 1970 && year <= 2038 && month <= 12 && day <= 31 && hour <= 23 && minute <= 59 && second <= 59;
    if (parts === null || !good) {
      const form = 'YYYY[-MM[-DD[Thh[:mm[:ss]]]]]';
      return new Refusal('bad-value', `Invalid date "${text}" specified. Should be ${form}`);
    }
    const stamp = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    return stamp < 0 ? new Refusal('bad-value', 'mktime returned an error', { exit: 1 }) : stamp;
  },
};

/** `hh:mm[:ss]`, as seconds of the day. */
export const timeKind: Kind<number> = {
  name: 'time',
  read: (text) => {
    const most = [23, 59, 59];
    const found: number[] = [];
    for (let at = 0; ; ) {
      // libc: strtoul(), for which no digits are 0
      const digits = /^(?:\s*\+?\d+)?/.exec(text.slice(at))![0];
      const end = text[at + digits.length];
      const value = Number(digits);
      const goesOn = end === ':' && found.length < 2;
      if (value > most[found.length]! || !(goesOn || (end === undefined && found.length > 0))) {
        // The complaint quotes what is left at the part that is wrong.
        const message = `invalid time "${text.slice(at)}" specified, should be hh:mm[:ss] format and within the boundaries`;
        return new Refusal('bad-value', message);
      }
      found.push(value);
      if (!goesOn) break;
      at += digits.length + 1;
    }
    const [hour = 0, minute = 0, second = 0] = found;
    return 3600 * hour + 60 * minute + second;
  },
};

/** `1,15,31`, as bits. */
export const monthDays: Kind<number> = {
  name: 'month-days',
  read: (text) => {
    let days = 0;
    for (const part of text.split(',')) {
      // Only two characters are looked at.
      const word = part.slice(0, 2);
      if (word === '') continue;
      const day = readUint(word, 0, 31);
      if (day === null) return new Refusal('bad-value', `${word} is not a valid day for --monthdays`);
      days |= 1 << day;
    }
    return days >>> 0;
  },
};

/** The number that a word is as a whole, and none that is empty is 0; null if it is no number. libc: strtoul() */
function wholeNumber(word: string): number | null {
  if (word === '') return 0;
  const [, sign, digits] = /^\s*([+-]?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.exec(word) ?? [];
  if (digits === undefined) return null;
  const octal = digits.startsWith('0') && !/x/i.test(digits);
  const size = octal ? Number.parseInt(digits, 8) : Number(digits);
  return sign === '-' ? -size : size;
}

/** `Mon,Tue` or `1,2`, as bits; a number too high says no day. */
export const weekDays: Kind<number> = {
  name: 'week-days',
  values: WEEK_DAYS,
  read: (text) => {
    if (text === '') return 0;
    let days = 0;
    for (const part of text.replace(/,$/, '').split(',')) {
      const word = part.slice(0, 3);
      const number = wholeNumber(word);
      if (number === 0) return new Refusal('bad-value', 'No, the week does NOT begin with Sunday.');
      if (number !== null) {
        days |= 1 << number;
        continue;
      }
      const day = WEEK_DAYS.findIndex((name) => name.slice(0, 2) === word.slice(0, 2));
      if (day < 0) {
        const suggestion = nearest(word, WEEK_DAYS);
        return new Refusal('bad-value', `${word} is not a valid day specifier`, { suggestion });
      }
      days |= 1 << (day + 1);
    }
    return days & 0xff;
  },
};

export function timeText(seconds: number): string {
  const part = (n: number): string => `${Math.floor(n)}`.padStart(2, '0');
  return `${part(seconds / 3600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}`;
}

export function dateText(stamp: number, between: 'T' | ' '): string {
  return new Date(stamp * 1000).toISOString().slice(0, 19).replace('T', between);
}
