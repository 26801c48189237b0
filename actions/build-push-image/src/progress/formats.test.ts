import { expect, it } from '@jest/globals';
import { formatTime } from '../../../../shared/text/formatTime.ts';
import { ago } from './ago.ts';
import { formatBytes } from './formatBytes.ts';
import { sizeChange } from './sizeChange.ts';

it.each([
  [0, '0.0 s'],
  [-5, '0.0 s'],
  [3249, '3.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 00 s'],
  [125_400, '2 min 05 s'],
  [4_000_000, '66 min 40 s'],
])('%d ms is %s', (ms, text) => {
  expect(formatTime(ms)).toBe(text);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [-4_200_000, '-4.2 MB'],
  [5e15, '5000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

const day = 24 * 60 * 60 * 1000;
it.each([
  [-day, 'today'],
  [0, 'today'],
  [day, '1 day ago'],
  [59 * day, '59 days ago'],
  [61 * day, '2 months ago'],
  [729 * day, '23 months ago'],
  [1500 * day, '4 years ago'],
])('%d ms later it was %s', (ms, text) => {
  expect(ago(0, ms)).toBe(text);
});

const image = (sizes: Record<string, number>) => ({
  platforms: Object.entries(sizes).map(([platform, bytes]) => ({
    ...{ platform, bytes },
    layers: [bytes],
    createdAt: undefined,
  })),
});
it.each([
  [{ amd64: 1_200_000 }, { amd64: 1_000_000 }, '+200.0 kB (+20 %)'],
  [{ amd64: 990_000 }, { amd64: 1_000_000 }, '-10.0 kB (-1.0 %)'],
  [{ amd64: 1 }, { amd64: 1 }, 'as before'],
  [{ amd64: 1, arm64: 5 }, { amd64: 1 }, 'as before'],
  [{ amd64: 1 }, { arm64: 1 }, undefined],
])('%j after %j is %s', (now, before, text) => {
  expect(sizeChange(image(now), image(before))).toBe(text);
});
