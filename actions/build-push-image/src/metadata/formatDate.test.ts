import { describe, expect, it } from '@jest/globals';
import { formatDate } from './formatDate.ts';

const date = new Date('2020-01-10T15:05:07.089Z');

describe('formatDate', () => {
  it.each([
    ['YYYYMMDD', '20200110'],
    ['YY.M.D', '20.1.10'],
    ['dddd, MMMM Do YYYY, h:mm:ss a', 'Friday, January 10th 2020, 3:05:07 pm'],
    ['ddd dd d MMM A', 'Fri Fr 5 Jan PM'],
    ['YYYY-MM-DDTHH:mm:ss.SSS[Z]', '2020-01-10T15:05:07.089Z'],
    ['YYYYDDDD DDD', '2020010 10'],
    ['GGGG-[W]WW-E', '2020-W02-5'],
    ['gggg ww w e', '2020 02 2 5'],
    ['Q k kk H', '1 15 15 15'],
    ['X x', '1578668707 1578668707089'],
    ['Mo Qo DDDo do Wo wo gg GG', '1st 1st 10th 5th 2nd 2nd 20 20'],
    ['S SS SSS', '0 08 089'],
    ['Z ZZ z', '+00:00 +0000 UTC'],
    ['L LT', '01/10/2020 3:05 PM'],
    ['[release-]YYYY[DDDD]', 'release-2020DDDD'],
  ])('%s', (format, expected) => {
    expect(formatDate(date, format)).toBe(expected);
  });

  it.each([
    ['Asia/Tokyo', '2020-01-10T15:05:07Z', '2020-01-11 00:05 +09:00'],
    ['Asia/Kathmandu', '2020-01-10T15:05:07Z', '2020-01-10 20:50 +05:45'],
    ['America/St_Johns', '2020-01-10T15:05:07Z', '2020-01-10 11:35 -03:30'],
    ['America/Toronto', '2024-03-10T06:59:59Z', '2024-03-10 01:59 -05:00'],
    ['America/Toronto', '2024-03-10T07:00:00Z', '2024-03-10 03:00 -04:00'],
    ['America/Toronto', '2024-11-03T05:30:00Z', '2024-11-03 01:30 -04:00'],
    ['America/Toronto', '2024-11-03T06:30:00Z', '2024-11-03 01:30 -05:00'],
    ['Europe/London', '2024-12-31T23:30:00Z', '2024-12-31 23:30 +00:00'],
    ['UTC', '2024-02-29T00:00:00Z', '2024-02-29 00:00 +00:00'],
  ])('%s at %s', (zone, at, expected) => {
    expect(formatDate(new Date(at), 'YYYY-MM-DD HH:mm Z', zone)).toBe(expected);
  });

  it('counts seconds since 1970 alike in each zone', () => {
    expect(formatDate(date, 'X x', 'Asia/Tokyo')).toBe(formatDate(date, 'X x'));
  });

  it('refuses a zone that nobody knows', () => {
    expect(() => formatDate(date, 'YYYY', 'Mars/Olympus')).toThrow(RangeError);
  });
});
