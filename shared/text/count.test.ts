import { expect, it } from '@jest/globals';
import { count } from './count.ts';

it.each([
  [0, '0 hours'],
  [1, '1 hour'],
  [2, '2 hours'],
])('%d becomes %s', (number, expected) => {
  expect(count(number, 'hour')).toBe(expected);
});
