import { describe, expect, it } from '@jest/globals';
import { parseMapping } from './parseMapping.ts';

describe('parseMapping', () => {
  it.each([
    ['a: 1', { a: 1 }],
    ['', {}],
    ['# only a comment', {}],
    ['{"a": [1]}', { a: [1] }],
    ['base: &b {x: 1}\nuse: *b', { base: { x: 1 }, use: { x: 1 } }],
  ])('%j', (text, expected) => {
    expect(parseMapping(text)).toEqual(expected);
  });

  it.each([
    ['- a\n- b', 'line 1: it is not a mapping (found a list)'],
    ['\n\njust words', 'line 3: it is not a mapping (found a single value)'],
    ['a: 1\n\tb: 2', 'line 2: '],
    ['a: 1\na: 2', 'line 2: Map keys must be unique'],
    ['a: [', 'line 1: '],
  ])('refuses %j with its line', (text, why) => {
    expect(() => parseMapping(text)).toThrow(why);
  });
});
