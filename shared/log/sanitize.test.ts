import { describe, expect, it } from '@jest/globals';
import { plainText, sanitize } from './sanitize.ts';

describe('sanitize', () => {
  it.each([
    ['colours stay', '\u001b[31mred\u001b[0m', '\u001b[31mred\u001b[0m'],
    ['a cursor does not move', 'a\u001b[2Ab\u001b[K', 'ab'],
    ['a link does not hide its target', '\u001b]8;;http://x\u0007text\u001b]8;;\u0007', 'text'],
    ['a carriage return does not overwrite', 'real\rfake', 'real\nfake'],
    ['control characters go', 'a\u0000b\u0008c\u009bd', 'abc'],
    ['tabs stay', 'a\tb', 'a\tb'],
    ['text is not reordered', 'a\u202eb', 'a<U+202E>b'],
    ['a lone surrogate is replaced', 'a\ud800b', 'a\ufffdb'],
    ['a cut sequence goes', 'a\u001b', 'a'],
  ])('%s', (_name, text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it('has no colours in plain text', () => {
    expect(plainText('\u001b[1;31mred\u001b[0m')).toBe('red');
  });
});
