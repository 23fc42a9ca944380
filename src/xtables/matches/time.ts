import type { XtAction } from '../record';
import { criterion, defineMatch, flag, option } from '../record';
import { type Read, Refusal } from '../refusal';
import type { Criterion } from '../types';
import { dateKind, dateText, LAST_DATE, monthDays, timeKind, timeText, WEEK_DAYS, weekDays } from './time-words';

const DAY = 86_400;
const ALL_MONTHDAYS = 0xffff_fffe;
const ALL_WEEKDAYS = 0xfe;

interface TimeConfig {
  /** Seconds since 1970. */
  readonly dateStart: number;
  readonly dateStop: number;
  /** Seconds of the day. */
  readonly timeStart: number;
  readonly timeStop: number;
  /** Bits 1 to 31. */
  readonly monthdays: number;
  /** Bits 1 (Monday) to 7. */
  readonly weekdays: number;
  readonly kernelTz: boolean;
  readonly contiguous: boolean;
}

export const time = defineMatch({
  name: 'time',
  title: 'Date and time',
  help: 'When the packet is handled, by the clock of the lab, in UTC.',
  options: {
    datestart: option(dateKind, 'From this date on: `YYYY-MM-DDThh:mm:ss`, or only its beginning'),
    datestop: option(dateKind, 'Until this date'),
    timestart: option(timeKind, 'From this time of the day on: `hh:mm` or `hh:mm:ss`'),
    timestop: option(timeKind, 'Until this time of the day'),
    contiguous: flag('A span over midnight belongs to the day on which it began'),
    weekdays: option(weekDays, 'Days of the week: `Mon,Tue` or `1,2`', { negatable: true }),
    monthdays: option(monthDays, 'Days of the month', { negatable: true }),
    localtz: flag('By the time zone of the kernel', {
      excludes: ['utc'],
      warning: () =>
        'WARNING: --localtz is being replaced by --kerneltz, since "local" is ambiguous. Note the kernel timezone has caveats - see manpage for details.',
    }),
    utc: flag('By UTC', { excludes: ['localtz', 'kerneltz'] }),
    kerneltz: flag('By the time zone of the kernel', { excludes: ['utc'] }),
  },
  before: (uses) =>
    uses.contiguous !== undefined && (uses.timestart?.value ?? 0) < (uses.timestop?.value ?? DAY - 1)
      ? new Refusal('options-clash', 'time: --contiguous only makes sense when stoptime is smaller than starttime')
      : null,
  parse: (uses): Read<TimeConfig> => {
    const days = (use: { value: number; negated: boolean } | undefined, all: number): number =>
      use === undefined ? all : use.negated ? (use.value ^ all) >>> 0 : use.value;
    return {
      dateStart: uses.datestart?.value ?? 0,
      dateStop: uses.datestop?.value ?? LAST_DATE,
      timeStart: uses.timestart?.value ?? 0,
      timeStop: uses.timestop?.value ?? DAY - 1,
      monthdays: days(uses.monthdays, ALL_MONTHDAYS),
      weekdays: days(uses.weekdays, ALL_WEEKDAYS),
      kernelTz: uses.localtz !== undefined || uses.kerneltz !== undefined,
      contiguous: uses.contiguous !== undefined,
    };
  },
  print: (c) => {
    let text = '';
    if (c.timeStart !== 0 || c.timeStop !== DAY - 1) {
      text += ` --timestart ${timeText(c.timeStart)} --timestop ${timeText(c.timeStop)}`;
    }
    if (c.monthdays !== ALL_MONTHDAYS) text += ` --monthdays ${dayList(c.monthdays, 31).join(',')}`;
    if (c.weekdays !== ALL_WEEKDAYS) text += ` --weekdays ${weekdayList(c.weekdays)}`;
    if (c.dateStart !== 0) text += ` --datestart ${dateText(c.dateStart, 'T')}`;
    // The tool always prints the end, as it takes another number for "no end".
    if (c.dateStop !== 0) text += ` --datestop ${dateText(c.dateStop, 'T')}`;
    return `${text}${c.kernelTz ? ' --kerneltz' : ''}${c.contiguous ? ' --contiguous' : ''}`;
  },
  list: (c) => {
    let text = ' TIME';
    if (c.timeStart !== 0 || c.timeStop !== DAY - 1)
      text += ` from ${timeText(c.timeStart)} to ${timeText(c.timeStop)}`;
    if (c.weekdays !== ALL_WEEKDAYS) text += ` on ${weekdayList(c.weekdays)}`;
    if (c.monthdays !== ALL_MONTHDAYS) text += ` on ${dayList(c.monthdays, 31).map(ordinal).join(',')}`;
    if (c.dateStart !== 0) text += ` starting from ${dateText(c.dateStart, ' ')}`;
    // Of the first second it says no date.
    if (c.dateStop !== LAST_DATE) text += ` until date${c.dateStop === 0 ? '' : ` ${dateText(c.dateStop, ' ')}`}`;
    return `${text}${c.kernelTz ? '' : ' UTC'}${c.contiguous ? ' contiguous' : ''}`;
  },
  // Kernel: time_mt(), net/netfilter/xt_time.c
  match: (c, action) => tests(c, action).every(({ met }) => met),
  explain: (c, action): Criterion[] => tests(c, action).map(({ text, met, because }) => criterion(text, met, because)),
});

interface TimeTest {
  readonly text: string;
  readonly met: boolean;
  readonly because: string;
}

/** The kernel's time zone is UTC. */
function tests(c: TimeConfig, { env }: XtAction): TimeTest[] {
  let stamp = env.port.epoch + Math.floor(env.port.now() / 1_000_000);
  const list: TimeTest[] = [];
  const add = (text: string, met: boolean, because: string): void => {
    list.push({ text, met, because });
  };
  if (c.dateStart !== 0) add(`--datestart ${dateText(c.dateStart, 'T')}`, stamp >= c.dateStart, dateText(stamp, ' '));
  if (c.dateStop !== LAST_DATE)
    add(`--datestop ${dateText(c.dateStop, 'T')}`, stamp <= c.dateStop, dateText(stamp, ' '));
  const seconds = ((stamp % DAY) + DAY) % DAY;
  const within =
    c.timeStart < c.timeStop
      ? seconds >= c.timeStart && seconds <= c.timeStop
      : seconds >= c.timeStart || seconds <= c.timeStop;
  if (c.timeStart !== 0 || c.timeStop !== DAY - 1) {
    add(`--timestart ${timeText(c.timeStart)} --timestop ${timeText(c.timeStop)}`, within, timeText(seconds));
  }
  if (c.contiguous && c.timeStart >= c.timeStop && seconds <= c.timeStop) stamp -= DAY;
  const date = new Date(stamp * 1000);
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  if (c.weekdays !== ALL_WEEKDAYS) {
    add(
      `--weekdays ${weekdayList(c.weekdays)}`,
      ((c.weekdays >> weekday) & 1) === 1,
      `it is ${WEEK_DAYS[weekday - 1]}`,
    );
  }
  if (c.monthdays !== ALL_MONTHDAYS) {
    const day = date.getUTCDate();
    const met = ((c.monthdays >>> day) & 1) === 1;
    add(`--monthdays ${dayList(c.monthdays, 31).join(',')}`, met, `it is the ${ordinal(day)}`);
  }
  return list.length === 0 ? [{ text: '-m time', met: true, because: '' }] : list;
}

function dayList(mask: number, last: number): number[] {
  const days: number[] = [];
  for (let day = 1; day <= last; day++) if (((mask >>> day) & 1) === 1) days.push(day);
  return days;
}

function weekdayList(mask: number): string {
  return dayList(mask, 7)
    .map((day) => WEEK_DAYS[day - 1])
    .join(',');
}

/** As the tool has it: 11st, 12nd. */
function ordinal(day: number): string {
  return `${day}${['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'}`;
}
