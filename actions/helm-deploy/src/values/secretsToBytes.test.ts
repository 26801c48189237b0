import { expect, it } from '@jest/globals';
import { secretsToBytes } from './secretsToBytes.ts';

it.each([
  [
    'a: 0644\nb: 1e5\nc: yes\nd: 0x1F\ne: 12345678901234567890\n',
    { a: '0644', b: '1e5', c: 'yes', d: '0x1F', e: '12345678901234567890' },
  ],
  ['a: 5432\nb: true\nc: null\nd: -1.5\ne:\n', { a: 5432, b: true, c: null, d: -1.5, e: null }],
  ['a: "0644"\nb: |\n  x\n   y\nc: ab/cd==\n', { a: '0644', b: 'x\n y\n', c: 'ab/cd==' }],
  ['x: &x {k: 1}\na: {<<: *x, l: 2}\n', { x: { k: 1 }, a: { k: 1, l: 2 } }],
  ['{"a": "1e5"}', { a: '1e5' }],
])('%j', (text, expected) => {
  expect(JSON.parse(secretsToBytes(text))).toEqual(expected);
});

it('escapes what would end a line', () => {
  expect(secretsToBytes('a: "x\u2028\u0085y"')).toBe('{"a":"x\\u2028\\u0085y"}');
});
