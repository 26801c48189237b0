import { expect, it } from '@jest/globals';
import { oneLine } from './oneLine.ts';

it.each([
  ['minimist', 'minimist'],
  ['  a\n b\t\r\nc ', 'a b c'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['a\u202eb', 'a<U+202E>b'],
  ['', ''],
  ['x'.repeat(201), `${'x'.repeat(199)}…`],
  ['x'.repeat(200), 'x'.repeat(200)],
])('%j becomes %j', (text, expected) => {
  expect(oneLine(text)).toBe(expected);
});

it('is as short as asked, and well formed where it was cut', () => {
  const line = oneLine('🚢'.repeat(50), 10);
  expect(line).toHaveLength(10);
  expect(line.isWellFormed()).toBe(true);
});
