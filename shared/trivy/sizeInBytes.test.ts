import { expect, it } from '@jest/globals';
import { sizeInBytes } from './sizeInBytes.ts';

it.each<[string, number | undefined]>([
  ['10GB', 10e9],
  ['1.5 g', 1.5e9],
  ['100kB', 100e3],
  ['2GiB', 2e9],
  ['512', 512],
  ['10 gigs', undefined],
  ['-1GB', undefined],
  ['GB', undefined],
  ['', undefined],
])('%j is %d bytes', (text, bytes) => {
  expect(sizeInBytes(text)).toBe(bytes);
});
