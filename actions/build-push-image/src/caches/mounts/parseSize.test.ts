import { expect, it } from '@jest/globals';
import { defaultLimit, parseSize } from './parseSize.ts';

it.each([
  ['0', 0],
  ['12b', 12],
  ['2g', 2 * 1024 ** 3],
  [defaultLimit, 2 * 1024 ** 3],
  ['2 GB', 2 * 1024 ** 3],
  ['1.5GiB', 1.5 * 1024 ** 3],
  ['500m', 500 * 1024 ** 2],
])('%s is %i bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

it.each(['', 'g', '2x', '-1g', '2g2'])('%j is no size', (text) => {
  expect(() => parseSize(text)).toThrow('is not a size');
});
