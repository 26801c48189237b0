import { expect, it } from '@jest/globals';
import { wildcard } from './wildcard.ts';

it.each<[string, string, boolean]>([
  ['CVE-2021-44228', 'CVE-2021-44228', true],
  ['CVE-2021-44228', 'CVE-2021-442280', false],
  ['CVE-2021-*', 'CVE-2021-44228', true],
  ['CVE-2021-*', 'CVE-2022-1', false],
  ['*', '', true],
  ['*', 'a/b\nc', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'acb', false],
  ['a*bc*c', 'abc', false],
  ['a**b', 'ab', true],
  ['.+', 'ab', false],
  ['[a]?', '[a]?', true],
])('%j of %j: %s', (pattern, text, expected) => {
  expect(wildcard(pattern)(text)).toBe(expected);
});

it('takes no time for what is made to take long', () => {
  const started = performance.now();
  expect(wildcard(`${'a*'.repeat(1000)}b`)('a'.repeat(100_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(200);
});
