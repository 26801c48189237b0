import { describe, expect, it } from '@jest/globals';
import { formatReference } from '../../../../shared/oci/Reference.ts';
import { readImages } from './readImages.ts';

describe('readImages', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [
      ['name/foo', 'ghcr.io/name/bar'],
      ['docker.io/name/foo', 'ghcr.io/name/bar'],
    ],
    [['name/foo,ghcr.io/name/bar'], ['docker.io/name/foo', 'ghcr.io/name/bar']],
    [['name=GHCR.io/Name/Bar'], ['ghcr.io/name/bar']],
    [['name=r.io/a,enable=true', 'name=r.io/b,enable=false'], ['r.io/a']],
    [['r.io/a,enable=false', 'localhost:5000/b'], ['localhost:5000/b']],
    [['name=,enable=false'], []],
  ])('%j', (lines, expected) => {
    expect(readImages(lines).map(formatReference)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['name=', 'the name is empty'],
    ['r.io/a:1', '"r.io/a:1" has a tag or a digest'],
    ['https://r.io/a', '"https://r.io/a" is not an image\'s name'],
    ['name=r.io/a,enable=', 'enable= is empty'],
    ['name=r.io/a,enable=yes', 'enable=yes is not known'],
    ['nam=r.io/a', 'an image has no attribute nam'],
  ])('refuses %s', (line, why) => {
    expect(() => readImages([line])).toThrow(`line ${JSON.stringify(line)}: ${why}`);
  });
});
