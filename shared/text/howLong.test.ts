import { expect, it } from '@jest/globals';
import { howLong } from './howLong.ts';

it.each([
  [-1, '0 hours'],
  [59.9, '0 hours'],
  [60, '1 hour'],
  [71.9 * 60, '71 hours'],
  [72 * 60, '3 days'],
  [95 * 60, '3 days'],
])('%d minutes', (minutes, expected) => {
  expect(howLong(minutes * 60_000)).toBe(expected);
});
