import { describe, expect, it } from '@jest/globals';
import { parseDigest } from '../oci/Reference.ts';
import { imageValues } from './setImage.ts';

const hex = 'a'.repeat(64);
const image = { registry: 'r.io:1', repository: 'team/web', digest: parseDigest(`sha256:${hex}`) };
const whole = `r.io:1/team/web@sha256:${hex}`;

describe('imageValues', () => {
  it.each([
    ['a string', { image: '' }, 'image', { image: whole }],
    ['nothing', {}, 'image', { image: whole }],
    ['nothing, deep', {}, 'web.image', { web: { image: whole } }],
    ['null', { image: null }, 'image', { image: whole }],
    ['a key with a dot', { 'a.b': { image: 'x' } }, 'a\\.b.image', { 'a.b': { image: whole } }],
    [
      'a mapping with a digest',
      { image: { repository: 'x', tag: '1', digest: '' } },
      'image',
      { image: { repository: 'r.io:1/team/web', digest: `sha256:${hex}` } },
    ],
    [
      'a mapping with a registry',
      { image: { registry: 'docker.io', repository: 'x', digest: '' } },
      'image',
      { image: { registry: 'r.io:1', repository: 'team/web', digest: `sha256:${hex}` } },
    ],
    [
      'a mapping with a tag only',
      { image: { repository: 'x', tag: '1' } },
      'image',
      { image: { repository: 'r.io:1/team/web@sha256', tag: hex } },
    ],
  ])('where the chart wants %s', (_name, defaults, path, expected) => {
    expect(imageValues(defaults, path, image)).toEqual(expected);
  });

  it.each([
    ['a number', { image: 3 }, "the chart's default at image is a number, not an image"],
    ['a list', { image: [] }, 'is a list, not an image'],
    ['another mapping', { image: { size: 1 } }, 'is a mapping without repository, not an image'],
  ])('refuses %s', (_name, defaults, why) => {
    expect(() => imageValues(defaults, 'image', image)).toThrow(why);
  });
});
