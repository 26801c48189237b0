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

/** What moment has and dayjs would split into other tokens: `DDDD` is no `DD` twice. */
const own: Readonly<Record<string, (at: dayjs.Dayjs, zone: string) => string>> = {
  DDDD: (at) => String(at.dayOfYear()).padStart(3, '0'),
  DDD: (at) => String(at.dayOfYear()),
  E: (at) => String(at.isoWeekday()),
  e: (at) => String(at.day()),
  SS: (at) => String(Math.floor(at.millisecond() / 10)).padStart(2, '0'),
  S: (at) => String(Math.floor(at.millisecond() / 100)),
  Y: (at) => String(at.year()),
  zz: (at, zone) => zoneName(at.toDate(), zone, 'short'),
  z: (at, zone) => zoneName(at.toDate(), zone, 'short'),
};

/**
 * Writes a date by a format of moment's (`YYYYMMDD-HHmmss`; text in `[…]` stands for itself).
 *
 * @throws {RangeError} for a time zone that nobody knows
 */
export function formatDate(date: Date, format = 'YYYY-MM-DDTHH:mm:ssZ', zone = 'UTC'): string {
  const at = dayjs.utc(date).utcOffset(offsetMinutes(date, zone));
  const known = format.replace(/\[[^\]]*\]|D{3,4}|YYYY|YY|Y|SSS|SS|S|[Ee]|LTS|z{1,2}/g, (token) => {
    const write = own[token];
    return write === undefined ? token : `[${write(at, zone)}]`;
  });
  return at.format(known);
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
