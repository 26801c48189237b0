import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { longText } from './longText.ts';

it('is code, a line each', () => {
  expect(longText('a\n</code>', 1000).text).toBe(
    '<code>a</code><br>\n<code>&#60;/code&#62;</code>',
  );
});

it.each([
  ['many lines', Array.from({ length: 5000 }, (_, index) => `line ${index} ||||||||`)],
  [
    'lines without an end',
    ['first', ...Array.from({ length: 50 }, () => '|'.repeat(64_000)), 'last'],
  ],
  [
    'letters of three bytes',
    ['first', ...Array.from({ length: 2000 }, () => '漢'.repeat(100)), 'last'],
  ],
])('keeps the beginning and the end of %s', (_name, lines) => {
  const { text } = longText(lines.join('\n'), 100_000);
  expect(Buffer.byteLength(text)).toBeLessThan(100_200);
  expect(text).toContain(`${lines[0]?.slice(0, 6)}`);
  expect(text).toContain(`${lines.at(-1)?.slice(0, 9)}`);
  expect(text).toMatch(/\*\d+ lines are left out here/);
});
