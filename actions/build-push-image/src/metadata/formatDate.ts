import dayjs from 'dayjs';
import advancedFormat from 'dayjs/plugin/advancedFormat.js';
import dayOfYear from 'dayjs/plugin/dayOfYear.js';
import isoWeek from 'dayjs/plugin/isoWeek.js';
import localizedFormat from 'dayjs/plugin/localizedFormat.js';
import utc from 'dayjs/plugin/utc.js';
import weekOfYear from 'dayjs/plugin/weekOfYear.js';
import weekYear from 'dayjs/plugin/weekYear.js';

for (const plugin of [
  utc,
  advancedFormat,
  dayOfYear,
  isoWeek,
  localizedFormat,
  weekOfYear,
  weekYear,
]) {
  dayjs.extend(plugin);
}

/** A moment with its zone's clock. */
interface Clock {
  readonly date: Date;
  readonly zone: string;
  readonly at: dayjs.Dayjs;
}

/**
 * What moment has and dayjs would split into other tokens (`DDDD` is no `DD` twice), and what dayjs
 * gets wrong: its seconds since 1970 are those of the zone's clock.
 */
const own: Readonly<Record<string, (clock: Clock) => string>> = {
  DDDD: ({ at }) => String(at.dayOfYear()).padStart(3, '0'),
  DDDo: ({ at }) => ordinal(at.dayOfYear()),
  DDD: ({ at }) => String(at.dayOfYear()),
  Mo: ({ at }) => ordinal(at.month() + 1),
  Qo: ({ at }) => ordinal(Math.ceil((at.month() + 1) / 3)),
  do: ({ at }) => ordinal(at.day()),
  Wo: ({ at }) => ordinal(at.isoWeek()),
  E: ({ at }) => String(at.isoWeekday()),
  e: ({ at }) => String(at.day()),
  gg: ({ at }) => String(at.weekYear()).slice(-2),
  GG: ({ at }) => String(at.isoWeekYear()).slice(-2),
  SS: ({ at }) => String(Math.floor(at.millisecond() / 10)).padStart(2, '0'),
  S: ({ at }) => String(Math.floor(at.millisecond() / 100)),
  Y: ({ at }) => String(at.year()),
  X: ({ date }) => String(Math.floor(date.getTime() / 1000)),
  x: ({ date }) => String(date.getTime()),
  zz: ({ date, zone }) => zoneName(date, zone, 'short'),
  z: ({ date, zone }) => zoneName(date, zone, 'short'),
};

/** Text in brackets and dayjs' own longer tokens come first, so that no part of them is taken. */
const tokens = /\[[^\]]*\]|D{3}[Do]?|[MQdW]o|gggg|GGGG|gg|GG|YYYY|YY|Y|SSS|SS|S|[EeXx]|LTS|z{1,2}/g;

/**
 * Writes a date by a format of moment's (`YYYYMMDD-HHmmss`; text in `[…]` stands for itself).
 *
 * @throws {RangeError} for a time zone that nobody knows
 */
export function formatDate(date: Date, format = 'YYYY-MM-DDTHH:mm:ssZ', zone = 'UTC'): string {
  const at = dayjs.utc(date).utcOffset(offsetMinutes(date, zone));
  const known = format.replace(tokens, (token) => {
    const write = own[token];
    return write === undefined ? token : `[${write({ date, zone, at })}]`;
  });
  return at.format(known);
}

function ordinal(number: number): string {
  const tens = Math.floor((number % 100) / 10);
  return `${number}${(tens === 1 ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}

/** From the runtime's own tables: what dayjs computes through local time is wrong near its changes. */
function offsetMinutes(date: Date, zone: string): number {
  const [, sign, hours = '0', minutes = '0'] =
    /GMT([+-])(\d+):?(\d+)?/.exec(zoneName(date, zone, 'longOffset')) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function zoneName(date: Date, timeZone: string, timeZoneName: 'short' | 'longOffset'): string {
  return (
    new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName })
      .formatToParts(date)
      .find(({ type }) => type === 'timeZoneName')?.value ?? ''
  );
}
