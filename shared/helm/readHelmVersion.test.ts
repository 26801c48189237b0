import { expect, it } from '@jest/globals';
import { readHelmVersion } from './readHelmVersion.ts';

it.each([
  ['v4.3.0', 4],
  ['v4.2', 4],
  ['v3.21.4+g1234567', 3],
  ['3.10.0-debian\n', 3],
  ['v4', 4],
  ['v2.17.0', undefined],
  ['v40.1', undefined],
  ['', undefined],
])('%s', (printed, expected) => {
  expect(readHelmVersion(printed)).toBe(expected);
});
