import { describe, expect, it } from '@jest/globals';
import { ofIndex } from './merge.ts';

describe('ofIndex', () => {
  it.each<[string[], Record<string, string>]>([
    [[], {}],
    [['manifest:a=1'], {}],
    [['index:a=1'], { a: '1' }],
    [['index,manifest:a=1=2,3'], { a: '1=2,3' }],
    [['manifest[linux/amd64]:a=1', 'index:url=https://x.io/y'], { url: 'https://x.io/y' }],
    [['index-descriptor:a=1', 'manifest:index:a=1'], {}],
  ])('%j', (annotations, expected) => {
    expect(ofIndex(annotations)).toEqual(expected);
  });
});
