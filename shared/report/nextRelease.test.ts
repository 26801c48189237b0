import { expect, it } from '@jest/globals';
import { nextRelease } from './nextRelease.ts';

it.each<[string, string, string | undefined]>([
  ['alpine', '3.10', '3.11'],
  ['alpine', '3.10.9', '3.11'],
  ['debian', '10', '11'],
  ['debian', '10.13', '11'],
  ['ubuntu', '20.04', '22.04'],
  ['ubuntu', '21.10', '22.04'],
  ['rocky', '8.9', '9'],
  ['alpine', 'edge', undefined],
  ['wolfi', '20230201', undefined],
  ['constructor', '1', undefined],
  ['', '', undefined],
])('after %s %s: %s', (family, version, next) => {
  expect(nextRelease(family, version)).toBe(next);
});
