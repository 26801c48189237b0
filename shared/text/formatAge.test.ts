import { expect, it } from '@jest/globals';
import { formatAge } from './formatAge.ts';

it.each([
  [-3000, '0s'],
  [119_999, '119s'],
  [120_000, '2m'],
  [7_199_000, '119m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
])('%i ms are %s', (ms, expected) => {
  expect(formatAge(ms)).toBe(expected);
});
